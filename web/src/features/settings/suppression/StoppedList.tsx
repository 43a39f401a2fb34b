import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { SearchInput } from '@/ui/filters';
import type { GridColumn } from '@/ui/grid/types';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Group, Select } from '@mantine/core';
import { IconMailCheck, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddressGrid } from './AddressGrid';
import { ImportStoppedDialog } from './ImportStoppedDialog';

type Suppression = components['schemas']['SuppressionsSuppression'];
const key = ['get', '/api/app/suppressions'];
const reasons = ['hard', 'soft', 'unsubscribe', 'complaint'] as const;
const tones: Record<string, Tone> = { hard: 'bad', complaint: 'bad', soft: 'waiting' };

/** Addresses that bounces, complaints and unsubscribes have stopped; a bounce can be lifted by hand. */
export function StoppedList() {
  const { t } = useTranslation('settings');
  const manages = allows(useSession(), 'manage_contacts');
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');
  const [reason, setReason] = useState<string | null>(null);
  const [importing, setImporting] = useState(false);
  const [lifting, setLifting] = useState<Suppression | null>(null);
  const list = useInfiniteQuery({
    queryKey: [...key, search, reason],
    queryFn: async ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(search ? { search } : {}),
        ...(reason ? { reason } : {}),
        ...(pageParam ? { after: pageParam } : {}),
      };
      const { data } = await client.GET('/api/app/suppressions', { params: { query }, signal });
      return data ?? { suppressions: [], next: null };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    maxPages: 20,
  });
  const lift = api.useMutation('delete', '/api/app/suppressions', {
    onSuccess: async () => {
      toast(t('suppression.lifted'));
      await queryClient.invalidateQueries({ queryKey: key });
    },
    onError: toastProblem,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.suppressions) ?? [], [list.data]);
  const columns: GridColumn<Suppression>[] = [
    { id: 'address', header: t('suppression.address'), size: 300, cell: (s) => s.address },
    {
      id: 'reason',
      header: t('suppression.reason'),
      size: 190,
      cell: (s) => <StatusBadge tone={tones[s.reason] ?? 'quiet'} label={t(`suppression.reasons.${s.reason}`)} />,
    },
    {
      id: 'until',
      header: t('suppression.until'),
      size: 170,
      cell: (s) => (s.until ? <When at={s.until} /> : t('suppression.forever')),
    },
    { id: 'when', header: t('suppression.since'), size: 140, cell: (s) => <When at={s.suppressed_at} /> },
  ];
  const filtered = search !== '' || reason !== null;
  return (
    <>
      <Group mb="sm">
        <SearchInput label={t('suppression.search')} value={search} onChange={setSearch} />
        <Select
          aria-label={t('suppression.reason')}
          placeholder={t('suppression.any_reason')}
          clearable
          clearButtonProps={{ 'aria-label': t('suppression.any_reason') }}
          data={reasons.map((value) => ({ value, label: t(`suppression.reasons.${value}`) }))}
          value={reason}
          onChange={setReason}
        />
        {manages ? (
          <Button variant="default" ml="auto" onClick={() => setImporting(true)}>
            {t('suppression.take_over')}
          </Button>
        ) : null}
      </Group>
      {importing ? <ImportStoppedDialog onClose={() => setImporting(false)} /> : null}
      <AddressGrid
        label={t('suppression.by_events')}
        rows={rows}
        rowId={(s) => s.address}
        columns={columns}
        query={list}
        actions={
          manages
            ? (s: Suppression) => [
                {
                  id: 'lift',
                  label: t('suppression.lift'),
                  icon: IconMailCheck,
                  run: () => setLifting(s),
                  ...(s.can_lift ? {} : { disabledReason: t('suppression.not_liftable') }),
                },
              ]
            : null
        }
        empty={
          <EmptyState
            icon={IconShieldCheck}
            title={t(filtered ? 'suppression.no_match' : 'suppression.nobody')}
            text={t(filtered ? 'suppression.no_match_text' : 'suppression.nobody_text')}
          />
        }
      />
      <ConfirmDialog
        opened={lifting !== null}
        onClose={() => setLifting(null)}
        title={t('suppression.lift_title', { address: lifting?.address ?? '' })}
        effect={t('suppression.lift_effect')}
        confirmLabel={t('suppression.lift')}
        onConfirm={() => lift.mutateAsync({ params: { query: { address: lifting?.address ?? '' } } })}
      />
    </>
  );
}
