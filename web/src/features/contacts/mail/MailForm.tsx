import { client } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import type { Tag } from '@/ui/richText/RichText';
import { toast } from '@/ui/toasts';
import {
  Alert,
  Button,
  Checkbox,
  Group,
  Select,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { IconSend, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AutomateFields } from './AutomateFields';
import { MailFiles } from './MailFiles';
import type { Draft } from './MailComposer';
import { ResponsePicker } from './ResponsePicker';
import { useDraft } from './useDraft';

const RichText = lazy(() => import('@/ui/richText/RichText'));

type Props = {
  contactId: number;
  draft: Draft;
  tags: readonly Tag[];
  replyTo?: number;
  /** Answers what went wrong. */
  onDropped: () => Promise<string | undefined>;
  onSent: () => Promise<void>;
};

export function MailForm({ contactId, draft, tags, replyTo, onDropped, onSent }: Props) {
  const { t } = useTranslation('personalMail');
  const { writing, change, flush, forget, known, reload, errors, setErrors, problem, setProblem, saved } = useDraft(
    contactId,
    draft,
    replyTo,
  );
  const [values, setValues] = useState<Record<string, string>>({});
  const [copies, setCopies] = useState(draft.cc !== '' || draft.bcc !== '');
  const [busy, setBusy] = useState(false);
  const missing = known.tags.filter((tag) => tag.is_missing).map((tag) => tag.tag);
  const open = missing.filter((tag) => (values[tag] ?? '').trim() === '');
  const empty = writing.subject.trim() === '' || (writing.body.trim() === '' && known.files.length === 0);

  const send = async () => {
    setBusy(true);
    try {
      if (!(await flush())) return;
      const given = Object.fromEntries(missing.map((tag) => [tag, values[tag] ?? '']).filter(([, v]) => v !== ''));
      await client.POST('/api/app/contacts/{id}/personal-draft/send', {
        params: { path: { id: contactId } },
        body: { values: given },
      });
      toast(t('compose.sent'));
      await onSent();
    } catch (error) {
      const fields = fieldErrors(error);
      setErrors(fields);
      if (!['subject', 'body', 'start_when_sent', 'start_when_replied'].some((f) => fields[f]))
        setProblem(problemText(error).text);
      await reload();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <Stack gap="sm">
        {known.refusal ? (
          <Alert color="red" title={t('compose.cannot')}>
            {t(`compose.refusal.${known.refusal}`)}
          </Alert>
        ) : null}
        {known.warning && !known.refusal ? <Alert color="yellow">{known.warning}</Alert> : null}
        {problem ? (
          <Alert color="red" role="alert">
            {problem}
          </Alert>
        ) : null}
        <Select
          label={t('compose.from')}
          description={known.froms[0]?.mailbox_id ? undefined : t('compose.from_server')}
          data={known.froms.map((f) => ({
            value: String(f.mailbox_id ?? 0),
            label: f.name ? `${f.name} <${f.address}>` : f.address,
          }))}
          value={String(writing.mailbox_id ?? 0)}
          allowDeselect={false}
          readOnly={known.froms.length < 2}
          error={errors['mailbox_id']}
          onChange={(v) => change({ mailbox_id: v === '0' || v === null ? null : Number(v) })}
        />
        <Group justify="space-between" align="end" wrap="nowrap">
          <Text size="sm">
            <Text span c="dimmed">
              {t('compose.to')}
            </Text>{' '}
            {known.to || t('compose.nobody')}
          </Text>
          {copies ? null : (
            <UnstyledButton fz="sm" c="var(--mantine-color-anchor)" onClick={() => setCopies(true)}>
              {t('compose.add_copies')}
            </UnstyledButton>
          )}
        </Group>
        {copies ? (
          <>
            <TextInput
              label={t('compose.cc')}
              value={writing.cc}
              error={errors['cc']}
              onChange={(e) => change({ cc: e.currentTarget.value })}
            />
            <TextInput
              label={t('compose.bcc')}
              value={writing.bcc}
              error={errors['bcc']}
              onChange={(e) => change({ bcc: e.currentTarget.value })}
            />
          </>
        ) : null}
        <TextInput
          label={t('compose.subject')}
          value={writing.subject}
          maxLength={1000}
          error={errors['subject']}
          onChange={(e) => change({ subject: e.currentTarget.value })}
        />
        {writing.is_plain ? (
          <Textarea
            label={t('compose.body')}
            autosize
            minRows={8}
            maxRows={20}
            value={writing.body}
            error={errors['body']}
            onChange={(e) => change({ body: e.currentTarget.value })}
          />
        ) : (
          <Suspense fallback={<Skeleton height={220} />}>
            <RichText
              label={t('compose.body')}
              value={writing.body}
              tags={tags}
              missing={missing}
              {...(errors['body'] ? { error: errors['body'] } : {})}
              onChange={(body) => change({ body })}
            />
          </Suspense>
        )}
        {missing.length > 0 ? (
          <Alert color="red" title={t('compose.missing_title', { count: missing.length })}>
            <Stack gap="xs">
              <Text size="sm">{t('compose.missing_text')}</Text>
              {missing.map((tag) => (
                <TextInput
                  key={tag}
                  size="xs"
                  label={t('compose.value_of', { tag })}
                  maxLength={1000}
                  value={values[tag] ?? ''}
                  onChange={(e) => {
                    const value = e.currentTarget.value;
                    setValues((v) => ({ ...v, [tag]: value }));
                  }}
                />
              ))}
            </Stack>
          </Alert>
        ) : null}
        <MailFiles contactId={contactId} files={known.files} onChanged={reload} />
        <Group gap="lg">
          <Checkbox
            size="xs"
            label={t('compose.track_opens')}
            checked={writing.track_opens && !writing.is_plain}
            disabled={writing.is_plain}
            onChange={(e) => change({ track_opens: e.currentTarget.checked })}
          />
          <Checkbox
            size="xs"
            label={t('compose.track_clicks')}
            checked={writing.track_clicks}
            onChange={(e) => change({ track_clicks: e.currentTarget.checked })}
          />
          {known.files.length > 0 ? (
            <Checkbox
              size="xs"
              label={t('compose.files_as_links')}
              checked={writing.files_as_links}
              onChange={(e) => change({ files_as_links: e.currentTarget.checked })}
            />
          ) : null}
          {writing.body.trim() === '' || writing.is_plain ? (
            <Checkbox
              size="xs"
              label={t('compose.plain')}
              checked={writing.is_plain}
              onChange={(e) => change({ is_plain: e.currentTarget.checked, body: '' })}
            />
          ) : null}
        </Group>
        {known.may_automate ? (
          <AutomateFields value={writing} seesReplies={writing.mailbox_id !== null} errors={errors} onChange={change} />
        ) : null}
        <Group justify="space-between">
          <Group gap="xs">
            <Button
              type="submit"
              leftSection={<IconSend size={16} aria-hidden />}
              loading={busy}
              disabled={empty || open.length > 0 || known.refusal !== null}
            >
              {t('compose.send')}
            </Button>
            <ResponsePicker
              onPick={(r) =>
                change({ subject: writing.subject || r.subject, body: r.body, is_plain: false, response_id: r.id })
              }
            />
          </Group>
          <Group gap="xs">
            <Text size="xs" c="dimmed" aria-live="polite">
              {saved ? (known.exists ? t('compose.kept') : '') : t('compose.keeping')}
            </Text>
            <Button
              variant="subtle"
              color="red"
              size="xs"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => void forget().then(onDropped).then(setProblem)}
            >
              {t('compose.drop')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
