import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { grave, listen, signIn as startSession, token } from './start';

for (const scheme of ['light', 'dark']) {
  test(`the gallery of templates in ${scheme}: found, looked at, used`, async ({ page }) => {
    const complaints = listen(page, /img-src/);
    await startSession(page, scheme);
    await page.goto('/app/templates');
    await expect(page.getByRole('status').filter({ hasText: /\d\d templates/ })).toBeVisible();
    await page.getByRole('button', { name: /^Holidays and seasons/ }).click();
    await expect(page.getByRole('heading', { name: 'Halloween' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Podcast' })).toHaveCount(0);
    const frame = page.locator('[data-template="library/halloween"] iframe').contentFrame();
    await expect(frame.getByText('Come if you dare')).toBeAttached();
    expect(grave((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations)).toEqual([]);

    await page.getByRole('button', { name: 'Preview Halloween' }).click();
    const dialog = page.getByRole('dialog', { name: 'Halloween' });
    await dialog.getByText('Phone').click();
    await expect(dialog.locator('iframe').contentFrame().getByText('Come if you dare')).toBeVisible();
    expect(grave((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations)).toEqual([]);
    await dialog.getByRole('button', { name: 'Use this template' }).click();
    await expect(page).toHaveURL(/\/app\/messages\/\d+/);
    await expect(page.getByText('Come if you dare').first()).toBeVisible();
    expect(complaints).toEqual([]);
  });
}

test('a template of one’s own is copied, edited, carried by file and deleted', async ({ page }) => {
  await startSession(page);
  await page.goto('/app/templates?q=poster');
  await page.getByRole('button', { name: 'More actions for Poster' }).click();
  await page.getByRole('menuitem', { name: 'Save as own template' }).click();
  await expect(page).toHaveURL(/category=custom/);
  await page.getByRole('button', { name: 'More actions for Poster' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Download as file' }).click(),
  ]);
  const file = (await download.path()) ?? '';
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText('“Poster” has been imported.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'More actions for Poster' })).toHaveCount(2);

  await page.getByRole('button', { name: 'More actions for Poster' }).first().click();
  await page.getByRole('menuitem', { name: 'Edit template' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Our poster');
  await expect(page.getByText('Saved')).toBeVisible();
  await page.goto('/app/templates?category=custom');
  await page.getByRole('button', { name: 'More actions for Our poster' }).click();
  await page.getByRole('menuitem', { name: 'Delete template' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete template' }).click();
  await expect(page.getByRole('heading', { name: 'Our poster' })).toHaveCount(0);
  expect(await token(page)).toBeTruthy();
});
