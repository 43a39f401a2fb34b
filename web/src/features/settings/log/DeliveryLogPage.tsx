import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import type { GridColumn } from '@/ui/grid/types';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { IconChecklist } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LogFrame } from '../LogFrame';
import { DayRange, rangeOf } from './DayRange';
import { SendDetails } from './SendDetails';
import { SendStateBadge } from './SendStateBadge';
import { StreamHealth } from './StreamHealth';
import { useReason } from './useReason';

type Send = components['schemas']['DeliveryLogSendItem'];
const states = ['queued', 'deferred', 'sent', 'failed', 'suppressed'] as const;

/** Every mail: its state, what the receiving server said, each attempt. Above it, how the stream is getting on. */
export function DeliveryLogPage() {
  const { t } = useTranslation('settings');
  const reason = useReason();
  const [search, setSearch] = useState('');
  const [days, setDays] = useState<{ from: string; until: string }>({ from: '', until: '' });
  const columns: GridColumn<Send>[] = [
    { id: 'state', header: t('log.state'), size: 128, cell: (s) => <SendStateBadge state={s.state} /> },
    { id: 'to', header: t('log.to'), size: 200, cell: (s) => s.to ?? t('log.no_address') },
    { id: 'subject', header: t('log.subject'), size: 220, cell: (s) => <TaggedText text={s.subject} /> },
    {
      id: 'reply',
      header: t('log.reply'),
      size: 170,
      cell: (s) =>
        s.bounced
          ? t('log.came_back', { why: reason.short(s.bounced) })
          : [s.reply_code, s.reason ? reason.short(s.reason) : null].filter(Boolean).join(' · '),
    },
    { id: 'attempts', header: t('log.attempts'), size: 90, align: 'end', cell: (s) => s.attempts },
    { id: 'when', header: t('log.when'), size: 110, cell: (s) => <When at={s.finished_at ?? s.queued_at} /> },
  ];
  return (
    <LogFrame<Send>
      page="log"
      path="/api/app/sends"
      icon={IconChecklist}
      gridLabel={t('log.title')}
      states={states.map((value) => ({ value, label: t(`log.states.${value}`) }))}
      columns={columns}
      above={<StreamHealth />}
      search={{ label: t('log.search'), value: search, onChange: setSearch }}
      filters={{ fields: <DayRange value={days} onChange={setDays} />, key: days.from + days.until }}
      height="calc(100dvh - 348px)"
      load={async (query, signal) => {
        const { data } = await client.GET('/api/app/sends', {
          params: { query: { ...query, ...rangeOf(days) } },
          signal,
        });
        return { rows: data?.sends ?? [], next: data?.next ?? null };
      }}
      details={(send) => <OneSend id={send.id} />}
    />
  );
}

function OneSend({ id }: { id: number }) {
  const send = api.useQuery('get', '/api/app/sends/{id}', { params: { path: { id } } });
  return <SendDetails send={send.data} error={send.error} />;
}
