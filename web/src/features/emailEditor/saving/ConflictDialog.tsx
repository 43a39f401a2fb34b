import { api } from '@/api/client';
import { ErrorState } from '@/ui/ErrorState';
import { Button, Group, Modal, SimpleGrid, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor, useEditorStore, type MailContent } from '../document/store';
import classes from './conflict.module.css';
import { toInput } from './content';

type Props = { loadTheirs: () => Promise<MailContent>; onKeepMine: () => void; onTakeTheirs: () => void };

/** Somebody else saved the same mail meanwhile: both side by side, and one is chosen. Nothing is lost before. */
export function ConflictDialog({ loadTheirs, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTranslation('emailEditor');
  const store = useEditorStore();
  const mine = useEditor((s) => s.content);
  const theirs = useQuery({ queryKey: ['mail-conflict'], queryFn: loadTheirs, gcTime: 0, staleTime: Infinity });
  const take = () => {
    // One step back brings mine again.
    if (theirs.data) store.getState().change(theirs.data);
    onTakeTheirs();
  };
  return (
    <Modal
      opened
      size={1120}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('conflict.title')}
    >
      <Text size="sm" mb="md">
        {t('conflict.text')}
      </Text>
      {theirs.error ? <ErrorState error={theirs.error} onRetry={() => void theirs.refetch()} /> : null}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side title={t('conflict.mine')} content={mine} other={theirs.data}>
          <Button fullWidth disabled={!theirs.data} onClick={onKeepMine} data-autofocus>
            {t('conflict.keep_mine')}
          </Button>
        </Side>
        {theirs.data ? (
          <Side title={t('conflict.theirs')} content={theirs.data} other={mine}>
            <Button fullWidth variant="default" onClick={take}>
              {t('conflict.take_theirs')}
            </Button>
          </Side>
        ) : (
          <Skeleton height={480} radius="md" />
        )}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="sm">
        {t('conflict.undo')}
      </Text>
    </Modal>
  );
}

type SideProps = { title: string; content: MailContent; other: MailContent | undefined; children: React.ReactNode };
const lines = ['name', 'subject', 'preheader', 'from_name', 'from_address', 'reply_to'] as const;

function Side({ title, content, other, children }: SideProps) {
  const { t } = useTranslation('emailEditor');
  const message = useMemo(() => toInput({ ...content, name: content.name || 'Preview' }), [content]);
  const preview = api.useQuery(
    'post',
    '/api/app/messages/preview',
    { body: { message, contact_id: null } },
    { staleTime: 300_000, retry: false },
  );
  return (
    <section className={classes.side} aria-label={title}>
      <Title order={3}>{title}</Title>
      <dl className={classes.lines}>
        {lines
          .filter((key) => content[key] !== '' || (other && other[key] !== ''))
          .map((key) => (
            <div key={key} data-differs={other !== undefined && other[key] !== content[key]}>
              <dt>{t(`conflict.lines.${key}`)}</dt>
              <dd>{content[key] || t('conflict.empty')}</dd>
            </div>
          ))}
      </dl>
      {preview.data ? (
        <iframe
          className={classes.frame}
          title={t('conflict.frame', { side: title })}
          sandbox=""
          referrerPolicy="no-referrer"
          src={preview.data.url}
        />
      ) : (
        <div className={classes.frame}>
          {preview.error ? (
            <Text size="sm" c="dimmed" p="md">
              {t('conflict.no_preview')}
            </Text>
          ) : null}
        </div>
      )}
      <Group>{children}</Group>
    </section>
  );
}
