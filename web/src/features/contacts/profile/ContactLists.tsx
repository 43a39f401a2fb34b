import { api } from '@/api/client';
import { Button, Menu, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ListRow } from './ListRow';
import type { Profile } from './profile';
import classes from './profile.module.css';
import { useSetSubscription } from './useSetSubscription';

/** The lists a contact is on, how it stands on each, and since when. */
export function ContactLists({ contact, manages }: { contact: Profile; manages: boolean }) {
  const { t } = useTranslation('contacts');
  const set = useSetSubscription(contact.id);
  const all = api.useQuery('get', '/api/app/lists', {}, { enabled: manages });
  const others = (all.data?.items ?? []).filter((l) => !contact.lists.some((own) => own.id === l.id));
  return (
    <section className={classes.panel} aria-labelledby="contact-lists">
      <div className={classes.panelHead}>
        <Title order={2} id="contact-lists">
          {t('columns.lists')}
        </Title>
        {manages && others.length > 0 ? (
          <Menu position="bottom-end" width={240}>
            <Menu.Target>
              <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />}>
                {t('lists.add')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {others.map((list) => (
                <Menu.Item key={list.id} onClick={() => set(list, 'active')}>
                  {list.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      {contact.lists.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('lists.none')}
        </Text>
      ) : (
        contact.lists.map((list) => <ListRow key={list.id} list={list} manages={manages} onSet={(s) => set(list, s)} />)
      )}
    </section>
  );
}
