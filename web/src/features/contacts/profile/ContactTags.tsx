import { Button, Pill } from '@mantine/core';
import { usePageActions } from '@/ui/pageActions';
import { IconPlus, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Profile } from './profile';
import classes from './profile.module.css';
import { TagAdder } from './TagAdder';
import { useContactTags } from './useContactTags';

/** The tags of a contact, put on and taken off in place. */
export function ContactTags({ contact, manages }: { contact: Profile; manages: boolean }) {
  const { t } = useTranslation('contacts');
  const [adding, setAdding] = useState(false);
  const { add, remove } = useContactTags(contact.id);
  usePageActions(
    manages ? [{ id: 'contact.tag', label: t('tags.add'), icon: IconTag, keys: 'l', run: () => setAdding(true) }] : [],
  );
  return (
    <div className={classes.tags} role="group" aria-label={t('columns.tags')}>
      {contact.tags.map((tag) => (
        <Pill
          key={`${tag.id}-${tag.name}`}
          size="md"
          withRemoveButton={manages}
          onRemove={() => remove(tag)}
          removeButtonProps={{ 'aria-label': t('tags.remove', { tag: tag.name }), 'aria-hidden': false, tabIndex: 0 }}
        >
          {tag.name}
        </Pill>
      ))}
      {adding ? (
        <TagAdder has={contact.tags.map((x) => x.name)} onAdd={(name) => add(name)} onClose={() => setAdding(false)} />
      ) : manages ? (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {t('tags.add')}
        </Button>
      ) : null}
    </div>
  );
}
