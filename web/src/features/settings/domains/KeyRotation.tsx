import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { domainsKey } from './domainsKey';

type Props = { domain: components['schemas']['SenderDomainsSenderDomainView'] };

/** A new key beside the present one; it signs by itself as soon as DNS shows it. */
export function KeyRotation({ domain }: Props) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const answers = { onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey }), onError: toastProblem };
  const rotate = api.useMutation('post', '/api/app/sender-domains/{id}/keys', answers);
  const cancel = api.useMutation('delete', '/api/app/sender-domains/{id}/keys', answers);
  const params = { path: { id: domain.id } };
  return (
    <Group mt="sm" gap="xs">
      {domain.is_rotating ? (
        <ConfirmButton
          title={t('domains.keys.cancel_title')}
          effect={t('domains.keys.cancel_effect')}
          confirmLabel={t('domains.keys.cancel')}
          onConfirm={() => cancel.mutateAsync({ params })}
        >
          {t('domains.keys.cancel')}
        </ConfirmButton>
      ) : (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={rotate.isPending}
          disabled={domain.old_key_until !== null}
          onClick={() => rotate.mutate({ params })}
        >
          {t('domains.keys.rotate')}
        </Button>
      )}
      <Text size="xs" c="dimmed">
        {domain.is_rotating ? (
          t('domains.keys.waiting')
        ) : domain.old_key_until !== null ? (
          <>
            {t('domains.keys.old')} <When at={domain.old_key_until} />
          </>
        ) : domain.key_made_at === null ? null : (
          <>
            {t('domains.keys.made')} <When at={domain.key_made_at} />. {t('domains.keys.why')}
          </>
        )}
      </Text>
    </Group>
  );
}
