import { formatInstant } from '@/ui/format';
import { Text, Title } from '@mantine/core';
import {
  IconBrowser,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconDeviceTablet,
  IconMail,
  IconMapPin,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { placeName } from './circumstances';
import type { Profile } from './profile';
import classes from './profile.module.css';

const devices: Record<string, Icon> = {
  desktop: IconDeviceDesktop,
  mobile: IconDeviceMobile,
  tablet: IconDeviceTablet,
};

/** What time it is there; nothing where this browser does not know the zone. */
function timeIn(zone: string): string | null {
  try {
    return new Intl.DateTimeFormat(navigator.language, { timeStyle: 'short', timeZone: zone }).format(new Date());
  } catch {
    return null;
  }
}

/** Where the contact was last and with what, as opens and clicks told. */
export function LastSeen({ seen }: { seen: NonNullable<Profile['last_seen']> }) {
  const { t } = useTranslation('contacts');
  const place = placeName(seen.city, seen.region, seen.country_name);
  const time = seen.time_zone ? timeIn(seen.time_zone) : null;
  const device = [seen.device ? t(`seen.device.${seen.device}`) : null, seen.os].filter(Boolean).join(', ');
  const lines = [
    { icon: IconMapPin, label: t('seen.place'), text: place, more: time ? t('seen.time', { time }) : null },
    { icon: devices[seen.device ?? ''] ?? IconDeviceDesktop, label: t('seen.device_label'), text: device, more: null },
    { icon: IconMail, label: t('seen.mail'), text: seen.mail_client, more: null },
    { icon: IconBrowser, label: t('seen.browser'), text: seen.browser, more: null },
  ].filter((line) => line.text);
  if (lines.length === 0) return null;
  return (
    <section className={classes.panel} aria-labelledby="contact-seen">
      <Title order={2} id="contact-seen" mb="sm">
        {t('seen.title')}
      </Title>
      <ul className={classes.seen}>
        {lines.map(({ icon: Mark, label, text, more }) => (
          <li key={label}>
            <Mark size={16} aria-hidden />
            <span className={classes.gone}>{label}: </span>
            <span>
              {text}
              {more ? (
                <Text span size="xs" c="dimmed" className="tabular">
                  {' · '}
                  {more}
                </Text>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <Text size="xs" c="dimmed" mt={8} className="tabular">
        {t('seen.at', { time: formatInstant(new Date(seen.seen_at)) })}
        {seen.ip ? ` · ${seen.ip}` : ''}
      </Text>
    </section>
  );
}
