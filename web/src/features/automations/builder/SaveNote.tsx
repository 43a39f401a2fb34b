import { IconAlertTriangle, IconCheck, IconCloudOff, IconLoader2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './builder.module.css';
import type { SaveState } from './useAutosave';

const stateIcons = {
  saved: IconCheck,
  saving: IconLoader2,
  retrying: IconCloudOff,
  refused: IconAlertTriangle,
  conflict: IconAlertTriangle,
};

/** Whether the server holds what is on the screen. */
export function SaveNote({ state }: { state: SaveState }) {
  const { t } = useTranslation('automations');
  const StateIcon = stateIcons[state];
  return (
    <span className={classes.state} data-state={state} role="status">
      <StateIcon size={14} aria-hidden />
      {t(`save.${state}`)}
    </span>
  );
}
