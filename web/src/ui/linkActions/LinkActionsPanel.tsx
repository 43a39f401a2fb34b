import { api } from '@/api/client';
import { toastProblem } from '@/ui/toasts';
import { formatNumber } from '@/ui/format';
import { ActionIcon, Badge, Button, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { IconLink, IconMailOpened, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { anyLink, LinkActionDialog, opens, type NewLinkAction } from './LinkActionDialog';

const everything = 'everything';

type Props = {
  messageId: number;
  /** Links of the mail to choose from, as written in it. */
  links: readonly string[];
  /** May the user change them. */
  editable: boolean;
};

/** What is done with those who open a mail or follow its links. Any page that shows a mail can hold it. */
export function LinkActionsPanel({ messageId, links, editable }: Props) {
  const { t } = useTranslation('linkActions');
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState(everything);
  const path = { params: { path: { id: messageId } } };
  const query = api.useQuery('get', '/api/app/messages/{id}/link-actions', path);
  const save = api.useMutation('put', '/api/app/messages/{id}/link-actions', {
    onSuccess: () => {
      setAdding(false);
      void query.refetch();
    },
    onError: toastProblem,
  });
  if (!query.data) return <Skeleton height={80} radius="md" />;
  const kept = query.data.actions.map(({ id, cause, url, action, settings }) => ({ id, cause, url, action, settings }));
  // Links that have an action can be chosen even when the mail has lost them.
  const known = [...new Set([...links, ...query.data.actions.flatMap((a) => a.url ?? [])])];
  const visible = query.data.actions.filter(
    (a) => shown === everything || shown === (a.cause === 'opened' ? opens : (a.url ?? anyLink)),
  );
  const put = (actions: typeof kept) => save.mutate({ ...path, body: { actions } });
  return (
    <Stack gap="sm">
      {known.length > 0 ? (
        <Select
          label={t('of')}
          allowDeselect={false}
          value={shown}
          onChange={(value) => setShown(value ?? everything)}
          data={[
            { value: everything, label: t('everything') },
            { value: opens, label: t('on_open') },
            { value: anyLink, label: t('on_any') },
            ...known.map((link) => ({ value: link, label: link })),
          ]}
        />
      ) : null}
      {visible.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('none')}
        </Text>
      ) : (
        visible.map((a) => (
          <Group key={a.id} gap="sm" wrap="nowrap" align="flex-start">
            {a.cause === 'opened' ? <IconMailOpened size={18} aria-hidden /> : <IconLink size={18} aria-hidden />}
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={600}>
                {a.says ?? t('gone')}
              </Text>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {a.cause === 'opened' ? t('on_open') : a.url === null ? t('on_any') : t('on_link', { link: a.url })}
                {' · '}
                {t('done', { count: a.done, n: formatNumber(a.done) })}
              </Text>
            </div>
            {a.failed > 0 ? (
              <Badge color="red" variant="light" tt="none">
                {t('failed', { count: a.failed, n: formatNumber(a.failed) })}
              </Badge>
            ) : null}
            {editable ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('remove', { what: a.says ?? t('gone') })}
                onClick={() => put(kept.filter((k) => k.id !== a.id))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            ) : null}
          </Group>
        ))
      )}
      {editable ? (
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('add')}
          </Button>
        </Group>
      ) : null}
      {adding ? (
        <LinkActionDialog
          links={known}
          {...(shown === everything ? {} : { initially: shown })}
          saving={save.isPending}
          onClose={() => setAdding(false)}
          onAdd={(made: NewLinkAction) => put([...kept, { id: null, ...made } as never])}
        />
      ) : null}
    </Stack>
  );
}
