import { api } from '@/api/client';
import { toast, toastProblem, toastUndo } from '@/ui/toasts';
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TagSelect } from '../TagSelect';
import { sendBulk } from './bulk';
import { touched, type BulkKind } from './bulkEffect';
import { contactListKey, type ContactRow } from './contactList';

export type { BulkKind };

type Props = { kind: BulkKind; contacts: readonly ContactRow[]; onClose: () => void; onDone: () => void };

/** Which tag or list, and, before anything is sent, how many of the chosen contacts it will change. */
export function BulkDialog({ kind, contacts, onClose, onDone }: Props) {
  const { t } = useTranslation(['contacts', 'common']);
  const queryClient = useQueryClient();
  const [target, setTarget] = useState<number | null>(null);
  const lists = api.useQuery('get', '/api/app/lists', {});
  const aboutTag = kind === 'add_tag' || kind === 'remove_tag';
  const changing = target === null ? [] : touched(kind, target, contacts);
  const refresh = () => queryClient.invalidateQueries({ queryKey: contactListKey });

  const run = useMutation({
    mutationFn: () =>
      sendBulk(
        { action: kind, ...(aboutTag ? { tag: target } : { list: target }) },
        contacts.map((c) => c.id),
      ),
    onSuccess: (changed) => {
      const text = t(`bulk.${kind}.done`, { count: changed });
      const back = kind === 'add_tag' ? 'remove_tag' : 'add_tag';
      const undo = () =>
        sendBulk(
          { action: back, tag: target },
          changing.map((c) => c.id),
        ).then(refresh, toastProblem);
      if (aboutTag && changed > 0) toastUndo(text, () => void undo());
      else toast(text);
      onClose();
      onDone();
    },
    onError: toastProblem,
    onSettled: refresh,
  });

  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
      opened
      onClose={onClose}
      title={t(`bulk.${kind}.title`, { count: contacts.length })}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (target !== null) run.mutate();
        }}
      >
        <Stack gap="md">
          {aboutTag ? (
            <TagSelect label={t('filter.tag')} value={target} onChange={setTarget} data-autofocus />
          ) : (
            <Select
              label={t('filter.list')}
              searchable
              data-autofocus
              data={(lists.data?.items ?? []).map((l) => ({ value: String(l.id), label: l.name }))}
              value={target === null ? null : String(target)}
              onChange={(v) => setTarget(v === null ? null : Number(v))}
            />
          )}
          <Text size="sm" c="dimmed" role="status" mih={20}>
            {target === null ? '' : t(`bulk.${kind}.effect`, { count: changing.length, of: contacts.length })}
          </Text>
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={run.isPending} disabled={changing.length === 0}>
            {t(`bulk.${kind}.confirm`, { count: changing.length })}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
