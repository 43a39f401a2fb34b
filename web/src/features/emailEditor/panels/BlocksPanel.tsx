import { createElement } from 'react';
import { useDragItem } from '@/ui/dnd/DragArea';
import { useTranslation } from 'react-i18next';
import { useAddBlock, useInsert, type DragItem } from '../actions';
import { useCatalogue, type BlockKind } from '../catalogue';
import { blockIcon } from './blockIcons';
import classes from './panels.module.css';

/** The kinds of blocks the server knows, by group: click adds after the selection, dragging puts it anywhere. */
export function BlocksPanel() {
  const { t } = useTranslation('emailEditor');
  const kinds = useCatalogue().kinds.filter((k) => k.key !== 'shared');
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
          {layouts.map((shares) => (
            <LayoutCard key={shares.join()} shares={shares} />
          ))}
        </div>
      </section>
    </>
  );
}

/** Widths of the columns in relation to each other. */
const layouts: readonly (readonly number[])[] = [[1], [1, 1], [1, 2], [2, 1], [1, 1, 1], [1, 1, 1, 1]];

function LayoutCard({ shares }: { shares: readonly number[] }) {
  const { t } = useTranslation('emailEditor');
  const insert = useInsert();
  const even = shares.every((s) => s === shares[0]);
  const label = even ? t('panels.column_count', { count: shares.length }) : shares.join(' : ');
  const { handle } = useDragItem<DragItem>(`new-section:${shares.join()}`, { shares, label });
  return (
    <button type="button" className={classes.kind} {...handle} onClick={() => insert.section(shares)}>
      <span className={classes.columns} aria-hidden>
        {shares.map((share, i) => (
          <i key={i} style={{ flex: share }} />
        ))}
      </span>
      {label}
    </button>
  );
}

/** Text first: it is what most mails are made of. */
const rank = (group: string) => ['Text', 'Media', 'Content', 'Layout'].indexOf(group) + 1 || 9;

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
