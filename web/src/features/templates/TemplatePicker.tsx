import { toastProblem } from '@/ui/toasts';
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TemplateGallery } from './TemplateGallery';
import { contentOf, type Template, type TemplateBody } from './templates';
import classes from './templates.module.css';

type Props = { onClose: () => void; onPick: (content: TemplateBody, template: Template) => void };

/** The gallery in a dialog, for the editor, campaigns and every other place that begins a mail: gives a copy of what was chosen. */
export function TemplatePicker({ onClose, onPick }: Props) {
  const { t } = useTranslation(['templates', 'common']);
  const [filter, setFilter] = useState<{ category: string | null; query: string }>({ category: null, query: '' });
  return (
    <Modal
      opened
      onClose={onClose}
      size="min(1240px, 96vw)"
      title={t('pick')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      transitionProps={{ duration: 120 }}
      classNames={{ content: classes.picker }}
    >
      <TemplateGallery
        {...filter}
        onFilter={setFilter}
        useLabel={t('use_short')}
        onUse={(template) => contentOf(template.template).then((content) => onPick(content, template), toastProblem)}
      />
    </Modal>
  );
}
