import { ActionIcon, Button, Group as Row, Menu, SegmentedControl, Switch, Text } from '@mantine/core';
import { IconBracketsContain, IconId, IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, use, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionLeaf } from './ConditionLeaf';
import { ConditionPicker } from './ConditionPicker';
import classes from './conditions.module.css';
import { ConditionErrors, errorsAt } from './errors';
import { RowCount } from './RowCount';
import { RowMenu } from './RowMenu';
import { TimesInput } from './TimesInput';
import {
  asGroup,
  childrenAt,
  fromGroup,
  newLeaf,
  newSame,
  recordKinds,
  recordTitle,
  type ConditionCatalogue,
  type Group,
} from './tree';
import { useRows } from './useRows';

type Props = {
  group: Group;
  catalogue: ConditionCatalogue;
  depth: number;
  /** JSON pointer of the group within the whole tree. */
  pointer: string;
  /** The kind of records its rows are about. */
  within?: string | undefined;
  onChange: (group: Group) => void;
  onRemove?: () => void;
  /** Keys pressed on the group's own controls, not in its rows. */
  onKeyDown?: (event: KeyboardEvent) => void;
  /** More controls of the group, before the one that removes it. */
  menu?: ReactNode;
};

const maxDepth = 3;

export function ConditionGroup({
  group,
  catalogue,
  depth,
  pointer,
  within,
  onChange,
  onRemove,
  onKeyDown,
  menu,
}: Props) {
  const { t } = useTranslation('conditions');
  const errors = use(ConditionErrors);
  const place = (index: number) => `${pointer}${childrenAt(group)}/${index}`;
  // A message about the group itself, not about a row of it.
  const own = Object.entries(errors)
    .filter(([at]) => [pointer, `${pointer}${childrenAt(group)}`, `${pointer}/not`, `${pointer}/times`].includes(at))
    .map(([, message]) => message);
  const [box, rows] = useRows(group.children, (children) => onChange({ ...group, children }));
  const records = group.same ?? within;
  const what = group.same === undefined ? '' : recordTitle(group.same, catalogue);
  const title =
    group.same !== undefined
      ? t('same', { what })
      : group.negated
        ? t('none_of')
        : group.mode === 'all'
          ? t('all_of')
          : t('any_of');
  const kinds = records === undefined ? recordKinds(catalogue) : [];

  return (
    <div
      ref={box}
      role="group"
      aria-label={title}
      className={classes.group}
      data-negated={group.negated || undefined}
      data-same={group.same}
    >
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- Keys of the group (move, duplicate) reach it from its own controls, which have the focus. */}
      <div className={classes.groupHead} onKeyDown={onKeyDown}>
        {group.same === undefined ? null : (
          <Text size="sm" fw={600} className={classes.sameTitle} title={t('same_help')}>
            <IconId size={16} aria-hidden />
            {title}
          </Text>
        )}
        <SegmentedControl
          size="xs"
          aria-label={t('mode')}
          value={group.mode}
          onChange={(mode) => onChange({ ...group, mode: mode === 'any' ? 'any' : 'all' })}
          data={[
            { value: 'all', label: t('and') },
            { value: 'any', label: t('or') },
          ]}
        />
        <Switch
          size="xs"
          label={t('negate')}
          checked={group.negated}
          onChange={(e) => onChange({ ...group, negated: e.currentTarget.checked })}
        />
        {group.same === undefined ? null : (
          <div className={`${classes.times} ${classes.single}`}>
            <TimesInput of={group} onChange={(times) => onChange({ ...group, times })} />
          </div>
        )}
        <span className={classes.spring} />
        {group.same === undefined ? null : <RowCount node={fromGroup(group)} />}
        {menu}
        {onRemove ? (
          <ActionIcon variant="subtle" color="gray" aria-label={t('remove_group')} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        ) : null}
      </div>
      {group.children.map((child, index) => {
        const inner = asGroup(child);
        const more = (label: string) => (
          <RowMenu
            label={label}
            first={index === 0}
            last={index === group.children.length - 1}
            onCommand={(command) => rows.run(command, index)}
          />
        );
        return (
          <Fragment key={index}>
            {index > 0 ? <span className={classes.joint}>{t(group.mode === 'all' ? 'and' : 'or')}</span> : null}
            <div data-row={index} className={classes.row}>
              {inner ? (
                <ConditionGroup
                  group={inner}
                  catalogue={catalogue}
                  depth={depth + 1}
                  pointer={place(index)}
                  within={records}
                  onChange={(next) => rows.replace(index, fromGroup(next))}
                  onRemove={() => rows.remove(index)}
                  onKeyDown={(event) => rows.onKey(event, index)}
                  menu={more(t('group_menu'))}
                />
              ) : (
                <ConditionLeaf
                  leaf={child}
                  catalogue={catalogue}
                  onChange={(next) => rows.replace(index, next)}
                  onRemove={() => rows.remove(index)}
                  onKeyDown={(event) => rows.onKey(event, index)}
                  errors={errorsAt(errors, place(index))}
                  menu={more}
                />
              )}
            </div>
          </Fragment>
        );
      })}
      {own.length > 0 ? (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {own.join(' ')}
        </Text>
      ) : null}
      {group.same !== undefined && group.children.length === 0 ? (
        <Text size="xs" c="dimmed">
          {t('same_empty')}
        </Text>
      ) : null}
      <Row gap="sm" data-picker>
        <ConditionPicker catalogue={catalogue} within={records} onPick={(d) => rows.add(newLeaf(d))} />
        {depth < maxDepth ? (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconBracketsContain size={14} aria-hidden />}
            rightSection={<IconPlus size={12} aria-hidden />}
            onClick={() => rows.add({ any: [] })}
          >
            {t('add_group')}
          </Button>
        ) : null}
        {depth < maxDepth && kinds.length > 0 ? (
          <Menu position="bottom-start" withinPortal>
            <Menu.Target>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconId size={14} aria-hidden />}
                rightSection={<IconPlus size={12} aria-hidden />}
                title={t('same_help')}
              >
                {t('add_same')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {kinds.map((kind) => (
                <Menu.Item key={kind.key} onClick={() => rows.add(newSame(kind.key))}>
                  {kind.title}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </Row>
    </div>
  );
}
