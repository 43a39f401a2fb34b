import type { Page } from '@playwright/test';
import { fakeAutomations } from './fake';

/** Opens a page of automations on the stand-in host; what the browser complains of from now on is gathered. */
export async function open(page: Page, path: string, scheme: string, more: { draft?: object; earlier?: object } = {}) {
  const complaints: string[] = [];
  page.on('console', (m) => m.type() === 'error' && complaints.push(`${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => complaints.push(e.message));
  await page.context().addCookies([{ name: 'millrace_color_scheme', value: scheme, domain: '127.0.0.1', path: '/' }]);
  const state = await fakeAutomations(page, more.draft);
  state.earlier = more.earlier;
  await page.goto(path);
  await page.evaluate(() => document.fonts.ready);
  return { complaints, state };
}

/** Cards of the canvas by what they say. */
export const card = (page: Page, name: RegExp) => page.locator('[data-canvas]').getByRole('button', { name });
