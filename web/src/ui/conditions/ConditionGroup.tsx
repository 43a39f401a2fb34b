import { ActionIcon, Button, Group as Row, SegmentedControl, Switch, Text } from '@mantine/core';
import { IconBracketsContain, IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, use, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionLeaf } from './ConditionLeaf';
import { ConditionPicker } from './ConditionPicker';
import classes from './conditions.module.css';
import { ConditionErrors, errorsAt } from './errors';
import {
  asGroup,
  childrenAt,
  fromGroup,
  newLeaf,
  type ConditionCatalogue,
  type ConditionNode,
  type Group,
} from './tree';

type Props = {
  group: Group;
  catalogue: ConditionCatalogue;
  depth: number;
  /** JSON pointer of the group within the whole tree. */
  pointer: string;
  onChange: (group: Group) => void;
  onRemove?: () => void;
};

const maxDepth = 3;

export function ConditionGroup({ group, catalogue, depth, pointer, onChange, onRemove }: Props) {
  const { t } = useTranslation('conditions');
  const errors = use(ConditionErrors);
  const place = (index: number) => `${pointer}${childrenAt(group)}/${index}`;
  // A message about the group itself, not about a row of it.
  const own = Object.entries(errors)
    .filter(([at]) => at === pointer || at === `${pointer}${childrenAt(group)}` || at === `${pointer}/not`)
    .map(([, message]) => message);
  const box = useRef<HTMLDivElement>(null);
  const set = (children: ConditionNode[]) => onChange({ ...group, children });
  const replace = (index: number, node: ConditionNode) => set(group.children.map((c, i) => (i === index ? node : c)));
  const insert = (index: number, node: ConditionNode) => set(group.children.toSpliced(index, 0, node));
  const remove = (index: number) => set(group.children.toSpliced(index, 1));
  const move = (index: number, by: number) => {
    const node = group.children[index];
    const to = index + by;
    if (node !== undefined && to >= 0 && to < group.children.length)
      set(group.children.toSpliced(index, 1).toSpliced(to, 0, node));
  };
  const onKey = (event: KeyboardEvent, index: number) => {
    const mod = event.ctrlKey || event.metaKey;
    const node = group.children[index];
    const command =
      mod && event.key === 'Enter'
        ? () => box.current?.querySelector<HTMLInputElement>(':scope > [data-picker] input')?.focus()
        : mod && event.key.toLowerCase() === 'd' && node !== undefined
          ? () => insert(index + 1, node)
          : event.altKey && event.key === 'ArrowUp'
            ? () => move(index, -1)
            : event.altKey && event.key === 'ArrowDown'
              ? () => move(index, 1)
              : null;
    if (command === null) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  };
  const title = group.negated ? t('none_of') : group.mode === 'all' ? t('all_of') : t('any_of');

  return (
    <div ref={box} role="group" aria-label={title} className={classes.group} data-negated={group.negated || undefined}>
      <Row gap="sm" wrap="wrap">
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
          <Text size="xs" fw={600}>
            {t('same', { what: group.same })}
          </Text>
        )}
        {onRemove ? (
          <ActionIcon ml="auto" variant="subtle" color="gray" aria-label={t('remove_group')} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        ) : null}
      </Row>
      {group.children.map((child, index) => {
        const inner = asGroup(child);
        return (
          <Fragment key={index}>
            {index > 0 ? <span className={classes.joint}>{t(group.mode === 'all' ? 'and' : 'or')}</span> : null}
            {inner ? (
              <ConditionGroup
                group={inner}
                catalogue={catalogue}
                depth={depth + 1}
                pointer={place(index)}
                onChange={(next) => replace(index, fromGroup(next))}
                onRemove={() => remove(index)}
              />
            ) : (
              <ConditionLeaf
                leaf={child}
                catalogue={catalogue}
                onChange={(next) => replace(index, next)}
                onRemove={() => remove(index)}
                onKeyDown={(event) => onKey(event, index)}
                errors={errorsAt(errors, place(index))}
              />
            )}
          </Fragment>
        );
      })}
      {own.length > 0 ? (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {own.join(' ')}
        </Text>
      ) : null}
      <Row gap="sm" data-picker>
        <ConditionPicker catalogue={catalogue} onPick={(d) => insert(group.children.length, newLeaf(d))} />
        {depth < maxDepth ? (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconBracketsContain size={14} aria-hidden />}
            rightSection={<IconPlus size={12} aria-hidden />}
            onClick={() => insert(group.children.length, { any: [] })}
          >
            {t('add_group')}
          </Button>
        ) : null}
      </Row>
    </div>
  );
}
