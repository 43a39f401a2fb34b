import { usePageActions } from '@/ui/pageActions';
import { ActionIcon, Group, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useLive } from '../builder/context';
import { countChanges, type Change } from '../model/diff';
import { countsText } from '../model/diffWords';
import panel from '../panel/panel.module.css';
import { ChangeRow } from './ChangeRow';
import classes from './compare.module.css';

type Props = { changes: readonly Change[]; chosen: number; onChoose: (at: number) => void; onClose: () => void };

/** Every difference in words; J and K go through them, on the canvas too. */
export function ChangeList({ changes, chosen, onChoose, onClose }: Props) {
  const { t } = useTranslation('builder');
  const { index } = useBuilder();
  const { summary } = useLive();
  const list = useRef<HTMLUListElement>(null);
  const step = (by: 1 | -1) => {
    if (changes.length === 0) return;
    const at = (chosen + by + changes.length) % changes.length;
    onChoose(at);
    list.current?.querySelectorAll<HTMLElement>('[data-change-row]')[at]?.focus();
  };
  usePageActions([
    { id: 'compare.next', label: t('compare.next'), keys: 'j', run: () => step(1) },
    { id: 'compare.previous', label: t('compare.previous'), keys: 'k', run: () => step(-1) },
    { id: 'compare.close', label: t('compare.close'), keys: 'escape', run: onClose },
  ]);
  useEffect(() => {
    // The first difference is in sight at once, and the keyboard is where J and K go on.
    onChoose(0);
    list.current?.querySelector<HTMLElement>('[data-change-row]')?.focus({ preventScroll: true });
  }, [onChoose]);
  return (
    <aside className={panel.panel} aria-label={t('compare.changes')}>
      <header className={panel.head}>
        <h2>{t('compare.changes')}</h2>
        <ActionIcon variant="subtle" color="gray" aria-label={t('compare.previous')} onClick={() => step(-1)}>
          <IconChevronUp size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t('compare.next')} onClick={() => step(1)}>
          <IconChevronDown size={18} aria-hidden />
        </ActionIcon>
      </header>
      <div className={panel.scroll}>
        {changes.length === 0 ? (
          <Text size="sm" c="dimmed" role="status">
            {t('compare.same')}
          </Text>
        ) : (
          <Group gap={6} mb="sm">
            <Text size="sm" fw={600} role="status">
              {countsText(countChanges(changes), t)}
            </Text>
          </Group>
        )}
        <ul ref={list} className={classes.changes}>
          {changes.map((change, at) => (
            <ChangeRow
              key={`${change.what} ${change.id}`}
              change={change}
              index={index}
              summary={summary}
              current={at === chosen}
              onChoose={() => onChoose(at)}
            />
          ))}
        </ul>
      </div>
    </aside>
  );
}
