import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconBolt, IconPlus, IconSearch } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import { cardText, triggerText } from '../model/cardText';
import { slotAfter } from '../model/operations';
import type { AutomationDocument } from '../model/document';
import { worstByStep } from '../model/problems';
import classes from './outline.module.css';
import { OutlineRowView } from './OutlineRowView';
import { outlineRows, type OutlineRow } from './rows';

/** The document as a tree for reading, searching and working by keys: the same operations as the canvas. */
export function Outline({ document, commands }: { document: AutomationDocument; commands: Commands }) {
  const { t } = useTranslation('automations');
  const { store, index } = useBuilder();
  const { summary, problems } = useLive();
  const focus = useBuilderState((s) => s.focus);
  const [query, setQuery] = useState('');
  const tree = useRef<HTMLDivElement>(null);
  const worst = worstByStep(problems);
  const words = query.toLowerCase().trim();
  const rows = outlineRows(document, index.branchesOf).filter((row) => {
    if (words === '') return true;
    if (row.kind === 'branch') return false;
    const text = cardText(row.step, index, summary);
    return `${text.title} ${text.detail} ${row.step.type}`.toLowerCase().includes(words);
  });
  const stop = rows.find((r) => r.key === focus)?.key ?? rows[0]?.key;

  const focusRow = (row: OutlineRow | undefined) => {
    if (row === undefined) return;
    if (row.kind === 'step') store.getState().select(row.key);
    tree.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.key)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    const at = rows.findIndex((r) => r.key === key);
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey) return;
    const below = rows.slice(at + 1).find((r) => r.level < row.level);
    const above = rows.slice(0, at).findLast((r) => r.level < row.level);
    const plain: Record<string, () => void> = {
      ArrowDown: () => focusRow(rows[at + 1]),
      ArrowUp: () => focusRow(rows[at - 1]),
      ArrowLeft: () => focusRow(above),
      ArrowRight: () => focusRow(rows[at + 1]?.level === row.level + 1 ? rows[at + 1] : below),
      Home: () => focusRow(rows[0]),
      End: () => focusRow(rows.at(-1)),
      Enter: () =>
        row.kind === 'step'
          ? commands.open(row.key)
          : store.getState().show({ kind: 'picker', slot: { ...row.end, index: 0 } }),
      Delete: () => row.kind === 'step' && commands.remove(row.key),
      Insert: () =>
        row.kind === 'step' &&
        store.getState().show({ kind: 'picker', slot: slotAfter(document, row.key, index.branchesOf) }),
    };
    const moved: Record<string, () => void> = {
      ArrowDown: () => row.kind === 'step' && commands.nudge(row.key, 1),
      ArrowUp: () => row.kind === 'step' && commands.nudge(row.key, -1),
    };
    const command = (event.altKey ? moved : plain)[event.key];
    if (command === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  };
  return (
    <div className={classes.page}>
      <Group>
        <TextInput
          autoFocus
          w={320}
          aria-label={t('outline.search')}
          placeholder={t('outline.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={query}
          onChange={(e) => setQuery(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown' || e.key === 'Enter') {
              e.preventDefault();
              focusRow(rows[0]);
            }
          }}
        />
        {document.triggers.map((trigger) => {
          const text = triggerText(trigger, index, summary);
          return (
            <Button
              key={trigger.id}
              variant="light"
              color="teal"
              size="xs"
              leftSection={<IconBolt size={14} aria-hidden />}
              onClick={() => commands.open(trigger.id)}
            >
              {text.title}
            </Button>
          );
        })}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'trigger_picker' })}
        >
          {t('trigger')}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mt="sm">
        {t('outline.help')}
      </Text>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed" mt="md" role="status">
          {words === '' ? t('outline.empty') : t('no_entry', { query })}
        </Text>
      ) : (
        // Keys of a tree belong to the tree, its rows only take the focus.
        // eslint-disable-next-line jsx-a11y/interactive-supports-focus -- Keys are those of the tree, one focus for all its rows.
        <div ref={tree} role="tree" aria-label={t('outline.label')} className={classes.tree} onKeyDown={onKeyDown}>
          {rows.map((row) => (
            <OutlineRowView
              key={row.key}
              row={row}
              stop={row.key === stop}
              selected={row.kind === 'step' && row.key === focus}
              {...(worst.get(row.key) ? { problem: worst.get(row.key) ?? 'error' } : {})}
              onOpen={() => commands.open(row.key)}
            />
          ))}
        </div>
      )}
      <Button
        mt="sm"
        display="block"
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() =>
          store.getState().show({ kind: 'picker', slot: { parent: null, branch: null, index: document.steps.length } })
        }
      >
        {t('add_step_end')}
      </Button>
    </div>
  );
}
