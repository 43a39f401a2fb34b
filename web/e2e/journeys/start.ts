import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

/** What every journey begins with and looks at: the user made by `a-first-day`, or the one the environment names. */
export const email = process.env['MILLRACE_EMAIL'] ?? 'ann@acme.example';
export const password = process.env['MILLRACE_PASSWORD'] ?? 'correct horse battery';

/** Signs in without the form, which `a-first-day` has filled in, and shows pages in a colour scheme. */
export async function signIn(page: Page, scheme = 'light') {
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  await page.context().addCookies([{ name: 'millrace_color_scheme', value: scheme, domain: hostname, path: '/' }]);
  await page.emulateMedia({ colorScheme: scheme === 'dark' ? 'dark' : 'light' });
  // Not in the sandboxed frames of mails, which have no storage.
  await page.addInitScript((s) => {
    if (window === window.top) localStorage.setItem('mantine-color-scheme-value', s);
  }, scheme);
  expect((await page.request.post('/api/app/session', { data: { email, password } })).ok()).toBe(true);
}

/** The header that lets a request of the test write. */
export async function token(page: Page) {
  const cookies = await page.context().cookies();
  return { 'X-CSRF-Token': decodeURIComponent(cookies.find((c) => c.name === 'millrace_csrf')?.value ?? '') };
}

/** Errors of the page, and what its policies refused, from now on. */
export function listen(page: Page, ignored = /^$/): string[] {
  const heard: string[] = [];
  page.on('pageerror', (e) => heard.push(e.message));
  page.on('console', (m) => {
    if (m.type() === 'error' && /Content Security|Trusted|policy/i.test(m.text()) && !ignored.test(m.text()))
      heard.push(m.text());
  });
  return heard;
}

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

/** The serious ones, as lines to read. */
export const grave = (violations: Violations) =>
  violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);

export const faults = async (page: Page) => grave((await new AxeBuilder({ page }).analyze()).violations);

/** Waits until the page is at rest, takes a picture, and wants no serious fault. */
export async function check(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.screenshot({ path: `test-results/pictures/${name}.png` });
  expect.soft(await faults(page)).toEqual([]);
}
