import { expect, test } from '@playwright/test';
import { check, signIn } from './start';

// Runs on a server with demo contacts; MILLRACE_EMAIL and MILLRACE_PASSWORD sign in, MILLRACE_CONTACT is one contact's id.
const contact = process.env['MILLRACE_CONTACT'] ?? '1';

const pages = [
  { name: 'contacts', path: '/app/contacts' },
  { name: 'contact', path: `/app/contacts/${contact}` },
  { name: 'lists', path: '/app/lists' },
  { name: 'tags', path: '/app/tags' },
  { name: 'fields', path: '/app/fields' },
  { name: 'import', path: '/app/contacts/import' },
  { name: 'imports', path: '/app/contacts/imports' },
  { name: 'exports', path: '/app/contacts/exports' },
];

for (const scheme of ['light', 'dark'])
  test(`pages of contacts in ${scheme} are accessible`, async ({ page }) => {
    await signIn(page, scheme);
    for (const { name, path } of pages) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await check(page, `${name}-${scheme}`);
    }
  });

test('contacts are chosen by keys, tagged together, peeked at; dialogs are accessible', async ({ page }) => {
  await signIn(page, 'light');
  await page.goto('/app/contacts');
  const grid = page.getByRole('grid', { name: 'Contacts' });
  await expect(grid.getByRole('row').nth(3)).toBeVisible();
  await grid.focus();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByRole('region', { name: 'Actions on the chosen contacts' })).toContainText('2 selected');
  await check(page, 'contacts-bulk');
  await page.keyboard.press('Escape');
  await page.keyboard.press(' ');
  await expect(page.getByRole('dialog', { name: 'Contact' })).toBeVisible();
  await expect(page.getByText('Lately')).toBeVisible();
  await check(page, 'contacts-peek');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create contact' }).click();
  await expect(page.getByRole('dialog', { name: 'New contact' })).toBeVisible();
  await check(page, 'contacts-create');
});

test('a file is pasted, its columns are mapped, and its people arrive', async ({ page }) => {
  await signIn(page, 'light');
  await page.goto('/app/contacts/import');
  await page.getByRole('tab', { name: 'Paste' }).click();
  const unique = Date.now();
  await page
    .getByLabel('Rows from a spreadsheet')
    .fill(`E-mail,First name,Colour\nzoe${unique}@example.com,Zoe,blue\nbroken,Nil,red`);
  await page.getByRole('button', { name: 'Go on with these rows' }).click();
  await expect(page.getByRole('table', { name: 'Columns of the file' })).toBeVisible();
  await check(page, 'import-mapping');
  await page.getByRole('button', { name: 'Start import' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download 1 rejected row' })).toBeVisible();
  await check(page, 'import-progress');
});

test('a field is made with options, and its tag can be copied', async ({ page }) => {
  await signIn(page, 'light');
  await page.goto('/app/fields');
  // An account without fields shows a second such button in the middle of the page.
  await page.getByRole('button', { name: 'Create field' }).first().click();
  const panel = page.getByRole('dialog', { name: 'New field' });
  const name = `Size ${Date.now()}`;
  await panel.getByRole('textbox', { name: 'Name' }).fill(name);
  await panel.getByRole('combobox', { name: 'Type' }).click();
  await page.getByRole('option', { name: 'Dropdown' }).click();
  await panel.getByLabel('Option 1', { exact: true }).fill('Small');
  await panel.getByLabel('Option 2', { exact: true }).fill('Large');
  await check(page, 'fields-edit');
  await panel.getByRole('button', { name: 'Create field' }).click();
  await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
});
