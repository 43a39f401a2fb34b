import { ActionIcon, Select, Text } from '@mantine/core';
import { IconAlertTriangle, IconX } from '@tabler/icons-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ActivityLeaf } from './ActivityLeaf';
import { LeafOptions } from './LeafOptions';
import { LeafValue } from './LeafValue';
import classes from './conditions.module.css';
import { RowCount } from './RowCount';
import {
  bareOps,
  descriptionOf,
  durationOps,
  keyOf,
  listOps,
  type ConditionCatalogue,
  type ConditionNode,
} from './tree';

type Props = {
  leaf: ConditionNode;
  catalogue: ConditionCatalogue;
  onChange: (leaf: ConditionNode) => void;
  onRemove: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** What the server says is wrong with the row. */
  errors: readonly string[];
  /** Further commands of the row. */
  menu?: (label: string) => ReactNode;
};

/** Values of one shape stay when the operator changes; others would mean something else. */
const shape = (op: string) =>
  bareOps.has(op)
    ? 'none'
    : durationOps.has(op)
      ? 'duration'
      : listOps.has(op)
        ? 'list'
        : op === 'between'
          ? 'pair'
          : 'one';

/** Wide enough for the longest operator, so that none is cut and the row stays still when another is chosen; pixels. */
const operatorWidth = (ops: readonly { label: string }[]) =>
  Math.max(150, 52 + 6.5 * Math.max(0, ...ops.map((o) => o.label.length)));

export function ConditionLeaf({ leaf, catalogue, onChange, onRemove, onKeyDown, errors, menu }: Props) {
  const { t } = useTranslation('conditions');
  const about = descriptionOf(leaf, catalogue);
  const op = String(leaf['op'] ?? '');
  const setOp = (next: string) => {
    const { value, ...rest } = leaf;
    onChange({ ...rest, op: next, ...(shape(op) === shape(next) && value !== undefined ? { value } : {}) });
  };
  const title = about?.title ?? keyOf(leaf);
  const ops = (about?.ops ?? []).map((o) => ({
    value: o,
    label: about?.op_labels?.[o] ?? t(`op.${o}`, { defaultValue: o }),
  }));
  return (
    // Keys of the row's controls arrive here; the row itself is not focused.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Keys of the row (delete, duplicate) reach it from the controls inside, which have the focus.
    <div
      role="group"
      aria-label={title}
      className={classes.leaf}
      data-unknown={about === undefined || errors.length > 0 || undefined}
      onKeyDown={onKeyDown}
    >
      {about === undefined ? (
        <>
          <IconAlertTriangle size={16} color="var(--mantine-color-error)" aria-hidden />
          <Text size="sm" c="var(--mantine-color-error)" flex={1}>
            {t('unknown', { key: title })}
          </Text>
        </>
      ) : (
        <>
          <Text size="sm" fw={600} className={classes.title}>
            {title}
          </Text>
          {about.kind === 'activity' ? (
            <ActivityLeaf leaf={leaf} about={about} onChange={onChange} />
          ) : (
            <>
              <Select
                size="xs"
                w={operatorWidth(ops)}
                allowDeselect={false}
                aria-label={t('operator')}
                data={ops}
                value={op}
                onChange={(next) => next && setOp(next)}
              />
              {bareOps.has(op) ? null : (
                <LeafValue leaf={leaf} about={about} op={op} onChange={(value) => onChange({ ...leaf, value })} />
              )}
              <LeafOptions leaf={leaf} options={about.options ?? []} onChange={onChange} />
            </>
          )}
        </>
      )}
      <span className={classes.rowEnd}>
        <RowCount node={leaf} />
        {menu?.(t('row_menu', { title }))}
        <ActionIcon variant="subtle" color="gray" aria-label={t('remove', { title })} onClick={onRemove}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </span>
      {about?.unavailable && errors.length === 0 ? (
        <Text size="xs" c="var(--mantine-color-error)" className={classes.wrong}>
          {about.unavailable}
        </Text>
      ) : null}
      {errors.length > 0 ? (
        <Text size="xs" c="var(--mantine-color-error)" className={classes.wrong} role="alert">
          {errors.join(' ')}
        </Text>
      ) : null}
    </div>
  );
}
