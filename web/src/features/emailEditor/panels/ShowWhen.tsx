import { ConditionTree } from '@/ui/conditions/ConditionTree';
import { useConditionCatalogue } from '@/ui/conditions/useConditionCatalogue';
import type { ConditionNode } from '@/ui/conditions/tree';
import { ErrorState } from '@/ui/ErrorState';
import { Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconFilter, IconFilterOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Shown } from '../document/types';

type Props = { value: Shown; onChange: (change: Partial<Shown>) => void };

export const isTree = (value: unknown): value is ConditionNode => typeof value === 'object' && value !== null;

/** Who gets this part of the mail: a tree as in segments, or for those who like to write them a condition on tags. */
export function ShowWhen({ value, onChange }: Props) {
  const { t } = useTranslation('emailEditor');
  const catalogue = useConditionCatalogue();
  const tree = isTree(value.conditions) ? value.conditions : null;
  if (catalogue.error) return <ErrorState error={catalogue.error} onRetry={() => void catalogue.refetch()} />;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('show_when.text')}
      </Text>
      {tree === null ? (
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => onChange({ conditions: { all: [] } })}
        >
          {t('show_when.add')}
        </Button>
      ) : catalogue.data ? (
        <>
          <ConditionTree
            label={t('block.show_when')}
            catalogue={catalogue.data}
            value={tree}
            onChange={(next) => onChange({ conditions: next })}
          />
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            leftSection={<IconFilterOff size={15} aria-hidden />}
            onClick={() => onChange({ conditions: null })}
          >
            {t('show_when.remove')}
          </Button>
        </>
      ) : (
        <Skeleton height={90} />
      )}
      <TextInput
        label={t('block.show_when')}
        description={t('block.show_when_help')}
        value={value.show_when ?? ''}
        maxLength={1000}
        onChange={(e) => onChange({ show_when: e.currentTarget.value.trim() === '' ? null : e.currentTarget.value })}
      />
    </Stack>
  );
}
