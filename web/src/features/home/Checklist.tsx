import type { components } from '@/api/schema';
import { Card, Group, Progress, Text, Title } from '@mantine/core';
import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './home.module.css';

/** The first steps of a new account; each ticks itself from real state on the server. */
export function Checklist({ items }: { items: components['schemas']['HomeStep'][] }) {
  const { t } = useTranslation('home');
  const done = items.filter((i) => i.done).length;
  const next = items.find((i) => !i.done);
  return (
    <Card withBorder radius="md" padding="lg" component="section" aria-labelledby="checklist">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="checklist">
          {t('checklist.title')}
        </Title>
        <Text size="sm" c="dimmed" className="tabular">
          {t('checklist.progress', { done, total: items.length })}
        </Text>
      </Group>
      <Progress value={(100 * done) / items.length} size="sm" mb="sm" aria-label={t('checklist.title')} />
      <ul className={classes.list}>
        {items.map((item, index) => (
          <li key={item.key}>
            <Link
              to={item.url}
              className={classes.row}
              data-done={item.done || undefined}
              data-next={item === next || undefined}
            >
              <span className={classes.tick} data-done={item.done || undefined}>
                {item.done ? <IconCheck size={14} stroke={3} aria-label={t('checklist.done')} /> : index + 1}
              </span>
              <span className={classes.grow}>{item.title}</span>
              <IconChevronRight size={16} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
