import { useTranslation } from 'react-i18next';
import { PeoplePanel } from '../panel/PeoplePanel';
import { PickerPanel } from '../panel/PickerPanel';
import { ProblemsPanel } from '../panel/ProblemsPanel';
import { SettingsPanel } from '../panel/SettingsPanel';
import { StepPanel } from '../panel/StepPanel';
import { TriggerPanel } from '../panel/TriggerPanel';
import { VersionsPanel } from '../panel/VersionsPanel';
import { WaitingPanel } from '../waiting/WaitingPanel';
import type { Sides } from '../compare/sides';
import { slotKey, type AutomationDocument } from '../model/document';
import { useBuilder, useBuilderState } from './context';
import type { Commands } from './useCommands';

type Props = {
  commands: Commands;
  version: number | null;
  onCompare: (sides: Sides) => void;
  onRestore: (number: number, document: AutomationDocument) => void;
};

/** The right side, by what is asked. */
export function BuilderPanel({ commands, version, onCompare, onRestore }: Props) {
  const { t } = useTranslation('automations');
  const { index } = useBuilder();
  const panel = useBuilderState((s) => s.panel);
  switch (panel.kind) {
    case 'none':
      return null;
    case 'picker':
      return (
        <PickerPanel
          key={slotKey(panel.slot)}
          title={t('add_step')}
          entries={index.catalogue.steps.filter((step) => step.planned !== true)}
          onPick={(type) => commands.add(panel.slot, type)}
        />
      );
    case 'trigger_picker':
      return (
        <PickerPanel
          key="triggers"
          title={t('add_trigger')}
          entries={index.catalogue.triggers}
          onPick={commands.addTrigger}
        />
      );
    case 'step':
      return <StepPanel key={panel.id} id={panel.id} commands={commands} />;
    case 'trigger':
      return <TriggerPanel key={panel.id} id={panel.id} commands={commands} />;
    case 'problems':
      return <ProblemsPanel commands={commands} />;
    case 'versions':
      return <VersionsPanel current={version} onCompare={onCompare} onRestore={onRestore} />;
    case 'people':
      return (
        <PeoplePanel
          key={`${panel.step} ${panel.status}`}
          step={panel.step}
          {...(panel.status ? { status: panel.status } : {})}
        />
      );
    case 'waiting':
      return <WaitingPanel />;
    case 'settings':
      return <SettingsPanel />;
  }
}
