import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect, useState } from 'react';
import { expect, test } from 'vitest';
import { ConditionTree } from './ConditionTree';
import { asGroup, fromGroup, type ConditionCatalogue, type ConditionNode } from './tree';

const catalogue: ConditionCatalogue = {
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

let now: ConditionNode = {};
function Editor({ start }: { start: ConditionNode }) {
  const [tree, setTree] = useState(start);
  useEffect(() => {
    now = tree;
  }, [tree]);
  return <ConditionTree label="Who" value={tree} onChange={setTree} catalogue={catalogue} />;
}
const sentence = () => screen.getByTestId('condition-sentence').textContent;

test('a condition is picked, given a value, and read aloud', async () => {
  const user = userEvent.setup();
  render(<Editor start={{}} />);
  expect(sentence()).toBe('Everyone');
  await user.click(screen.getByRole('combobox', { name: 'Add condition' }));
  await user.click(await screen.findByRole('option', { name: 'First name' }));
  await user.type(screen.getByLabelText('Value'), 'Ann');
  expect(now).toEqual({ all: [{ field: 'first_name', op: 'is', value: 'Ann' }] });
  expect(sentence()).toBe('First name is “Ann”');
});

test('negating a group wraps it in not and back', async () => {
  const user = userEvent.setup();
  render(<Editor start={{ any: [{ field: 'first_name', op: 'blank' }] }} />);
  await user.click(screen.getByLabelText('Negate'));
  expect(now).toEqual({ not: { any: [{ field: 'first_name', op: 'blank' }] } });
  expect(sentence()).toBe('not (First name is blank)');
  await user.click(screen.getByLabelText('Negate'));
  expect(now).toEqual({ any: [{ field: 'first_name', op: 'blank' }] });
});

test('an unknown leaf stands out, survives other edits and can be removed', async () => {
  const user = userEvent.setup();
  render(
    <Editor
      start={{
        all: [
          { field: 'list:Gone', op: 'is', value: 'active' },
          { activity: 'email.clicked', within: 'P7D' },
        ],
      }}
    />,
  );
  expect(screen.getByText(/“list:Gone” is not known here/)).toBeTruthy();
  await user.click(screen.getByRole('combobox', { name: 'How often' }));
  await user.click(await screen.findByRole('option', { name: 'never' }));
  expect(now).toEqual({
    all: [
      { field: 'list:Gone', op: 'is', value: 'active' },
      { activity: 'email.clicked', within: 'P7D', never: true },
    ],
  });
  await user.click(screen.getByRole('button', { name: 'Remove condition list:Gone' }));
  expect(now).toEqual({ all: [{ activity: 'email.clicked', within: 'P7D', never: true }] });
  expect(sentence()).toBe('never: Clicked a link in the last 7 days');
});

test('rows move and double by keys', async () => {
  const user = userEvent.setup();
  const [a, b] = [
    { field: 'first_name', op: 'is', value: 'A' },
    { field: 'first_name', op: 'is', value: 'B' },
  ];
  render(<Editor start={{ all: [a, b] }} />);
  screen.getAllByLabelText<HTMLInputElement>('Value')[1]?.focus();
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(now).toEqual({ all: [b, a] });
  screen.getAllByLabelText<HTMLInputElement>('Value')[0]?.focus();
  await user.keyboard('{Control>}d{/Control}');
  expect(now).toEqual({ all: [b, b, a] });
});

test.each<ConditionNode>([
  { all: [] },
  { not: { any: [{ field: 'x', op: 'blank' }] } },
  { same: 'deal', all: [{ field: 'deal.stage', op: 'is', value: '1' }] },
  { not: { same: 'deal', all: [] } },
])('a group keeps its form through the editor: %j', (tree) => {
  const group = asGroup(tree);
  expect(group && fromGroup(group)).toEqual(tree);
});
