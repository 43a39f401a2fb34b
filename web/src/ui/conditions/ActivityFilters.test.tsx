import { render } from '@/testing/render';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect, useState } from 'react';
import { expect, test } from 'vitest';
import { ConditionTree } from './ConditionTree';
import { filterOf, toStored } from './filters';
import type { ConditionCatalogue, ConditionNode } from './tree';

const countries = ['AT', 'CH', 'DE', 'FR', 'US'].map((value) => ({ value, label: `Country ${value}` }));
const catalogue: ConditionCatalogue = {
  conditions: [
    {
      key: 'email.clicked',
      title: 'Clicked a link',
      group: 'E-mail',
      kind: 'activity',
      options: [
        { key: 'url', label: 'Url', type: 'text', ops: ['is', 'is_not', 'contains'] },
        { key: 'step', label: 'Step', type: 'text' },
      ],
    },
    {
      key: 'place.country',
      title: 'Country',
      group: 'Geography',
      kind: 'field',
      ops: ['is'],
      value: { type: 'choice', choices: countries },
      unavailable: 'This server has no geography database.',
    },
    {
      key: 'place.distance',
      title: 'Distance',
      group: 'Geography',
      kind: 'field',
      ops: ['lte'],
      value: { type: 'number' },
      options: [{ key: 'from', label: 'From (latitude, longitude)', type: 'text' }],
    },
  ],
};

let now: ConditionNode = {};
function Editor({ start }: { start: ConditionNode }) {
  const [tree, setTree] = useState(start);
  useEffect(() => {
    now = tree;
  }, [tree]);
  return <ConditionTree label="Who" value={tree} onChange={setTree} catalogue={catalogue} />;
}

test('a filter is added, compared and removed', async () => {
  const user = userEvent.setup();
  render(<Editor start={{ all: [{ activity: 'email.clicked' }] }} />);
  expect(screen.queryByLabelText('Url')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Add filter' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Url' }));
  await user.click(screen.getByRole('combobox', { name: 'How Url is compared' }));
  await user.click(await screen.findByRole('option', { name: 'contains' }));
  await user.type(screen.getByRole('textbox', { name: 'Url' }), 'shop');
  expect(now).toEqual({ all: [{ activity: 'email.clicked', url: { op: 'contains', value: 'shop' } }] });
  await user.click(screen.getByRole('combobox', { name: 'How Url is compared' }));
  await user.click(await screen.findByRole('option', { name: 'is' }));
  expect(now).toEqual({ all: [{ activity: 'email.clicked', url: 'shop' }] });
  await user.clear(screen.getByRole('textbox', { name: 'Url' }));
  expect(now).toEqual({ all: [{ activity: 'email.clicked' }] });
  await user.click(screen.getByRole('button', { name: 'Remove filter Url' }));
  expect(screen.queryByRole('textbox', { name: 'Url' })).toBeNull();
});

test('a condition that this server cannot ask says why, in the list and in its row', async () => {
  const user = userEvent.setup();
  render(<Editor start={{ all: [{ field: 'place.country', op: 'is', value: 'DE' }] }} />);
  const row = within(screen.getByRole('group', { name: 'Country' }));
  expect(row.getByText('This server has no geography database.')).toBeTruthy();
  await user.click(screen.getByRole('combobox', { name: 'Add condition' }));
  const option = await screen.findByRole('option', { name: /Country This server/ });
  await user.click(option);
  expect(now).toEqual({ all: [{ field: 'place.country', op: 'is', value: 'DE' }] });
});

test('several of a long list can be meant', async () => {
  const user = userEvent.setup();
  render(<Editor start={{ all: [{ field: 'place.country', op: 'is' }] }} />);
  await user.click(screen.getByRole('combobox', { name: 'Value' }));
  await user.click(await screen.findByRole('option', { name: 'Country DE' }));
  expect(now).toEqual({ all: [{ field: 'place.country', op: 'is', value: 'DE' }] });
  await user.click(await screen.findByRole('option', { name: 'Country AT' }));
  expect(now).toEqual({ all: [{ field: 'place.country', op: 'is', value: ['DE', 'AT'] }] });
});

test('further members of a row are edited beside it', async () => {
  const user = userEvent.setup();
  render(<Editor start={{ all: [{ field: 'place.distance', op: 'lte', value: 5 }] }} />);
  await user.type(screen.getByLabelText('From (latitude, longitude)'), '52.5, 13.4');
  expect(now).toEqual({ all: [{ field: 'place.distance', op: 'lte', value: 5, from: '52.5, 13.4' }] });
});

test.each([['x'], [7], [{ op: 'contains', value: 'x' }], [['a', 'b']]])('a filter keeps its form: %j', (stored) => {
  expect(toStored(filterOf(stored))).toEqual(stored);
});
