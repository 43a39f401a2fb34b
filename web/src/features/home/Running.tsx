import { api } from '@/api/client';
import { AppLink } from '@/ui/AppLink';
import { Num } from '@/ui/Num';
import { Anchor, Card, Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './home.module.css';

/** The automations at work, those with the newest first. */
export function Running() {
  const { t } = useTranslation('home');
  const list = api.useQuery('get', '/api/app/automations', { params: { query: { status: 'active', limit: 6 } } });
  const items = list.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-labelledby="running">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="running">
          {t('running.title')}
        </Title>
        <Anchor component={AppLink} to="/automations" size="sm">
          {t('running.all')}
        </Anchor>
      </Group>
      <ul className={classes.list}>
        {items.map((a) => (
          <li key={a.id}>
            <Link to={`/automations/${a.id}`} className={classes.row}>
              <Text span size="sm" fw={600} truncate className={classes.grow}>
                {a.name}
              </Text>
              <Text span size="sm" c="dimmed" className="tabular">
                <Num value={a.inside} /> {t('running.inside')}
              </Text>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
