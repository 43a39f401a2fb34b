import type { components } from '@/api/schema';
import { CopyButton } from '@/ui/CopyButton';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { Accordion, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './domains.module.css';

type Record_ = components['schemas']['SenderDomainsDnsRecord'];

const tones: Record<Record_['state'], Tone> = {
  ok: 'good',
  missing: 'waiting',
  wrong: 'bad',
  unknown: 'quiet',
  not_checked: 'quiet',
};

/** One DNS record: what it is good for, how it stands, what to copy, what was found instead. */
export function RecordPanel({ record, domain }: { record: Record_; domain: string }) {
  const { t } = useTranslation('settings');
  const name = t(`domains.purpose.${record.purpose}`);
  const short = record.host === domain ? '@' : record.host.replace(`.${domain}`, '');
  return (
    <Accordion.Item value={record.purpose}>
      <Accordion.Control>
        <Group gap="sm" wrap="nowrap">
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" fw={600}>
              {name}
              {record.required ? null : (
                <Text span size="xs" c="dimmed" fw={400}>
                  {' '}
                  · {t('domains.recommended')}
                </Text>
              )}
            </Text>
            <Text size="xs" c="dimmed">
              {t(`domains.why.${record.purpose}`)}
            </Text>
          </div>
          <StatusBadge tone={tones[record.state]} label={t(`domains.record_states.${record.state}`)} />
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {record.message ? (
          <Text size="sm" mb="sm">
            {record.message}
          </Text>
        ) : null}
        {record.value ? (
          <dl className={classes.record}>
            <dt>{t('domains.type')}</dt>
            <dd>
              <code>{record.type}</code>
            </dd>
            <dt>{t('domains.host')}</dt>
            <dd>
              <Copied value={short} label={t('domains.host_of', { purpose: name })} />
              {short === record.host ? null : (
                <Text size="xs" c="dimmed">
                  {t('domains.full_name', { host: record.host })}
                </Text>
              )}
            </dd>
            <dt>{t('domains.value')}</dt>
            <dd>
              <Copied value={record.value} label={t('domains.value_of', { purpose: name })} />
            </dd>
          </dl>
        ) : (
          <Text size="sm" c="dimmed">
            {t('domains.ask_provider')}
          </Text>
        )}
        {record.found.length === 0 ? null : (
          <>
            <Text size="xs" c="dimmed" mt="sm" mb={4}>
              {t('domains.found', { count: record.found.length })}
            </Text>
            {record.found.map((found) => (
              <code key={found} className={classes.found} data-state={record.state}>
                {found}
              </code>
            ))}
          </>
        )}
      </Accordion.Panel>
    </Accordion.Item>
  );
}

const Copied = ({ value, label }: { value: string; label: string }) => (
  <div className={classes.copied}>
    <code>{value}</code>
    <CopyButton value={value} label={label} />
  </div>
);
