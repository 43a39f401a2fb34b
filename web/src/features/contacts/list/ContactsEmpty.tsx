import { AppLink } from '@/ui/AppLink';
import { EmptyState } from '@/ui/EmptyState';
import { Button } from '@mantine/core';
import { IconFileImport, IconUserPlus, IconUsers, IconZoomQuestion } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function ContactsEmpty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  if (filtered)
    return (
      <EmptyState
        icon={IconZoomQuestion}
        title={t('no_match.title')}
        text={t('no_match.text')}
        action={<Button onClick={onClear}>{t('no_match.clear')}</Button>}
      />
    );
  return (
    <EmptyState
      icon={IconUsers}
      title={t('empty.title')}
      text={t('empty.text')}
      action={
        <Button component={AppLink} to="/contacts/import" leftSection={<IconFileImport size={16} aria-hidden />}>
          {t('import')}
        </Button>
      }
      second={
        <Button
          variant="default"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/contacts', search: { create: true } })}
        >
          {t('create.open')}
        </Button>
      }
    />
  );
}
