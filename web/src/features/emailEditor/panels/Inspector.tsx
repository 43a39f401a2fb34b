import { useTranslation } from 'react-i18next';
import { findBlock, findSection } from '../document/operations';
import { useEditor } from '../document/store';
import { BlockOptions } from './BlockOptions';
import { Crumbs } from './Crumbs';
import { MailOptions } from './MailOptions';
import classes from './panels.module.css';
import { SectionOptions } from './SectionOptions';

/** Options of what is selected: a block, a section, or the whole mail. */
export function Inspector() {
  const { t } = useTranslation('emailEditor');
  const design = useEditor((s) => s.content.design);
  const selected = useEditor((s) => s.selected);
  const found = selected ? findBlock(design, selected) : null;
  const section = selected ? findSection(design, selected) : null;
  return (
    <aside className={classes.inspector} aria-label={t('panels.options')}>
      <Crumbs section={found?.section ?? section} block={found?.block ?? null} />
      {found ? (
        <BlockOptions key={found.block.id} block={found.block} />
      ) : section ? (
        <SectionOptions key={section.id} section={section} />
      ) : (
        <MailOptions />
      )}
    </aside>
  );
}
