import { AppLink } from '@/ui/AppLink';
import { formatNumber } from '@/ui/format';
import { StatusBadge } from '@/ui/StatusBadge';
import { ActionIcon, Badge, Button, Menu, SegmentedControl, Switch, Tooltip } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconCheck,
  IconCloudOff,
  IconDots,
  IconDownload,
  IconHistory,
  IconLoader2,
  IconSettings,
  IconUserPlus,
  IconUsers,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Automation } from '../api/types';
import { statusTones } from '../list/statusTones';
import { errorsIn } from '../model/problems';
import classes from './builder.module.css';
import { useBuilder, useBuilderState, useLive } from './context';
import type { SaveState } from './useAutosave';

export type TopBarProps = {
  automation: Automation;
  save: SaveState;
  view: string;
  onView: (view: string) => void;
  onPublish: () => void;
  onSwitch: (on: boolean) => void;
  onAddContact: () => void;
  onExport: () => void;
  busy: boolean;
};

export function TopBar({
  automation,
  save,
  view,
  onView,
  onPublish,
  onSwitch,
  onAddContact,
  onExport,
  busy,
}: TopBarProps) {
  const { t } = useTranslation('automations');
  const { store } = useBuilder();
  const { problems, counts } = useLive();
  const name = useBuilderState((s) => s.meta.name);
  const canUndo = useBuilderState((s) => s.past.length > 0);
  const canRedo = useBuilderState((s) => s.future.length > 0);
  const errors = errorsIn(problems);
  const changed = automation.changed || canUndo;
  const { published_version: version } = automation;
  const chip =
    version === null
      ? t('chip.never')
      : changed
        ? t('chip.changed', { number: version })
        : t('chip.version', { number: version });
  return (
    <header className={classes.bar}>
      <ActionIcon component={AppLink} to="/automations" variant="subtle" color="gray" size="lg" aria-label={t('back')}>
        <IconArrowLeft size={20} aria-hidden />
      </ActionIcon>
      <h1 className={classes.name} data-text={name}>
        <input
          aria-label={t('name')}
          value={name}
          maxLength={200}
          onChange={(e) => store.getState().describe({ name: e.currentTarget.value })}
        />
      </h1>
      <StatusBadge tone={statusTones[automation.status]} label={t(`status.${automation.status}`)} />
      {counts && counts.inside > 0 ? (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => store.getState().show({ kind: 'people', step: null })}
        >
          {t('inside', { count: counts.inside, number: formatNumber(counts.inside) })}
        </Button>
      ) : null}
      <Badge
        component="button"
        color={changed || version === null ? 'indigo' : 'gray'}
        style={{ cursor: 'pointer' }}
        onClick={() => store.getState().show({ kind: 'versions' })}
      >
        {chip}
      </Badge>
      <div className={classes.spring} />
      <SaveNote state={save} />
      <Tooltip label={t('actions.undo')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!canUndo}
          aria-label={t('actions.undo')}
          onClick={() => store.getState().undo()}
        >
          <IconArrowBackUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('actions.redo')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={!canRedo}
          aria-label={t('actions.redo')}
          onClick={() => store.getState().redo()}
        >
          <IconArrowForwardUp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {problems.length > 0 ? (
        <Button
          variant="light"
          size="xs"
          color={errors > 0 ? 'red' : 'yellow'}
          leftSection={<IconAlertTriangle size={14} aria-hidden />}
          onClick={() => store.getState().show({ kind: 'problems' })}
        >
          {t('problems.count', { count: problems.length })}
        </Button>
      ) : null}
      <SegmentedControl
        size="xs"
        aria-label={t('view.label')}
        value={view}
        onChange={onView}
        data={[
          { value: 'canvas', label: t('view.canvas') },
          { value: 'outline', label: t('view.outline') },
        ]}
      />
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t('menu')}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconUserPlus size={16} aria-hidden />}
            disabled={automation.status !== 'active'}
            onClick={onAddContact}
          >
            {t('actions.add_contact')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconUsers size={16} aria-hidden />}
            onClick={() => store.getState().show({ kind: 'people', step: null })}
          >
            {t('people.title')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconAlertTriangle size={16} aria-hidden />}
            onClick={() => store.getState().show({ kind: 'people', step: null, status: 'parked' })}
          >
            {t('people.parked_title')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconHistory size={16} aria-hidden />}
            onClick={() => store.getState().show({ kind: 'versions' })}
          >
            {t('versions.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={onExport}>
            {t('actions.export')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconSettings size={16} aria-hidden />}
            onClick={() => store.getState().show({ kind: 'settings' })}
          >
            {t('settings.title')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={version === null ? t('switch_never') : t('switch_help')}>
        <Switch
          label={t('switch')}
          checked={automation.status === 'active'}
          disabled={busy || version === null}
          onChange={(e) => onSwitch(e.currentTarget.checked)}
        />
      </Tooltip>
      <Tooltip label={t('publish.blocked', { count: errors })} disabled={errors === 0}>
        <Button
          size="sm"
          aria-disabled={errors > 0}
          loading={busy}
          onClick={() => (errors > 0 ? store.getState().show({ kind: 'problems' }) : onPublish())}
        >
          {t('publish.button')}
        </Button>
      </Tooltip>
    </header>
  );
}

const stateIcons = {
  saved: IconCheck,
  saving: IconLoader2,
  retrying: IconCloudOff,
  refused: IconAlertTriangle,
  conflict: IconAlertTriangle,
};

function SaveNote({ state }: { state: SaveState }) {
  const { t } = useTranslation('automations');
  const StateIcon = stateIcons[state];
  return (
    <span className={classes.state} data-state={state} role="status">
      <StateIcon size={14} aria-hidden />
      {t(`save.${state}`)}
    </span>
  );
}
