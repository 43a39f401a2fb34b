import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder } from '../builder/context';
import classes from './panel.module.css';

type Props = { title: ReactNode; mark?: ReactNode; foot?: ReactNode; children: ReactNode };

/** The right side of the builder: title, close, what is asked, actions. */
export function PanelFrame({ title, mark, foot, children }: Props) {
  const { t } = useTranslation('automations');
  const { store } = useBuilder();
  return (
    // Escape closes from wherever the focus is inside.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape bubbles up from whichever field has the focus.
    <aside
      className={classes.panel}
      aria-label={typeof title === 'string' ? title : t('panel')}
      onKeyDown={(e) => {
        // Closes the panel and gives the keyboard back to the card it was about; lists and menus inside close first.
        if (e.key !== 'Escape' || e.defaultPrevented) return;
        const expanded = e.target instanceof HTMLElement && e.target.getAttribute('aria-expanded') === 'true';
        if (expanded) return;
        store.getState().show({ kind: 'none' });
        const { focus } = store.getState();
        if (focus !== null) document.querySelector<HTMLElement>(`[data-card="${CSS.escape(focus)}"]`)?.focus();
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
      <div className={classes.scroll}>{children}</div>
      {foot ? <footer className={classes.foot}>{foot}</footer> : null}
    </aside>
  );
}
