import { formatInstant } from '@/ui/format';
import { ActionIcon, Button, Group, NativeSelect, Text } from '@mantine/core';
import { IconArrowRight, IconHistoryToggle, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listVersions } from '../api/automations';
import { useBuilder } from '../builder/context';
import classes from './compare.module.css';
import type { Side, Sides } from './sides';

type Props = { sides: Sides; onSides: (sides: Sides) => void; onRestore?: () => void; onClose: () => void };

/** Which two are compared, what to do with the earlier one, and the way back. */
export function CompareBar({ sides, onSides, onRestore, onClose }: Props) {
  const { t } = useTranslation('builder');
  const { automationId } = useBuilder();
  const versions = useQuery({
    queryKey: ['automations', automationId, 'versions', 'first'],
    queryFn: () => listVersions(automationId),
  });
  const numbers = new Set([
    ...(versions.data ?? []).map((v) => v.number),
    ...[sides.from, sides.to].filter((s) => s !== 'draft'),
  ]);
  const label = (number: number) => {
    const found = versions.data?.find((v) => v.number === number);
    return found
      ? t('compare.version_at', { number, date: formatInstant(new Date(found.published_at)) })
      : t('compare.version', { number });
  };
  const choices = [...numbers].toSorted((a, b) => b - a).map((n) => ({ value: String(n), label: label(n) }));
  const all = [{ value: 'draft', label: t('compare.draft') }, ...choices];
  const side = (value: string): Side => (value === 'draft' ? 'draft' : Number(value));
  return (
    <section className={classes.bar} aria-label={t('compare.label')}>
      <NativeSelect
        size="xs"
        aria-label={t('compare.from')}
        data={choices}
        value={String(sides.from)}
        onChange={(e) => onSides({ ...sides, from: Number(e.currentTarget.value) })}
      />
      <IconArrowRight size={16} aria-hidden />
      <NativeSelect
        size="xs"
        aria-label={t('compare.to')}
        data={all}
        value={String(sides.to)}
        onChange={(e) => onSides({ ...sides, to: side(e.currentTarget.value) })}
      />
      <Text size="xs" c="dimmed" className={classes.hint}>
        {t('compare.hint')}
      </Text>
      <Group gap={8} ml="auto" wrap="nowrap">
        {onRestore ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHistoryToggle size={15} aria-hidden />}
            onClick={onRestore}
          >
            {t('versions.restore_number', { number: sides.from })}
          </Button>
        ) : null}
        <ActionIcon variant="subtle" color="gray" aria-label={t('compare.close')} onClick={onClose}>
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </section>
  );
}
