import { formatInstant } from '@/ui/format';
import { personName } from '@/ui/people/personName';
import { CopyButton } from '@/ui/CopyButton';
import { Button, Group, Text, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeleteContacts } from '../list/DeleteContacts';
import { ContactAutomations } from './ContactAutomations';
import { LastSeen } from './LastSeen';
import type { Profile } from './profile';
import classes from './profile.module.css';

/** What the contact is part of, how it came here, and the way to delete it. */
export function ContactSide({ contact, manages }: { contact: Profile; manages: boolean }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const facts = [
    ['facts.created', formatInstant(new Date(contact.created_at))],
    ['facts.source', t(`source.${contact.source}`, { defaultValue: contact.source })],
    ['facts.changed', formatInstant(new Date(contact.updated_at))],
    ['facts.time_zone', contact.time_zone ?? t('facts.account_zone')],
  ] as const;
  return (
    <>
      <ContactAutomations contactId={contact.id} />
      {contact.last_seen ? <LastSeen seen={contact.last_seen} /> : null}
      <section className={classes.panel} aria-labelledby="contact-about">
        <Title order={2} id="contact-about" mb="sm">
          {t('facts.title')}
        </Title>
        <dl style={{ margin: 0 }}>
          {facts.map(([key, value]) => (
            <div key={key} className={classes.fact}>
              <dt>{t(key)}</dt>
              <dd className="tabular">{value}</dd>
            </div>
          ))}
          <div className={classes.fact}>
            <dt>{t('facts.id')}</dt>
            <dd>
              <Group gap={2} justify="flex-end">
                <span className="tabular">{contact.id}</span>
                <CopyButton value={String(contact.id)} label={t('facts.id')} />
              </Group>
            </dd>
          </div>
        </dl>
      </section>
      {manages ? (
        <section className={classes.panel} aria-labelledby="contact-delete">
          <Title order={2} id="contact-delete" mb={4}>
            {t('delete.section')}
          </Title>
          <Text size="xs" c="dimmed" mb="sm">
            {t('delete.section_text', { name: personName(contact) })}
          </Text>
          <Button
            variant="default"
            size="xs"
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() => setDeleting(true)}
          >
            {t('delete.confirm', { count: 1 })}
          </Button>
          <DeleteContacts
            contacts={deleting ? [contact] : []}
            onClose={() => setDeleting(false)}
            onDone={() => void navigate({ to: '/contacts' })}
          />
        </section>
      ) : null}
    </>
  );
}
