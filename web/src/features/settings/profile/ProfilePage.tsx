import { client } from '@/api/client';
import { sessionQuery, useSession } from '@/api/session';
import { AutosaveField } from '@/ui/AutosaveField';
import { FormSection } from '@/ui/FormSection';
import { PageHeader } from '@/ui/PageHeader';
import { singleKeys } from '@/ui/shortcutKeys';
import { SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasswordForm } from './PasswordForm';
import { ThemeChoice } from './ThemeChoice';

/** Who I am, how the pages look to me, how I sign in. */
export function ProfilePage() {
  const { t } = useTranslation('settings');
  const { user } = useSession();
  const queryClient = useQueryClient();
  const [keys, setKeys] = useState(singleKeys.on);
  const save = async (body: { first_name?: string; last_name?: string }) => {
    await client.PATCH('/api/app/profile', { body });
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  return (
    <>
      <PageHeader title={t('profile.title')} area={t('title')} subtitle={t('profile.text')} />
      <FormSection title={t('profile.name')} text={t('profile.name_text')}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <AutosaveField value={user.first_name} save={(first_name) => save({ first_name })}>
            {({ onChange, ...field }) => (
              <TextInput
                label={t('profile.first_name')}
                autoComplete="given-name"
                {...field}
                onChange={(e) => onChange(e.currentTarget.value)}
              />
            )}
          </AutosaveField>
          <AutosaveField value={user.last_name} save={(last_name) => save({ last_name })}>
            {({ onChange, ...field }) => (
              <TextInput
                label={t('profile.last_name')}
                autoComplete="family-name"
                {...field}
                onChange={(e) => onChange(e.currentTarget.value)}
              />
            )}
          </AutosaveField>
        </SimpleGrid>
        <TextInput label={t('profile.email')} value={user.email} readOnly description={t('profile.email_help')} />
      </FormSection>
      <FormSection title={t('profile.look')} text={t('profile.look_text')}>
        <ThemeChoice />
        <Switch
          label={t('profile.keys')}
          description={t('profile.keys_help')}
          checked={keys}
          onChange={(e) => {
            singleKeys.on = e.currentTarget.checked;
            setKeys(e.currentTarget.checked);
          }}
        />
      </FormSection>
      <FormSection title={t('profile.password')} text={t('profile.password_text')}>
        <PasswordForm email={user.email} />
      </FormSection>
    </>
  );
}
