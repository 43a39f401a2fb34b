import { IconShare3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DesignSettings, Section } from '../document/types';
import { BlockContent } from './BlockContent';
import classes from './canvas.module.css';

type Props = { section: Section | null; settings: DesignSettings; name: string | undefined };
const nothing = () => {};

/** What a shared part looks like here; it is edited where it comes from. */
export function SharedContent({ section, settings, name }: Props) {
  const { t } = useTranslation('emailEditor');
  return (
    <div className={classes.shared}>
      <span className={classes.sharedName}>
        <IconShare3 size={13} aria-hidden /> {name ?? t('shared.gone')}
      </span>
      {section ? (
        <div
          inert
          style={{
            display: 'grid',
            gridTemplateColumns: section.columns.map((c) => `minmax(0, ${c.share}fr)`).join(' '),
            gap: section.columns.length > 1 ? section.gap : 0,
            padding: `${section.padding_top}px ${section.padding_side}px ${section.padding_bottom}px`,
            background: section.content_background ?? settings.content_background,
          }}
        >
          {section.columns.map((column) => (
            <div key={column.id} style={{ padding: column.padding, background: column.background ?? undefined }}>
              {column.blocks.map((block) => (
                <div key={block.id} style={{ marginBottom: block.space_below }}>
                  <BlockContent block={block} settings={settings} onOption={nothing} onEditor={nothing} />
                </div>
              ))}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
