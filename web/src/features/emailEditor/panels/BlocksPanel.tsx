import { createElement } from 'react';
import { useDragItem } from '@/ui/dnd/DragArea';
import { useTranslation } from 'react-i18next';
import { useAddBlock, type DragItem } from '../actions';
import { useCatalogue, type BlockKind } from '../catalogue';
import { insertSection } from '../document/operations';
import { newSection } from '../document/read';
import { useEditor } from '../document/store';
import { blockIcon } from './blockIcons';
import classes from './panels.module.css';

/** The kinds of blocks the server knows, by group: click adds after the selection, dragging puts it anywhere. */
export function BlocksPanel() {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const edit = useEditor((s) => s.edit);
  const groups = [...new Set(kinds.map((k) => k.group))].toSorted((a, b) => rank(a) - rank(b));
  return (
    <>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h2 className={classes.group}>{group}</h2>
          <div className={classes.kinds}>
            {kinds
              .filter((k) => k.group === group)
              .map((kind) => (
                <KindCard key={kind.key} kind={kind} />
              ))}
          </div>
        </section>
      ))}
      <section aria-label={t('panels.columns')}>
        <h2 className={classes.group}>{t('panels.columns')}</h2>
        <div className={classes.kinds}>
          {[1, 2, 3, 4].map((count) => (
            <button
              key={count}
              type="button"
              className={classes.kind}
              onClick={() => edit((d) => insertSection(d, Math.max(0, d.sections.length - 1), newSection(count)))}
            >
              <span className={classes.columns} aria-hidden>
                {Array.from({ length: count }, (_, i) => (
                  <i key={i} />
                ))}
              </span>
              {t('panels.column_count', { count })}
            </button>
          ))}
        </div>
      </section>
    </>
  );
}

/** Text first: it is what most mails are made of. */
const rank = (group: string) => ['Text', 'Media', 'Layout'].indexOf(group) + 1 || 9;

function KindCard({ kind }: { kind: BlockKind }) {
  const add = useAddBlock();
  const { handle } = useDragItem<DragItem>(`new:${kind.key}`, { kind: kind.key, label: kind.title });
  return (
    <button type="button" className={classes.kind} {...handle} onClick={() => add(kind.key)}>
      {createElement(blockIcon(kind.key), { size: 20, stroke: 1.5, 'aria-hidden': true })}
      {kind.title}
    </button>
  );
}
