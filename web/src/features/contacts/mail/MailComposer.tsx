import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { ErrorState } from '@/ui/ErrorState';
import { problemText } from '@/ui/problemText';
import { usePersonalTags } from '@/ui/richText/useTags';
import { SidePanel } from '@/ui/SidePanel';
import { Skeleton, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { MailForm } from './MailForm';

export type Draft = components['schemas']['DraftView'];

type Props = {
  contactId: number;
  name: string;
  opened: boolean;
  onClose: () => void;
  onSent: () => void;
  replyTo?: number;
};

/** A 1:1 e-mail to the contact, in a panel beside what is known of them. What is typed is kept at the server at once. */
export function MailComposer({ contactId, name, opened, onClose, onSent, replyTo }: Props) {
  const { t } = useTranslation('personalMail');
  return (
    <SidePanel opened={opened} onClose={onClose} title={t('compose.title', { name })} width={680}>
      {opened ? (
        <Loaded contactId={contactId} onClose={onClose} onSent={onSent} {...(replyTo ? { replyTo } : {})} />
      ) : null}
    </SidePanel>
  );
}

function Loaded({ contactId, onClose, onSent, replyTo }: Omit<Props, 'name' | 'opened'>) {
  const queryClient = useQueryClient();
  const tags = usePersonalTags();
  const params = { params: { path: { id: contactId } } };
  const draft = api.useQuery('get', '/api/app/contacts/{id}/personal-draft', params, {
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  if (draft.error) return <ErrorState error={draft.error} onRetry={() => void draft.refetch()} />;
  if (draft.data === undefined || draft.isFetching || tags.length === 0)
    return (
      <Stack aria-busy="true">
        {[36, 36, 220].map((h, i) => (
          <Skeleton key={i} height={h} />
        ))}
      </Stack>
    );
  return (
    <MailForm
      contactId={contactId}
      draft={draft.data}
      tags={tags}
      {...(replyTo ? { replyTo } : {})}
      onDropped={async () => {
        try {
          await client.DELETE('/api/app/contacts/{id}/personal-draft', params);
          onClose();
          return undefined;
        } catch (error) {
          return problemText(error).text;
        }
      }}
      onSent={async () => {
        await queryClient.invalidateQueries({ queryKey: ['get', '/api/app/contacts/{id}/personal-mails'] });
        onSent();
      }}
    />
  );
}
