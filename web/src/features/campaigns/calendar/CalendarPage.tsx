import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, useSession } from '@/api/session';
import { AppLink } from '@/ui/AppLink';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { ErrorState } from '@/ui/ErrorState';
import { formatNumber } from '@/ui/format';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { toast, toastProblem } from '@/ui/toasts';
import { ActionIcon, Button, Group, SegmentedControl, Switch, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconBolt, IconChevronLeft, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { inputOf, listKey } from '../api';
import classes from '../campaigns.module.css';
import { calendarRoute } from '../routes';
import { statusKey, toneOf } from '../statusOf';
import { addDays, addMonths, dayName, daysOf, rankDays, shortWeekday, titleOf, wall, weekdayOf } from './days';

type Item = components['schemas']['CampaignFiguresCalendarItem'];
type Move = { item: Item; day: string };

/** From so many recipients on a move is asked about. */
const many = 10_000;
const mayMove = (item: Item) => item.local !== null && (item.status === 'draft' || item.status === 'scheduled');

/** `/campaigns/calendar`: a month or a week; campaigns are dragged to another day. */
export function CalendarPage() {
  const { t } = useTranslation('campaigns');
  const session = useSession();
  const manages = allows(session, 'manage_messages');
  const zone = session.account.time_zone;
  const search = calendarRoute.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const today = wall(new Date(), zone).day;
  const day = search.day ?? today;
  const week = search.week === true;
  const days = daysOf(day, week);
  const query = { from: days[0] ?? day, until: days.at(-1) ?? day };
  const calendar = api.useQuery('get', '/api/app/campaigns/calendar', { params: { query } });
  const best = api.useQuery('get', '/api/app/campaigns/best-times', {});
  const [asking, setAsking] = useState<Move | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const shaded = search.best === true && best.data?.enough === true;
  const ranks = shaded ? rankDays(best.data?.hours ?? []) : [];
  const go = (next: typeof search) => void navigate({ to: '/campaigns/calendar', search: next, replace: true });
  const shift = (by: number) => go({ ...search, day: week ? addDays(day, 7 * by) : addMonths(day, by) });
  const keep = (but: 'best' | 'week') => Object.fromEntries(Object.entries(search).filter(([k]) => k !== but));
  const items = calendar.data?.campaigns ?? [];
  const on = (d: string) => items.filter((i) => wall(i.at, zone).day === d);

  const move = async ({ item, day: to }: Move) => {
    try {
      const path = { id: item.id };
      const { data } = await client.GET('/api/app/campaigns/{id}', { params: { path } });
      if (!data) return;
      await client.PUT('/api/app/campaigns/{id}', {
        params: { path, header: { 'If-Match': `"${data.revision}"` } },
        body: { ...inputOf(data), schedule_local: `${to}T${(data.schedule_local ?? 'T09:00').slice(-5)}` },
      });
      toast(t('calendar_page.moved', { name: item.name, day: dayName(to) }));
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/campaigns/calendar'] });
      await queryClient.invalidateQueries({ queryKey: listKey });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const drop = (e: DragEvent, to: string) => {
    e.preventDefault();
    setOver(null);
    const item = items.find((i) => String(i.id) === e.dataTransfer.getData('text/plain'));
    if (!item || wall(item.at, zone).day === to) return;
    if (item.status === 'scheduled' && item.recipients > many) setAsking({ item, day: to });
    else void move({ item, day: to });
  };

  return (
    <Page wide>
      <PageHeader
        title={t('calendar_page.title')}
        area={t('title')}
        main={
          manages ? (
            <Button component={AppLink} to="/campaigns/new" leftSection={<IconPlus size={16} aria-hidden />}>
              {t('create')}
            </Button>
          ) : null
        }
      />
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <ActionIcon variant="default" size="lg" aria-label={t('calendar_page.before')} onClick={() => shift(-1)}>
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon variant="default" size="lg" aria-label={t('calendar_page.after')} onClick={() => shift(1)}>
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
          <Button variant="default" onClick={() => go({ ...search, day: today })}>
            {t('calendar_page.today')}
          </Button>
          <Title order={2} size="h4" aria-live="polite">
            {titleOf(week ? (days[0] ?? day) : day, week)}
          </Title>
        </Group>
        <Group>
          <Switch
            label={t('calendar_page.best')}
            checked={shaded}
            disabled={best.data?.enough !== true}
            {...(best.data && !best.data.enough
              ? { description: t('calendar_page.best_locked', { count: best.data.opens }) }
              : {})}
            onChange={(e) => {
              go({ ...keep('best'), ...(e.currentTarget.checked ? { best: true } : {}) });
            }}
          />
          <SegmentedControl
            aria-label={t('calendar_page.view')}
            value={week ? 'week' : 'month'}
            data={[
              { value: 'month', label: t('calendar_page.month') },
              { value: 'week', label: t('calendar_page.week') },
            ]}
            onChange={(v) => {
              go({ ...keep('week'), ...(v === 'week' ? { week: true } : {}) });
            }}
          />
        </Group>
      </Group>
      {shaded ? (
        <Text size="xs" c="dimmed" mb="sm">
          {t(week ? 'calendar_page.best_legend' : 'calendar_page.best_legend_month')}
        </Text>
      ) : null}
      {calendar.error ? <ErrorState error={calendar.error} onRetry={() => void calendar.refetch()} /> : null}
      <div className={classes.month} data-week={week}>
        {Array.from({ length: 7 }, (_, i) => (
          <div key={i} className={classes.weekday} aria-hidden>
            {shortWeekday(i)}
          </div>
        ))}
        {days.map((d) => {
          const rank = ranks[weekdayOf(d)] ?? 0;
          const sent = calendar.data?.automated.find((a) => a.day === d)?.sent ?? 0;
          return (
            <div
              key={d}
              className={classes.day}
              role="group"
              aria-label={
                rank > 0
                  ? `${dayName(d)}, ${t(rank === 2 ? 'calendar_page.best_day' : 'calendar_page.good_day')}`
                  : dayName(d)
              }
              data-other={!week && d.slice(0, 7) !== day.slice(0, 7)}
              data-today={d === today}
              data-best={rank}
              data-over={over === d}
              onDragOver={(e) => {
                if (d < today) return;
                e.preventDefault();
                setOver(d);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(e) => drop(e, d)}
              onDoubleClick={() => {
                if (manages && d >= today) void navigate({ to: '/campaigns/new', search: { at: `${d}T09:00` } });
              }}
            >
              <div className={classes.dayHead}>
                <span className={`${classes.number} tabular`}>{Number(d.slice(8))}</span>
                {manages && d >= today ? (
                  <ActionIcon
                    component={AppLink}
                    to={`/campaigns/new?at=${d}T09:00`}
                    size="sm"
                    variant="subtle"
                    className={classes.add ?? ''}
                    aria-label={t('calendar_page.create_on', { day: dayName(d) })}
                  >
                    <IconPlus size={14} aria-hidden />
                  </ActionIcon>
                ) : null}
              </div>
              {week && shaded ? (
                <Hours hours={(best.data?.hours ?? []).slice(weekdayOf(d) * 24, weekdayOf(d) * 24 + 24)} />
              ) : null}
              {on(d).map((item) => (
                <AppLink
                  key={item.id}
                  to={`/campaigns/${item.id}`}
                  className={classes.event ?? ''}
                  data-tone={toneOf(item)}
                  draggable={manages && mayMove(item)}
                  onDragStart={(e: DragEvent) => e.dataTransfer.setData('text/plain', String(item.id))}
                  title={`${item.name} · ${t(statusKey(item))}`}
                >
                  <span className="tabular">{wall(item.at, zone).time}</span> {item.name}
                  <VisuallyHidden>, {t(statusKey(item))}</VisuallyHidden>
                </AppLink>
              ))}
              {sent > 0 ? (
                <Text size="xs" c="dimmed" mt={3} className={classes.automated ?? ''}>
                  <IconBolt size={12} aria-hidden />
                  <span className={classes.long}>{t('calendar_page.automated', { count: sent })}</span>
                  <span className={classes.short} aria-hidden>
                    {formatNumber(sent)}
                  </span>
                </Text>
              ) : null}
            </div>
          );
        })}
      </div>
      <ConfirmDialog
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={t('calendar_page.move_title', { name: asking?.item.name ?? '' })}
        effect={t('calendar_page.move', {
          count: asking?.item.recipients ?? 0,
          day: asking ? dayName(asking.day) : '',
        })}
        confirmLabel={t('calendar_page.move_button')}
        typed={formatNumber(asking?.item.recipients ?? 0)}
        onConfirm={() => (asking ? move(asking) : undefined)}
      />
    </Page>
  );
}

/** Opens by hour of a day, as shades. */
function Hours({ hours }: { hours: readonly number[] }) {
  const most = Math.max(1, ...hours);
  return (
    <div className={classes.hours} aria-hidden>
      {hours.map((n, i) => (
        <span key={i} style={{ opacity: 0.08 + (0.92 * n) / most }} />
      ))}
    </div>
  );
}
