import { api } from '@/api/client';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { EmptyState } from '@/ui/EmptyState';
import { FormSection } from '@/ui/FormSection';
import { toast, toastProblem } from '@/ui/toasts';
import { When } from '@/ui/When';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { CodeSample } from '../CodeSample';
import { LoadedPage } from '../LoadedPage';
import classes from '../settings.module.css';
import { CreateKeyDialog } from './CreateKeyDialog';

/** Keys of programs; a key acts as the user who made it. */
export function ApiKeysPage() {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const query = api.useQuery('get', '/api/app/api-keys', {});
  const [creating, { open, close }] = useDisclosure(false);
  const revoke = api.useMutation('delete', '/api/app/api-keys/{id}', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/app/api-keys'] }),
    onError: toastProblem,
  });
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
      {t('api.create')}
    </Button>
  );
  return (
    <LoadedPage page="api" query={query} main={query.data?.items.length ? create : undefined}>
      {({ items }) => (
        <>
          <div className={`${classes.card} ${classes.scroll}`} style={{ marginBottom: 20 }}>
            {items.length === 0 ? (
              <EmptyState icon={IconKey} title={t('api.empty')} text={t('api.empty_text')} action={create} />
            ) : (
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('api.name')}</th>
                    <th scope="col">{t('api.key')}</th>
                    <th scope="col">{t('api.acts_as')}</th>
                    <th scope="col">{t('api.created')}</th>
                    <th scope="col">{t('api.last_used')}</th>
                    <th scope="col" aria-label={t('users.actions')} />
                  </tr>
                </thead>
                <tbody>
                  {items.map((key) => (
                    <tr key={key.id}>
                      <td style={{ fontWeight: 600 }}>{key.name}</td>
                      <td className={classes.mono}>{key.prefix}…</td>
                      <td>{key.user_email}</td>
                      <td>
                        <When at={key.created_at} />
                      </td>
                      <td>{key.last_used_at ? <When at={key.last_used_at} /> : t('api.never')}</td>
                      <td style={{ textAlign: 'end' }}>
                        <ConfirmButton
                          title={t('api.revoke_title', { name: key.name })}
                          effect={t('api.revoke_effect', { name: key.name, prefix: key.prefix })}
                          confirmLabel={t('api.revoke')}
                          danger
                          onConfirm={async () => {
                            await revoke.mutateAsync({ params: { path: { id: key.id } } });
                            toast(t('api.revoked', { name: key.name }));
                          }}
                        >
                          {t('api.revoke')}
                        </ConfirmButton>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
          <FormSection title={t('api.try')} text={t('api.try_text')}>
            <CodeSample
              label={t('api.sample')}
              code={`curl ${window.location.origin}/api/3/contacts \\\n  -H "Api-Token: YOUR-KEY"`}
            />
            <CodeSample
              label={t('api.sample_create')}
              code={`curl ${window.location.origin}/api/3/contact/sync \\\n  -H "Api-Token: YOUR-KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"contact":{"email":"ann@example.com","firstName":"Ann"}}'`}
            />
          </FormSection>
          <CreateKeyDialog opened={creating} onClose={close} />
        </>
      )}
    </LoadedPage>
  );
}
