import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { card, open } from '../automations/open';
import { large } from '../automations/samples';

const picture = (page: Page, name: string) =>
  page.screenshot({ path: `test-results/pictures/automations-${name}.png` });

async function accessible(page: Page, complaints: string[]) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
  expect([...found, ...complaints]).toEqual([]);
}

for (const scheme of ['light', 'dark']) {
  test(`the list in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations', scheme);
    await expect(page.getByText('Abandoned cart')).toBeVisible();
    await picture(page, `list-${scheme}`);
    await accessible(page, complaints);
  });

  test(`the canvas in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations/7', scheme);
    await expect(card(page, /Send an e-mail, Welcome/)).toBeVisible();
    await expect(page.getByText('1 problem')).toBeVisible();
    await picture(page, `canvas-${scheme}`);
    await accessible(page, complaints);
    await card(page, /Send an e-mail, Welcome/).click();
    await expect(page.getByLabel('Subject')).toBeVisible();
    await picture(page, `step-${scheme}`);
    await accessible(page, complaints);
    await page
      .getByRole('button', { name: /^Add a step after Send an e-mail/ })
      .first()
      .click();
    await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
    await picture(page, `picker-${scheme}`);
    await accessible(page, complaints);
  });

  test(`outline and path in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations/7?view=outline', scheme);
    await expect(page.getByRole('tree')).toBeVisible();
    await picture(page, `outline-${scheme}`);
    await accessible(page, complaints);
    await page.goto('/app/automations/7/runs/11');
    await expect(page.getByText('not within the wait')).toBeVisible();
    await picture(page, `run-${scheme}`);
    await accessible(page, complaints);
  });
}

for (const scheme of ['light', 'dark']) {
  test(`notes, folded branches, a rectangle and the publish preview in ${scheme}`, async ({ page }) => {
    const { complaints, state } = await open(page, '/app/automations/7', scheme, { draft: large(30) });
    await expect(card(page, /trigger/).first()).toBeVisible();
    const lane = page.locator('[data-canvas]').getByTitle('Fold this branch');
    await expect(lane.first()).toBeVisible();
    await picture(page, `thirty-${scheme}`);

    await card(page, /Mail number 1\b/).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    const note = page.getByRole('textbox', { name: 'Note' });
    await expect(note).toBeFocused();
    await page.keyboard.type('Keep this short: Ann wants one idea per mail.');
    const cards = await page.locator('[data-card]').count();
    await lane.first().click();
    await expect(page.getByTitle('Unfold this branch')).toBeVisible();
    expect(await page.locator('[data-card]').count()).toBeLessThan(cards);
    await picture(page, `notes-${scheme}`);
    await accessible(page, complaints);

    const box = await page.locator('[data-canvas]').boundingBox();
    if (box === null) throw new Error('no canvas');
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 20, box.y + 130);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 420, { steps: 5 });
    await picture(page, `rectangle-${scheme}`);
    await page.mouse.up();
    await page.keyboard.up('Shift');
    expect(await page.locator('[aria-pressed="true"][data-card]').count()).toBeGreaterThan(1);

    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(page.getByText('which was removed, go on at')).toBeVisible();
    // The dialog comes in softly; what is judged is where it arrives.
    await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running'));
    await picture(page, `publish-${scheme}`);
    await accessible(page, complaints);
    expect(JSON.stringify(state.document)).toContain('one idea per mail');
    await page.reload();
    await expect(page.getByTitle('Unfold this branch')).toBeVisible();
  });
}

test('stuck people say why, and go on one by one or all together', async ({ page }) => {
  const { complaints, state } = await open(page, '/app/automations/7', 'light');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: /People/ }).click();
  await page.getByText('Stuck', { exact: true }).click();
  const people = page.getByRole('list', { name: /People/ });
  await expect(people.getByText('A fault of the server (TimeoutException)')).toHaveCount(2);
  await picture(page, 'stuck');
  await accessible(page, complaints);
  await page.getByRole('button', { name: 'Actions for Cleo Dawn' }).click();
  await page.getByRole('menuitem', { name: 'Try again' }).click();
  await expect(people.getByText('Cleo Dawn')).toBeHidden();
  expect(state.retried).toEqual([21]);
  await page.getByRole('button', { name: 'Try all again' }).click();
  await expect(page.getByText('Nobody here.')).toBeVisible();
  expect(state.retried).toEqual([21, 21, 22]);
});

test('a document that came without triggers opens, and can be given one', async ({ page }) => {
  const { complaints } = await open(page, '/app/automations/7', 'light', {
    draft: { steps: [{ id: 'bye', type: 'flow.end' }] },
  });
  await expect(page.locator('[data-canvas]').getByRole('button').first()).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'Something failed' })).toHaveCount(0);
  expect(complaints).toEqual([]);
});
