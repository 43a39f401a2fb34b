import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { Anchor, Card, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './home.module.css';

const shown = 5;

/** What is being sent or will be. */
export function CampaignsUnderWay() {
  const { t } = useTranslation('home');
  const of = (view: string) => ({ params: { query: { view, limit: shown } } });
  const lists = [
    api.useQuery('get', '/api/app/campaigns', of('sending')),
    api.useQuery('get', '/api/app/campaigns', of('scheduled')),
    api.useQuery('get', '/api/app/campaigns', of('recurring')),
  ];
  const items = lists.flatMap((l) => l.data?.campaigns ?? []).slice(0, shown);
  if (items.length === 0) return null;
  const word = (c: (typeof items)[number]) =>
    c.status === 'sending'
      ? t(['responder', 'date', 'rss'].includes(c.type) ? 'running.active' : 'running.sending')
      : c.status === 'scheduled' || c.status === 'held' || c.status === 'paused'
        ? t(`running.${c.status}`)
        : '';
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-labelledby="campaigns-under-way">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="campaigns-under-way">
          {t('running.campaigns')}
        </Title>
        <Anchor component={AppLink} to="/campaigns" size="sm">
          {t('running.all_campaigns')}
        </Anchor>
      </Group>
      <ul className={classes.list}>
        {items.map((c) => (
          <li key={c.id}>
            <Link to={`/campaigns/${c.id}` as string} className={classes.row}>
              <Text span size="sm" fw={600} truncate className={classes.grow}>
                {c.name}
              </Text>
              <Text span size="sm" c="dimmed">
                {word(c)}
              </Text>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
