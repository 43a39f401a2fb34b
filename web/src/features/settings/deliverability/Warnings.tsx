import type { components } from '@/api/schema';
import { AppLink } from '@/ui/AppLink';
import { formatNumber } from '@/ui/format';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconExclamationCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

type Warning = components['schemas']['DeliverabilityWarning'];
type Props = { warnings: readonly Warning[] };

/** Where something can be done about it. */
const places: Record<string, string> = {
  domain_unverified: '/settings/domains',
  dmarc_missing: '/settings/domains',
  spf_missing: '/settings/domains',
  return_path_missing: '/settings/domains',
  key_old: '/settings/domains',
  sender_held: '/settings/delivery-log?state=deferred',
  bounces: '/settings/exclusions',
  blocked: '/settings/delivery-log?state=failed',
  deferrals: '/settings/sending',
};

/** What stands out, the dangerous first, each with what to do. */
export function Warnings({ warnings }: Props) {
  const { t } = useTranslation('settings');
  if (warnings.length === 0)
    return (
      <Alert color="teal" icon={<IconCircleCheck size={18} aria-hidden />} title={t('deliverability.fine')}>
        {t('deliverability.fine_text')}
      </Alert>
    );
  return (
    <Stack gap="sm" role="list" aria-label={t('deliverability.warnings')}>
      {warnings.map((w) => {
        const values = {
          subject: w.subject,
          share: w.share === null ? '' : formatNumber(w.share, { style: 'percent', maximumFractionDigits: 2 }),
        };
        const place = places[w.code];
        const Icon = w.severity === 'error' ? IconExclamationCircle : IconAlertTriangle;
        return (
          <Alert
            key={`${w.code} ${w.subject}`}
            role="listitem"
            color={w.severity === 'error' ? 'red' : 'yellow'}
            icon={<Icon size={18} aria-label={t(`deliverability.severity.${w.severity}`)} />}
            title={t(`deliverability.warning.${w.code}`, values)}
          >
            <Text size="sm">{t(`deliverability.todo.${w.code}`, values)}</Text>
            {place ? (
              <Button component={AppLink} to={place as string} size="compact-sm" variant="default" mt={8}>
                {t(`deliverability.go.${w.code}`)}
              </Button>
            ) : null}
          </Alert>
        );
      })}
    </Stack>
  );
}
