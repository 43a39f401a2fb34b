import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../catalogue';
import { useEditor } from '../document/store';
import type { Block, Section } from '../document/types';
import classes from './panels.module.css';

/** Mail > section > block; each leads outwards. */
export function Crumbs({ section, block }: { section: Section | null; block: Block | null }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const select = useEditor((s) => s.select);
  const sections = useEditor((s) => s.content.design.sections);
  const parts = [
    { id: null, label: t('panels.mail') },
    ...(section
      ? [{ id: section.id, label: t('section.label', { number: sections.findIndex((s) => s.id === section.id) + 1 }) }]
      : []),
    ...(block ? [{ id: block.id, label: kinds.find((k) => k.key === block.kind)?.title ?? block.kind }] : []),
  ];
  return (
    <nav className={classes.crumbs} aria-label={t('panels.selection')}>
      {parts.map((part, i) => (
        <span key={part.id ?? 'mail'} className={classes.crumb}>
          {i > 0 ? <IconChevronRight size={14} aria-hidden /> : null}
          <UnstyledButton
            className={classes.crumbButton}
            aria-current={i === parts.length - 1 ? 'true' : undefined}
            onClick={() => select(part.id)}
          >
            {part.label}
          </UnstyledButton>
        </span>
      ))}
    </nav>
  );
}
