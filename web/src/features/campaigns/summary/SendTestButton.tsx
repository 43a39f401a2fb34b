import { api, client } from '@/api/client';
import { useSession } from '@/api/session';
import { toast, toastProblem } from '@/ui/toasts';
import { Button, Group, Modal, Select, Stack, TagsInput, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMailCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { letterOf, type Campaign } from '../api';

/** A variant as it stands, to a few mailboxes. */
export function SendTestButton({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(['campaigns', 'common']);
  const { user } = useSession();
  const [opened, { open, close }] = useDisclosure(false);
  const [to, setTo] = useState<string[]>([user.email]);
  const [no, setNo] = useState('1');
  const send = api.useMutation('post', '/api/app/messages/test', {
    onSuccess: ({ queued }) => {
      toast(t('test.sent', { count: queued }));
      close();
    },
    onError: toastProblem,
  });
  const read = async (id: number) => (await client.GET('/api/app/messages/{id}', { params: { path: { id } } })).data;
  const run = async () => {
    const variant = campaign.variants.find((v) => String(v.no) === no) ?? campaign.variants[0];
    const first = campaign.variants[0];
    if (!variant || !first) return;
    const envelope = await read(variant.message_id);
    const shared = campaign.type === 'split' && campaign.split?.kind !== 'content';
    const body = shared ? await read(first.message_id) : envelope;
    if (!envelope || !body) return;
    send.mutate({
      body: {
        to,
        contact_id: null,
        message: {
          name: envelope.name,
          kind: 'marketing',
          subject: envelope.subject,
          preheader: envelope.preheader,
          from_name: envelope.from_name,
          from_address: envelope.from_address,
          reply_to: envelope.reply_to,
          design: body.design,
          html: body.html,
          text: body.text,
          track_opens: false,
          track_clicks: false,
        } as never,
      },
    });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconMailCheck size={16} aria-hidden />} onClick={open}>
        {t('side.send_test')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t('test.title')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <Stack gap="md">
          {campaign.variants.length > 1 ? (
            <Select
              label={t('test.variant')}
              allowDeselect={false}
              value={no}
              data={campaign.variants.map((v) => ({
                value: String(v.no),
                label: t('subject.variant', { letter: letterOf(v.no) }),
              }))}
              onChange={(v) => setNo(v ?? '1')}
            />
          ) : null}
          <TagsInput
            label={t('test.to')}
            maxTags={10}
            splitChars={[',', ';', ' ']}
            acceptValueOnBlur
            value={to}
            onChange={setTo}
          />
          <Text size="xs" c="dimmed">
            {t('test.note')}
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button loading={send.isPending} disabled={to.length === 0} onClick={() => void run().catch(toastProblem)}>
              {t('test.send')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
