import { rootGroup, type ConditionNode } from '@/ui/conditions/tree';
import { ReferencePicker } from '@/ui/schemaForm/ReferencePicker';
import { Input, Radio, Stack, Switch, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState } from '../builder/context';
import { StepConditions } from '../builder/StepConditions';
import type { AutomationDocument } from '../model/document';
import { AssociatedLists } from './AssociatedLists';
import { PanelFrame } from './PanelFrame';

const rules = ['any', 'once', 'after_exit'] as const;

/** What concerns the automation as a whole. */
export function SettingsPanel() {
  const { t } = useTranslation('automations');
  const { store } = useBuilder();
  const description = useBuilderState((s) => s.meta.description);
  const document = useBuilderState((s) => s.document);
  const set = (part: Partial<AutomationDocument>) => store.getState().change({ ...document, ...part }, 'settings');
  return (
    <PanelFrame title={t('settings.title')}>
      <Stack gap="lg">
        <Textarea
          label={t('settings.description')}
          autosize
          minRows={2}
          value={description}
          onChange={(e) => store.getState().describe({ description: e.currentTarget.value })}
        />
        <Radio.Group
          label={t('settings.entry')}
          description={t('settings.entry_help')}
          value={document.entry ?? 'any'}
          onChange={(entry) => set({ entry: rules.find((r) => r === entry) ?? 'any' })}
        >
          <Stack gap="sm" mt="sm">
            {rules.map((rule) => (
              <Radio key={rule} value={rule} label={t(`settings.entry_${rule}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <ReferencePicker
          label={t('settings.lists')}
          description={t('settings.lists_help')}
          source="list"
          multiple
          creatable={false}
          values={(document.unsubscribe_lists ?? []).map(String)}
          onChange={(ids) => set({ unsubscribe_lists: ids.length === 0 ? null : ids.map(Number) })}
        />
        <AssociatedLists document={document} />
        <Switch
          label={t('settings.exit')}
          description={t('settings.exit_help')}
          checked={document.exit_on_unsubscribe === true}
          onChange={(e) => set({ exit_on_unsubscribe: e.currentTarget.checked })}
        />
        <Input.Wrapper label={t('settings.exit_when')} description={t('settings.exit_when_help')} labelElement="div">
          <StepConditions
            label={t('settings.exit_when')}
            value={document.exit_when ?? null}
            none={t('settings.exit_when_none')}
            onChange={(tree) =>
              set({ exit_when: rootGroup(tree as ConditionNode).children.length === 0 ? null : tree })
            }
          />
        </Input.Wrapper>
      </Stack>
    </PanelFrame>
  );
}
