import { ErrorState } from '@/ui/ErrorState';
import { Group, Modal, SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ContactPicker } from './ContactPicker';
import classes from './preview.module.css';
import { usePreview } from './usePreview';

const widths = ['desktop', 'mobile', 'text'] as const;

/** The mail as the server renders it for one contact: what is seen here is what is sent. */
export function PreviewDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const [width, setWidth] = useState<string>('desktop');
  const [contact, setContact] = useState<number | null>(null);
  const query = usePreview(contact, opened);
  const seen = query.data;
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened={opened}
      onClose={onClose}
      title={t('preview.title')}
      fullScreen
      transitionProps={{ duration: 120 }}
      classNames={{ body: classes.body, content: classes.content }}
    >
      <Group className={classes.head}>
        <SegmentedControl
          aria-label={t('preview.as_on')}
          value={width}
          onChange={setWidth}
          data={widths.map((value) => ({ value, label: t(`preview.widths.${value}`) }))}
        />
        <ContactPicker value={contact} onChange={setContact} />
      </Group>
      {query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {seen && !query.error ? (
        <>
          <dl className={classes.inbox}>
            <dt>{t('envelope.from')}</dt>
            <dd>{seen.from}</dd>
            <dt>{t('envelope.subject')}</dt>
            <dd>
              <strong>{seen.subject}</strong>
              <Text span c="dimmed" size="sm">
                {seen.preheader ? ` – ${seen.preheader}` : ''}
              </Text>
            </dd>
          </dl>
          <div className={classes.stage}>
            {width === 'text' ? (
              <pre className={classes.text}>{seen.text}</pre>
            ) : (
              <iframe
                className={classes.frame}
                data-width={width}
                title={t('preview.frame')}
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                referrerPolicy="no-referrer"
                src={seen.url}
              />
            )}
          </div>
        </>
      ) : null}
      {!seen && !query.error ? <Skeleton height={420} m={20} /> : null}
    </Modal>
  );
}
