import { api } from '@/api/client';
import type { components } from '@/api/schema';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { CopyButton } from '@/ui/CopyButton';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toastProblem } from '@/ui/toasts';
import { Group, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';

const tones: Record<string, Tone> = { verified: 'good', not_checked: 'quiet', missing: 'waiting', wrong: 'bad' };

/** One domain: its records as a table to copy from, and why each is needed. */
export function DomainCard({ domain }: { domain: components['schemas']['SenderDomainsSenderDomainView'] }) {
  const { t, i18n } = useTranslation('settings');
  const id = useId();
  const queryClient = useQueryClient();
  const remove = api.useMutation('delete', '/api/app/sender-domains/{id}', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/sender-domains'] }),
    onError: toastProblem,
  });
  const state = `domains.states.${domain.dns_status}`;
  const why = (purpose: string) => (i18n.exists(`settings:domains.why.${purpose}`) ? t(`domains.why.${purpose}`) : '');
  return (
    <section className={classes.card} aria-labelledby={id}>
      <Group mb="sm">
        <Title order={2} id={id}>
          {domain.domain}
        </Title>
        <StatusBadge
          tone={tones[domain.dns_status] ?? 'quiet'}
          label={i18n.exists(`settings:${state}`) ? t(state) : domain.dns_status}
        />
        <span style={{ flex: 1 }} />
        <ConfirmButton
          title={t('domains.remove_title', { domain: domain.domain })}
          effect={t('domains.remove_effect', { domain: domain.domain })}
          confirmLabel={t('domains.remove')}
          danger
          onConfirm={() => remove.mutateAsync({ params: { path: { id: domain.id } } })}
        >
          {t('domains.remove')}
        </ConfirmButton>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('domains.copy_text')}
      </Text>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('domains.record')}</th>
              <th scope="col">{t('domains.type')}</th>
              <th scope="col">{t('domains.host')}</th>
              <th scope="col">{t('domains.value')}</th>
            </tr>
          </thead>
          <tbody>
            {domain.records.map((record) => (
              <tr key={record.host + record.purpose}>
                <td style={{ minWidth: 150 }}>
                  <Text size="sm" fw={600} tt="uppercase">
                    {record.purpose}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {why(record.purpose)}
                  </Text>
                </td>
                <td>{record.type}</td>
                <td>
                  <Copied value={record.host} label={t('domains.host_of', { purpose: record.purpose.toUpperCase() })} />
                </td>
                <td>
                  <Copied
                    value={record.value}
                    label={t('domains.value_of', { purpose: record.purpose.toUpperCase() })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size="sm" c="dimmed" mt="sm">
        {t('domains.spf_note')}
      </Text>
    </section>
  );
}

const Copied = ({ value, label }: { value: string; label: string }) => (
  <Group gap={4} wrap="nowrap" align="start">
    <span className={classes.mono}>{value}</span>
    <CopyButton value={value} label={label} />
  </Group>
);
