import { api, client } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { toastUndo } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Group, Modal, Skeleton, Text, TextInput } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditorStore } from '../document/store';
import { readContent, toInput } from '../saving/content';
import classes from './versions.module.css';

type Props = { messageId: number; opened: boolean; onClose: () => void; flush: () => Promise<void> };

/** What the mail was before: each version can be looked at, named, and had again; restoring is a change like any other. */
export function VersionsDialog({ messageId, opened, onClose, flush }: Props) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const [chosen, setChosen] = useState<number | null>(null);
  const list = api.useQuery(
    'get',
    '/api/app/messages/{id}/versions',
    { params: { path: { id: messageId } } },
    { enabled: opened, staleTime: 0, gcTime: 0 },
  );
  const note = api.useMutation('put', '/api/app/messages/{id}/versions/{number}', {
    onSuccess: () => void list.refetch(),
  });
  useEffect(() => {
    // What was typed a moment ago is a version too.
    if (opened)
      void flush()
        .then(() => list.refetch())
        .catch(() => {});
    // eslint-disable-next-line react-hooks/exhaustive-deps -- Once per opening.
  }, [opened]);
  const versions = list.data?.versions ?? [];
  const number = chosen ?? versions[0]?.no ?? null;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={1180}
      title={t('versions.title')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.data && versions.length === 0 ? (
        <EmptyState icon={IconHistory} title={t('versions.empty')} text={t('versions.empty_text')} />
      ) : (
        <div className={classes.panes}>
          <ol className={classes.list} aria-label={t('versions.title')}>
            {versions.map((version, i) => (
              <li key={version.no}>
                <button
                  type="button"
                  className={classes.version}
                  aria-pressed={number === version.no}
                  onClick={() => setChosen(version.no)}
                >
                  <strong>{version.note || t('versions.number', { number: version.no })}</strong>
                  <span>
                    <When at={version.saved_at} /> · {version.who ?? t('versions.nobody')}
                    {i === 0 ? ` · ${t('versions.latest')}` : ''}
                  </span>
                </button>
                {number === version.no ? (
                  <TextInput
                    key={`${version.no}${version.note}`}
                    size="xs"
                    aria-label={t('versions.note')}
                    placeholder={t('versions.note')}
                    defaultValue={version.note}
                    maxLength={200}
                    onBlur={(e) => {
                      const text = e.currentTarget.value.trim();
                      if (text !== version.note)
                        note.mutate({ params: { path: { id: messageId, number: version.no } }, body: { note: text } });
                    }}
                  />
                ) : null}
              </li>
            ))}
          </ol>
          {number === null ? (
            <Skeleton height={480} />
          ) : (
            <Version key={number} messageId={messageId} number={number} onClose={onClose} />
          )}
        </div>
      )}
    </Modal>
  );
}

function Version({ messageId, number, onClose }: { messageId: number; number: number; onClose: () => void }) {
  const { t } = useTranslation('emailEditor');
  const store = useEditorStore();
  const version = useQuery({
    queryKey: ['mail-version', messageId, number],
    staleTime: Infinity,
    queryFn: async () => {
      const { data } = await client.GET('/api/app/messages/{id}/versions/{number}', {
        params: { path: { id: messageId, number } },
      });
      const content = readContent((data?.content ?? {}) as Parameters<typeof readContent>[0]);
      const preview = await client.POST('/api/app/messages/preview', {
        body: { message: toInput({ ...content, name: content.name || 'Preview' }), contact_id: null },
      });
      return { content, url: preview.data?.url };
    },
    gcTime: 300_000,
  });
  if (version.error) return <ErrorState error={version.error} onRetry={() => void version.refetch()} />;
  if (!version.data) return <Skeleton height={480} />;
  const { content, url } = version.data;
  return (
    <div className={classes.shown}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate>
          {content.subject || t('versions.no_subject')}
        </Text>
        <Button
          onClick={() => {
            store.getState().change(content);
            toastUndo(t('versions.restored', { number }), store.getState().undo);
            onClose();
          }}
        >
          {t('versions.restore')}
        </Button>
      </Group>
      <iframe
        className={classes.frame}
        title={t('preview.frame')}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={url}
      />
    </div>
  );
}
