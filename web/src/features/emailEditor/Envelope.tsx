import { Group, Popover, Stack, Switch, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './designer.module.css';
import { useEditor } from './document/store';
import { PersonalizeMenu } from './toolbar/PersonalizeMenu';

/** Longer subjects are cut off on telephones. */
const subjectGuide = 60;

/** What the inbox shows: sender, subject, preheader. */
export function Envelope() {
  const { t } = useTranslation('emailEditor');
  const content = useEditor((s) => s.content);
  const change = useEditor((s) => s.change);
  const insert = (key: 'subject' | 'preheader') => (token: string) => {
    const field = document.querySelector<HTMLInputElement>(`#mail-${key}`);
    const text = content[key];
    const start = field?.selectionStart ?? text.length;
    const end = field?.selectionEnd ?? start;
    change({ [key]: text.slice(0, start) + token + text.slice(end) });
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(start + token.length, start + token.length);
    });
  };
  const line = (key: 'subject' | 'preheader') => (
    <div className={classes.line}>
      <label htmlFor={`mail-${key}`}>{t(`envelope.${key}`)}</label>
      <TextInput
        id={`mail-${key}`}
        variant="unstyled"
        flex={1}
        placeholder={t(`envelope.${key}_hint`)}
        value={content[key]}
        maxLength={1000}
        onChange={(e) => change({ [key]: e.currentTarget.value }, key)}
      />
      {key === 'subject' && content.subject.length > subjectGuide ? (
        <Text size="xs" c="dimmed">
          {t('envelope.long', { count: content.subject.length })}
        </Text>
      ) : null}
      <PersonalizeMenu compact onPick={insert(key)} />
    </div>
  );
  const sender = [content.from_name, content.from_address && `<${content.from_address}>`].filter(Boolean).join(' ');
  return (
    <section className={classes.envelope} aria-label={t('envelope.title')}>
      <div className={classes.line}>
        <span>{t('envelope.from')}</span>
        <Popover width={320} position="bottom-start" trapFocus withArrow>
          <Popover.Target>
            <UnstyledButton className={classes.sender}>
              {sender || t('envelope.account_sender')}
              <IconPencil size={14} aria-label={t('envelope.change_sender')} />
            </UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown>
            <Stack gap="sm">
              {(['from_name', 'from_address', 'reply_to'] as const).map((key) => (
                <TextInput
                  key={key}
                  label={t(`envelope.${key}`)}
                  {...(key === 'from_name' ? {} : { type: 'email' })}
                  placeholder={key === 'reply_to' ? t('envelope.same') : t('envelope.of_account')}
                  value={content[key]}
                  onChange={(e) => change({ [key]: e.currentTarget.value }, key)}
                />
              ))}
              {content.track_replies === undefined ? null : (
                <Switch
                  label={t('envelope.track_replies')}
                  description={t('envelope.track_replies_help')}
                  checked={content.track_replies}
                  onChange={(e) => change({ track_replies: e.currentTarget.checked })}
                />
              )}
            </Stack>
          </Popover.Dropdown>
        </Popover>
        <Group flex={1} />
      </div>
      {line('subject')}
      {line('preheader')}
    </section>
  );
}
