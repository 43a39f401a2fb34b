import { api } from '@/api/client';
import { fieldErrors } from '@/api/problem';
import { problemText } from '@/ui/problemText';
import { toast } from '@/ui/toasts';
import { Alert, Button, Group, Modal, MultiSelect, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { countries } from './countries';
import type { PostalAddress } from './PostalAddresses';

type Props = { address: PostalAddress | null; onSaved: () => Promise<void>; onClose: () => void };

/** Makes or changes one address. */
export function AddressDialog({ address, onSaved, onClose }: Props) {
  const { t } = useTranslation(['settings', 'common']);
  const lists = api.useQuery('get', '/api/app/lists', {});
  const form = useForm({
    initialValues: {
      company_name: address?.company_name ?? '',
      address1: address?.address1 ?? '',
      address2: address?.address2 ?? '',
      city: address?.city ?? '',
      state: address?.state ?? '',
      district: address?.district ?? '',
      zip: address?.zip ?? '',
      country: address?.country ?? '',
      list_ids: (address?.list_ids ?? []).map(String),
    },
  });
  const done = {
    onSuccess: async () => {
      toast(t('addresses.saved'));
      await onSaved();
      onClose();
    },
    onError: (problem: unknown) => form.setErrors(fieldErrors(problem)),
  };
  const add = api.useMutation('post', '/api/app/addresses', done);
  const save = api.useMutation('put', '/api/app/addresses/{id}', done);
  const error = add.error ?? save.error;
  const text = (key: 'company_name' | 'address1' | 'address2' | 'city' | 'state' | 'district' | 'zip', more = {}) => (
    <TextInput label={t(`addresses.${key}`)} maxLength={200} {...more} {...form.getInputProps(key)} />
  );
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(address ? 'addresses.edit_title' : 'addresses.add')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'common' }) }}
    >
      <form
        onSubmit={form.onSubmit((values) => {
          const body = { ...values, list_ids: values.list_ids.map(Number) };
          if (address) save.mutate({ params: { path: { id: address.id } }, body });
          else add.mutate({ body });
        })}
      >
        <Stack gap="md">
          {error && Object.keys(fieldErrors(error)).length === 0 ? (
            <Alert color="red">{problemText(error).text}</Alert>
          ) : null}
          {text('company_name', { required: true, 'data-autofocus': true })}
          {text('address1', { required: true })}
          {text('address2')}
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
            {text('zip', { maxLength: 30 })}
            {text('city', { maxLength: 100 })}
            {text('state', { maxLength: 100 })}
            {text('district', { maxLength: 100 })}
          </SimpleGrid>
          <Select
            label={t('addresses.country')}
            required
            searchable
            allowDeselect={false}
            nothingFoundMessage={t('addresses.country_none')}
            data={countries()}
            {...form.getInputProps('country')}
          />
          {lists.data && lists.data.items.length > 0 ? (
            <MultiSelect
              label={t('addresses.list_ids')}
              description={t('addresses.list_ids_help')}
              data={lists.data.items.map((l) => ({ value: String(l.id), label: l.name }))}
              {...form.getInputProps('list_ids')}
            />
          ) : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'common' })}
            </Button>
            <Button type="submit" loading={add.isPending || save.isPending}>
              {t('addresses.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
