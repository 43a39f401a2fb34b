import { TaggedText } from '@/ui/TaggedText';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TemplateFrame } from './TemplateFrame';
import type { Template } from './templates';
import classes from './templates.module.css';

type Props = {
  template: Template;
  onPreview: () => void;
  /** Null: it may only be looked at. */
  onUse: (() => void) | null;
  useLabel: string;
  menu?: ReactNode;
};

/** A template as a picture; the picture opens it large. */
export function TemplateCard({ template, onPreview, onUse, useLabel, menu }: Props) {
  const { t } = useTranslation('templates');
  return (
    <article className={classes.card} data-template={template.template}>
      <div className={classes.top}>
        <TemplateFrame template={template} />
        <button
          type="button"
          className={classes.cover}
          aria-label={t('preview_of', { name: template.name })}
          onClick={onPreview}
        />
        {onUse === null ? null : (
          <Button className={classes.use} size="xs" onClick={onUse} aria-label={`${useLabel}: ${template.name}`}>
            {useLabel}
          </Button>
        )}
      </div>
      <div className={classes.foot}>
        <div className={classes.words}>
          <h3 className={classes.name}>{template.name}</h3>
          <p className={classes.about}>{template.description || <TaggedText text={template.subject} />}</p>
        </div>
        {menu}
      </div>
    </article>
  );
}
