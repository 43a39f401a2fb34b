import { expect, test } from '@playwright/test';
import { faults, listen, signIn, token } from './start';

const pages = [
  'profile',
  'account',
  'users',
  'sending',
  'domains',
  'exclusions',
  'delivery-log',
  'api',
  'tracking',
  'webhooks',
];

for (const scheme of ['light', 'dark']) {
  test(`every settings page in ${scheme} is accessible and breaks no policy`, async ({ page }) => {
    const complaints = listen(page);
    await signIn(page, scheme);
    const found: string[] = [];
    for (const name of pages) {
      await page.goto(`/app/settings/${name}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: `test-results/pictures/settings-${name}-${scheme}.png` });
      found.push(...(await faults(page)).map((f) => `${name}: ${f}`));
    }
    expect([...found, ...complaints]).toEqual([]);
  });
}

test('the page of the API takes a key and executes a call with it', async ({ page }) => {
  await signIn(page, 'light');
  const made = await page.request.post('/api/app/api-keys', {
    data: { name: `Docs ${Date.now()}` },
    headers: await token(page),
  });
  const { key } = (await made.json()) as { key: string };
  // Nothing but the key opens the API.
  await page.context().clearCookies();
  await page.goto('/api/docs/index.html');
  const contacts = page.locator('.opblock-get').filter({ has: page.locator('[data-path="/api/3/contacts"]') });
  const execute = async () => {
    await contacts.getByRole('button', { name: 'Execute' }).click();
    return contacts.locator('.live-responses-table .response-col_status').last();
  };
  // The groups are closed at first: the page is long.
  await page
    .locator('.opblock-tag[data-tag]')
    .filter({ hasText: /^contacts/i })
    .first()
    .click();
  await contacts.locator('.opblock-summary-control').click();
  await contacts.getByRole('button', { name: 'Try it out' }).click();
  await expect(await execute()).toContainText('403');

  await page.getByRole('button', { name: 'Authorize', exact: true }).click();
  const dialog = page.locator('.modal-ux');
  await dialog.locator('input').fill(key);
  await dialog.getByRole('button', { name: 'Apply credentials' }).click();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(await execute()).toContainText('200');
  await expect(contacts.locator('.live-responses-table')).toContainText('contacts');
});

test('a key is made, shown once and revoked', async ({ page }) => {
  await signIn(page, 'light');
  await page.goto('/app/settings/api');
  const name = `Shop ${Date.now()}`;
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Key', { exact: true })).not.toHaveValue('');
  const key = await dialog.getByLabel('Key', { exact: true }).inputValue();
  const contacts = () => page.request.get('/api/3/contacts', { headers: { 'Api-Token': key } });
  expect((await contacts()).status()).toBe(200);
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await page
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('button', { name: 'Revoke' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
  expect((await contacts()).status()).not.toBe(200);
});

test('a name saves when its field is left, and the theme goes to the server', async ({ page }) => {
  await signIn(page, 'light');
  await page.goto('/app/settings/profile');
  const name = `Rivers ${Date.now() % 1000}`;
  await page.getByLabel('Last name').fill(name);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Saved')).toBeVisible();
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect
    .poll(async () => (await (await page.request.get('/api/app/session')).json()).user)
    .toMatchObject({ last_name: name, color_scheme: 'dark' });
});
