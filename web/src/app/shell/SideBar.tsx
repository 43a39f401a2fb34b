import { allows, type Session } from '@/api/session';
import type { NavEntry } from '@/ui/feature';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { navEntries } from '../features';
import classes from './Shell.module.css';

type Props = { session: Session; narrow: boolean; onNarrow: (narrow: boolean) => void };

const within = (path: string, to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));

export function SideBar({ session, narrow, onNarrow }: Props) {
  const { t } = useTranslation(['shell', 'nav']);
  const path = useLocation({ select: (l) => l.pathname });
  const visible = navEntries.filter((e) => allows(session, e.permission) && (e.when?.(session) ?? true));
  const isOpen = (area: NavEntry) => visible.some((e) => (e === area || e.parent === area.key) && within(path, e.to));
  const entries = visible
    .filter((e) => e.parent === undefined)
    .flatMap((area) => (isOpen(area) && !narrow ? [area, ...visible.filter((e) => e.parent === area.key)] : [area]));
  const Fold = narrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const foldText = t(narrow ? 'side_bar.widen' : 'side_bar.narrow');

  return (
    <>
      <div className={classes.links}>
        {entries.map((entry) => (
          <SideLink key={entry.key} entry={entry} label={t(entry.key, { ns: 'nav' })} narrow={narrow} />
        ))}
      </div>
      <div className={classes.foot}>
        <button
          type="button"
          className={`${classes.link} ${classes.collapse}`}
          data-narrow={narrow || undefined}
          onClick={() => onNarrow(!narrow)}
          aria-label={foldText}
        >
          <Fold size={18} stroke={1.6} aria-hidden />
          {narrow ? null : foldText}
        </button>
      </div>
    </>
  );
}

function SideLink({ entry, label, narrow }: { entry: NavEntry; label: string; narrow: boolean }) {
  const under = entry.parent !== undefined;
  return (
    <Link
      to={entry.to}
      className={classes.link}
      activeOptions={{ exact: entry.to === '/' }}
      aria-label={narrow ? label : undefined}
      title={narrow ? label : undefined}
      data-under={under || undefined}
      data-narrow={narrow || undefined}
    >
      {under ? null : <entry.icon size={18} stroke={1.6} aria-hidden />}
      {narrow ? null : label}
    </Link>
  );
}
