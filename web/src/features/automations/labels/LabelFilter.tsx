import { Button, Chip, Group } from '@mantine/core';
import { IconTags } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Label } from '../api/types';
import classes from './labels.module.css';

type Props = {
  labels: readonly Label[];
  /** Id of a label, `0` for those without, empty for all. */
  value: string;
  onChange: (value: string) => void;
  onManage?: () => void;
};

/** The list by label: one at a time, or those without any. */
export function LabelFilter({ labels, value, onChange, onManage }: Props) {
  const { t } = useTranslation('builder');
  const chip = (key: string, text: string, colour: string, count?: number) => (
    <Chip
      key={key}
      size="xs"
      color={colour}
      variant="light"
      checked={value === key}
      onChange={() => onChange(value === key ? '' : key)}
    >
      {text}
      {count === undefined ? null : <span className={classes.count}>{count}</span>}
    </Chip>
  );
  return (
    <Group gap={6} mb="sm" role="group" aria-label={t('labels.filter')}>
      {labels.map((l) => chip(String(l.id), l.name, l.colour, l.automations))}
      {labels.length > 0 ? chip('0', t('labels.without'), 'gray') : null}
      {onManage ? (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconTags size={14} aria-hidden />}
          onClick={onManage}
        >
          {labels.length > 0 ? t('labels.manage') : t('labels.first')}
        </Button>
      ) : null}
    </Group>
  );
}
