import { api, client } from '@/api/client';
import type { components } from '@/api/schema';
import { allows, sessionQuery, useSession } from '@/api/session';
import { AutosaveField } from '@/ui/AutosaveField';
import { FormSection } from '@/ui/FormSection';
import { Alert, Select, Textarea, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';
import { FooterPreview } from './FooterPreview';
import { PostalAddresses } from './PostalAddresses';

type Account = components['schemas']['AccountSettings'];
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC')];

/** Name and time zone of the account, and the sender that stands in every mail. */
export function AccountPage() {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const readOnly = !allows(useSession(), 'manage_account');
  const query = api.useQuery('get', '/api/app/account', {});
  const save = (key: keyof components['schemas']['AccountChange']) => async (value: string) => {
    const { data } = await client.PATCH('/api/app/account', { body: { [key]: value } });
    queryClient.setQueryData(api.queryOptions('get', '/api/app/account', {}).queryKey, data);
    if (key === 'name' || key === 'time_zone') await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const text = (account: Account, key: 'name' | 'sender_name' | 'sender_email', more: object = {}) => (
    <AutosaveField value={account[key]} save={save(key)}>
      {({ onChange, ...field }) => (
        <TextInput
          label={t(`account.${key}`)}
          readOnly={readOnly}
          {...more}
          {...field}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      )}
    </AutosaveField>
  );
  return (
    <LoadedPage page="account" query={query}>
      {(account) => (
        <>
          {readOnly ? (
            <Alert color="gray" icon={<IconLock size={18} aria-hidden />} mb="md">
              {t('read_only')}
            </Alert>
          ) : null}
          <FormSection title={t('account.general')} text={t('account.general_text')}>
            {text(account, 'name', { required: true })}
            <AutosaveField value={account.time_zone} save={save('time_zone')}>
              {({ onChange, rightSection, ...field }) => (
                <Select
                  label={t('account.time_zone')}
                  description={t('account.time_zone_help')}
                  data={zones.includes(account.time_zone) ? zones : [account.time_zone, ...zones]}
                  searchable
                  allowDeselect={false}
                  readOnly={readOnly}
                  {...(rightSection ? { rightSection } : {})}
                  {...field}
                  onChange={(value) => onChange(value ?? account.time_zone)}
                />
              )}
            </AutosaveField>
          </FormSection>
          <FormSection title={t('account.sender')} text={t('account.sender_text')}>
            {text(account, 'sender_name', { placeholder: 'Acme Ltd' })}
            {text(account, 'sender_email', {
              type: 'email',
              placeholder: 'news@acme.example',
              description: t('account.sender_email_help'),
            })}
            <FooterPreview account={account} />
          </FormSection>
          <PostalAddresses
            readOnly={readOnly}
            typed={
              <AutosaveField value={account.sender_address} save={save('sender_address')}>
                {({ onChange, ...field }) => (
                  <Textarea
                    label={t('account.sender_address')}
                    description={t('addresses.typed')}
                    autosize
                    minRows={3}
                    maxRows={6}
                    readOnly={readOnly}
                    {...field}
                    onChange={(e) => onChange(e.currentTarget.value)}
                  />
                )}
              </AutosaveField>
            }
          />
        </>
      )}
    </LoadedPage>
  );
}
