import { api } from '@/api/client';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ActionIcon, Group, Modal, SegmentedControl, Select, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor } from '../document/store';
import { isEmpty } from '../saving/content';
import { ContactPicker } from './ContactPicker';
import classes from './preview.module.css';
import { usePreview } from './usePreview';

const widths = ['desktop', 'mobile', 'text'] as const;
const looks = ['light', 'inverted', 'dark', 'plain'] as const;

/** The mail as the server renders it for one contact: what is seen here is what is sent. */
export function PreviewDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['emailEditor', 'common']);
  const [width, setWidth] = useState<string>('desktop');
  const [look, setLook] = useState<string>('light');
  const [contact, setContact] = useState<number | null>(null);
  const empty = useEditor((s) => isEmpty(s.content));
  const query = usePreview(contact, opened && !empty);
  const people = api.useQuery('get', '/api/app/preview-people', {}, { enabled: opened, staleTime: 300_000 });
  const contacts = people.data?.contacts ?? [];
  const at = contacts.findIndex((p) => p.id === contact);
  const step = (by: -1 | 1) => {
    const next = contacts[(at + by + contacts.length) % contacts.length] ?? contacts[0];
    if (next) setContact(next.id);
  };
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
        <SegmentedControl
          aria-label={t('preview.look')}
          value={look}
          onChange={setLook}
          disabled={width === 'text'}
          data={looks.map((value) => ({ value, label: t(`preview.looks.${value}`) }))}
        />
        <ContactPicker value={contact} onChange={setContact} />
        <Group gap={4}>
          {(
            [
              ['previous', IconChevronLeft, -1],
              ['next', IconChevronRight, 1],
            ] as const
          ).map(([key, Icon, by]) => (
            <Tooltip key={key} label={t(`preview.${key}`)}>
              <ActionIcon
                variant="default"
                size={36}
                aria-label={t(`preview.${key}`)}
                disabled={contacts.length === 0}
                onClick={() => step(by)}
              >
                <Icon size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
        <Select
          w={260}
          aria-label={t('preview.people')}
          placeholder={t('preview.people')}
          data={contacts.map((p) => ({
            value: String(p.id),
            label: p.why === 'random' ? p.name || p.email : `${t(`preview.why.${p.why}`)}: ${p.name || p.email}`,
          }))}
          value={at < 0 ? null : String(contact)}
          onChange={(id) => setContact(id === null ? null : Number(id))}
        />
      </Group>
      {empty ? <EmptyState icon={IconEyeOff} title={t('preview.empty')} text={t('preview.empty_text')} /> : null}
      {query.error && !empty ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {seen && !query.error && !empty ? (
        <>
          <div className={classes.inboxLine} role="group" aria-label={t('preview.inbox')}>
            <span className={classes.avatar} aria-hidden>
              {seen.from.trim().charAt(0).toUpperCase() || '?'}
            </span>
            <span className={classes.inboxFrom}>{seen.from.replace(/\s*<.*$/, '') || seen.from}</span>
            <span className={classes.inboxText}>
              <strong>{seen.subject}</strong>
              <Text span c="dimmed" size="sm">
                {seen.preheader ? ` – ${seen.preheader}` : ''}
              </Text>
            </span>
          </div>
          <div className={classes.stage} data-look={look}>
            {width === 'text' ? (
              <pre className={classes.text}>{seen.text}</pre>
            ) : (
              <iframe
                key={look}
                className={classes.frame}
                data-width={width}
                title={t('preview.frame')}
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                referrerPolicy="no-referrer"
                src={look === 'light' ? seen.url : `${seen.url}?look=${look}`}
              />
            )}
          </div>
        </>
      ) : null}
      {!seen && !query.error && !empty ? <Skeleton height={420} m={20} /> : null}
    </Modal>
  );
}
