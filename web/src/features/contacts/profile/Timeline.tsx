import { liveEvery } from '@/api/live/state';
import { client } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { Chip, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { families, type Family } from './kinds';
import { timelineKey, type Profile } from './profile';
import classes from './profile.module.css';
import { TimelineItems } from './TimelineItems';

type Props = { contact: Profile; manages: boolean; onMail: (mailId: number) => void };

/** Everything that happened with a contact, newest first, by day; more is loaded where the eye gets. */
export function Timeline({ contact, manages, onMail }: Props) {
  const { t } = useTranslation('contacts');
  const [family, setFamily] = useState<Family>('all');
  const kinds = families[family].join(',');
  const stream = useInfiniteQuery({
    queryKey: [...timelineKey(contact.id), kinds],
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await client.GET('/api/app/contacts/{id}/activities', {
        params: {
          path: { id: contact.id },
          query: { limit: 50, ...(kinds === '' ? {} : { kinds }), ...(pageParam ? { cursor: pageParam } : {}) },
        },
        signal,
      });
      if (data === undefined) throw new Error('no page');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: () => liveEvery(15_000),
  });
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = stream;
  const near = entry?.isIntersecting ?? false;
  useEffect(() => {
    if (near && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [near, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const entries = stream.data?.pages.flatMap((p) => p.items) ?? [];

  return (
    <section className={classes.panel} aria-labelledby="contact-timeline">
      <Group justify="space-between" mb={4}>
        <Title order={2} id="contact-timeline">
          {t('timeline.title')}
        </Title>
        <Chip.Group value={family} onChange={(v) => setFamily(v as Family)}>
          <Group gap={4} role="radiogroup" aria-label={t('timeline.filter')}>
            {(Object.keys(families) as Family[]).map((f) => (
              <Chip key={f} value={f} size="xs" variant="light">
                {t(`timeline.${f}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      {stream.isPending ? (
        <Stack gap="md" aria-busy="true" mt="md">
          {[80, 60, 72, 50].map((w) => (
            <Skeleton key={w} height={16} width={`${w}%`} />
          ))}
        </Stack>
      ) : null}
      {stream.error ? <ErrorState error={stream.error} onRetry={() => void stream.refetch()} /> : null}
      {stream.data && entries.length === 0 ? (
        <Text size="sm" c="dimmed" py="md">
          {t(family === 'all' ? 'timeline.empty' : 'timeline.none_of_kind')}
        </Text>
      ) : null}
      <TimelineItems
        entries={entries}
        notes={contact.notes}
        onMail={onMail}
        {...(manages ? { contactId: contact.id } : {})}
      />
      <div ref={ref}>{isFetchingNextPage ? <Skeleton height={16} width="60%" /> : null}</div>
    </section>
  );
}
