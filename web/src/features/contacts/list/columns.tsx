import { PersonAvatar } from '@/ui/people/PersonAvatar';
import { personName } from '@/ui/people/personName';
import { subscriptionTones } from '@/ui/people/SubscriptionBadge';
import type { GridColumn } from '@/ui/grid/types';
import { When } from '@/ui/When';
import { Group, Text } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import classes from './list.module.css';
import type { ContactRow } from './contactList';
import { NameTags } from './NameTags';

export const contactColumns = (t: TFunction): GridColumn<ContactRow>[] => [
  {
    id: 'first_name',
    header: t('columns.name'),
    size: 190,
    sortable: true,
    cell: (c) => (
      <Group gap={10} wrap="nowrap">
        <PersonAvatar person={c} />
        <Text size="sm" fw={600} truncate>
          {personName(c)}
        </Text>
      </Group>
    ),
  },
  {
    id: 'email',
    header: t('columns.email'),
    size: 250,
    sortable: true,
    cell: (c) => (
      <span className={classes.email} data-bounced={c.bounced || undefined}>
        <Text span inherit truncate title={c.email ?? undefined}>
          {c.email}
        </Text>
        {c.bounced ? <IconMailOff size={14} aria-label={t('bounced')} /> : null}
      </span>
    ),
  },
  { id: 'phone', header: t('columns.phone'), size: 160, cell: (c) => <span className="tabular">{c.phone}</span> },
  { id: 'tags', header: t('columns.tags'), size: 180, cell: (c) => <NameTags names={c.tags.map((x) => x.name)} /> },
  {
    id: 'lists',
    header: t('columns.lists'),
    size: 206,
    cell: (c) => (
      <span className={classes.lists}>
        {c.lists.map((l) => (
          <span key={l.id} className={classes.list} title={`${l.name}: ${t(`ui:subscription.${l.status}`)}`}>
            <span className={classes.dot} data-tone={l.status ? subscriptionTones[l.status] : 'quiet'} aria-hidden />
            {l.name}
            {l.status === 'active' ? null : (
              <span className={classes.quiet}>{t(`ui:subscription.${l.status}`).toLowerCase()}</span>
            )}
          </span>
        ))}
      </span>
    ),
  },
  { id: 'created', header: t('columns.created'), size: 118, sortable: true, cell: (c) => <When at={c.created_at} /> },
];
