import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

test.use({ actionTimeout: 15_000 });

// Signs in as the user made by the journey `a-first-day`.
const email = process.env['MILLRACE_EMAIL'] ?? 'ann@acme.example';
const password = process.env['MILLRACE_PASSWORD'] ?? '';

async function signIn(page: Page, scheme: string) {
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  await page.context().addCookies([{ name: 'millrace_color_scheme', value: scheme, domain: hostname, path: '/' }]);
  await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light' });
  await page.addInitScript((s) => localStorage.setItem('mantine-color-scheme-value', s), scheme);
  await page.goto('/app/login');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/login/);
}

async function check(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.screenshot({ path: `test-results/pictures/${name}.png` });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  expect
    .soft(grave.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`))
    .toEqual([]);
}

async function createContact(page: Page, address: string, name: string) {
  await page.goto('/app/contacts?create=true');
  const dialog = page.getByRole('dialog', { name: 'New contact' });
  await dialog.getByLabel('E-mail').fill(address);
  await dialog.getByLabel('First name').fill(name);
  await dialog.getByRole('button', { name: 'Create contact' }).click();
  await expect(dialog).toBeHidden();
}

test('a segment is made, counted, explained and used as a filter; a search becomes a segment', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'light');
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
  await page.getByRole('button', { name: 'Advanced search' }).click();
  const panel = page.getByRole('dialog', { name: 'Advanced search' });
  await panel.getByRole('combobox', { name: 'Add condition' }).click();
  await page.keyboard.type('E-mail');
  await page.getByRole('option', { name: /^E-mail( address)?$/ }).click();
  await panel.getByLabel('Value').fill(`${first}.1@example.com`.toLowerCase());
  await expect(panel.getByTestId('segment-count')).toHaveText('1');
  await check(page, 'advanced-light');
  await panel.getByRole('button', { name: 'Show contacts' }).click();
  await expect(page.getByText('1 contact', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Advanced search' }).click();
  await panel.getByRole('button', { name: 'Save as segment' }).click();
  await panel.getByLabel('Name of the segment').fill(`Only ${first}`);
  await panel.getByRole('button', { name: 'Save segment' }).click();
  await expect(page.getByText(`Segment Only ${first}`, { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/segment=\d+/);
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
