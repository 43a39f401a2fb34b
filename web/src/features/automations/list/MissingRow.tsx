import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Badge, Group, Paper, SegmentedControl, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MissingThing } from '../api/types';

export type Choice = { what: 'create' } | { what: 'open' } | { what: 'use'; id: string | null };
type Props = { thing: MissingThing; choice: Choice; onChange: (choice: Choice) => void };

/** One missing thing, and what shall become of it. */
export function MissingRow({ thing, choice, onChange }: Props) {
  const { t } = useTranslation('builder');
  const ways = [
    ...(thing.can_create ? [{ value: 'create', label: t('wizard.create') }] : []),
    { value: 'use', label: t('wizard.use') },
    ...(thing.can_leave_open ? [{ value: 'open', label: t('wizard.open') }] : []),
  ];
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between" gap="sm">
        <Group gap={8} style={{ minWidth: 0 }}>
          <Badge color="gray" size="sm">
            {thing.title}
          </Badge>
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {thing.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t('wizard.places', { count: thing.paths.length })}
          </Text>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={t('wizard.what_to_do', { thing: thing.name })}
          data={ways}
          value={choice.what}
          onChange={(what) =>
            onChange(what === 'use' ? { what, id: null } : { what: what === 'open' ? 'open' : 'create' })
          }
        />
      </Group>
      {choice.what === 'use' ? (
        <ReferencePicker
          multiple={false}
          label={t('wizard.choose')}
          source={thing.source}
          creatable={false}
          values={choice.id === null ? [] : [choice.id]}
          onChange={(ids) => onChange({ what: 'use', id: ids[0] ?? null })}
        />
      ) : choice.what === 'open' ? (
        <Text size="xs" c="dimmed" mt={6}>
          {thing.can_create ? '' : `${t('wizard.cannot')} `}
          {t('wizard.open_help')}
        </Text>
      ) : null}
    </Paper>
  );
}
