import { client } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { Alert, Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import classes from '../transactional.module.css';
import type { TemplateDraft } from './TemplateEditor';

type Props = {
  serverId: number;
  draft: TemplateDraft;
  model: Record<string, unknown> | null;
  onTake: (suggested: unknown) => void;
};

/** The template filled with its model, half a second after the last key; what is wrong with it stands above. */
export function TemplatePreview({ serverId, draft, model, onTake }: Props) {
  const { t } = useTranslation('transactional');
  const { subject, html, text, is_layout, layout } = draft;
  const [asked] = useDebouncedValue(JSON.stringify({ subject, html, text, is_layout, layout, model }), 500);
  const query = useQuery({
    queryKey: ['template-preview', serverId, asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/app/mail-servers/{id}/template-preview', {
        params: { path: { id: serverId } },
        body: JSON.parse(asked) as never,
        signal,
      });
      return data ?? null;
    },
    placeholderData: keepPreviousData,
    // Its frame can be asked for ten minutes.
    staleTime: 300_000,
  });
  const view = query.data;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="sm" aria-live="polite">
      <Group justify="space-between">
        <Text fw={600}>{t('mail.preview')}</Text>
        {model === null && view ? (
          <Button variant="default" size="compact-sm" onClick={() => onTake(view.suggested)}>
            {t('templates.take_model')}
          </Button>
        ) : null}
      </Group>
      {view?.problems.map((p) => (
        <Alert
          key={`${p.part} ${p.line} ${p.column}`}
          color="red"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={t('templates.problem', { part: p.part, line: p.line, column: p.column })}
        >
          {p.message}
        </Alert>
      ))}
      {view && !is_layout ? (
        <div className={classes.card} style={{ padding: '10px 14px' }}>
          <Text size="xs" c="dimmed">
            {t('mail.subject')}
          </Text>
          <Text size="sm" fw={600}>
            {view.subject || t('mail.no_subject')}
          </Text>
        </div>
      ) : null}
      {view ? (
        <Tabs defaultValue="html">
          <Tabs.List mb="xs">
            <Tabs.Tab value="html">HTML</Tabs.Tab>
            <Tabs.Tab value="text">{t('mail.text')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="html">
            {view.url ? (
              <iframe
                className={classes.frame}
                title={t('mail.preview')}
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                referrerPolicy="no-referrer"
                src={view.url}
              />
            ) : (
              <Text size="sm" c="dimmed">
                {t('templates.no_html')}
              </Text>
            )}
          </Tabs.Panel>
          <Tabs.Panel value="text">
            <pre className={classes.pre}>{view.text}</pre>
          </Tabs.Panel>
        </Tabs>
      ) : null}
    </Stack>
  );
}
