import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { ErrorState } from '@/ui/ErrorState';
import { PersonAvatar } from '@/ui/people/PersonAvatar';
import { personName } from '@/ui/people/personName';
import { SubscriptionBadge } from '@/ui/people/SubscriptionBadge';
import { SidePanel } from '@/ui/SidePanel';
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TimelineItems } from '../profile/TimelineItems';
import { SendableBadge } from '../profile/SendableBadge';
import { shownValue } from '../profile/fieldValue';
import { NameTags } from './NameTags';

type Props = { contactId: number | null; onClose: () => void };

/** A contact beside the list: who it is, and the last ten things that happened. */
export function PeekPanel({ contactId, onClose }: Props) {
  const { t } = useTranslation('contacts');
  return (
    <SidePanel opened={contactId !== null} onClose={onClose} title={t('peek.title')} width={420}>
      {contactId === null ? null : <Peek id={contactId} />}
    </SidePanel>
  );
}

function Peek({ id }: { id: number }) {
  const { t } = useTranslation('contacts');
  const contact = api.useQuery('get', '/api/app/contacts/{id}', { params: { path: { id } } });
  const happened = api.useQuery('get', '/api/app/contacts/{id}/activities', {
    params: { path: { id }, query: { limit: 10 } },
  });
  if (contact.error) return <ErrorState error={contact.error} onRetry={() => void contact.refetch()} />;
  if (contact.data === undefined)
    return (
      <Stack aria-busy="true">
        {[70, 90, 60, 80].map((w) => (
          <Skeleton key={w} height={16} width={`${w}%`} />
        ))}
      </Stack>
    );
  const c = contact.data;
  const fields = c.groups.flatMap((g) => g.fields).filter((f) => f.value !== null && f.value !== '');
  return (
    <Stack gap="lg">
      <Group wrap="nowrap" align="start">
        <PersonAvatar person={c} size={44} />
        <div>
          <Title order={2}>{personName(c)}</Title>
          <Text size="sm" c="dimmed">
            {[c.email, c.phone].filter(Boolean).join(' · ')}
          </Text>
        </div>
      </Group>
      <Group gap={6}>
        <SendableBadge contact={c} />
      </Group>
      {c.tags.length > 0 ? <NameTags names={c.tags.map((x) => x.name)} /> : null}
      {c.lists.map((l) => (
        <Group key={l.id} justify="space-between">
          <Text size="sm">{l.name}</Text>
          <SubscriptionBadge status={l.status} />
        </Group>
      ))}
      {fields.slice(0, 6).map((f) => (
        <Group key={f.id} justify="space-between" wrap="nowrap" gap="md">
          <Text size="sm" c="dimmed">
            {f.name}
          </Text>
          <Text size="sm" truncate>
            {shownValue(f.value)}
          </Text>
        </Group>
      ))}
      <div>
        <Title order={3} mb="sm">
          {t('peek.lately')}
        </Title>
        {happened.isPending ? <Skeleton height={80} /> : null}
        {happened.data ? <TimelineItems entries={happened.data.items} notes={c.notes} /> : null}
        {happened.error ? <ErrorState error={happened.error} /> : null}
      </div>
      <Button
        component={AppLink}
        to={`/contacts/${id}`}
        variant="default"
        rightSection={<IconArrowRight size={16} aria-hidden />}
      >
        {t('peek.open')}
      </Button>
    </Stack>
  );
}
