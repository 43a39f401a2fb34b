import { createElement } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAddBlock } from '../actions';
import { useCatalogue } from '../catalogue';
import type { Place } from '../document/types';
import { blockIcon } from '../panels/blockIcons';
import classes from './canvas.module.css';

/** The + between blocks. */
export function AddMenu({ place, always }: { place: Place; always?: boolean }) {
  const { t } = useTranslation('emailEditor');
  const { kinds } = useCatalogue();
  const add = useAddBlock();
  return (
    <Menu width={200} position="bottom" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.add}
          data-always={always || undefined}
          radius="xl"
          size={24}
          variant="filled"
          aria-label={t('canvas.add_here')}
        >
          <IconPlus size={14} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds
          .filter((k) => k.key !== 'shared')
          .map((kind) => {
            return (
              <Menu.Item
                key={kind.key}
                leftSection={createElement(blockIcon(kind.key), { size: 16, stroke: 1.6, 'aria-hidden': true })}
                onClick={() => add(kind.key, place)}
              >
                {kind.title}
              </Menu.Item>
            );
          })}
      </Menu.Dropdown>
    </Menu>
  );
}
