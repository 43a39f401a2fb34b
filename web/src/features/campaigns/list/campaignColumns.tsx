import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import { StatusBadge } from '@/ui/StatusBadge';
import { TaggedText } from '@/ui/TaggedText';
import { When } from '@/ui/When';
import { Text } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { CampaignItem } from '../api';
import { statusKey, toneOf } from '../statusOf';

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const percent = { style: 'percent', maximumFractionDigits: 1 } as const;

export const campaignColumns = (t: TFunction<'campaigns'>): GridColumn<CampaignItem>[] => [
  {
    id: 'name',
    header: t('columns.name'),
    size: 340,
    cell: (c) => (
      <>
        <Text span size="sm" fw={600}>
          <TaggedText text={c.name} />
        </Text>
        <Text span size="xs" c="dimmed">
          {' '}
          {t(`type.${c.type}`)} · {c.subject ? <TaggedText text={c.subject} /> : t('no_subject')}
        </Text>
      </>
    ),
  },
  {
    id: 'status',
    header: t('columns.status'),
    size: 130,
    cell: (c) => <StatusBadge tone={toneOf(c)} label={t(statusKey(c))} />,
  },
  {
    id: 'when',
    header: t('columns.when'),
    size: 140,
    cell: (c) => <When at={c.started_at ?? c.scheduled_at ?? c.updated_at} />,
  },
  {
    id: 'recipients',
    header: t('columns.recipients'),
    size: 110,
    align: 'end',
    cell: (c) => (c.started_at ? <Num value={c.type === 'automated' ? c.sent : c.recipients} /> : '–'),
  },
  {
    id: 'sent',
    header: t('columns.sent'),
    size: 90,
    align: 'end',
    cell: (c) => (c.started_at ? <Num value={c.sent} /> : '–'),
  },
  {
    id: 'opened',
    header: t('columns.opened'),
    size: 100,
    align: 'end',
    cell: (c) => <Num value={share(c.opened, c.sent)} options={percent} />,
  },
  {
    id: 'clicked',
    header: t('columns.clicked'),
    size: 100,
    align: 'end',
    cell: (c) => <Num value={share(c.clicked, c.sent)} options={percent} />,
  },
  {
    id: 'unsubscribed',
    header: t('columns.unsubscribed'),
    size: 120,
    align: 'end',
    cell: (c) => <Num value={share(c.unsubscribed, c.sent)} options={percent} />,
  },
];
