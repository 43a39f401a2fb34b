import type { Session } from '@/api/session';
import { keysText } from '@/ui/shortcutKeys';
import { Burger, Kbd } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useOverlays } from '../overlays';
import { Logo } from '@/ui/Logo';
import classes from './Shell.module.css';

/** Menus need the library that places what floats; the page is drawn without waiting for it. */
const TopMenus = lazy(() => import('./TopMenus'));

type Props = { session: Session; menuOpened: boolean; onMenu: () => void };

export function TopBar({ session, menuOpened, onMenu }: Props) {
  const { t } = useTranslation('shell');
  return (
    <div className={classes.top}>
      <Burger hiddenFrom="sm" size="sm" opened={menuOpened} onClick={onMenu} aria-label={t('menu')} />
      <Link to="/" className={classes.brand}>
        <Logo size={24} />
        <span className={classes.brandName}>{session.account.name}</span>
      </Link>
      <button
        type="button"
        className={classes.search}
        aria-keyshortcuts="Control+K"
        onClick={() => useOverlays.setState({ palette: true })}
      >
        <IconSearch size={16} aria-hidden />
        <span className={classes.searchText}>{t('search')}</span>
        <Kbd size="xs" visibleFrom="sm">
          {keysText('mod+k')}
        </Kbd>
      </button>
      <Suspense fallback={<span className={classes.menus} />}>
        <TopMenus session={session} />
      </Suspense>
    </div>
  );
}
