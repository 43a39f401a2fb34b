import { client } from '@/api/client';
import { fieldErrors, toProblem } from '@/api/problem';
import type { components } from '@/api/schema';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { problemText } from '@/ui/problemText';
import { toastProblem } from '@/ui/toasts';
import { Badge, Button, Card, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

type Choice = components['schemas']['SwitchAccountAccountChoice'];

/** `/accounts`: the accounts that this address and password open, and the way into another one. */
export function AccountsPage() {
  const { t } = useTranslation('auth');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [choices, setChoices] = useState<readonly Choice[] | null>(null);

  const show = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await client.POST('/api/app/session/accounts', { body: { password } });
      setChoices(data?.items ?? []);
    } catch (problem) {
      setError(fieldErrors(problem)['password'] ?? problemText(toProblem(problem)).text);
    }
    setBusy(false);
  };
  const open = async (id: number) => {
    try {
      await client.POST('/api/app/session/switch', { body: { account_id: id, password } });
      // A full load: nothing of the other account stays in memory.
      window.location.assign('/app/');
    } catch (problem) {
      toastProblem(problem);
    }
  };
  return (
    <Page>
      <PageHeader title={t('accounts.title')} subtitle={t('accounts.text')} />
      <Stack maw={440}>
        {choices === null ? (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              void show();
            }}
          >
            <Stack>
              <PasswordInput
                label={t('accounts.password')}
                autoComplete="current-password"
                required
                value={password}
                error={error}
                onChange={(e) => setPassword(e.currentTarget.value)}
              />
              <Button type="submit" loading={busy} style={{ alignSelf: 'flex-start' }}>
                {t('accounts.show')}
              </Button>
            </Stack>
          </form>
        ) : (
          choices.map((c) => (
            <Card key={c.id} withBorder padding="md" radius="md">
              <Group justify="space-between" wrap="nowrap">
                <Text fw={600} truncate>
                  {c.name}
                </Text>
                {c.current ? (
                  <Badge color="teal">{t('accounts.current')}</Badge>
                ) : (
                  <Button size="compact-md" onClick={() => void open(c.id)}>
                    {t('accounts.open', { name: c.name })}
                  </Button>
                )}
              </Group>
            </Card>
          ))
        )}
        {choices !== null && choices.length < 2 ? (
          <Text size="sm" c="dimmed">
            {t('accounts.only')}
          </Text>
        ) : null}
      </Stack>
    </Page>
  );
}
