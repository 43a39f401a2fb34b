import { api } from '@/api/client';
import { toastProblem } from '@/ui/toasts';
import { Input, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './profile.module.css';

const schemes = [
  ['auto', IconDeviceDesktop],
  ['light', IconSun],
  ['dark', IconMoon],
] as const;

/** Takes effect at once; the server keeps it for the next browser, the cookie for the next page. */
export function ThemeChoice() {
  const { t } = useTranslation('settings');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const save = api.useMutation('patch', '/api/app/profile', { onError: toastProblem });
  return (
    <Input.Wrapper label={t('profile.theme')} labelElement="div">
      <SegmentedControl
        mt={4}
        fullWidth
        aria-label={t('profile.theme')}
        value={colorScheme}
        onChange={(value) => {
          setColorScheme(value as MantineColorScheme);
          save.mutate({ body: { color_scheme: value } });
        }}
        data={schemes.map(([value, Icon]) => ({
          value,
          label: (
            <span className={classes.theme}>
              <Icon size={16} aria-hidden /> {t(`profile.themes.${value}`)}
            </span>
          ),
        }))}
      />
    </Input.Wrapper>
  );
}
