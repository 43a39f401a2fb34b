import { expect, test, type Page } from '@playwright/test';
import { check, listen, signIn, token } from './start';

test('a split with three paths is built by hand, said in words and published', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const made = await page.request.post('/api/app/automations', {
    data: { name: `Split ${Date.now()}`, document: { triggers: [], steps: [] } },
    headers: await token(page),
  });
  const { id } = (await made.json()) as { id: number };
  await page.goto(`/app/automations/${id}`);
  const canvas = page.locator('[data-canvas]');
  const search = page.getByRole('combobox', { name: 'Search', exact: true });
  const pick = async (words: string, title: RegExp) => {
    await search.fill(words);
    await page.getByRole('option', { name: title }).first().click();
  };

  await canvas.getByRole('button', { name: 'Trigger', exact: true }).click();
  await pick('tag is added', /^Tag is added/);
  await canvas
    .getByRole('button', { name: /^Add a step/ })
    .first()
    .click();
  await pick('split', /^Split/);

  // The form speaks in words, and the canvas shows as many paths as it says.
  await expect(page.getByRole('combobox', { name: 'How', exact: true })).toHaveValue('Evenly');
  await expect(canvas.getByTitle('Fold this branch')).toHaveText(['A', 'B']);
  await page.getByRole('textbox', { name: 'Paths', exact: true }).fill('3');
  await expect(canvas.getByTitle('Fold this branch')).toHaveText(['A', 'B', 'C']);
  await page.getByRole('combobox', { name: 'How', exact: true }).click();
  await page.getByRole('option', { name: 'By shares' }).click();
  await page.getByRole('textbox', { name: 'Shares', exact: true }).fill('50, 30, 20');
  await expect(canvas.getByRole('button', { name: /^Split, By shares · 3 paths · 50 \/ 30 \/ 20 %/ })).toBeVisible();

  await canvas
    .getByRole('button', { name: /^Add a step after Split b$/i })
    .first()
    .click();
  await pick('note', /^Add a note/);
  await page.getByRole('textbox', { name: /^Text/ }).click();
  await page.keyboard.type('Took path B');
  await expect(canvas.getByRole('button', { name: /^Add a note, Took path B/ })).toBeVisible();
  await check(page, 'automations-split');

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish only' }).click();
  await expect(page.getByText('Never published')).toBeHidden();
  const saved = (await (await page.request.get(`/api/app/automations/${id}/versions/1`)).json()) as object;
  expect(JSON.stringify(saved)).toContain('"shares":[50,30,20]');
  expect(heard).toEqual([]);
});

/** A mail, a wait for its opening, a decision, a wait. */
const answered = (name: string) => ({
  name,
  create: true,
  steps: [
    {
      id: 'mail',
      type: 'email.send',
      subject: 'Hello',
      from: { address: 'ann@acme.example' },
      html: '<p>Hello</p>',
    },
    {
      id: 'read',
      type: 'wait.until',
      timeout: 'P3D',
      conditions: { all: [{ activity: 'email.opened', step: 'mail' }] },
    },
    {
      id: 'fork',
      type: 'flow.if',
      conditions: { all: [{ activity: 'email.opened', step: 'mail' }] },
      yes: [{ id: 'reader', type: 'tag.add', tag: 'reader' }],
      no: [{ id: 'later', type: 'wait.for', duration: 'P7D' }],
    },
  ],
});

async function withPeople(page: Page, name: string, activate = false) {
  const headers = await token(page);
  for (const n of [1, 2, 3]) {
    await page.request.post('/api/app/contacts', {
      data: { email: `sim${n}.${Date.now()}@example.org`, first_name: `Sim${n}`, last_name: 'Person' },
      headers,
    });
  }
  const made = await page.request.post(`/api/app/automations/import?activate=${activate}`, {
    data: answered(name),
    headers,
  });
  return Number(((await made.json()) as { id: string }).id);
}

test('a draft is simulated with many people, told one by one, and played with what might happen', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const id = await withPeople(page, `Simulated ${Date.now()}`);
  await page.goto(`/app/automations/${id}`);
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await expect(page.getByText('Nothing is sent or changed')).toBeVisible();
  await check(page, 'simulator-setup');

  await page.getByRole('textbox', { name: 'How many' }).fill('3');
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  const people = page.getByRole('list', { name: 'People' });
  await expect(people.getByRole('listitem')).toHaveCount(3);
  // Nobody opens: all take the branch No, and its number stands on the canvas.
  await expect(page.locator('[data-canvas]').getByTitle('Fold this branch')).toHaveText(['Yes', /No\s*100/]);
  await check(page, 'simulator-results');

  await people.getByRole('button').first().click();
  await expect(page.getByText('Time limit over')).toBeVisible();
  await expect(page.getByText('Found: nothing').first()).toBeVisible();

  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'opens the mail' }).click();
  await expect(page.getByText('Conditions held')).toBeVisible();
  await expect(page.getByText(/^Found: once/).first()).toBeVisible();
  await check(page, 'simulator-play');
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('Conditions held')).toBeHidden();

  const numbers = (await (await page.request.get(`/api/app/automations/${id}/numbers`)).json()) as { entered: number };
  expect(numbers.entered).toBe(0);
  expect(heard).toEqual([]);
});

test('who waits, and why, is told for every step and for every contact', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const id = await withPeople(page, `Explained ${Date.now()}`, true);
  const { items } = (await (await page.request.get('/api/app/contacts?limit=1')).json()) as { items: { id: number }[] };
  await page.request.post(`/api/app/automations/${id}/contacts`, {
    data: { contact_ids: items.map((c) => c.id) },
    headers: await token(page),
  });
  await page.goto(`/app/automations/${id}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Who waits, and why' }).click();
  const panel = page.getByRole('complementary', { name: 'Who waits, and why' });
  await expect(panel.getByText('Wait until conditions hold')).toBeVisible();
  await check(page, 'automations-waiting');

  const inside = (await (await page.request.get(`/api/app/automations/${id}/people`)).json()) as {
    items: { run_id: number }[];
  };
  await page.goto(`/app/automations/${id}/runs/${inside.items[0]?.run_id}`);
  await expect(page.getByText('What it waits for finds at this moment')).toBeVisible();
  await expect(page.getByText('Found: nothing')).toBeVisible();
  await check(page, 'automations-explained');
  expect(heard).toEqual([]);
});
