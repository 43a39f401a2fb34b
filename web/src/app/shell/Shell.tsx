import { useSession } from '@/api/session';
import { PanelBoundary } from '@/ui/PanelBoundary';
import { AppShell } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BusyBanner } from './BusyBanner';
import { Overlays } from './Overlays';
import { SideBar } from './SideBar';
import { TopBar } from './TopBar';
import classes from './Shell.module.css';

export function Shell() {
  const { t } = useTranslation('shell');
  const session = useSession();
  const [narrow, setNarrow] = useLocalStorage({
    key: 'millrace.side_bar_narrow',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [opened, { toggle, close }] = useDisclosure(false);
  const path = useLocation({ select: (l) => l.pathname });
  useEffect(close, [path, close]);

  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: narrow ? 56 : 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      transitionDuration={140}
    >
      <a href="#main" className={classes.skip}>
        {t('skip')}
      </a>
      <AppShell.Header className={classes.header}>
        <TopBar session={session} menuOpened={opened} onMenu={toggle} />
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label={t('navigation')}>
        <SideBar session={session} narrow={narrow && !opened} onNarrow={setNarrow} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <BusyBanner />
        <PanelBoundary key={path}>
          <Outlet />
        </PanelBoundary>
      </AppShell.Main>
      <Overlays email={session.user.email} />
    </AppShell>
  );
}
