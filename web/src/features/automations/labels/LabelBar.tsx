import { usePageActions } from '@/ui/pageActions';
import { ActionIcon, Button, Text } from '@mantine/core';
import { IconTags, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './labels.module.css';

/** What can be done with the chosen automations; stands above the list while some are chosen. */
export function LabelBar({ count, onLabels, onClear }: { count: number; onLabels: () => void; onClear: () => void }) {
  const { t } = useTranslation('builder');
  usePageActions([{ id: 'automations.labels', label: t('labels.assign'), icon: IconTags, keys: 'l', run: onLabels }]);
  return (
    <section className={classes.bar} aria-label={t('labels.chosen_label')}>
      <Text size="sm" fw={600} role="status">
        {t('labels.chosen', { count })}
      </Text>
      <Button size="compact-sm" variant="default" leftSection={<IconTags size={15} aria-hidden />} onClick={onLabels}>
        {t('labels.assign')}
      </Button>
      <ActionIcon ml="auto" variant="subtle" color="gray" aria-label={t('labels.clear')} onClick={onClear}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </section>
  );
}
