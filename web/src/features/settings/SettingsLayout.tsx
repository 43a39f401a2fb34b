import { allows, useSession } from '@/api/session';
import { usePageActions } from '@/ui/pageActions';
import { Forbidden } from '@/ui/Forbidden';
import { NativeSelect, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { settingsGroups, settingsPages } from './pages';
import classes from './settings.module.css';

/** The list of settings at the left, with a search over titles and what the pages are about; the page at the right. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const session = useSession();
  const navigate = useNavigate();
  const path = useLocation({ select: (l) => l.pathname });
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const allowed = settingsPages.filter((p) => allows(session, p.permission));
  const found = allowed.filter((p) => `${t(`${p.key}.title`)} ${t(`${p.key}.words`)}`.toLowerCase().includes(wanted));
  const here = settingsPages.find((p) => path.startsWith(p.to));
  usePageActions(
    allowed.map((p) => ({
      id: `settings.${p.key}`,
      label: t('go', { page: t(`${p.key}.title`) }),
      icon: p.icon,
      run: () => void navigate({ to: p.to as string }),
    })),
  );
  return (
    <div className={classes.frame}>
      <nav className={classes.list} aria-label={t('title')}>
        {/* A phone has no room for the list beside the page: one field with the same pages. */}
        <NativeSelect
          className={classes.choose}
          aria-label={t('title')}
          value={here?.to ?? ''}
          onChange={(e) => void navigate({ to: e.currentTarget.value })}
          data={settingsGroups.flatMap((group) => {
            const items = allowed
              .filter((p) => p.group === group)
              .map((p) => ({ value: p.to, label: t(`${p.key}.title`) }));
            return items.length === 0 ? [] : [{ group: t(`groups.${group}`), items }];
          })}
        />
        <div className={classes.wide}>
          <Text fw={600} size="lg" px={8} pb={8} aria-hidden>
            {t('title')}
          </Text>
          <TextInput
            size="xs"
            mb={8}
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
            placeholder={t('search')}
            aria-label={t('search')}
            leftSection={<IconSearch size={14} aria-hidden />}
            onKeyDown={(e) => {
              if (e.key === 'Enter' && found[0]) void navigate({ to: found[0].to as string });
            }}
          />
          {settingsGroups.map((group) => {
            const pages = found.filter((p) => p.group === group);
            return pages.length === 0 ? null : (
              <div key={group} role="group" aria-label={t(`groups.${group}`)}>
                <p className={classes.group} aria-hidden>
                  {t(`groups.${group}`)}
                </p>
                {pages.map((p) => (
                  <Link key={p.key} to={p.to as string} className={classes.link}>
                    <p.icon size={16} stroke={1.6} aria-hidden />
                    {t(`${p.key}.title`)}
                  </Link>
                ))}
              </div>
            );
          })}
          {found.length === 0 ? (
            <Text size="sm" c="dimmed" px={8} role="status">
              {t('nothing')}
            </Text>
          ) : null}
        </div>
      </nav>
      <div className={classes.page}>
        {here && !allows(session, here.permission) ? <Forbidden permission={here.permission ?? ''} /> : <Outlet />}
      </div>
    </div>
  );
}
