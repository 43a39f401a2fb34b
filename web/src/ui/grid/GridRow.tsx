import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DataGrid.module.css';
import type { GridColumn, RowAction } from './types';

type Props<T> = {
  domId: string;
  row: T;
  rowKey: string;
  index: number;
  columns: readonly GridColumn<T>[];
  template: string;
  top: number;
  height: number;
  selectable: boolean;
  selected: boolean;
  active: boolean;
  menuOpened: boolean;
  onMenu: (id: string | null) => void;
  onClick: (index: number, event: MouseEvent) => void;
  onToggle: (index: number, extend?: boolean) => void;
  actions?: (row: T) => readonly RowAction[];
};

const interactive = (target: EventTarget) =>
  target instanceof Element && target.closest('a,button,input,label,[role=menu]') !== null;

export function GridRow<T>(p: Props<T>) {
  const { t } = useTranslation('ui');
  return (
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- The grid itself takes the keys (aria-activedescendant).
    <div
      id={p.domId}
      role="row"
      aria-rowindex={p.index + 2}
      aria-selected={p.selectable ? p.selected : undefined}
      data-active={p.active || undefined}
      className={classes.row}
      style={{
        gridTemplateColumns: p.template,
        height: p.height,
        transform: `translateY(${p.top}px)`,
        position: 'absolute',
      }}
      onClick={(e) => !interactive(e.target) && p.onClick(p.index, e)}
      onContextMenu={(e) => {
        if (p.actions === undefined) return;
        e.preventDefault();
        p.onMenu(p.rowKey);
      }}
    >
      {p.selectable ? (
        <div role="gridcell" className={classes.cell}>
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={t('grid.select_row')}
            checked={p.selected}
            onChange={(e) => p.onToggle(p.index, e.nativeEvent instanceof PointerEvent && e.nativeEvent.shiftKey)}
          />
        </div>
      ) : null}
      {p.columns.map((column) => (
        <div key={column.id} role="gridcell" className={classes.cell} data-align={column.align}>
          <span className={classes.value}>{column.cell(p.row)}</span>
        </div>
      ))}
      {p.actions ? (
        <div role="gridcell" className={classes.cell}>
          <RowMenu
            actions={p.actions(p.row)}
            opened={p.menuOpened}
            onChange={(open) => p.onMenu(open ? p.rowKey : null)}
          />
        </div>
      ) : null}
    </div>
  );
}

function RowMenu({
  actions,
  opened,
  onChange,
}: {
  actions: readonly RowAction[];
  opened: boolean;
  onChange: (opened: boolean) => void;
}) {
  const { t } = useTranslation('ui');
  return (
    <Menu opened={opened} onChange={onChange} position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} tabIndex={-1} aria-label={t('grid.row_menu')}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((a) => (
          <Menu.Item
            key={a.id}
            {...(a.danger ? { color: 'red' } : {})}
            disabled={a.disabledReason !== undefined}
            title={a.disabledReason}
            leftSection={a.icon ? <a.icon size={16} aria-hidden /> : null}
            onClick={a.run}
          >
            {a.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
