import { ConditionTree } from '@/ui/conditions/ConditionTree';
import type { ConditionNode } from '@/ui/conditions/tree';
import { ConfirmButton } from '@/ui/ConfirmDialog';
import { CopyField } from '@/ui/CopyField';
import { FilterChips, SearchInput } from '@/ui/filters';
import { FormSection } from '@/ui/FormSection';
import { DataGrid } from '@/ui/grid/DataGrid';
import type { GridSelection } from '@/ui/grid/types';
import { JobProgress } from '@/ui/JobProgress';
import { Metric } from '@/ui/Metric';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { SchemaForm } from '@/ui/schemaForm/SchemaForm';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import { toastUndo } from '@/ui/toasts';
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { catalogue, columns, options, people, tones } from './samples';

/** Sample texts of this page are not translated: only developers see it. */
export function KitPage() {
  const [selection, setSelection] = useState<GridSelection>(new Set(['1', '2']));
  const [values, setValues] = useState<Record<string, unknown>>({ wait: 'P2DT4H', colour: '#3b5bdb' });
  const [tree, setTree] = useState<ConditionNode>({
    all: [
      { field: 'first_name', op: 'contains', value: 'An' },
      { not: { any: [{ activity: 'email.clicked', times: { at_least: 2 }, within: 'P30D' }] } },
      { field: 'list:Gone', op: 'is', value: 'active' },
    ],
  });
  const [search, setSearch] = useState('');
  return (
    <Page>
      <PageHeader
        title="Kit"
        status={<StatusBadge tone="good" label="Active" />}
        main={<Button onClick={() => toastUndo('Tag removed', () => {})}>Show undo</Button>}
        actions={
          <ConfirmButton
            title="Delete the list News"
            effect="1,204 contacts leave the list."
            confirmLabel="Delete list"
            typed="News"
            danger
            onConfirm={() => {}}
          >
            Delete list
          </ConfirmButton>
        }
      />
      <Stack gap="md">
        <Group>
          {(Object.keys(tones) as Tone[]).map((tone) => (
            <StatusBadge key={tone} tone={tone} label={tones[tone]} />
          ))}
        </Group>
        <Group align="stretch">
          <Metric label="Contacts" value={128402} changePercent={2.1} />
          <Metric
            label="Opened"
            value={0.413}
            changePercent={-0.4}
            options={{ style: 'percent', maximumFractionDigits: 1 }}
          />
        </Group>
        <Group>
          <SearchInput label="Search people" value={search} onChange={setSearch} />
          <FilterChips chips={[{ key: 'tag', label: 'Tag is vip' }]} onRemove={() => {}} />
        </Group>
        <DataGrid
          label="People"
          rows={people}
          rowId={(p) => p.id}
          columns={columns}
          selection={selection}
          onSelection={setSelection}
          sort={{ id: 'name', desc: false }}
          onSort={() => {}}
          rowActions={(p) => [{ id: 'open', label: `Open ${p.name}`, run: () => {} }]}
          height="320px"
        />
        <JobProgress
          job={{ id: '1', title: 'Import of people.csv', done: 4200, total: 10000, errors: 3, state: 'running' }}
        />
        <FormSection title="A form from the catalogue" text="Drawn from the server's description.">
          <SchemaForm options={options} values={values} onChange={setValues} />
          <CopyField label="Tracking address" value="https://t.acme.example/c" />
        </FormSection>
        <ConditionTree label="Who" value={tree} onChange={setTree} catalogue={catalogue} />
      </Stack>
    </Page>
  );
}
