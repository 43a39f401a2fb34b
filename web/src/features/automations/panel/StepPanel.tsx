import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { Alert, Button, Menu, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCopy, IconDots, IconTrash, IconUsers } from '@tabler/icons-react';
import { createElement, lazy, Suspense, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useBuilder, useBuilderState, useLive } from '../builder/context';
import type { Commands } from '../builder/useCommands';
import { StepMark } from '../canvas/StepMark';
import { cardText } from '../model/cardText';
import { formOptions, withoutEmpty, type StepDescription } from '../model/catalogue';
import { findStep, walk, type Step } from '../model/document';
import { updateStep } from '../model/operations';
import { optionErrors } from '../model/problems';
import { PanelFrame } from './PanelFrame';

/** What an own editor of a step type (`editors/<key>.tsx`, export `StepEditor`) gets. */
export type StepEditorProps = {
  step: Step;
  description: StepDescription;
  onChange: (values: Record<string, unknown>) => void;
  errors: Readonly<Record<string, string>>;
};

const modules = import.meta.glob<{ StepEditor: ComponentType<StepEditorProps> }>('../editors/*.tsx');
const own = new Map(
  Object.entries(modules).map(([file, load]) => [
    file.slice('../editors/'.length, -'.tsx'.length),
    lazy(async () => ({ default: (await load()).StepEditor })),
  ]),
);

export function StepPanel({ id, commands }: { id: string; commands: Commands }) {
  const { t } = useTranslation('automations');
  const { store, index } = useBuilder();
  const { problems, summary } = useLive();
  const document = useBuilderState((s) => s.document);
  const step = findStep(document, id, index.branchesOf)?.step;
  if (step === undefined) return null;
  const description = index.step(step.type);
  const choices = [...walk(document.steps, index.branchesOf)]
    .filter((x) => x.step.id !== id)
    .map(({ step: s }) => ({ value: s.id, label: cardText(s, index, summary).title }));
  const onChange = (values: Record<string, unknown>) =>
    store.getState().change(
      updateStep(document, id, index.branchesOf, () => withoutEmpty(values) as Step),
      `options:${id}`,
    );
  const errors = optionErrors(problems, id);
  const rest = problems.filter(
    (p) => p.step_id === id && (p.severity === 'warning' || Object.keys(errors).length === 0),
  );
  const Editor = own.get(step.type);
  return (
    <PanelFrame
      title={description?.title ?? step.type}
      mark={<StepMark description={description} />}
      foot={
        <>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconUsers size={14} aria-hidden />}
            onClick={() => store.getState().show({ kind: 'people', step: id })}
          >
            {t('people_here')}
          </Button>
          <Menu position="top-end">
            <Menu.Target>
              <Button variant="default" size="xs" ml="auto" leftSection={<IconDots size={14} aria-hidden />}>
                {t('step_menu')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconCopy size={14} aria-hidden />} onClick={commands.duplicate}>
                {t('actions.duplicate')}
              </Menu.Item>
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => commands.remove(id)}
              >
                {t('actions.delete_step')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      <Stack gap="md">
        {description?.description ? (
          <Text size="sm" c="dimmed">
            {description.description}
          </Text>
        ) : null}
        {rest.map((p) => (
          <Alert
            key={`${p.path} ${p.code}`}
            color={p.severity === 'error' ? 'red' : 'yellow'}
            icon={<IconAlertTriangle size={16} />}
            p="xs"
          >
            {p.message}
          </Alert>
        ))}
        {description === undefined ? <Text size="sm">{t('unknown_step')}</Text> : null}
        {description === undefined ? null : Editor ? (
          <Suspense fallback={null}>{createElement(Editor, { step, description, onChange, errors })}</Suspense>
        ) : (
          <SchemaForm
            options={formOptions(description.options, choices)}
            values={step}
            onChange={onChange}
            errors={errors}
          />
        )}
      </Stack>
    </PanelFrame>
  );
}
