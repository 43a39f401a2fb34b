import { api } from '@/api/client';
import { toastProblem } from '@/ui/toasts';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Button, Group, Menu, Modal, TextInput } from '@mantine/core';
import {
  IconArchive,
  IconCopy,
  IconDots,
  IconMailForward,
  IconPencil,
  IconTrash,
  IconUserPlus,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listKey, type Campaign } from '../api';
import { useChanged, useSave } from './useSave';

/** Rename, copy, send again, archive, delete. */
export function MoreMenu({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation(['campaigns', 'common']);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<'delete' | 'name' | null>(null);
  const [name, setName] = useState(campaign.name);
  const save = useSave(campaign, () => setAsking(null));
  const changed = useChanged();
  const path = { id: campaign.id };
  const copy = api.useMutation('post', '/api/app/campaigns/{id}/copy', {
    onSuccess: (made) => void navigate({ to: `/campaigns/${made.id}` as string }),
    onError: toastProblem,
  });
  const archive = api.useMutation('post', '/api/app/campaigns/{id}/archive', {
    onSuccess: changed,
    onError: toastProblem,
  });
  const remove = api.useMutation('delete', '/api/app/campaigns/{id}', {
    onSuccess: async () => {
      await navigate({ to: '/campaigns' });
      await queryClient.invalidateQueries({ queryKey: listKey });
    },
    onError: toastProblem,
  });
  const again = (resend_to: 'non_openers' | 'new_contacts' | null) =>
    copy.mutate({ params: { path }, body: { name: null, resend_to } });
  const started = campaign.started_at !== null;
  const over = campaign.status === 'completed' || campaign.status === 'stopped';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
            {t('actions.more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {campaign.is_editable ? (
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setAsking('name')}>
              {t('rename')}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => again(null)}>
            {t('actions.copy')}
          </Menu.Item>
          {started && (campaign.type === 'standard' || campaign.type === 'split') ? (
            <>
              <Menu.Item leftSection={<IconMailForward size={16} aria-hidden />} onClick={() => again('non_openers')}>
                {t('actions.resend_openers')}
              </Menu.Item>
              <Menu.Item leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => again('new_contacts')}>
                {t('actions.resend_new')}
              </Menu.Item>
            </>
          ) : null}
          {over || campaign.status === 'draft' ? (
            <Menu.Item
              leftSection={<IconArchive size={16} aria-hidden />}
              onClick={() => archive.mutate({ params: { path }, body: { hidden: !campaign.is_hidden } })}
            >
              {t(campaign.is_hidden ? 'unarchive' : 'actions.archive')}
            </Menu.Item>
          ) : null}
          {!started && campaign.status === 'draft' ? (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setAsking('delete')}
            >
              {t('actions.delete')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={() => setAsking(null)}
        title={t('delete_title', { name: campaign.name })}
        effect={t('delete_effect')}
        confirmLabel={t('delete')}
        danger
        onConfirm={() => remove.mutateAsync({ params: { path } }).catch(() => {})}
      />
      <Modal
        opened={asking === 'name'}
        onClose={() => setAsking(null)}
        title={t('rename')}
        closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      >
        <form
          onSubmit={(e) => {
            e.preventDefault();
            save.run({ name });
          }}
        >
          <TextInput
            label={t('name_label')}
            data-autofocus
            required
            maxLength={200}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Group justify="flex-end" mt="md">
            <Button type="submit" loading={save.saving} disabled={name.trim() === ''}>
              {t('save')}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
