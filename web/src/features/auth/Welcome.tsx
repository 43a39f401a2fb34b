import { Stack, Text, ThemeIcon } from '@mantine/core';
import { IconBolt, IconMail, IconMailOpened, IconServer, IconUserPlus, type Icon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './auth.module.css';

const icons: Record<string, Icon> = {
  automations: IconBolt,
  email: IconMail,
  yours: IconServer,
  contacts: IconUserPlus,
  catcher: IconMailOpened,
  first: IconBolt,
};

/** The right half: what this is, or what comes next. */
export function Welcome({ points, heading }: { points: readonly string[]; heading: string }) {
  const { t } = useTranslation('auth');
  return (
    <aside className={classes.welcome} aria-label={heading}>
      <svg className={classes.waves} viewBox="0 0 600 300" preserveAspectRatio="none" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((i) => (
          <path
            key={i}
            d={`M0 ${90 + i * 40} C 150 ${20 + i * 40} 250 ${160 + i * 40} 400 ${90 + i * 40} S 560 ${50 + i * 40} 600 ${80 + i * 40}`}
          />
        ))}
      </svg>
      <Stack gap={28} className={classes.points}>
        <Text component="h2" fz={28} fw={600} lh={1.25} c="white" m={0}>
          {heading}
        </Text>
        {points.map((key) => {
          const PointIcon = icons[key] ?? IconBolt;
          return (
            <div key={key} className={classes.point}>
              <ThemeIcon size={36} radius="md" color="rgba(255,255,255,.16)">
                <PointIcon size={20} aria-hidden />
              </ThemeIcon>
              <div>
                <Text fw={600} c="white">
                  {t(`welcome.${key}.title`)}
                </Text>
                <Text size="sm" c="#e4e9ff">
                  {t(`welcome.${key}.text`)}
                </Text>
              </div>
            </div>
          );
        })}
      </Stack>
    </aside>
  );
}
