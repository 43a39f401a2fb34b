import { ErrorState } from '@/ui/ErrorState';
import { AppLink } from '@/ui/AppLink';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { ActionIcon, Anchor, Button, Menu, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { IconDots, IconPlayerSkipForward, IconPlayerStop, IconRefresh, IconRoute } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { commandRun, listPeople, retryAll, type RunCommand } from '../api/automations';
import type { Person } from '../api/types';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import { cardText } from '../model/cardText';
import { findStep } from '../model/document';
import { PanelFrame } from './PanelFrame';
import classes from './panel.module.css';

type Props = { step: string | null; status?: string };
const filters = ['inside', 'waiting', 'parked'] as const;

/** The people behind a number: at one step, or in the whole automation; parked ones say why. */
export function PeoplePanel({ step, status }: Props) {
  const { t } = useTranslation('automations');
  const { automationId, index } = useBuilder();
  const { summary } = useLive();
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
  return (
    <PanelFrame
      title={title}
      {...(filter === 'parked' && rows.length > 0
        ? {
            foot: (
              <Button
                size="xs"
                leftSection={<IconRefresh size={14} aria-hidden />}
                loading={again.isPending}
                onClick={() => again.mutate()}
              >
                {t('people.retry_all')}
              </Button>
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
    </PanelFrame>
  );
}

function PersonRow({
  person,
  automationId,
  onCommand,
}: {
  person: Person;
  automationId: string;
  onCommand: (what: RunCommand) => void;
}) {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const name = person.name === '' ? (person.email ?? `#${person.contact_id}`) : person.name;
  const inside = ['active', 'waiting', 'parked'].includes(person.status);
  return (
    <li className={classes.row}>
      <div className={classes.grow}>
        <Anchor component={AppLink} to={`/contacts/${person.contact_id}`} size="sm" fw={600}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {t(`run_status.${person.status}`)} · {t('people.since')} <When at={person.since} />
          {person.due_at ? (
            <>
              {' '}
              · {t('people.due')} <When at={person.due_at} />
            </>
          ) : null}
        </Text>
        {person.error ? (
          <Text size="xs" c="var(--mantine-color-error)">
            {person.error}
          </Text>
        ) : null}
      </div>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('people.menu', { name })}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconRoute size={14} aria-hidden />}
            onClick={() =>
              void navigate({
                to: '/automations/$id/runs/$run',
                params: { id: automationId, run: String(person.run_id) },
              })
            }
          >
            {t('people.path')}
          </Menu.Item>
          {person.status === 'waiting' ? (
            <Menu.Item
              leftSection={<IconPlayerSkipForward size={14} aria-hidden />}
              onClick={() => onCommand('skip-wait')}
            >
              {t('people.skip')}
            </Menu.Item>
          ) : null}
          {person.status === 'parked' ? (
            <Menu.Item leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => onCommand('retry')}>
              {t('people.retry')}
            </Menu.Item>
          ) : null}
          {inside ? (
            <Menu.Item
              color="red"
              leftSection={<IconPlayerStop size={14} aria-hidden />}
              onClick={() => onCommand('end')}
            >
              {t('people.end')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
