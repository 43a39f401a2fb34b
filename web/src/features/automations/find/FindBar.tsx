import { ActionIcon, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import classes from './find.module.css';
import { findCards } from './findCards';

type Props = { commands: Commands; onFound: (ids: ReadonlySet<string> | null) => void; onClose: () => void };

/** Finds triggers and steps by what their cards, their texts and their notes say, and walks from one to the next. */
export function FindBar({ commands, onFound, onClose }: Props) {
  const { t } = useTranslation('builder');
  const { index } = useBuilder();
  const { summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const focus = useBuilderState((s) => s.focus);
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => findCards(document, query, index, summary), [document, query, index, summary]);
  const at = focus === null ? -1 : found.indexOf(focus);
  useEffect(() => {
    onFound(query.trim() === '' ? null : new Set(found));
  }, [found, query, onFound]);
  useEffect(() => input.current?.select(), []);
  const go = (by: 1 | -1) => {
    if (found.length === 0) return;
    const next = at === -1 ? (by === 1 ? 0 : found.length - 1) : (at + by + found.length) % found.length;
    const id = found[next];
    if (id !== undefined) commands.show(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown') go(1);
    else if (event.key === 'ArrowUp') go(-1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const status =
    query.trim() === ''
      ? t('find.help')
      : found.length === 0
        ? t('find.none')
        : at === -1
          ? t('find.count', { count: found.length })
          : t('find.at', { at: at + 1, count: found.length });
  return (
    <search className={classes.bar}>
      <TextInput
        ref={input}
        size="xs"
        w={240}
        aria-label={t('find.label')}
        placeholder={t('find.label')}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={query}
        onChange={(e) => setQuery(e.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Text size="xs" c="dimmed" role="status" className={classes.status}>
        {status}
      </Text>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('find.previous')}
        disabled={found.length === 0}
        onClick={() => go(-1)}
      >
        <IconChevronUp size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('find.next')}
        disabled={found.length === 0}
        onClick={() => go(1)}
      >
        <IconChevronDown size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={t('find.close')} onClick={onClose}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </search>
  );
}
