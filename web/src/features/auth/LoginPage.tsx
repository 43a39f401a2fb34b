import { LoginForm } from '@/ui/LoginForm';
import { Logo } from '@/ui/Logo';
import { Stack, Text, Title } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { loginRoute } from './routes';
import { safeNext } from './safeNext';
import { Welcome } from './Welcome';
import classes from './auth.module.css';

export function LoginPage() {
  const { t } = useTranslation('auth');
  const router = useRouter();
  const { next } = loginRoute.useSearch();
  return (
    <div className={classes.split}>
      <title>{`${t('login.title')} - Millrace`}</title>
      <main id="main" className={classes.side}>
        <Stack className={classes.form} gap="xl">
          <Logo size={40} />
          <div>
            <Title order={1} fz={24} tabIndex={-1}>
              {t('login.title')}
            </Title>
            <Text c="dimmed">{t('login.text')}</Text>
          </div>
          <LoginForm onSignedIn={() => router.history.push(`/app${safeNext(next)}`)} />
        </Stack>
      </main>
      <Welcome points={['automations', 'email', 'yours']} heading={t('welcome.heading')} />
    </div>
  );
}
