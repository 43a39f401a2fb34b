import { ErrorState } from '@/ui/ErrorState';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { formatNumber } from '@/ui/format';
import { commandRun, endRuns, listPeople, retryAll, type RunCommand } from '../api/automations';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { cardText } from '../model/cardText';
import { findStep } from '../model/document';
import { PanelFrame } from './PanelFrame';
import { PersonRow } from './PersonRow';
import classes from './panel.module.css';

type Props = { step: string | null; status?: string };
const filters = ['inside', 'waiting', 'parked'] as const;

/** The people behind a number: at one step, or in the whole automation; parked ones say why. */
export function PeoplePanel({ step, status }: Props) {
  const { t } = useTranslation('automations');
  const { automationId, index } = useBuilder();
  const { summary, counts } = useLive();
  const [ending, end] = useDisclosure(false);
  const document = useBuilderState((s) => s.document);
  const queryClient = useQueryClient();
  const [filter, setFilter] = useState<(typeof filters)[number]>(
    status === 'errors' || status === 'parked' ? 'parked' : status === 'waiting' ? 'waiting' : 'inside',
  );
  const key = ['automations', automationId, 'people'];
  const people = useInfiniteQuery({
    queryKey: [...key, step, filter],
    queryFn: ({ pageParam }) =>
      listPeople(automationId, {
        ...(step === null ? {} : { step }),
        ...(filter === 'inside' ? {} : { status: filter }),
        ...(pageParam === 0 ? {} : { after: pageParam }),
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: 15_000,
  });
  const changed = () => {
    void queryClient.invalidateQueries({ queryKey: key });
    void queryClient.invalidateQueries({ queryKey: ['automations', automationId, 'counts'] });
  };
  const command = useMutation({
    mutationFn: ({ run, what }: { run: number; what: RunCommand }) => commandRun(run, what),
    onSuccess: (_, { what }) => {
      toast(t(`people.done.${what}`));
      changed();
    },
    onError: toastProblem,
  });
  const again = useMutation({ mutationFn: () => retryAll(automationId), onSuccess: changed, onError: toastProblem });
  const at = step === null ? undefined : findStep(document, step, index.branchesOf)?.step;
  const rows = people.data?.pages.flatMap((p) => p.items) ?? [];
  const title = at ? t('people.at', { step: cardText(at, index, summary).title }) : t('people.title');
  const inside = (step === null ? counts?.inside : counts?.steps[step]?.here) ?? rows.length;
  return (
    <PanelFrame
      title={title}
      {...(rows.length > 0
        ? {
            foot: (
              <>
                {filter === 'parked' ? (
                  <Button
                    size="xs"
                    leftSection={<IconRefresh size={14} aria-hidden />}
                    loading={again.isPending}
                    onClick={() => again.mutate()}
                  >
                    {t('people.retry_all')}
                  </Button>
                ) : null}
                <Button
                  variant="default"
                  size="xs"
                  ml="auto"
                  c="var(--mantine-color-error)"
                  leftSection={<IconPlayerStop size={14} aria-hidden />}
                  onClick={end.open}
                >
                  {t('people.end_all')}
                </Button>
              </>
            ),
          }
        : {})}
    >
      <SegmentedControl
        fullWidth
        size="xs"
        mb="sm"
        aria-label={t('people.filter')}
        value={filter}
        onChange={(value) => setFilter(filters.find((f) => f === value) ?? 'inside')}
        data={filters.map((value) => ({ value, label: t(`people.${value}`) }))}
      />
      {people.isPending ? <Skeleton height={120} /> : null}
      {people.error ? <ErrorState error={people.error} onRetry={() => void people.refetch()} /> : null}
      {people.data && rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('people.none')}
        </Text>
      ) : null}
      <ul className={classes.list} aria-label={title}>
        {rows.map((person) => (
          <PersonRow
            key={person.run_id}
            person={person}
            automationId={automationId}
            onCommand={(what) => command.mutate({ run: person.run_id, what })}
          />
        ))}
      </ul>
      {people.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          mt="sm"
          loading={people.isFetchingNextPage}
          onClick={() => void people.fetchNextPage()}
        >
          {t('people.more')}
        </Button>
      ) : null}
      <ConfirmDialog
        opened={ending}
        onClose={end.close}
        danger
        title={at ? t('people.end_at', { step: cardText(at, index, summary).title }) : t('people.end_title')}
        effect={t('people.end_effect', { count: inside, number: formatNumber(inside) })}
        confirmLabel={t('people.end_confirm', { count: inside, number: formatNumber(inside) })}
        onConfirm={() =>
          endRuns(automationId, step).then(({ ended, left }) => {
            const done = t('people.ended', { count: ended, number: formatNumber(ended) });
            toast(left > 0 ? `${done}. ${t('people.ending', { count: left, number: formatNumber(left) })}` : done);
            changed();
          }, toastProblem)
        }
      />
    </PanelFrame>
  );
}
