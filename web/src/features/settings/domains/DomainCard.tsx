import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Accordion, Button, Group, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';
import { domainsKey } from './domainsKey';
import { RecordPanel } from './RecordPanel';
import { KeyRotation } from './KeyRotation';
import { ReturnPathForm } from './ReturnPathForm';
import { TrackingForm } from './TrackingForm';

type Domain = components['schemas']['SenderDomainsSenderDomainView'];
type Props = { domain: Domain; bounceHost: string | null };

const tones: Record<Domain['state'], Tone> = { verified: 'good', pending: 'waiting', failed: 'bad' };

/** One domain: whether it is verified, and each of its DNS records with what to copy and what was found. */
export function DomainCard({ domain, bounceHost }: Props) {
  const { t } = useTranslation('settings');
  const id = useId();
  const queryClient = useQueryClient();
  const answers = { onSuccess: () => queryClient.invalidateQueries({ queryKey: domainsKey }), onError: toastProblem };
  const remove = api.useMutation('delete', '/api/app/sender-domains/{id}', answers);
  const check = api.useMutation('post', '/api/app/sender-domains/{id}/check', answers);
  const params = { path: { id: domain.id } };
  const shaky = domain.state === 'verified' && domain.failures > 0;
  return (
    <section className={classes.card} aria-labelledby={id}>
      <Group gap="sm">
        <Title order={2} id={id}>
          {domain.domain}
        </Title>
        <StatusBadge
          tone={shaky ? 'waiting' : tones[domain.state]}
          label={t(`domains.states.${shaky ? 'shaky' : domain.state}`)}
        />
        <span style={{ flex: 1 }} />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate({ params })}
        >
          {t('domains.check')}
        </Button>
        <ConfirmButton
          title={t('domains.remove_title', { domain: domain.domain })}
          effect={t('domains.remove_effect', { domain: domain.domain })}
          confirmLabel={t('domains.remove')}
          danger
          onConfirm={() => remove.mutateAsync({ params })}
        >
          {t('domains.remove')}
        </ConfirmButton>
      </Group>
      <Text size="sm" mt={6}>
        {t(`domains.state_text.${shaky ? 'shaky' : domain.state}`, { count: 3 - domain.failures })}
      </Text>
      <Text size="xs" c="dimmed" mt={2} mb="sm" role="status">
        {domain.checked_at === null ? (
          t('domains.not_checked')
        ) : (
          <>
            {t('domains.checked')} <When at={domain.checked_at} /> · {t('domains.next_check')}{' '}
            <When at={domain.next_check_at} />
          </>
        )}
      </Text>
      <Accordion
        multiple
        variant="separated"
        order={3}
        chevronPosition="left"
        defaultValue={domain.records
          .filter((r) => (r.required || r.purpose === 'dkim_next') && r.state !== 'ok')
          .map((r) => r.purpose)}
      >
        {domain.records.map((record) => (
          <RecordPanel key={record.purpose} record={record} domain={domain.domain} />
        ))}
      </Accordion>
      <ReturnPathForm key={domain.return_path} domain={domain} bounceHost={bounceHost} />
      <TrackingForm key={`t${domain.tracking_host}`} domain={domain} />
      <KeyRotation domain={domain} />
    </section>
  );
}
