import { ConditionTree } from '@/ui/conditions/ConditionTree';
import type { ConditionNode } from '@/ui/conditions/tree';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { Button, Input, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconBolt, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import marks from '../canvas/canvas.module.css';
import { formOptions, withoutEmpty } from '../model/catalogue';
import type { Trigger } from '../model/document';
import { updateTrigger } from '../model/operations';
import { optionErrors } from '../model/problems';
import { FeedStatus } from './FeedStatus';
import { PanelFrame } from './PanelFrame';

export function TriggerPanel({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation('automations');
  const { store, index, conditions } = useBuilder();
  const { problems } = useLive();
  const document = useBuilderState((s) => s.document);
  const trigger = document.triggers.find((x) => x.id === id);
  if (trigger === undefined) return null;
  const description = index.trigger(trigger.type);
  const set = (values: Record<string, unknown>) =>
    store.getState().change(
      updateTrigger(document, id, () => withoutEmpty(values) as Trigger),
      `options:${id}`,
    );
  const where = trigger['where'];
  return (
    <PanelFrame
      title={description?.title ?? trigger.type}
      mark={
        <span className={marks.mark} data-tint="teal">
          <IconBolt size={18} stroke={1.8} aria-hidden />
        </span>
      }
      foot={
        <Button
          variant="default"
          size="xs"
          ml="auto"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() => commands.remove(id)}
        >
          {t('actions.delete_trigger')}
        </Button>
      }
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {description?.description ?? t('unknown_step')}
        </Text>
        {description ? (
          <SchemaForm
            options={formOptions(description.options, [])}
            values={trigger}
            onChange={set}
            errors={optionErrors(problems, id)}
          />
        ) : null}
        {trigger.type === 'rss.updated' ? (
          <FeedStatus url={typeof trigger['url'] === 'string' ? trigger['url'].trim() : ''} />
        ) : null}
        <Input.Wrapper label={t('runs.label')} description={t('runs.help')} labelElement="div">
          <SegmentedControl
            mt={4}
            fullWidth
            aria-label={t('runs.label')}
            value={trigger['runs'] === 'multiple' ? 'multiple' : 'once'}
            onChange={(runs) => set({ ...trigger, runs })}
            data={[
              { value: 'once', label: t('runs.once') },
              { value: 'multiple', label: t('runs.multiple') },
            ]}
          />
        </Input.Wrapper>
        <Input.Wrapper label={t('where.label')} description={t('where.help')} labelElement="div">
          <ConditionTree
            label={t('where.label')}
            catalogue={conditions}
            value={typeof where === 'object' ? (where as ConditionNode | null) : null}
            onChange={(tree) => set({ ...trigger, where: tree })}
          />
        </Input.Wrapper>
      </Stack>
    </PanelFrame>
  );
}
