import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lastInput } from '@/ui/lastInput';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder } from '../builder/context';
import { focusCard } from '../canvas/focusCard';
import classes from './panel.module.css';

type Props = { title: ReactNode; mark?: ReactNode; foot?: ReactNode; children: ReactNode };

/** The right side of the builder: title, close, what is asked, actions. */
export function PanelFrame({ title, mark, foot, children }: Props) {
  const { t } = useTranslation('automations');
  const { store } = useBuilder();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    // Opened by key, the keyboard comes along: Tab on a card adds a step, so it would not lead here. Escape leads back.
    if (!lastInput.wasKey) return;
    const after = requestAnimationFrame(() => {
      // Whoever has taken the pointer meanwhile keeps what it has opened.
      if (!lastInput.wasKey || frame.current === null || frame.current.contains(document.activeElement)) return;
      const field = frame.current.querySelector<HTMLElement>(
        '[data-panel-body] :is(input, textarea, [contenteditable=true], button, a[href]):not(:disabled, [type=hidden])',
      );
      // A list would open at once and take Escape for itself.
      const opens = field?.matches('[role=combobox], [aria-haspopup]') ?? false;
      (field && !opens ? field : frame.current).focus();
    });
    return () => cancelAnimationFrame(after);
  }, []);
  return (
    // Escape closes from wherever the focus is inside.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape bubbles up from whichever field has the focus.
    <aside
      ref={frame}
      tabIndex={-1}
      className={classes.panel}
      aria-label={typeof title === 'string' ? title : t('panel')}
      onKeyDown={(e) => {
        // Closes the panel and gives the keyboard back to the card it was about; lists and menus inside close first.
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        const expanded = e.target instanceof HTMLElement && e.target.getAttribute('aria-expanded') === 'true';
        if (expanded) return;
        store.getState().show({ kind: 'none' });
        const { focus } = store.getState();
        focusCard(focus);
      }}
    >
      <header className={classes.head}>
        {mark}
        <h2>{title}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('close_panel')}
          onClick={() => store.getState().show({ kind: 'none' })}
        >
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </header>
      <div className={classes.scroll} data-panel-body>
        {children}
      </div>
      {foot ? <footer className={classes.foot}>{foot}</footer> : null}
    </aside>
  );
}
