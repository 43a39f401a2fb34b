import type { ConditionCatalogue } from '@/ui/conditions/tree';
import type { GridColumn } from '@/ui/grid/types';
import { Num } from '@/ui/Num';
import type { OptionDescription } from '@/ui/schemaForm/types';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';

type Person = { id: string; name: string; email: string; score: number };

export const people: Person[] = Array.from({ length: 500 }, (_, i) => ({
  id: String(i),
  name: `${['Ada', 'Ben', 'Chi', 'Dee'][i % 4]} Number ${i}`,
  email: `person${i}@example.com`,
  score: (i * 37) % 100,
}));

export const columns: GridColumn<Person>[] = [
  { id: 'name', header: 'Name', cell: (p) => p.name, size: 220, sortable: true },
  { id: 'email', header: 'E-mail', cell: (p) => p.email, size: 260 },
  {
    id: 'status',
    header: 'Status',
    cell: (p) =>
      p.score > 20 ? <StatusBadge tone="good" label="Active" /> : <StatusBadge tone="quiet" label="Unsubscribed" />,
    size: 150,
  },
  { id: 'score', header: 'Score', cell: (p) => <Num value={p.score} />, size: 90, align: 'end' },
];

export const tones: Record<Tone, string> = {
  good: 'Delivered',
  waiting: 'Waiting',
  bad: 'Bounced',
  quiet: 'Draft',
  goal: 'Goal',
  decision: 'Split',
};

export const options: OptionDescription[] = [
  { key: 'subject', label: 'Subject', type: 'template', required: true, help: 'What the reader sees first.' },
  { key: 'wait', label: 'Wait', type: 'duration' },
  { key: 'colour', label: 'Colour', type: 'colour' },
  { key: 'track', label: 'Track clicks', type: 'switch', default: true },
];

export const catalogue: ConditionCatalogue = {
  conditions: [
    {
      key: 'first_name',
      title: 'First name',
      group: 'Contact',
      kind: 'field',
      ops: ['is', 'contains', 'blank'],
      value: { type: 'text' },
    },
    { key: 'email.clicked', title: 'Clicked a link', group: 'E-mail', kind: 'activity' },
  ],
};
