import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const pages = [
  { name: 'home', path: '/app/', cookies: {} },
  { name: 'login', path: '/app/login', cookies: { stand_in: 'out' } },
  { name: 'setup', path: '/app/setup', cookies: { stand_in: 'out', stand_in_setup: '1' } },
  { name: 'kit', path: '/app/kit', cookies: {} },
  { name: 'not-found', path: '/app/nothing-here', cookies: {} },
];

async function open(page: Page, path: string, cookies: Record<string, string>) {
  const complaints: string[] = [];
  page.on(
    'console',
    (m) => m.type() === 'error' && /Content Security|Trusted|policy/i.test(m.text()) && complaints.push(m.text()),
  );
  page.on('pageerror', (e) => complaints.push(e.message));
  await page
    .context()
    .addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, domain: '127.0.0.1', path: '/' })));
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  return complaints;
}

for (const scheme of ['light', 'dark']) {
  for (const { name, path, cookies } of pages) {
    test(`${name} in ${scheme} is accessible and breaks no policy`, async ({ page }) => {
      const complaints = await open(page, path, { ...cookies, millrace_color_scheme: scheme });
      await page.screenshot({ path: `test-results/pictures/${name}-${scheme}.png`, fullPage: name === 'kit' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(
        (v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`,
      );
      expect([...found, ...complaints]).toEqual([]);
    });
  }
}

test('the palette opens by key, searches and goes', async ({ page }) => {
  await open(page, '/app/', { millrace_color_scheme: 'light' });
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search, or type').fill('ann');
  await expect(page.getByText('ann@acme.example')).toBeVisible();
  await page.screenshot({ path: 'test-results/pictures/palette.png' });
});

test('a long grid keeps only the rows in sight in the document, and its keys scroll', async ({ page }) => {
  await open(page, '/app/kit', {});
  const grid = page.getByRole('grid', { name: 'People' });
  await expect(grid).toHaveAttribute('aria-rowcount', '501');
  const rows = await grid.getByRole('row').count();
  expect(rows).toBeGreaterThan(6);
  expect(rows).toBeLessThan(60);
  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByText('Dee Number 499')).toBeVisible();
});
