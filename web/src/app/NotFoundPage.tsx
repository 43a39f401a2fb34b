import { AppLink } from '@/ui/AppLink';
import { Button, Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { keysText } from '@/ui/shortcutKeys';
import classes from './fullPage.module.css';

export function NotFoundPage() {
  const { t } = useTranslation('shell');
  return (
    <main id="main" className={classes.page}>
      <title>{t('not_found.title')}</title>
      <Stack align="center" gap="md" maw={440} ta="center">
        <div className={classes.mark}>
          <IconMapOff size={28} aria-hidden />
        </div>
        <Title order={1} tabIndex={-1}>
          {t('not_found.title')}
        </Title>
        <Text c="dimmed">{t('not_found.text')}</Text>
        <Group>
          <Button component={AppLink} to="/">
            {t('not_found.home')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('not_found.search')} <Kbd>{keysText('mod+k')}</Kbd>
          </Text>
        </Group>
      </Stack>
    </main>
  );
}
