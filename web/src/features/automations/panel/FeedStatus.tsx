import { client } from '@/api/client';
import type { components } from '@/api/schema';
import { When } from '@/ui/When';
import { toastProblem } from '@/ui/toasts';
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconRss } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Tried = components['schemas']['FeedTestResult'] & { url: string };

/** How the feed of a trigger is doing, and a try at reading it now. */
export function FeedStatus({ url }: { url: string }) {
  const { t } = useTranslation('automations');
  const [tried, setTried] = useState<Tried | null>(null);
  const [busy, setBusy] = useState(false);
  const { data: state } = useQuery({
    queryKey: ['feeds', url],
    queryFn: async () => (await client.GET('/api/app/feeds', { params: { query: { url } } })).data ?? null,
    enabled: url !== '',
    refetchInterval: 15_000,
    retry: false,
  });
  const test = async () => {
    setBusy(true);
    try {
      const { data } = await client.POST('/api/app/feeds/test', { body: { url } });
      if (data) setTried({ ...data, url });
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const answer = tried?.url === url ? tried : null;
  return (
    <Stack gap="sm">
      {state?.error ? (
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('feed.failing')}>
          {state.error} {t('feed.failures', { count: state.failures })}
        </Alert>
      ) : null}
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {state?.watched ? (
            <>
              {state.fetched_at ? (
                <>
                  {t('feed.fetched')} <When at={state.fetched_at} />
                </>
              ) : (
                t('feed.not_fetched')
              )}
              {state.next_fetch_at ? (
                <>
                  {' · '}
                  {t('feed.next')} <When at={state.next_fetch_at} />
                </>
              ) : null}
            </>
          ) : (
            t('feed.unwatched')
          )}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRss size={14} aria-hidden />}
          loading={busy}
          disabled={url === ''}
          onClick={() => void test()}
        >
          {t('feed.test')}
        </Button>
      </Group>
      {answer ? (
        <Alert
          role="status"
          color={answer.error ? 'red' : 'teal'}
          title={answer.error ? t('feed.test_failed') : t('feed.test_found', { count: answer.items })}
        >
          {answer.error ?? (
            <List size="sm">
              {answer.titles.map((title, i) => (
                <List.Item key={i}>{title === '' ? t('feed.untitled') : title}</List.Item>
              ))}
            </List>
          )}
        </Alert>
      ) : null}
    </Stack>
  );
}
