import { api } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import { useSession } from '@/api/session';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Button, Group, Modal, Stack, TagsInput, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditorStore } from '../document/store';
import { ContactPicker } from '../preview/ContactPicker';
import { toInput } from '../saving/content';

const maxAddresses = 10;

/** The mail as it stands on the screen, to a few mailboxes, with the values of a chosen contact. */
export function SendTest() {
  const { t } = useTranslation(['emailEditor', 'common']);
  const { user } = useSession();
  const store = useEditorStore();
  const [opened, { open, close }] = useDisclosure(false);
  const [to, setTo] = useState<string[]>([user.email]);
  const [contact, setContact] = useState<number | null>(null);
  const send = api.useMutation('post', '/api/app/messages/test', {
    onSuccess: ({ to: sent }) => {
      toast(t('test.sent', { count: sent.length, email: sent[0] }));
      close();
    },
  });
  const run = () => {
    const content = store.getState().content;
    send.mutate({ body: { message: toInput({ ...content, name: content.name || 'Test' }), to, contact_id: contact } });
  };
  const errors = send.error ? fieldErrors(send.error) : {};
  const aboutTo = Object.entries(errors).find(([field]) => /^to(\.|$)/.test(field))?.[1];
  const other = send.error && aboutTo === undefined ? (Object.values(errors)[0] ?? problemText(send.error).text) : null;
  const tooMany = send.error ? toProblem(send.error).status === 429 : false;
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconSend size={16} aria-hidden />} onClick={open}>
        {t('test.send')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('test.title')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <Stack gap="md">
          <TagsInput
            label={t('test.to')}
            description={t('test.to_help', { count: maxAddresses })}
            data-autofocus
            maxTags={maxAddresses}
            splitChars={[',', ';', ' ']}
            acceptValueOnBlur
            clearable
            clearButtonProps={{ 'aria-label': t('test.clear') }}
            value={to}
            error={aboutTo}
            onChange={(next) => {
              setTo(next);
              if (send.error) send.reset();
            }}
          />
          <div>
            <Text size="sm" fw={500} mb={4} aria-hidden>
              {t('test.as')}
            </Text>
            <ContactPicker value={contact} onChange={setContact} />
          </div>
          <Text size="xs" c="dimmed">
            {t('test.note')}
          </Text>
          {other ? (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {tooMany ? t('test.too_many') : other}
            </Text>
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button
              leftSection={<IconSend size={16} aria-hidden />}
              loading={send.isPending}
              disabled={to.length === 0}
              onClick={run}
            >
              {t('test.send')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
