import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { DataGrid } from './DataGrid';
import type { GridColumn, GridSelection, GridSort } from './types';

type Person = { id: string; name: string };
const people = Array.from({ length: 200 }, (_, i) => ({ id: `p${i}`, name: `Person ${i}` }));
const columns: GridColumn<Person>[] = [{ id: 'name', header: 'Name', sortable: true, cell: (p) => p.name }];
const rowId = (p: Person) => p.id;

type Spies = {
  open?: (p: Person) => void;
  peek?: (p: Person) => void;
  more?: () => void;
  sort?: (s: GridSort) => void;
};

function Grid({ open = () => {}, peek, more, sort }: Spies) {
  const [selection, setSelection] = useState<GridSelection>(new Set());
  return (
    <>
      <output>{[...selection].join(' ')}</output>
      <DataGrid
        label="People"
        rows={people}
        rowId={rowId}
        columns={columns}
        selection={selection}
        onSelection={setSelection}
        onOpen={open}
        {...(peek ? { onPeek: peek } : {})}
        {...(more ? { hasNextPage: true, fetchNextPage: more } : {})}
        {...(sort ? { onSort: sort } : {})}
      />
    </>
  );
}

const selected = () => document.querySelector('output')?.textContent;

test('J, K and X walk and select; shift with arrows extends; Escape clears', async () => {
  const user = userEvent.setup();
  render(<Grid />);
  screen.getByRole('grid').focus();
  await user.keyboard('jjkx');
  expect(selected()).toBe('p0');
  await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  expect(selected()).toBe('p0 p1 p2');
  await user.keyboard('{Escape}');
  expect(selected()).toBe('');
  await user.keyboard('{Control>}a{/Control}');
  expect(selected()?.split(' ')).toHaveLength(200);
});

test('Enter opens and Space peeks at the active row', async () => {
  const user = userEvent.setup();
  const open = vi.fn();
  const peek = vi.fn();
  render(<Grid open={open} peek={peek} />);
  screen.getByRole('grid').focus();
  await user.keyboard('jj{Enter} ');
  expect(open).toHaveBeenCalledWith(people[1]);
  expect(peek).toHaveBeenCalledWith(people[1]);
});

test('the next page is asked for near the end and the sort goes to the caller', async () => {
  const user = userEvent.setup();
  const more = vi.fn();
  const sort = vi.fn();
  const few = people.slice(0, 5);
  render(
    <DataGrid
      label="Few"
      rows={few}
      rowId={rowId}
      columns={columns}
      hasNextPage
      fetchNextPage={more}
      onSort={sort}
      sort={{ id: 'name', desc: false }}
    />,
  );
  expect(more).toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Name' }));
  expect(sort).toHaveBeenCalledWith({ id: 'name', desc: true });
});

test('arrow keys on the separator change the width of a column, Enter takes it back', async () => {
  const user = userEvent.setup();
  render(<Grid />);
  const width = screen.getByRole('separator', { name: 'Width of Name' });
  expect(width.getAttribute('aria-valuenow')).toBe('180');
  width.focus();
  await user.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
  expect(width.getAttribute('aria-valuenow')).toBe('260');
  expect(width.closest<HTMLElement>('[role=row]')?.style.gridTemplateColumns).toContain('260px');
  await user.keyboard('{Home}{ArrowLeft}');
  expect(width.getAttribute('aria-valuenow')).toBe('64');
  await user.keyboard('{Enter}');
  expect(width.getAttribute('aria-valuenow')).toBe('180');
});
