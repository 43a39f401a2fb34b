import { expect, test } from '@playwright/test';
import { card, open } from '../automations/open';
import { large } from '../automations/samples';

/** Generous limits in milliseconds: two shared cores without a graphics card. */
const limits = { open: 3500, frame: 200, key: 200 };

test('an automation of two hundred steps opens, pans and takes text without a stutter', async ({ page }) => {
  const draft = large(200);
  await open(page, '/app/automations', 'light', { draft });
  await expect(page.getByText('Welcome series')).toBeVisible();
  const start = Date.now();
  await page.getByText('Welcome series').click();
  await expect(card(page, /Mail number 1\b/)).toBeVisible();
  const opened = Date.now() - start;

  const frames = await page.evaluate(async () => {
    const times: number[] = [];
    const pane = document.querySelector('.react-flow__pane');
    let last = performance.now();
    for (let i = 0; i < 60; i++) {
      pane?.dispatchEvent(new WheelEvent('wheel', { deltaY: i < 30 ? 90 : -90, bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times.toSorted((a, b) => a - b);
  });

  await card(page, /Mail number 1\b/).click();
  const subject = page.getByRole('textbox', { name: 'Subject' });
  await subject.click();
  // From each key to the frame after the one that shows it.
  await page.evaluate(() => {
    const keys: number[] = [];
    Object.assign(window, { keys });
    document.addEventListener(
      'keydown',
      () => {
        const at = performance.now();
        requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - at)));
      },
      { capture: true },
    );
  });
  await page.keyboard.type('A longer subject, typed', { delay: 30 });
  await expect(card(page, /typed/)).toHaveCount(1);
  const keys = await page.evaluate(() =>
    (window as unknown as { keys: number[] }).keys.toSorted((a: number, b: number) => a - b),
  );
  // Only what is near the window stands in the document.
  expect(await page.locator('[data-card]').count()).toBeLessThan(100);
  const p95 = (values: readonly number[]) => values[Math.floor(values.length * 0.95)] ?? Infinity;
  console.log(
    `200 steps: open ${opened} ms, frame p95 ${p95(frames).toFixed(0)} ms, key to paint p95 ${p95(keys).toFixed(0)} ms`,
  );
  expect(keys.length).toBeGreaterThan(15);
  expect(opened).toBeLessThan(limits.open);
  expect(p95(frames)).toBeLessThan(limits.frame);
  expect(p95(keys)).toBeLessThan(limits.key);
});
