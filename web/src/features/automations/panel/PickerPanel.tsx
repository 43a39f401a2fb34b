import { Text, TextInput } from '@mantine/core';
import { IconBolt, IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import marks from '../canvas/canvas.module.css';
import { iconOf, tintOf } from '../canvas/icons';
import { stepDragType } from '../canvas/state';
import type { EntryDescription, StepDescription } from '../model/catalogue';
import { PanelFrame } from './PanelFrame';
import classes from './panel.module.css';
import { rememberUse, searchEntries } from './pickerSearch';

type Props = { title: string; entries: readonly (EntryDescription | StepDescription)[]; onPick: (key: string) => void };

const isStep = (e: EntryDescription | StepDescription): e is StepDescription => 'shape' in e;

/** Searchable list of what can be put in: type, arrows, Enter; or drag an entry to a +. */
export function PickerPanel({ title, entries, onPick }: Props) {
  const { t } = useTranslation('automations');
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const groups = searchEntries(entries, query, t('often_used'));
  const flat = groups.flatMap((g) => g.entries);
  const at = Math.min(active, flat.length - 1);
  const pick = (key: string | undefined) => {
    if (key === undefined) return;
    rememberUse(key);
    onPick(key);
  };
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: flat.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(flat.length - 1, to)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(flat[at]?.key);
    }
  };
  return (
    <PanelFrame title={title}>
      <TextInput
        autoFocus
        role="combobox"
        aria-expanded={false}
        aria-controls={`${id}-list`}
        aria-activedescendant={flat.length > 0 ? `${id}-${at}` : undefined}
        aria-label={t('search_entries')}
        placeholder={t('search_entries')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={query}
        onKeyDown={onKeyDown}
        onChange={(e) => {
          setQuery(e.currentTarget.value);
          setActive(0);
        }}
      />
      {flat.length === 0 ? (
        <Text size="sm" c="dimmed" mt="md" role="status">
          {t('no_entry', { query })}
        </Text>
      ) : null}
      <div role="listbox" id={`${id}-list`} aria-label={title}>
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <div className={classes.group} role="presentation">
              {group.title}
            </div>
            {group.entries.map((entry) => {
              const place = flat.indexOf(entry);
              const EntryIcon = isStep(entry) ? iconOf(entry) : IconBolt;
              return (
                // The keyboard is in the search field; this is its list.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- The search field above holds the focus and takes the keys (aria-activedescendant).
                <div
                  key={entry.key}
                  id={`${id}-${place}`}
                  role="option"
                  aria-selected={place === at}
                  data-active={place === at || undefined}
                  className={classes.option}
                  draggable={isStep(entry)}
                  onDragStart={(e) => e.dataTransfer.setData(stepDragType, entry.key)}
                  onClick={() => pick(entry.key)}
                >
                  <span className={marks.mark} data-tint={isStep(entry) ? tintOf(entry) : 'teal'}>
                    <EntryIcon size={18} stroke={1.8} aria-hidden />
                  </span>
                  <span className={classes.grow}>
                    <Text size="sm" fw={600} component="span" display="block">
                      {entry.title}
                    </Text>
                    <Text size="xs" c="dimmed" component="span" display="block">
                      {entry.description}
                    </Text>
                  </span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </PanelFrame>
  );
}
