import { expect, test, type Page } from '@playwright/test';
import { check, signIn, token } from './start';

async function createContact(page: Page, address: string, name: string) {
  await page.goto('/app/contacts?create=true');
  const dialog = page.getByRole('dialog', { name: 'New contact' });
  await dialog.getByLabel('E-mail').fill(address);
  await dialog.getByLabel('First name').fill(name);
  await dialog.getByRole('button', { name: 'Create contact' }).click();
  await expect(dialog).toBeHidden();
}

test('a segment is made, counted, explained and used as a filter; a search becomes a segment', async ({ page }) => {
  await signIn(page);
  const first = `Zora${Date.now()}`;
  await createContact(page, `${first}.1@example.com`.toLowerCase(), first);
  await createContact(page, `${first}.2@example.com`.toLowerCase(), first);

  await page.goto('/app/segments');
  await page.getByRole('link', { name: 'Create segment' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'New segment' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`All ${first}`);
  const tree = page.getByRole('region', { name: 'Who belongs to it' });
  await tree.getByRole('combobox', { name: 'Add condition' }).click();
  await page.keyboard.type('First name');
  await page.getByRole('option', { name: 'First name', exact: true }).click();
  await expect(page.getByText('Add a condition and give each row its value')).toBeVisible();
  await tree.getByLabel('Value').fill(first);
  await expect(page.getByTestId('segment-count')).toHaveText('2');
  await expect(page.getByText(/contacts match · counted in <?\d+ ms/)).toBeVisible();
  await expect(page.getByTestId('condition-sentence')).toContainText(first);
  await page.getByRole('combobox', { name: 'Contact', exact: true }).fill(`${first}.1@`);
  await page.getByRole('option').first().click();
  await expect(page.getByText('This contact is in.')).toBeVisible();
  await expect(page.getByText(`Found: ${first}`)).toBeVisible();
  await page.getByRole('button', { name: 'Create segment' }).click();
  await expect(page.getByText('All changes are saved.')).toBeVisible();
  await check(page, 'segment-light');

  await page.getByRole('link', { name: 'Segments' }).first().click();
  const row = page.getByRole('row').filter({ hasText: `All ${first}` });
  await expect(row.getByText('2', { exact: true })).toBeVisible();
  await check(page, 'segments-light');

  await page.goto('/app/contacts');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const form = page.getByRole('dialog', { name: 'Filter' });
  await form.getByRole('combobox', { name: 'Segment' }).fill(first);
  await page.getByRole('option', { name: `All ${first}` }).click();
  await form.getByRole('button', { name: 'Show contacts' }).click();
  await expect(page.getByText(`Segment All ${first}`)).toBeVisible();
  await expect(page.getByText('2 contacts').first()).toBeVisible();

  await page.getByRole('button', { name: `Remove filter Segment All ${first}` }).click();
  await page.getByRole('button', { name: 'Advanced search', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Advanced search' });
  await panel.getByRole('combobox', { name: 'Add condition' }).click();
  await page.keyboard.type('E-mail');
  await page.getByRole('option', { name: /^E-mail( address)?$/ }).click();
  await panel.getByLabel('Value').fill(`${first}.1@example.com`.toLowerCase());
  await expect(panel.getByTestId('segment-count')).toHaveText('1');
  await check(page, 'advanced-light');
  await panel.getByRole('button', { name: 'Show contacts' }).click();
  await expect(page.getByText('1 contact', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Advanced search', exact: true }).click();
  await panel.getByRole('button', { name: 'Save as segment' }).click();
  await panel.getByLabel('Name of the segment').fill(`Only ${first}`);
  await panel.getByRole('button', { name: 'Save segment' }).click();
  await expect(page.getByText(`Segment Only ${first}`, { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/segment=\d+/);
});

/** A rule through the paste dialog: quicker than building it row by row, and it is tried so. */
async function paste(page: Page, rule: object | string) {
  await page.getByRole('button', { name: 'Paste rule from JSON' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste a rule' });
  await dialog.getByLabel('Rule as JSON').fill(typeof rule === 'string' ? rule : JSON.stringify(rule));
  await dialog.getByRole('button', { name: 'Use this rule' }).click();
  return dialog;
}

test('a rule about one record is built by keys alone, counted row by row, undone and redone', async ({ page }) => {
  await signIn(page);
  const first = `Yara${Date.now()}`;
  await createContact(page, `${first}@example.com`.toLowerCase(), first);
  await page.goto('/app/segments/new');
  const tree = page.getByRole('region', { name: 'Who belongs to it' });
  await tree.getByRole('combobox', { name: 'Add condition' }).focus();
  await page.keyboard.type('First name');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const row = tree.getByRole('group', { name: 'First name' });
  await expect(row.getByRole('combobox', { name: 'Operator' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.type(first);
  await expect(row.getByTestId('row-count')).toHaveText('1');
  await expect(page.getByTestId('reachable')).toHaveText('1 can be mailed');

  await tree.getByRole('button', { name: 'Add one-record block' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Note', exact: true }).focus();
  await page.keyboard.press('Enter');
  const block = tree.getByRole('group', { name: 'One Note for which' });
  await expect(block.getByText('Without rows it asks whether there is any.')).toBeVisible();
  await expect(page.getByTestId('segment-count')).toHaveText('0');
  await expect(block.getByTestId('row-count')).toHaveText(/^\d+$/);
  await block.getByRole('combobox', { name: 'Add condition' }).focus();
  await page.keyboard.type('E-mail');
  await expect(page.getByRole('listbox', { name: 'Add condition' }).getByText('Nothing found')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Text of a note');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('spring');
  await expect(page.getByTestId('condition-sentence')).toContainText('spring');

  // The block moves above the row, and the focus goes with it.
  await block.getByRole('radio', { name: 'and' }).first().focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(tree.locator('[data-row="0"]').first()).toContainText('One Note for which');
  await expect(block.getByRole('radio', { name: 'and' }).first()).toBeFocused();
  await page.keyboard.press('Control+Backspace');
  await expect(block).toBeHidden();
  await expect(page.getByTestId('segment-count')).toHaveText('1');
  await page.keyboard.press('Control+z');
  await expect(block).toBeVisible();
  await page.keyboard.press('Control+Shift+Z');
  await expect(block).toBeHidden();
  await tree.getByRole('button', { name: 'Add group' }).focus();
  await page.keyboard.press('Enter');
  await expect(tree.getByRole('group', { name: 'Any of these' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await check(page, 'segment-keys-light');

  // What was typed is not lost by a click.
  await page.getByRole('link', { name: 'Segments' }).first().click();
  const leave = page.getByRole('dialog', { name: 'Leave without saving' });
  await leave.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New segment' })).toBeVisible();
});

test('a rule is pasted with its mistakes named, compared with another segment, doubled and deleted', async ({
  page,
}) => {
  await signIn(page);
  const first = `Xena${Date.now()}`;
  for (const n of [1, 2, 3]) await createContact(page, `${first}.${n}@example.com`.toLowerCase(), first);
  const headers = await token(page);
  const byName = { field: 'first_name', op: 'is', value: first };
  const other = await page.request.post('/api/app/segments', {
    headers,
    data: {
      name: `Other ${first}`,
      conditions: { field: 'email', op: 'starts_with', value: `${first}.1`.toLowerCase() },
    },
  });
  const id = ((await other.json()) as { id: number }).id;
  await page.request.post('/api/app/segments', {
    headers,
    data: { name: `User ${first}`, conditions: { field: 'segment', op: 'in', value: id } },
  });

  await page.goto('/app/segments/new');
  let dialog = await paste(page, '{ "all": [');
  await expect(dialog.getByText(/This is no JSON/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  dialog = await paste(page, { all: [byName, { field: 'email', op: 'smells', value: 'x' }] });
  await expect(dialog.getByText('/all/1/op')).toBeVisible();
  await dialog.getByLabel('Rule as JSON').fill(JSON.stringify({ all: [byName] }));
  await dialog.getByRole('button', { name: 'Use this rule' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('segment-count')).toHaveText('3');

  await page.getByRole('combobox', { name: 'Another segment' }).fill(`Other ${first}`);
  await page.getByRole('option', { name: `Other ${first}` }).click();
  const parts = page.getByTestId('comparison').getByRole('listitem');
  await expect(parts).toHaveText(['Only in this one2', 'In both1', `Only in Other ${first}0`]);
  await check(page, 'segment-compare-light');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`Main ${first}`);
  await page.getByRole('button', { name: 'Create segment' }).click();
  await expect(page.getByText('All changes are saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Duplicate' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Main ${first} (copy)` })).toBeVisible();

  // One in use names its places, and wants its name typed.
  await page.goto(`/app/segments/${id}`);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const sure = page.getByRole('dialog', { name: `Delete the segment Other ${first}` });
  await expect(sure.getByText(`User ${first}`)).toBeVisible();
  await expect(sure.getByRole('button', { name: 'Delete segment' })).toBeDisabled();
  await sure.getByRole('textbox').fill(`Other ${first}`);
  await sure.getByRole('button', { name: 'Delete segment' }).click();
  await expect(page).toHaveURL(/\/app\/segments$/);
});

test('pages of segments are accessible in the dark', async ({ page }) => {
  await signIn(page, 'dark');
  await page.goto('/app/segments/new');
  await expect(page.getByRole('heading', { level: 1, name: 'New segment' })).toBeVisible();
  await check(page, 'segment-new-dark');
  await page.goto('/app/segments');
  await expect(page.getByRole('heading', { level: 1, name: 'Segments' })).toBeVisible();
  await check(page, 'segments-dark');
  const row = page.getByRole('row').filter({ hasText: 'All Zora' }).first();
  await row.click();
  await expect(page.getByTestId('segment-count')).toHaveText('2');
  await check(page, 'segment-dark');
});

test('a rule with many values fits a phone, and a ring of segments is refused in words', async ({ page }) => {
  await signIn(page);
  const name = `Ring ${Date.now()}`;
  const headers = await token(page);
  const make = async (data: object) =>
    ((await (await page.request.post('/api/app/segments', { headers, data })).json()) as { id: number }).id;
  const rule = {
    all: [
      { field: 'place.country', op: 'is', value: ['DE', 'AT', 'CH', 'GB', 'US', 'NL'] },
      { field: 'device.kind', op: 'is', value: ['mobile', 'tablet'] },
      { activity: 'email.opened', times: { at_least: 2 }, between: ['2026-01-01', '2026-01-31'], country: 'DE' },
    ],
  };
  const id = await make({ name, conditions: rule });
  const outer = await make({ name: `${name} outer`, conditions: { field: 'segment', op: 'in', value: id } });

  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/app/segments/${id}`);
  const tree = page.getByRole('region', { name: 'Who belongs to it' });
  // Both values are on the screen, not an empty field.
  const device = tree.getByRole('group', { name: 'Device', exact: true });
  await expect(device.getByText('Mobile', { exact: true })).toBeVisible();
  await expect(device.getByText('Tablet', { exact: true })).toBeVisible();
  const opened = tree.getByRole('group', { name: 'E-mail opened' });
  await expect(opened.getByRole('combobox', { name: 'When' })).toHaveValue('between dates');
  await expect(opened.getByLabel('From')).toHaveValue('2026-01-01');
  await expect(opened.getByText('Germany', { exact: true })).toBeVisible();
  await expect(page.getByTestId('segment-count')).toHaveText('0');
  await opened.getByRole('combobox', { name: 'When' }).click();
  await page.getByRole('option', { name: 'in the last' }).click();
  await expect(page.getByTestId('condition-sentence')).toContainText('at least 2 times in the last 30 days');
  await check(page, 'segment-phone-light');
  const wider = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await wider()).toBe(0);

  // Said while it is being built, before anything is saved.
  await tree.getByRole('combobox', { name: 'Add condition' }).click();
  await page.keyboard.type('Segment');
  await page.getByRole('option', { name: 'Segment', exact: true }).click();
  const row = tree.getByRole('group', { name: 'Segment', exact: true });
  await row.getByRole('combobox', { name: 'Value' }).fill(`${name} outer`);
  await page.getByRole('option', { name: `${name} outer` }).click();
  const ring = `A segment cannot be part of itself: this → ${name} outer → this.`;
  await expect(page.getByText(ring).first()).toBeVisible();
  expect(await wider()).toBe(0);
  for (const one of [outer, id]) await page.request.delete(`/api/app/segments/${one}`, { headers });
});
