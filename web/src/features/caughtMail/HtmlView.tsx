import { SegmentedControl } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './caughtMail.module.css';

/** The HTML by its own address, in a frame without scripts, forms or this page's origin. */
export function HtmlView({ id }: { id: number }) {
  const { t } = useTranslation('caughtMail');
  const [width, setWidth] = useState('desktop');
  return (
    <div className={classes.html}>
      <SegmentedControl
        size="xs"
        className={classes.width}
        aria-label={t('width')}
        value={width}
        onChange={setWidth}
        data={[
          { value: 'desktop', label: <IconDeviceDesktop size={16} aria-label={t('desktop')} /> },
          { value: 'mobile', label: <IconDeviceMobile size={16} aria-label={t('mobile')} /> },
        ]}
      />
      <iframe
        className={classes.frame}
        data-width={width}
        title={t('frame')}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        src={`/api/app/caught-mail/${id}/html`}
      />
    </div>
  );
}
