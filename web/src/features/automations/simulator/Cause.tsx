import type { components } from '@/api/schema';
import { formatNumber } from '@/ui/format';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Why a split chose its path: the server gives a code and values, the words are made here. */
export function Cause({ cause }: { cause: components['schemas']['StepCause'] | null | undefined }) {
  const { t } = useTranslation('simulator');
  if (!cause) return null;
  const values = Object.fromEntries(
    Object.entries(cause.values as Record<string, unknown>).map(([key, value]) => [
      key,
      typeof value === 'number' ? formatNumber(value) : value,
    ]),
  );
  const count = (cause.values as Record<string, unknown>)['of'];
  return (
    <Text size="xs" mt={4}>
      {t(`cause.${cause.code}`, {
        ...values,
        ...(typeof count === 'number' ? { count } : {}),
        defaultValue: cause.code.replaceAll('_', ' '),
      })}
    </Text>
  );
}
