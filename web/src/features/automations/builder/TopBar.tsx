import { formatNumber } from '@/ui/format';
import { StatusBadge } from '@/ui/StatusBadge';
import { ActionIcon, Badge, Button, SegmentedControl, Switch, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BackLink } from './BackLink';
import type { Automation } from '../api/types';
import { statusTones } from '../list/statusTones';
import { errorsIn } from '../model/problems';
import classes from './builder.module.css';
import { useBuilder, useBuilderState, useLive } from './context';
import { SimulateButton } from '../simulator/SimulateButton';
import { MoreMenu } from './MoreMenu';
import { SaveNote } from './SaveNote';
import { useDraftChanges } from './useDraftChanges';
import type { SaveState } from './useAutosave';

export type TopBarProps = {
  automation: Automation;
  save: SaveState;
  view: string;
  onView: (view: string) => void;
  onPublish: () => void;
  onSwitch: (on: boolean) => void;
  onAddContact: () => void;
  onAdmit: () => void;
  onExport: () => void;
  onSimulate: () => void;
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
  onAdmit,
  onExport,
  onSimulate,
  busy,
}: TopBarProps) {
  const { t } = useTranslation('automations');
  const { store } = useBuilder();
  const { problems, counts } = useLive();
  const name = useBuilderState((s) => s.meta.name);
  const canUndo = useBuilderState((s) => s.past.length > 0);
  const canRedo = useBuilderState((s) => s.future.length > 0);
  const errors = errorsIn(problems);
  const { published_version: version, changed } = automation;
  const changes = useDraftChanges(changed ? version : null);
  const chip =
    version === null
      ? t('chip.never')
      : !changed
        ? t('chip.version', { number: version })
        : changes === null
          ? t('chip.changed', { number: version })
          : t('chip.draft', { count: changes, changes: formatNumber(changes), number: version });
  return (
    <header className={classes.bar}>
      <BackLink to="/automations" label={t('back')} />
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
          ...(version === null ? [] : [{ value: 'numbers', label: t('view.numbers') }]),
          { value: 'outline', label: t('view.outline') },
        ]}
      />
      <SimulateButton onOpen={onSimulate} />
      <MoreMenu
        active={automation.status === 'active'}
        onAddContact={onAddContact}
        onAdmit={onAdmit}
        onExport={onExport}
      />
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
