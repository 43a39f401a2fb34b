import { expect, test } from '@playwright/test';
import { check, listen, signIn, token } from './start';

test.use({ actionTimeout: 15_000 });

test('a split with three paths is built by hand, said in words and published', async ({ page }) => {
  test.setTimeout(120_000);
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
