import { AutosaveField } from '@/ui/AutosaveField';
import { AppLink } from '@/ui/AppLink';
import { Anchor, Button, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldEditor } from './FieldEditor';
import type { Profile, ProfileField } from './profile';
import classes from './profile.module.css';
import { FieldGroup } from './FieldGroup';
import { useSaveContact } from './useSaveContact';

const standard = [
  { member: 'email', key: 'columns.email', type: 'email' },
  { member: 'first_name', key: 'first_name', type: 'text' },
  { member: 'last_name', key: 'last_name', type: 'text' },
  { member: 'phone', key: 'columns.phone', type: 'tel' },
] as const;

/** More custom fields than this get a search and the switch that hides empty ones. */
const many = 8;

/** Standard and custom fields; each saves when it is left. */
export function ContactFields({ contact, manages }: { contact: Profile; manages: boolean }) {
  const { t } = useTranslation('contacts');
  const { save, dialog } = useSaveContact(contact);
  const [search, setSearch] = useState('');
  const [hideEmpty, setHideEmpty] = useState(false);
  const wanted = (f: ProfileField) =>
    f.name.toLowerCase().includes(search.trim().toLowerCase()) && (!hideEmpty || (f.value ?? '') !== '');
  const groups = contact.groups.map((g) => ({ ...g, fields: g.fields.filter(wanted) })).filter((g) => g.fields.length);
  const count = contact.groups.reduce((n, g) => n + g.fields.length, 0);

  return (
    <section className={classes.panel} aria-labelledby="contact-fields">
      <div className={classes.panelHead}>
        <Title order={2} id="contact-fields">
          {t('fields.title')}
        </Title>
        <Button component={AppLink} to="/fields" size="compact-xs" variant="subtle">
          {t('fields.manage')}
        </Button>
      </div>
      <Stack gap="md">
        {standard.map(({ member, key, type }) => (
          <AutosaveField key={member} value={contact[member] ?? ''} save={(value) => save({ [member]: value })}>
            {({ onChange, ...control }) => (
              <TextInput
                {...control}
                label={t(key)}
                type={type === 'email' ? 'text' : type}
                inputMode={type}
                autoComplete="off"
                readOnly={!manages}
                onChange={(e) => onChange(e.currentTarget.value)}
              />
            )}
          </AutosaveField>
        ))}
        {count > many ? (
          <>
            <TextInput
              aria-label={t('fields.search')}
              placeholder={t('fields.search')}
              leftSection={<IconSearch size={15} aria-hidden />}
              value={search}
              onChange={(e) => setSearch(e.currentTarget.value)}
            />
            <Switch
              size="xs"
              label={t('fields.hide_empty')}
              checked={hideEmpty}
              onChange={(e) => setHideEmpty(e.currentTarget.checked)}
            />
          </>
        ) : null}
        {groups.map((group) => (
          <FieldGroup key={group.id ?? 0} name={group.name}>
            {group.fields.map((field) => (
              <AutosaveField
                key={field.id}
                value={field.value ?? ''}
                save={(value) => save({ fields: { [field.id]: value } })}
              >
                {(control) => <FieldEditor field={field} readOnly={!manages} {...control} />}
              </AutosaveField>
            ))}
          </FieldGroup>
        ))}
        {count === 0 ? (
          <Text size="sm" c="dimmed">
            {t('fields.none')}{' '}
            <Anchor component={AppLink} to="/fields" size="sm" underline="always">
              {t('fields.make')}
            </Anchor>
          </Text>
        ) : groups.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('fields.no_match')}
          </Text>
        ) : null}
      </Stack>
      {dialog}
    </section>
  );
}
