import { CopyButton } from '@/ui/CopyButton';
import { PersonAvatar } from '@/ui/people/PersonAvatar';
import { personName } from '@/ui/people/personName';
import { usePageActions } from '@/ui/pageActions';
import { ActionIcon, Button, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconDots, IconMail, IconPhone, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteContacts } from '../list/DeleteContacts';
import { neighbours } from '../walk';
import { ContactTags } from './ContactTags';
import type { Profile } from './profile';
import classes from './profile.module.css';
import { SendableBadge } from './SendableBadge';

type Props = { contact: Profile; manages: boolean; onWrite: () => void };

export function ContactHeader({ contact, manages, onWrite }: Props) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { previous, next, place, of } = neighbours(contact.id);
  const go = (id: number) => void navigate({ to: '/contacts/$contactId', params: { contactId: String(id) } });
  usePageActions([
    ...(previous === undefined
      ? []
      : [
          {
            id: 'contact.previous',
            label: t('walk.previous'),
            icon: IconChevronLeft,
            keys: '[',
            run: () => go(previous),
          },
        ]),
    ...(next === undefined
      ? []
      : [{ id: 'contact.next', label: t('walk.next'), icon: IconChevronRight, keys: ']', run: () => go(next) }]),
    ...(manages && contact.email
      ? [{ id: 'contact.write', label: t('write'), icon: IconMail, keys: 'm', run: onWrite }]
      : []),
    ...(manages
      ? [{ id: 'contact.delete', label: t('row.delete'), icon: IconTrash, run: () => setDeleting(true) }]
      : []),
  ]);
  const name = personName(contact);
  return (
    <header className={classes.header}>
      <title>{`${name} - ${t('title')} - Millrace`}</title>
      <PersonAvatar person={contact} size={56} />
      <div className={classes.who}>
        <Group gap="sm">
          <Title order={1} tabIndex={-1} fz={22}>
            {name}
          </Title>
          <SendableBadge contact={contact} />
        </Group>
        <div className={classes.reach}>
          {contact.email ? (
            <span>
              <IconMail size={15} aria-hidden />
              {contact.email}
              <CopyButton value={contact.email} label={t('columns.email')} />
            </span>
          ) : null}
          {contact.phone ? (
            <span>
              <IconPhone size={15} aria-hidden />
              {contact.phone}
              <CopyButton value={contact.phone} label={t('columns.phone')} />
            </span>
          ) : null}
        </div>
        <ContactTags contact={contact} manages={manages} />
      </div>
      <Group gap={4}>
        {of === undefined ? null : (
          <>
            <Text size="xs" c="dimmed" className="tabular" mr={4}>
              {t('walk.place', { place, of })}
            </Text>
            <Step label={t('walk.previous')} icon={IconChevronLeft} to={previous} go={go} />
            <Step label={t('walk.next')} icon={IconChevronRight} to={next} go={go} />
          </>
        )}
        {manages && contact.email ? (
          <Button size="xs" h={32} leftSection={<IconMail size={16} aria-hidden />} onClick={onWrite}>
            {t('write')}
          </Button>
        ) : null}
        {manages ? (
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <ActionIcon variant="default" size={32} aria-label={t('more')}>
                <IconDots size={16} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setDeleting(true)}
              >
                {t('row.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Group>
      <DeleteContacts
        contacts={deleting ? [contact] : []}
        onClose={() => setDeleting(false)}
        onDone={() => void navigate({ to: '/contacts' })}
      />
    </header>
  );
}

type StepProps = { label: string; icon: typeof IconDots; to: number | undefined; go: (id: number) => void };

const Step = ({ label, icon: Icon, to, go }: StepProps) => (
  <Tooltip label={label}>
    <ActionIcon
      variant="default"
      size={32}
      aria-label={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && go(to)}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  </Tooltip>
);
