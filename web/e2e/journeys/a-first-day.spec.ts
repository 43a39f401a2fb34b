import { expect, test } from '@playwright/test';
import { SmtpSink } from './smtpSink';

// Runs first, on an empty server: makes the account that the other journeys sign in with.
test('the whole path: first run, import, automation drawn, real mail, click, on it goes, unsubscribe', async ({
  page,
}) => {
  const sink = await SmtpSink.start();

  await test.step('the first run makes the account', async () => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Set up Millrace' })).toBeVisible();
    await page.getByLabel('Name of the account').fill('Acme Tools');
    await page.getByLabel('Your name').fill('Ann Acme');
    await page.getByLabel('Your e-mail address').fill('ann@acme.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await page.getByLabel('Sender name').fill('Acme Tools');
    await page.getByLabel(/Postal address/).fill('1 Mill Road, 12345 Milltown');
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
    await expect(page.getByText('First steps')).toBeVisible();
  });

  await test.step('mail goes through a real SMTP server', async () => {
    await page.goto('/app/settings/sending');
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Port').fill(String(sink.port));
    await page.getByRole('combobox', { name: 'Security' }).click();
    await page.getByRole('option', { name: /None/ }).click();
    await page.getByRole('button', { name: 'Save server' }).click();
    await expect(page.getByText('Mail goes through your own server')).toBeVisible();
  });

  await test.step('a list, made where it is needed: on the page of lists', async () => {
    await page.goto('/app/lists');
    await page
      .getByRole('button', { name: /Create list|Create a list/ })
      .first()
      .click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('textbox', { name: 'Name', exact: true }).fill('Newsletter');
    await panel.getByRole('button', { name: 'Create list' }).click();
    // Leaving sooner would take the request back.
    await expect(panel).toBeHidden();
    await expect(page.getByText('Newsletter').first()).toBeVisible();
  });

  await test.step('an automation is drawn', async () => {
    await page.goto('/app/automations/new');
    await page.getByLabel('Name').first().fill('Welcome');
    await page.getByRole('button', { name: 'Create automation' }).click();
    await expect(page).toHaveURL(/automations\/\d+/);
    await page
      .getByRole('button', { name: /Trigger/ })
      .first()
      .click();
    await page.getByRole('combobox', { name: 'Search' }).fill('subscribes to');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'List' }).click();
    await page.getByRole('option', { name: 'Newsletter' }).click();
    await page.getByRole('button', { name: 'Add a step after the start' }).click();
    await page.getByRole('combobox', { name: 'Search' }).fill('send an e-mail');
    await page.keyboard.press('Enter');
    await page.getByLabel('Subject').fill('Welcome, %FIRSTNAME|friend%');
    await page.getByText('Own HTML', { exact: true }).click();
    await page
      .getByRole('textbox', { name: /HTML/ })
      .fill('<p>Hi %FIRSTNAME|friend%, <a href="https://example.com/start">start here</a></p>');
    await page.getByRole('button', { name: 'Add a step after Send an e-mail' }).click();
    await page.getByRole('combobox', { name: 'Search' }).fill('wait until');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary');
    await panel.getByPlaceholder('Add condition').click();
    await page.keyboard.type('link clicked');
    await page.getByRole('option', { name: /E-mail link clicked/ }).click();
    await page.getByRole('button', { name: /Add a step after Wait until/ }).click();
    await page.getByRole('combobox', { name: 'Search' }).fill('add a tag');
    await page.keyboard.press('Enter');
    await panel.getByRole('combobox', { name: 'Tag' }).fill('engaged');
    await page.getByRole('option', { name: /engaged/ }).click();
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
    await page.screenshot({ path: 'test-results/pictures/day-canvas.png' });
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: 'Publish and activate' }).click();
    await expect(page.getByRole('button', { name: /v1/ })).toBeVisible();
    await expect(page.getByRole('switch', { name: 'Active' })).toBeChecked();
  });

  await test.step('contacts are imported from a file; all but the bad row come in', async () => {
    await page.goto('/app/contacts/import');
    const rows = Array.from({ length: 20 }, (_, i) => `person${i}@example.org,Person,No${i}`);
    await page.locator('input[type=file]').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(['E-mail,First name,Last name', ...rows, 'not an address,Bad,Row'].join('\n')),
    });
    await expect(page.getByRole('button', { name: 'Start import' })).toBeVisible();
    await page.getByRole('combobox', { name: 'Subscribe to' }).click();
    await page.getByRole('option', { name: 'Newsletter' }).click();
    await page.screenshot({ path: 'test-results/pictures/day-import.png' });
    await page.getByRole('button', { name: 'Start import' }).click();
    await expect(page.getByText('Finished', { exact: true })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Download 1 rejected row' })).toBeVisible();
  });

  await test.step('everybody gets a real mail', async () => {
    await expect.poll(() => sink.mails.length).toBe(20);
    expect(sink.mails[0]).toMatch(/List-Unsubscribe-Post: List-Unsubscribe=One-Click/);
    expect(SmtpSink.html(sink.mails[0] ?? '')).toContain('Hi Person');
  });

  const mail = sink.mails.find((m) => m.includes('person7@example.org')) ?? '';
  const link = (kind: string) =>
    new RegExp(`https?://[^"\\s]*/${kind}/[^"\\s<>]+`).exec(SmtpSink.html(mail))?.[0] ?? '';

  await test.step('a click moves the contact on', async () => {
    // Within two seconds of delivery only scanners click, and they move nobody on.
    await page.waitForTimeout(2_500);
    const answer = await page.request.get(link('c'), {
      maxRedirects: 0,
      headers: { 'user-agent': 'Mozilla/5.0 (X11) Firefox/140.0' },
    });
    expect(answer.status()).toBe(302);
    expect(answer.headers()['location']).toBe('https://example.com/start');
  });

  await test.step('the reader unsubscribes on the page behind the link', async () => {
    await page.goto(link('u'));
    await page.getByRole('button').first().click();
    await expect(page.getByText(/unsubscribed/i).first()).toBeVisible();
  });

  await test.step('the contact moved on, and its page shows it', async () => {
    await page.goto('/app/contacts?q=person7');
    await page.getByText('person7@example.org').first().dblclick();
    await expect(page).toHaveURL(/contacts\/\d+/);
    await expect(page.getByText('engaged').first()).toBeVisible();
    await expect(page.getByText('Unsubscribed', { exact: true }).first()).toBeVisible();
    await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible();
    await page.screenshot({ path: 'test-results/pictures/day-contact.png' });
  });

  // The other journeys read what they send in the catcher.
  await test.step('back to the catcher', async () => {
    await page.goto('/app/settings/sending');
    await page.getByRole('button', { name: 'Stop using this server' }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Stop using this server' });
    await confirm.click({ timeout: 3_000 }).catch(() => undefined);
    await expect(page.getByText('Mail goes to the built-in catcher')).toBeVisible();
  });
  sink.stop();
});
