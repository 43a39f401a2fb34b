import { expect, test, type Page } from '@playwright/test';
import { check, listen, signIn, token } from './start';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const stamp = Date.now();
const canvas = (page: Page) => page.locator('[data-canvas]');
const card = (page: Page, name: RegExp) => canvas(page).locator('[data-card]').and(page.getByRole('button', { name }));

async function make(page: Page, name: string, steps: object[] = []) {
  const made = await page.request.post('/api/app/automations', {
    data: { name: `${name} ${stamp}`, document: { triggers: [], steps } },
    headers: await token(page),
  });
  return ((await made.json()) as { id: number }).id;
}

const saved = (page: Page) => expect(page.getByText('Saved', { exact: true })).toBeVisible();

test('an automation is built, changed, published and taken back without a mouse', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const id = await make(page, 'By keys');
  await page.goto(`/app/automations/${id}`);
  await expect(canvas(page)).toBeVisible();
  const keys = page.keyboard;
  const pick = async (words: string) => {
    await expect(page.getByRole('combobox', { name: 'Search', exact: true })).toBeFocused();
    await keys.type(words);
    await keys.press('Enter');
  };
  /** Out of the panel, back on the card it was about. */
  const back = async (name: RegExp) => {
    await keys.press('Escape');
    await expect(card(page, name)).toBeFocused();
  };

  await keys.press('t');
  await pick('tag is added');
  await expect(page.locator('aside:focus')).toHaveCount(1);
  await back(/^Tag is added/);

  await keys.press('a');
  await pick('add a note');
  await expect(page.getByRole('textbox', { name: /^Text/ })).toBeFocused();
  await keys.type('First');
  await back(/^Add a note, First/);
  await keys.press('Tab');
  await pick('wait for');
  await expect(page.getByRole('complementary').getByRole('textbox').first()).toBeFocused();
  await keys.type('2');
  await back(/^Wait/);
  await keys.press('Tab');
  await pick('go to');
  const step = page.getByRole('combobox', { name: /^Step/ });
  await expect(page.locator('aside:focus')).toHaveCount(1);
  await keys.press('Tab');
  await keys.press('Tab');
  await expect(step).toBeFocused();
  await keys.press('ArrowDown');
  await keys.press('ArrowDown');
  await keys.press('Enter');
  await expect(step).not.toHaveValue('');
  await keys.press('Escape');
  await keys.press('Escape');
  await expect(canvas(page).locator('[data-card]')).toHaveCount(4);

  // Copy and move: the note is there twice, then the second one goes above the wait and away.
  await keys.press('ArrowUp');
  await keys.press('ArrowUp');
  await expect(card(page, /^Add a note/)).toBeFocused();
  await keys.press('Control+c');
  await keys.press('ArrowDown');
  await expect(card(page, /^Wait/)).toBeFocused();
  await keys.press('Control+v');
  await expect(card(page, /^Add a note/)).toHaveCount(2);
  await expect(card(page, /^Add a note/).nth(1)).toBeFocused();
  await keys.press('Alt+ArrowUp');
  await keys.press('Delete');
  await expect(card(page, /^Add a note/)).toHaveCount(1);
  await keys.press('Control+z');
  await expect(card(page, /^Add a note/)).toHaveCount(2);
  await keys.press('Control+Shift+z');
  await expect(card(page, /^Add a note/)).toHaveCount(1);

  await keys.press(',');
  await expect(page.getByRole('complementary', { name: 'Settings' }).locator(':focus')).toHaveCount(1);
  await keys.press('Escape');
  await saved(page);
  await keys.press('Control+Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Publish and activate' })).toBeFocused();
  await keys.press('Shift+Tab');
  await keys.press('Shift+Tab');
  await keys.press('Shift+Tab');
  await expect(dialog.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await keys.type('The first one');
  await keys.press('Tab');
  await keys.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Publish only' })).toBeFocused();
  await keys.press('Enter');
  await expect(page.getByRole('button', { name: 'v1', exact: true })).toBeVisible();

  // What changed since, and back to the first version: the draft only, and undone like anything else.
  await card(page, /^Add a note/).focus();
  await keys.press('Enter');
  await expect(page.getByRole('textbox', { name: /^Text/ })).toBeFocused();
  await keys.press('End');
  await keys.type(' and second');
  await back(/^Add a note, First and second/);
  await saved(page);
  await keys.press('v');
  await expect(page.getByText('The first one')).toBeVisible();
  // The list came after the keyboard was in the panel: past its close button.
  await expect(page.locator('aside:focus')).toHaveCount(1);
  await keys.press('Tab');
  await keys.press('Tab');
  await expect(page.getByRole('button', { name: 'What has changed since publishing' })).toBeFocused();
  await keys.press('Enter');
  const changes = page.getByRole('complementary', { name: 'Changes' });
  await expect(changes).toContainText('1 changed');
  await expect(changes.locator('del')).toHaveText('First');
  await expect(changes.locator('ins')).toHaveText('First and second');
  await expect(card(page, /^Add a note.*Changed/)).toHaveCount(1);
  await check(page, 'builder-compare');
  await page.getByRole('button', { name: 'Restore version 1' }).focus();
  await keys.press('Enter');
  await expect(card(page, /^Add a note, First, action/)).toHaveCount(1);
  await saved(page);
  const read = async () =>
    (await (await page.request.get(`/api/app/automations/${id}`)).json()) as { changed: boolean };
  await expect.poll(async () => (await read()).changed).toBe(false);
  expect(await (await page.request.get(`/api/app/automations/${id}/versions`)).json()).toHaveLength(1);
  await keys.press('Control+z');
  await expect(card(page, /^Add a note, First and second/)).toHaveCount(1);
  await expect.poll(async () => (await read()).changed).toBe(true);
  expect(heard).toEqual([]);
});

test('steps go from one automation to another, labels order them, and the map shows who starts whom', async ({
  page,
}) => {
  const heard = listen(page);
  await signIn(page);
  const target = await make(page, 'Target', [{ id: 'w', type: 'wait.for', duration: 'P1D' }]);
  const source = await make(page, 'Source', [
    { id: 'n', type: 'note.add', text: 'Copied along' },
    {
      id: 'f',
      type: 'flow.if',
      conditions: { all: [] },
      yes: [{ id: 's', type: 'flow.start_automation', automation: target }],
      no: [{ id: 'g', type: 'flow.goto', step: 'n' }],
    },
  ]);
  await page.goto(`/app/automations/${source}`);
  // The keyboard on a card is enough to copy it.
  await card(page, /^Add a note/).focus();
  await page.keyboard.press('Control+c');
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/"Copied along"(?![^]*flow\.if)/);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  // With names, as soon as the server has said them.
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain(`"automation": "Target ${stamp}"`);

  const third = await make(page, 'Third');
  await page.goto(`/app/automations/${third}`);
  await expect(canvas(page)).toBeVisible();
  await page.keyboard.press('Control+v');
  await expect(page.getByText('2 steps pasted')).toBeVisible();
  await expect(card(page, /^Start an automation, Target/)).toHaveCount(1);
  await saved(page);
  const { document } = (await (await page.request.get(`/api/app/automations/${third}`)).json()) as {
    document: { steps: { id: string; no?: { step: string }[] }[] };
  };
  expect(document.steps[1]?.no?.[0]?.step).toBe(document.steps[0]?.id);
  expect(document.steps[0]?.id).not.toBe('n');

  // What is no automation changes nothing and is said.
  await page.evaluate(() =>
    navigator.clipboard.writeText(
      '{"steps":[{"type":"flow.end","onload":"alert(1)"},{"id":"<img src=x>","type":"a"}]}',
    ),
  );
  await page.keyboard.press('Control+v');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(canvas(page).locator('[data-card]')).toHaveCount(4);

  await page.goto('/app/automations');
  await page.getByRole('button', { name: /^(Create|Manage) labels$/ }).click();
  await page.getByRole('textbox', { name: 'New label' }).fill(`Team ${stamp}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: `Name of the label Team ${stamp}` })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Search automations' }).fill(String(stamp));
  const rows = page.getByRole('grid').getByRole('row');
  // Until the list is the found one: rows chosen before it comes are chosen no more.
  await expect(page).toHaveURL(new RegExp(`q=.*${stamp}`));
  await expect(rows.filter({ hasText: `Source ${stamp}` })).toBeVisible();
  for (const name of ['Source', 'Third'])
    await rows
      .filter({ hasText: `${name} ${stamp}` })
      .getByRole('checkbox')
      .check();
  await expect(page.getByText('2 chosen')).toBeVisible();
  await page.keyboard.press('l');
  await page
    .getByRole('dialog')
    .getByRole('checkbox', { name: `Team ${stamp}` })
    .check();
  await page.getByRole('button', { name: 'Save labels' }).click();
  await expect(page.getByText('Labels of 2 automations changed')).toBeVisible();
  await page.getByRole('group', { name: 'By label' }).getByText(`Team ${stamp}`).click();
  await expect(rows.filter({ hasText: `Target ${stamp}` })).toHaveCount(0);
  await expect(rows.filter({ hasText: `Third ${stamp}` })).toHaveCount(1);
  await check(page, 'builder-labels');

  await page.goto('/app/automations/map');
  const link = page.getByRole('link', { name: new RegExp(`^Source ${stamp}`) });
  await expect(link).toHaveAccessibleName(new RegExp(`starts Target ${stamp}`));
  await check(page, 'builder-map');
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/automations/${source}`));
  expect(heard).toEqual([]);
});
