import { expect, test, type Page } from '@playwright/test';
import { check, listen, signIn, token } from './start';

/** Contacts with a tag, and a draft that waits for the tag. */
async function prepared(page: Page, name: string) {
  const headers = await token(page);
  const tag = `already-${Date.now()}`;
  const made = await page.request.post('/api/app/automations/import', {
    headers,
    data: {
      name,
      create: true,
      triggers: [{ id: 't', type: 'tag.added', tag, runs: 'once' }],
      steps: [
        {
          id: 'g',
          type: 'goal',
          name: 'Bought something',
          conditions: { all: [{ field: 'email', op: 'starts_with', value: 'buyer' }] },
        },
        { id: 'w', type: 'wait.for', duration: 'P3D' },
      ],
    },
  });
  const { id } = (await made.json()) as { id: string };
  for (const who of ['buyer', 'looker', 'passer']) {
    const contact = await page.request.post('/api/app/contacts', {
      headers,
      data: { email: `${who}-${Date.now()}@example.org` },
    });
    const { id: contactId } = (await contact.json()) as { id: number };
    await page.request.post(`/api/app/contacts/${contactId}/tags`, { headers, data: { name: tag } });
  }
  return id;
}

test('contacts that match already are counted, let in on publishing, and stand in the report', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const id = await prepared(page, `Report ${Date.now()}`);

  await page.goto(`/app/automations/${id}`);
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const choice = dialog.getByRole('checkbox', { name: 'Also let in 3 contacts that match already' });
  await expect(choice).not.toBeChecked();
  await expect(dialog.getByText('3 match, 3 would enter')).toBeVisible();
  await check(page, 'automation-publish-existing');
  await choice.check();
  await dialog.getByRole('button', { name: 'Publish and activate' }).click();
  await expect(page.getByText('3 contacts that matched already came in')).toBeVisible();
  await expect(page.getByRole('button', { name: '3 inside now' })).toBeVisible();

  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Report', exact: true }).click();
  const people = page.getByRole('region', { name: 'People' });
  await expect(people.getByText('Entered').first()).toBeVisible();
  const goals = page.getByRole('region', { name: 'Goals' });
  // The report is what was counted when it was asked for.
  await expect(async () => {
    await page.reload();
    await expect(goals.getByText('Table', { exact: true })).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await people.getByRole('slider').focus();
  await page.keyboard.press('End');
  await expect(people.getByRole('slider')).toHaveAttribute('aria-valuetext', /Entered 3/);
  await goals.getByText('Table', { exact: true }).click();
  await expect(goals.getByRole('row', { name: /Bought something 1 2 33\.3%/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'E-mails' }).getByText('Nothing was counted')).toBeVisible();
  await check(page, 'automation-report');

  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV file of Steps' }).click();
  expect((await file).suggestedFilename()).toMatch(/^automation-steps-.*\.csv$/);

  await page.getByText('7 days', { exact: true }).click();
  await expect(page).toHaveURL(/days=(%22)?7/);
  await page.setViewportSize({ width: 390, height: 844 });
  // The charts follow the width a moment later.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await check(page, 'automation-report-phone');
  expect(heard).toEqual([]);
});
