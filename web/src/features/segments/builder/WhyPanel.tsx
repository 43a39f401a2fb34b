import { problemText } from '@/ui/problemText';
import { isAsking, type ConditionNode } from '@/ui/conditions/tree';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { explain, type LeafAnswer } from '../segments';
import classes from './segment.module.css';

/** Is one contact in, and why: each condition with what the contact has. Asked of the tree on the screen, saved or not. */
export function WhyPanel({ tree }: { tree: ConditionNode }) {
  const { t } = useTranslation('segments');
  const [contact, setContact] = useState<string | null>(null);
  const [settled] = useDebouncedValue(tree, 300);
  const answer = useQuery({
    queryKey: ['conditions', 'explain', settled, contact],
    queryFn: ({ signal }) => explain(settled, Number(contact), signal),
    enabled: contact !== null && isAsking(settled),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  const shown = contact !== null && isAsking(settled) && !answer.error ? answer.data : undefined;
  return (
    <>
      <Title order={2} size="h4">
        {t('why.title')}
      </Title>
      <ReferencePicker
        label={t('why.contact')}
        source="contact"
        values={contact === null ? [] : [contact]}
        multiple={false}
        creatable={false}
        onChange={(values) => setContact(values.at(-1) ?? null)}
      />
      {answer.error ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {problemText(answer.error).text}
        </Text>
      ) : null}
      {contact !== null && !isAsking(tree) ? (
        <Text size="sm" c="dimmed">
          {t('why.unfinished')}
        </Text>
      ) : null}
      <div aria-live="polite">
        {shown ? (
          <>
            <Verdict holds={shown.matches} text={t(shown.matches ? 'why.in' : 'why.out')} strong />
            <Leaves leaves={shown.leaves} />
          </>
        ) : null}
      </div>
    </>
  );
}

function Verdict({ holds, text, strong }: { holds: boolean; text: string; strong?: boolean }) {
  const { t } = useTranslation('segments');
  const Icon = holds ? IconCircleCheck : IconCircleX;
  return (
    <span className={classes.verdict} data-holds={holds}>
      <Icon size={16} aria-label={t(holds ? 'why.true' : 'why.false')} role="img" />
      <Text size="sm" fw={strong ? 600 : 400}>
        {text}
      </Text>
    </span>
  );
}

function Leaves({ leaves }: { leaves: readonly LeafAnswer[] }) {
  const { t } = useTranslation('segments');
  return (
    <ul className={classes.leaves}>
      {leaves.map((leaf) => (
        <li key={leaf.pointer}>
          <Verdict holds={leaf.holds} text={leaf.words} />
          {leaf.segments && leaf.segments.length > 0 ? null : (
            <Text size="xs" c="dimmed" ml={22}>
              {leaf.found ? t('why.found', { value: leaf.found }) : t('why.nothing')}
            </Text>
          )}
          {(leaf.segments ?? []).map((s) => (
            <div key={s.id} className={classes.inner}>
              <Verdict holds={s.holds} text={s.name} strong />
              <Leaves leaves={s.leaves} />
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
