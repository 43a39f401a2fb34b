import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import type { GridColumn } from '@/ui/grid/types';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LogFrame } from '../LogFrame';
import { useReason } from '../log/useReason';
import { InboundDetails } from './InboundDetails';
import { InboundSetup } from './InboundSetup';

type Mail = components['schemas']['InboundMailInboundItem'];
const kinds = ['bounce', 'complaint', 'reply', 'auto_reply', 'delay', 'unmatched'] as const;
const tones: Record<string, Tone> = { bounce: 'bad', complaint: 'bad', failed: 'bad', reply: 'good', delay: 'waiting' };

/** Mail that came back or in answer: what it was taken for, and what followed. */
export function InboundPage() {
  const { t } = useTranslation('settings');
  const [search, setSearch] = useState('');
  const reason = useReason();
  const columns: GridColumn<Mail>[] = [
    {
      id: 'kind',
      header: t('inbound.kind'),
      size: 136,
      cell: (m) => <StatusBadge tone={tones[m.kind] ?? 'quiet'} label={t(`inbound.kinds.${m.kind}`)} />,
    },
    { id: 'from', header: t('inbound.from'), size: 180, cell: (m) => m.sender || t('inbound.nobody') },
    { id: 'subject', header: t('inbound.subject'), size: 200, cell: (m) => <TaggedText text={m.subject} /> },
    { id: 'contact', header: t('inbound.contact'), size: 170, cell: (m) => m.contact_email ?? '' },
    { id: 'reason', header: t('inbound.reason'), size: 120, cell: (m) => (m.reason ? reason.short(m.reason) : '') },
    { id: 'when', header: t('log.when'), size: 100, cell: (m) => <When at={m.received_at} /> },
  ];
  return (
    <LogFrame<Mail>
      page="inbound"
      path="/api/app/inbound-mail"
      icon={IconInbox}
      gridLabel={t('inbound.title')}
      states={kinds.map((value) => ({ value, label: t(`inbound.kinds.${value}`) }))}
      columns={columns}
      above={<InboundSetup />}
      search={{ label: t('inbound.search'), value: search, onChange: setSearch }}
      height="calc(100dvh - 300px)"
      load={async ({ state, ...query }, signal) => {
        const { data } = await client.GET('/api/app/inbound-mail', {
          params: { query: { ...query, ...(state ? { kind: state } : {}) } },
          signal,
        });
        return { rows: data?.mails ?? [], next: data?.next ?? null };
      }}
      details={(mail) => <OneMail id={mail.id} />}
    />
  );
}

function OneMail({ id }: { id: number }) {
  const mail = api.useQuery('get', '/api/app/inbound-mail/{id}', { params: { path: { id } } });
  return <InboundDetails view={mail.data} error={mail.error} />;
}
