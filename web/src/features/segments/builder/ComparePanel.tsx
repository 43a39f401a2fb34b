import { AppLink } from '@/ui/AppLink';
import { isAsking, type ConditionNode } from '@/ui/conditions/tree';
import { formatNumber } from '@/ui/format';
import { problemText } from '@/ui/problemText';
import { useSchemaFormServices } from '@/ui/schemaForm/references';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Anchor, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { compareWith } from '../segments';
import classes from './segment.module.css';

/** What the rule on the screen has in common with a saved segment; each number leads to its people. */
export function ComparePanel({ tree }: { tree: ConditionNode }) {
  const { t } = useTranslation('segments');
  const { references } = useSchemaFormServices();
  const [other, setOther] = useState<string | null>(null);
  const [settled] = useDebouncedValue(tree, 300);
  const asking = other !== null && isAsking(settled);
  const answer = useQuery({
    queryKey: ['conditions', 'compare', settled, other],
    queryFn: ({ signal }) => compareWith(settled, Number(other), signal),
    enabled: asking,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  const named = useQuery({
    queryKey: ['references', 'segment', 'chosen', [other]],
    queryFn: ({ signal }) => references.resolve('segment', other === null ? [] : [other], signal),
    enabled: other !== null,
  });
  const name = named.data?.[0]?.label ?? t('compare.other');
  const inOther = { field: 'segment', op: 'in', value: Number(other) };
  const notInOther = { ...inOther, op: 'not_in' };
  const shown = asking && !answer.error ? answer.data : undefined;
  const parts = shown
    ? [
        {
          key: 'only_this',
          label: t('compare.only_this'),
          count: shown.only_this,
          tree: { all: [settled, notInOther] },
        },
        { key: 'both', label: t('compare.both'), count: shown.both, tree: { all: [settled, inOther] } },
        {
          key: 'only_other',
          label: t('compare.only_other', { name }),
          count: shown.only_other,
          tree: { all: [{ not: settled }, inOther] },
        },
      ]
    : [];
  return (
    <>
      <Title order={2} size="h4">
        {t('compare.title')}
      </Title>
      <ReferencePicker
        label={t('compare.with')}
        source="segment"
        values={other === null ? [] : [other]}
        multiple={false}
        creatable={false}
        onChange={(values) => setOther(values.at(-1) ?? null)}
      />
      {other === null ? (
        <Text size="xs" c="dimmed">
          {t('compare.hint')}
        </Text>
      ) : null}
      {answer.error && asking ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {problemText(answer.error).text}
        </Text>
      ) : null}
      {parts.length > 0 ? (
        <div aria-live="polite">
          <span className={classes.bar} aria-hidden>
            {parts
              .filter((p) => p.count > 0)
              .map((p) => (
                <span key={p.key} style={{ flexGrow: p.count }} data-part={p.key} />
              ))}
          </span>
          <ul className={classes.reasons} data-testid="comparison">
            {parts.map((p) => (
              <li key={p.key}>
                <span className={classes.legend} data-part={p.key}>
                  {p.label}
                </span>
                {p.count === 0 ? (
                  <span>0</span>
                ) : (
                  <Anchor
                    component={AppLink}
                    to="/contacts"
                    search={{ conditions: p.tree } as never}
                    size="sm"
                    title={t('compare.show', { count: p.count })}
                  >
                    {formatNumber(p.count)}
                  </Anchor>
                )}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}
