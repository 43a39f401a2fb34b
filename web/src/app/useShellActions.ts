import { allows, useSession } from '@/api/session';
import { usePageActions, type PageAction } from '@/ui/pageActions';
import { listenForShortcuts } from '@/ui/shortcutKeys';
import { useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconKeyboard, IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { createEntries, navEntries } from './features';
import { useOverlays } from './overlays';

const schemes: [MantineColorScheme, typeof IconSun][] = [
  ['auto', IconDeviceDesktop],
  ['light', IconSun],
  ['dark', IconMoon],
];

/** What can be done everywhere: go somewhere, create something, theme, palette and list of shortcuts. */
export function useShellActions() {
  const { t } = useTranslation(['shell', 'nav']);
  const session = useSession();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  useEffect(listenForShortcuts, []);

  const go = navEntries
    .filter((e) => allows(session, e.permission) && (e.when?.(session) ?? true))
    .map<PageAction>((e) => ({
      id: `go.${e.key}`,
      label: t(e.key, { ns: 'nav' }),
      icon: e.icon,
      group: t('groups.go'),
      run: () => void navigate({ to: e.to }),
      ...(e.go ? { keys: `g ${e.go}` } : {}),
    }));
  const create = createEntries
    .filter((e) => allows(session, e.permission))
    .map<PageAction>((e) => ({
      id: `create.${e.key}`,
      label: t(e.key, { ns: 'nav' }),
      icon: e.icon,
      group: t('groups.create'),
      run: () => void navigate({ to: e.to, search: e.search ?? {} }),
      ...(e.create ? { keys: `c ${e.create}` } : {}),
    }));
  const theme = schemes.map<PageAction>(([scheme, icon]) => ({
    id: `theme.${scheme}`,
    label: t(`theme.${scheme}`),
    icon,
    group: t('groups.theme'),
    run: () => setColorScheme(scheme),
  }));
  usePageActions([
    ...go,
    ...create,
    ...theme,
    {
      id: 'palette',
      label: t('search'),
      icon: IconSearch,
      group: t('groups.general'),
      keys: 'mod+k',
      hidden: true,
      run: () => useOverlays.setState({ palette: true }),
    },
    {
      id: 'shortcuts',
      label: t('shortcuts.title'),
      icon: IconKeyboard,
      group: t('groups.general'),
      keys: '?',
      run: () => useOverlays.setState({ shortcuts: true }),
    },
  ]);
}
