import { useSession } from '@/api/session';
import { formatNumber } from '@/ui/format';
import { PeriodBar } from '@/ui/reports/PeriodBar';
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PeriodNumbers } from './usePeriodNumbers';
import { periodOf, type NumbersSearch } from './search';
import classes from './numbers.module.css';

type Props = {
  search: NumbersSearch;
  numbers: PeriodNumbers | null;
  onChange: (search: NumbersSearch) => void;
};

/** Which days the numbers on the canvas are of, and whether they are shares of the entries. */
export function NumbersBar({ search, numbers, onChange }: Props) {
  const { t } = useTranslation('builder');
  const session = useSession();
  const number = (value: number) => <strong className="tabular">{formatNumber(value)}</strong>;
  return (
    <section className={classes.bar} aria-label={t('numbers.title')}>
      <PeriodBar
        period={periodOf(search, session.account.time_zone)}
        comparable={false}
        onChange={({ days, first, last }) => onChange({ ...pick({ days, first, last }), ...pick({ as: search.as }) })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('numbers.as')}
        value={search.as === 'share' ? 'share' : 'count'}
        onChange={(as) => onChange({ ...search, as })}
        data={[
          { value: 'count', label: t('numbers.count') },
          { value: 'share', label: t('numbers.share') },
        ]}
      />
      {numbers ? (
        <Group gap="md" aria-live="polite">
          <Text size="xs" c="dimmed">
            {t('numbers.entered')} {number(numbers.entered)}
          </Text>
          <Text size="xs" c="dimmed">
            {t('numbers.completed')} {number(numbers.completed)}
          </Text>
          <Text size="xs" c="dimmed">
            {t('numbers.ended')} {number(numbers.ended)}
          </Text>
        </Group>
      ) : null}
    </section>
  );
}

/** Only what is there. */
const pick = (all: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as NumbersSearch;
