import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconFilterPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OptionDescription } from '../schemaForm/types';
import { ActivityFilter } from './ActivityFilter';
import classes from './conditions.module.css';
import { filterOf, toStored, usedFilters } from './filters';
import type { ConditionNode } from './tree';

type Props = {
  options: readonly OptionDescription[];
  leaf: ConditionNode;
  onChange: (leaf: ConditionNode) => void;
};

/** What the activity was like: each filter in use is a row, the others wait in the menu. */
export function ActivityFilters({ options, leaf, onChange }: Props) {
  const { t } = useTranslation('conditions');
  // A filter just picked has no value yet, so the tree does not know it.
  const [picked, setPicked] = useState<readonly string[]>([]);
  const used = new Set([...usedFilters(options, leaf), ...picked]);
  const shown = options.filter((option) => used.has(option.key));
  const others = options.filter((option) => !used.has(option.key));
  const set = (key: string, value: unknown) => {
    const rest = Object.fromEntries(Object.entries(leaf).filter(([k]) => k !== key));
    onChange(value === undefined ? rest : { ...rest, [key]: value });
  };
  const remove = (key: string) => {
    setPicked(picked.filter((k) => k !== key));
    set(key, undefined);
  };
  return (
    <div className={classes.filters}>
      {shown.map((option) => (
        <div key={option.key} className={classes.filter} role="group" aria-label={option.label}>
          <ActivityFilter
            option={option}
            leaf={leaf}
            filter={filterOf(leaf[option.key])}
            onChange={(filter) => {
              // Kept in sight while it is being emptied and typed anew.
              if (!picked.includes(option.key)) setPicked([...picked, option.key]);
              set(option.key, toStored(filter));
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('remove_filter', { title: option.label })}
            onClick={() => remove(option.key)}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      {others.length === 0 ? null : (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconFilterPlus size={14} aria-hidden />}
              w="fit-content"
            >
              {t('add_filter')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((option) => (
              <Menu.Item key={option.key} onClick={() => setPicked([...picked, option.key])}>
                {option.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
