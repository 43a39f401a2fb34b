import { TaggedText } from '@/ui/TaggedText';
import { Button, Group, Modal, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Template } from './templates';
import classes from './templates.module.css';

const looks = ['desktop', 'mobile', 'dark'] as const;

type Props = {
  template: Template;
  onClose: () => void;
  onUse: (() => void) | null;
  useLabel: string;
  busy: boolean;
};

/** A template large, on a desktop, on a phone, and in a reader that turns colours over. */
export function TemplatePreview({ template, onClose, onUse, useLabel, busy }: Props) {
  const { t } = useTranslation(['templates', 'common']);
  const [look, setLook] = useState<string>('desktop');
  return (
    <Modal
      opened
      fullScreen
      onClose={onClose}
      title={template.name}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      transitionProps={{ duration: 120 }}
      classNames={{ body: classes.previewBody, content: classes.previewContent }}
    >
      <Group className={classes.previewHead} justify="space-between" gap="sm">
        <div className={classes.words}>
          <Text size="sm">{template.description}</Text>
          {template.subject ? (
            <Text size="xs" c="dimmed">
              {t('subject')}: <TaggedText text={template.subject} />
            </Text>
          ) : null}
        </div>
        <Group gap="sm">
          <SegmentedControl
            aria-label={t('look.label')}
            value={look}
            onChange={setLook}
            data={looks.map((value) => ({ value, label: t(`look.${value}`) }))}
          />
          {onUse === null ? null : (
            <Button onClick={onUse} loading={busy} data-autofocus>
              {useLabel}
            </Button>
          )}
        </Group>
      </Group>
      <div className={classes.stage} data-look={look}>
        <iframe
          key={look}
          title={t('frame', { name: template.name })}
          src={look === 'dark' ? `${template.preview_url}?look=inverted` : template.preview_url}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerPolicy="no-referrer"
        />
      </div>
    </Modal>
  );
}
