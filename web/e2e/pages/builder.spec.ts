import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { card, open } from '../automations/open';
import { earlier, small } from '../automations/samples';

/** Without the step in which the stand-in finds a fault. */
const sound = JSON.parse(JSON.stringify(small).replace('"nudge"', '"tell"')) as object;

/** At rest: a picture, no fault of axe, no complaint of the browser. */
async function look(page: Page, name: string, complaints: readonly string[]) {
  await page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running'));
  await page.screenshot({ path: `test-results/pictures/builder-${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  // A dialog's own header beside the page's is a moderate remark of axe on every dialog of the library.
  const grave = violations.filter((v) => !v.id.startsWith('landmark-'));
  const found = grave.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
  expect([...found, ...complaints]).toEqual([]);
}

for (const scheme of ['light', 'dark']) {
  test(`versions, what changed and publishing in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations/7', scheme, { earlier, draft: sound });
    await expect(card(page, /Send an e-mail, Welcome/)).toBeVisible();
    await page.keyboard.press('v');
    await expect(page.getByText('as sales wished')).toBeVisible();
    await look(page, `versions-${scheme}`, complaints);

    await page.getByRole('button', { name: 'What has changed since publishing' }).click();
    const changes = page.getByRole('complementary', { name: 'Changes' });
    await expect(changes.getByText('added', { exact: false }).first()).toBeVisible();
    await expect(card(page, /Add a tag, old offer.*Removed/)).toHaveCount(1);
    await expect(card(page, /Notify someone.*Added/)).toHaveCount(1);
    await expect(changes.getByText('Changed and moved')).toHaveCount(1);
    await look(page, `compare-${scheme}`, complaints);
    const current = changes.locator('[aria-current]');
    const first = await current.textContent();
    await page.keyboard.press('j');
    await expect(current).not.toHaveText(first ?? '');
    await page.keyboard.press('k');
    await expect(current).toHaveText(first ?? '');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('complementary', { name: 'Versions' })).toBeVisible();

    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(page.getByText('Since version 3:')).toBeVisible();
    await look(page, `publish-${scheme}`, complaints);
  });

  test(`find, shortcuts and labels in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations/7', scheme);
    await expect(card(page, /Send an e-mail, Welcome/)).toBeVisible();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('e-mail');
    const status = page.getByRole('search').getByRole('status');
    await expect(status).toHaveText(/^\d found$/);
    await page.keyboard.press('Enter');
    await expect(status).toHaveText(/^1 of \d$/);
    await look(page, `find-${scheme}`, complaints);
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-card]:focus')).toHaveCount(1);
    await page.keyboard.press('Shift+?');
    await expect(page.getByRole('dialog').getByText('On the canvas')).toBeVisible();
    await look(page, `shortcuts-${scheme}`, complaints);

    await page.goto('/app/automations');
    await page.getByRole('button', { name: 'Manage labels' }).click();
    await expect(page.getByRole('textbox', { name: 'Name of the label Sales' })).toBeVisible();
    await look(page, `labels-${scheme}`, complaints);
    await page.keyboard.press('Escape');
    await page.getByRole('grid').getByRole('checkbox').nth(1).check();
    await page.getByRole('region', { name: 'Chosen automations' }).getByRole('button', { name: 'Labels' }).click();
    await expect(page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible();
    await look(page, `assign-${scheme}`, complaints);
  });

  test(`the map and the import in ${scheme}`, async ({ page }) => {
    const { complaints } = await open(page, '/app/automations/map', scheme);
    const hot = page.getByRole('link', { name: /^Hot leads to sales, Active/ });
    await expect(hot).toHaveAccessibleName(/started by Welcome series, Tag is added: hot/);
    await look(page, `map-${scheme}`, complaints);
    await page.getByRole('link', { name: /^Welcome series/ }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.locator('[data-map-card]:focus')).toHaveCount(1);
    await expect(page.getByRole('link', { name: /^Welcome series/ })).not.toBeFocused();
    await look(page, `map-focus-${scheme}`, complaints);
    await page.getByText('List', { exact: true }).click();
    await expect(page.getByRole('table')).toContainText('starts Hot leads to sales, Tag is added: hot');
    await look(page, `map-list-${scheme}`, complaints);

    await page.goto('/app/automations');
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByRole('textbox', { name: 'Document' }).fill('{}');
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await expect(page.getByText('3 things it names are not in this account')).toBeVisible();
    await look(page, `import-${scheme}`, complaints);
  });
}

test('on a phone the comparison and the map can be read', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { complaints } = await open(page, '/app/automations/7?compare=2..draft', 'light', { earlier });
  await expect(page.getByRole('complementary', { name: 'Changes' })).toBeVisible();
  await look(page, 'compare-phone', complaints);
  await page.goto('/app/automations/map');
  await expect(page.getByRole('table')).toBeVisible();
  await look(page, 'map-phone', complaints);
  await page.goto('/app/automations');
  await expect(page.getByText('Abandoned cart')).toBeVisible();
  await look(page, 'list-phone', complaints);
});

test('the lane dialog keeps a branch or none, and undo brings everything back', async ({ page }) => {
  const { state } = await open(page, '/app/automations/7', 'light');
  const decision = card(page, /decision/).first();
  await decision.click();
  await page.keyboard.press('Escape');
  await decision.focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: /^Keep “No”/ }).click();
  await expect(card(page, /^Notify someone/)).toHaveCount(0);
  await expect(card(page, /^Wait until/)).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(card(page, /^Notify someone/)).toHaveCount(1);
  await expect.poll(() => JSON.stringify(state.document)).toContain('"nudge"');
});
