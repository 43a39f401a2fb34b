import { formatNumber } from '@/ui/format';
import { isAsking } from '@/ui/conditions/tree';
import type { ConditionNode } from '@/ui/conditions/tree';
import { problemText } from '@/ui/problemText';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { readReach } from '../segments';
import classes from './segment.module.css';

type Props = {
  /** Asked of the tree whose count is known, so that one question goes after the other. */
  tree: ConditionNode | undefined;
};

/** The count split into those who can be written to and those who cannot, with the reasons. */
export function ReachLine({ tree }: Props) {
  const { t } = useTranslation('segments');
  const reach = useQuery({
    queryKey: ['conditions', 'reach', tree ?? null],
    queryFn: ({ signal }) => readReach(tree ?? {}, signal),
    enabled: tree !== undefined && isAsking(tree),
    staleTime: 10_000,
    retry: false,
  });
  if (tree === undefined) return null;
  if (reach.error)
    return (
      <Text size="xs" c="dimmed">
        {problemText(reach.error).text}
      </Text>
    );
  if (reach.data === undefined)
    return (
      <Text size="xs" c="dimmed">
        {t('reach.asking')}
      </Text>
    );
  return reach.data.channels.map(({ channel, reachable, unreachable }) => {
    const not = unreachable.reduce((sum, r) => sum + r.count, 0);
    if (reachable + not === 0) return null;
    return (
      <section key={channel} className={classes.reach} aria-label={t('reach.title')} title={t('reach.help')}>
        <span className={classes.bar} aria-hidden>
          {reachable > 0 ? <span style={{ flexGrow: reachable }} /> : null}
          {not > 0 ? <span style={{ flexGrow: not }} data-not /> : null}
        </span>
        <Text size="sm">
          <b data-testid="reachable">{t('reach.can', { n: formatNumber(reachable) })}</b>
          {not > 0 ? ` · ${t('reach.cannot', { n: formatNumber(not) })}` : null}
        </Text>
        {not > 0 ? (
          <ul className={classes.reasons}>
            {unreachable.map((r) => (
              <li key={r.reason}>
                <span>{t(`reach.reason.${r.reason}`, { defaultValue: r.reason })}</span>
                <span>{formatNumber(r.count)}</span>
              </li>
            ))}
          </ul>
        ) : null}
      </section>
    );
  });
}
