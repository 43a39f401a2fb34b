import type { components } from '@/api/schema';
import { When } from '@/ui/When';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const bad = new Set(['webhook_retrying', 'webhook_failed']);

/** What has become of what a step set going while the contact went on: the answer to a webhook. */
export function Aftermath({ of }: { of: components['schemas']['StepAftermath'] | null | undefined }) {
  const { t } = useTranslation('automations');
  if (!of) return null;
  const { attempts, status, problem, next } = of.values as Record<string, string | number | undefined>;
  const why = problem === undefined ? '' : t(`aftermath.problem.${problem}`, { status, defaultValue: String(problem) });
  return (
    <Text size="xs" mt={4} {...(bad.has(of.code) ? { c: 'red' } : {})}>
      {t(`aftermath.${of.code}`, {
        status,
        why,
        count: Number(attempts ?? 0),
        defaultValue: of.code.replaceAll('_', ' '),
      })}
      {next !== undefined && of.code === 'webhook_retrying' ? (
        <>
          {' '}
          <When at={String(next)} mode="full" />
        </>
      ) : null}
    </Text>
  );
}
