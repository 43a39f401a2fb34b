import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { grave, listen, signIn, token } from './start';

const picture = (page: Page, name: string) =>
  page.screenshot({ path: `test-results/pictures/campaigns-${name}.png`, fullPage: true });
const faults = async (page: Page) => grave((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations);

/** A list with some people on it. */
async function audience(page: Page) {
  const headers = await token(page);
  const name = `Readers ${Date.now()}`;
  const list = (await (await page.request.post('/api/app/lists', { headers, data: { name } })).json()).id as number;
  for (let i = 1; i <= 6; i++)
    await page.request.post('/api/app/contacts', {
      headers,
      data: { email: `reader${i}.${list}@journey.example`, first_name: `Reader ${i}`, lists: [list] },
    });
  return { list, name };
}

test('a split test is made, scheduled, sent and watched; the calendar shows it', async ({ page }) => {
  const complaints = listen(page);
  await signIn(page);
  const { list, name } = await audience(page);
  const found: unknown[] = [];

  await page.goto('/app/campaigns');
  await page.getByRole('link', { name: 'New campaign' }).first().click();
  await page.getByRole('radio', { name: /Split test/ }).click();
  await page.getByLabel('Name').fill('Autumn news');
  await picture(page, 'new');
  found.push(...(await faults(page)));
  await page.getByRole('button', { name: 'Create campaign' }).click();
  await expect(page.getByRole('heading', { name: 'Autumn news' })).toBeVisible();
  await expect(page.getByText('Choose at least one list to send to.')).toBeVisible();

  await page.getByRole('button', { name: 'Edit Audience' }).click();
  await page.getByRole('dialog').getByLabel('Lists', { exact: true }).first().fill(name);
  await page.getByRole('option', { name }).first().click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status').filter({ hasText: '6 chosen' })).toBeVisible();
  await picture(page, 'audience');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Audience' })).toContainText('6 chosen, 6 will get it');

  await page.getByRole('button', { name: 'Edit Subject and preheader' }).click();
  const panel = page.getByRole('dialog');
  await panel.getByLabel('Subject').first().fill('What is new this autumn');
  await panel.getByLabel('Subject').nth(1).fill('Seven things you have not seen');
  await picture(page, 'subject');
  found.push(...(await faults(page)));
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByText('Seven things you have not seen')).toBeVisible();

  // The editor has a journey of its own; here the mail is only there.
  const id = Number(page.url().split('/').pop());
  const headers = await token(page);
  const campaign = await (await page.request.get(`/api/app/campaigns/${id}`)).json();
  const { design } = await (await page.request.get('/api/app/templates/content?template=library/newsletter')).json();
  for (const v of campaign.variants)
    await page.request.put(`/api/app/messages/${v.message_id}`, {
      headers,
      data: {
        name: 'Autumn news',
        subject: v.subject,
        from_name: 'Ann',
        from_address: 'ann@journey.example',
        design,
      },
    });
  await page.reload();
  await expect(page.getByRole('link', { name: 'Edit the mail' })).toBeVisible();
  await page.getByRole('button', { name: 'Edit When' }).click();
  await page.getByText('At a time').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('6 contacts');
  await page.getByRole('dialog').getByRole('button', { name: 'Schedule it' }).click();
  await expect(page.getByText('Scheduled', { exact: true }).first()).toBeVisible();
  await expect(
    page.frameLocator('iframe[title="The mail as contacts will see it"]').first().locator('table').first(),
  ).toBeAttached();
  await picture(page, 'summary');
  found.push(...(await faults(page)));

  await page.goto('/app/campaigns/calendar');
  await expect(page.getByRole('link', { name: /Autumn news/ }).first()).toBeVisible();
  await picture(page, 'calendar');
  found.push(...(await faults(page)));

  await page.goto(`/app/campaigns/${id}`);
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send to 6 contacts now' }).click();
  await expect(page.getByText('6 of 6 mails are done')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Sending' })).toContainText('Variants');
  await picture(page, 'sent');
  found.push(...(await faults(page)));
  await page.goto('/app/campaigns');
  await expect(page.getByRole('row', { name: /Autumn news/ }).first()).toContainText('Sent');
  await picture(page, 'list');
  found.push(...(await faults(page)));

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/app/campaigns/${id}`);
  await expect(page.getByText('6 of 6 mails are done')).toBeVisible();
  await picture(page, 'phone-dark');
  await page.goto('/app/campaigns/calendar');
  await expect(page.getByRole('heading', { name: 'Calendar' })).toBeVisible();
  await picture(page, 'calendar-phone-dark');
  expect([...found, ...complaints]).toEqual([]);
  expect(list).toBeGreaterThan(0);
});
