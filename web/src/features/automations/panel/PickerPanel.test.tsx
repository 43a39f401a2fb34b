import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { Builder } from '../builder/context';
import { createBuilderStore } from '../builder/store';
import { emptyDocument } from '../model/document';
import { catalogue, index } from '../model/testing';
import { PickerPanel } from './PickerPanel';

test('a step is found by typing and taken by Enter, without a mouse', async () => {
  const user = userEvent.setup();
  const picked: string[] = [];
  const store = createBuilderStore(emptyDocument, { name: 'x', description: '' });
  render(
    <Builder value={{ automationId: '7', store, index, conditions: { conditions: [] } }}>
      <PickerPanel title="Add a step" entries={catalogue.steps} onPick={(key) => picked.push(key)} />
    </Builder>,
  );
  const search = await screen.findByRole('combobox', { name: 'Search' });
  await user.type(search, 'e');
  expect(screen.getAllByRole('option').length).toBeGreaterThan(2);
  await user.keyboard('{Control>}a{/Control}wait');
  expect(screen.getAllByRole('option').map((o) => o.textContent)).toEqual(['Wait for a while']);
  await user.keyboard('{Enter}');
  await user.clear(search);
  await user.keyboard('{ArrowDown}{Enter}');
  expect(picked).toEqual(['wait.for', 'tag.add']);
  await user.type(search, 'zzz');
  expect(screen.getByRole('status').textContent).toContain('zzz');
});
