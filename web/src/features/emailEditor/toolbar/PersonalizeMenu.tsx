import { Button, Menu, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../catalogue';
import classes from './toolbar.module.css';

type Props = { onPick: (token: string) => void; compact?: boolean };

/** All tags by group, with an example of each, searchable. */
export function PersonalizeMenu({ onPick, compact }: Props) {
  const { t } = useTranslation('emailEditor');
  const { tags } = useCatalogue();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = tags.filter((x) => `${x.title} ${x.name} ${x.group}`.toLowerCase().includes(wanted));
  return (
    <Menu width={300} position="bottom-start" withinPortal onClose={() => setSearch('')} returnFocus={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color={compact ? 'gray' : 'indigo'}
          size="compact-sm"
          leftSection={<IconUserPlus size={15} aria-hidden />}
        >
          {t('text.personalize')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown onMouseDown={(e) => e.stopPropagation()}>
        <TextInput
          size="xs"
          m={4}
          placeholder={t('text.search_tags')}
          aria-label={t('text.search_tags')}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
          onKeyDown={(e) => e.key !== 'ArrowDown' && e.key !== 'Escape' && e.stopPropagation()}
        />
        <div className={classes.tags}>
          {[...new Set(found.map((x) => x.group))].map((group) => (
            <div key={group} role="presentation">
              <Menu.Label>{group}</Menu.Label>
              {found
                .filter((x) => x.group === group)
                .map((x) => (
                  <Menu.Item
                    key={x.name}
                    onClick={() => onPick(`%${x.name}%`)}
                    rightSection={
                      <Text size="xs" c="dimmed" truncate maw={110}>
                        {x.example}
                      </Text>
                    }
                  >
                    {x.title}
                  </Menu.Item>
                ))}
            </div>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}
