import { AppLink } from '@/ui/AppLink';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';
import type { CaughtMail } from './queries';

type Checks = CaughtMail['dkim'];
const isSigned = (check: Checks[number]) => check.status !== 'none';

export const dkimTone = (checks: Checks): Tone =>
  checks.some((c) => c.status === 'pass') ? 'good' : checks.some(isSigned) ? 'bad' : 'quiet';

/** What a receiver would find out about the signature. */
export function DkimResult({ checks }: { checks: Checks }) {
  const { t } = useTranslation('caughtMail');
  const signed = checks.filter(isSigned);
  if (signed.length === 0) {
    return (
      <Stack p={16} gap="sm" align="start">
        <StatusBadge tone="quiet" label={t('unsigned')} />
        <Text size="sm" maw={520}>
          {t('unsigned_text')}
        </Text>
        <AppLink to={'/settings/domains' as string}>{t('domains')}</AppLink>
      </Stack>
    );
  }
  return (
    <Stack p={16} gap="sm">
      <Text size="sm" c="dimmed">
        {t('dkim_text')}
      </Text>
      <table className={classes.headers}>
        <thead>
          <tr>
            {(['result', 'domain', 'selector', 'reason'] as const).map((key) => (
              <th key={key} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signed.map((check) => (
            <tr key={check.selector + check.domain}>
              <td>
                <StatusBadge tone={check.status === 'pass' ? 'good' : 'bad'} label={check.status} />
              </td>
              <td>{check.domain}</td>
              <td>{check.selector}</td>
              <td>{check.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Stack>
  );
}
