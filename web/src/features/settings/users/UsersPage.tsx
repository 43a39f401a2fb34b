import { api } from '@/api/client';
import { allows, useSession } from '@/api/session';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LoadedPage } from '../LoadedPage';
import classes from '../settings.module.css';
import { AddUserDialog } from './AddUserDialog';
import { UserRow } from './UserRow';

export function UsersPage() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const mayChange = allows(session, 'manage_users');
  const query = api.useQuery('get', '/api/app/users', {});
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <LoadedPage
      page="users"
      query={query}
      main={
        mayChange ? (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t('users.add')}
          </Button>
        ) : undefined
      }
    >
      {(users) => (
        <div className={`${classes.card} ${classes.scroll}`}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('users.person')}</th>
                <th scope="col">{t('users.role')}</th>
                <th scope="col">{t('users.state')}</th>
                <th scope="col">{t('users.since')}</th>
                <th scope="col" aria-label={t('users.actions')} />
              </tr>
            </thead>
            <tbody>
              {users.items.map((user) => (
                <UserRow key={user.id} user={user} isMe={user.id === session.user.id} mayChange={mayChange} />
              ))}
            </tbody>
          </table>
          <AddUserDialog opened={adding} onClose={close} />
        </div>
      )}
    </LoadedPage>
  );
}
