import { SchemaFormContext } from '@/ui/schemaForm/references';
import { accountForms, findReferences } from '@/ui/schemaForm/accountReferences';
import { toastProblem } from '@/ui/toasts';
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowLeft, IconFileImport, IconPackageImport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPreview, MissingThing } from '../api/types';
import { MissingRow, type Choice } from './MissingRow';

/** By source and name what stands in its place; empty: nothing does. What is not named here is created. */
export type Decided = { name: string; use: Record<string, Record<string, string>> };
type Props = { preview: ImportPreview; busy: boolean; onBack: () => void; onImport: (decided: Decided) => void };

const services = accountForms;
const keyOf = (thing: MissingThing) => `${thing.source} ${thing.name}`;
const firstChoice = (thing: MissingThing): Choice =>
  thing.can_create ? { what: 'create' } : thing.can_leave_open ? { what: 'open' } : { what: 'use', id: null };

/** What a document names that is not in this account: created, replaced by something that is, or left open. */
export function ImportDecisions({ preview, busy, onBack, onImport }: Props) {
  const { t } = useTranslation('builder');
  const [name, setName] = useState(preview.name);
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(
    () => new Map(preview.missing.map((thing) => [keyOf(thing), firstChoice(thing)])),
  );
  const taken = preview.name_taken && name.trim().toLowerCase() === preview.name.trim().toLowerCase();
  const undecided = [...choices.values()].some((c) => c.what === 'use' && c.id === null);
  const send = async () => {
    const use: Decided['use'] = {};
    for (const thing of preview.missing) {
      const choice = choices.get(keyOf(thing));
      if (choice === undefined || choice.what === 'create') continue;
      const found =
        choice.what === 'use' && choice.id !== null ? await findReferences(thing.source, { ids: choice.id }) : [];
      // Names are compared ignoring case here, but stand in the document as they do.
      for (const spelling of new Set([thing.name, ...spellings(preview, thing)]))
        use[thing.source] = { ...use[thing.source], [spelling]: found[0]?.label ?? '' };
    }
    onImport({ name: name.trim(), use });
  };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('wizard.found', {
          triggers: t('wizard.triggers', { count: preview.triggers }),
          steps: t('wizard.steps', { count: preview.steps }),
        })}
      </Text>
      <TextInput
        label={t('wizard.name')}
        required
        maxLength={200}
        value={name}
        error={taken ? t('wizard.name_taken') : undefined}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      {preview.missing.length > 0 ? (
        <Alert
          color="indigo"
          icon={<IconPackageImport size={18} aria-hidden />}
          title={t('wizard.missing', { count: preview.missing.length })}
        >
          {t('wizard.missing_text')}
        </Alert>
      ) : null}
      <Stack gap="sm">
        <SchemaFormContext value={services}>
          {preview.missing.map((thing) => (
            <MissingRow
              key={keyOf(thing)}
              thing={thing}
              choice={choices.get(keyOf(thing)) ?? firstChoice(thing)}
              onChange={(choice) => setChoices((before) => new Map(before).set(keyOf(thing), choice))}
            />
          ))}
        </SchemaFormContext>
      </Stack>
      <Group justify="space-between">
        <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={onBack}>
          {t('wizard.back')}
        </Button>
        <Button
          leftSection={<IconFileImport size={16} aria-hidden />}
          loading={busy}
          disabled={taken || undecided || name.trim() === ''}
          onClick={() => void send().catch(toastProblem)}
        >
          {t('wizard.import')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Every way the document spells the name, at the places where it is missing. */
function spellings(preview: ImportPreview, thing: MissingThing): string[] {
  return thing.paths.flatMap((path) => {
    let at: unknown = preview.document;
    for (const part of path.split('/').slice(1))
      at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    if (typeof at !== 'string') return [];
    // `list:NAME` names its thing behind the colon.
    const tail = path.endsWith('/field') ? at.slice(at.indexOf(':') + 1) : at;
    return [tail.trim()];
  });
}
