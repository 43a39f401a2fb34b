import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { grave, listen, signIn as startSession, token } from './start';

const complaints = new WeakMap<Page, string[]>();

/** Pictures of foreign hosts are kept out of the editor on purpose; Preview shows them. */
async function signIn(page: Page, scheme?: string) {
  complaints.set(page, listen(page, /img-src/));
  await startSession(page, scheme);
}

async function newMessage(page: Page, starter?: string) {
  const design =
    starter === undefined
      ? null
      : (await (await page.request.get(`/api/app/templates/content?template=library/${starter}`)).json()).design;
  const answer = await page.request.post('/api/app/messages', {
    headers: await token(page),
    data: { name: 'Journey', subject: 'Hello %FIRSTNAME|friend%', design },
  });
  return (await answer.json()).id as number;
}

const read = async (page: Page, id: number) => (await page.request.get(`/api/app/messages/${id}`)).json();

async function faults(page: Page) {
  const around = await new AxeBuilder({ page }).exclude('iframe').exclude('[data-mail]').analyze();
  // The mail's colours are its author's.
  const inside = (await page.locator('[data-mail]').count())
    ? await new AxeBuilder({ page }).include('[data-mail]').disableRules('color-contrast').analyze()
    : { violations: [] };
  const violations = [...around.violations, ...inside.violations];
  return [...grave(violations), ...(complaints.get(page) ?? [])];
}

for (const scheme of ['light', 'dark']) {
  test(`the editor in ${scheme} is accessible: beginning, canvas, selection, preview`, async ({ page }) => {
    await signIn(page, scheme);
    await page.goto(`/app/messages/${await newMessage(page)}`);
    await expect(page.getByRole('heading', { name: 'How should the mail look?' })).toBeVisible();
    await expect(page.getByRole('button', { name: /Welcome/ }).first()).toBeVisible();
    await page.screenshot({ path: `test-results/pictures/mail-beginning-${scheme}.png` });
    const found = await faults(page);
    await page.goto(`/app/messages/${await newMessage(page, 'welcome')}`);
    const block = page.getByRole('group', { name: 'Text block' }).first();
    await block.click();
    await expect(page.getByRole('toolbar', { name: 'Text block' })).toBeVisible();
    await page.screenshot({ path: `test-results/pictures/mail-editor-${scheme}.png` });
    found.push(...(await faults(page)));
    await page.getByRole('button', { name: 'Preview' }).click();
    await expect(page.getByTitle('The mail as the server renders it')).toBeVisible();
    await expect(
      page.frameLocator('iframe[title="The mail as the server renders it"]').locator('table').first(),
    ).toBeVisible();
    await page.screenshot({ path: `test-results/pictures/mail-preview-${scheme}.png` });
    found.push(...(await faults(page)));
    expect(found).toEqual([]);
  });
}

test('by keys alone: a block moves, is doubled, deleted, undone, and the draft is saved', async ({ page }) => {
  await signIn(page);
  const id = await newMessage(page, 'letter');
  await page.goto(`/app/messages/${id}`);
  const kinds = () =>
    page.locator('[data-block][aria-label]').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
  await expect.poll(kinds).toEqual(['Text block', 'Divider block', 'Footer block']);
  await page.locator('[data-block]').first().focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(kinds).toEqual(['Divider block', 'Text block', 'Footer block']);
  await page.keyboard.press('Control+d');
  await expect.poll(kinds).toEqual(['Divider block', 'Text block', 'Text block', 'Footer block']);
  await page.keyboard.press('Delete');
  await expect.poll(kinds).toEqual(['Divider block', 'Text block', 'Footer block']);
  await page.keyboard.press('Control+z');
  await expect.poll(kinds).toHaveLength(4);
  await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
  await expect.poll(async () => JSON.stringify((await read(page, id)).design).split('"text"').length - 1).toBe(2);
  expect(await faults(page)).toEqual([]);
});

test('text is written in place with a tag from the menu, and stored as its token', async ({ page }) => {
  await signIn(page);
  const id = await newMessage(page, 'letter');
  await page.goto(`/app/messages/${id}`);
  const text = page.getByRole('textbox', { name: 'Text', exact: true }).first();
  await text.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Dear ');
  await page.getByRole('toolbar', { name: 'Text block' }).getByRole('button', { name: 'Personalize' }).click();
  await page.getByPlaceholder('Search tags').fill('last name');
  await page.getByRole('menuitem', { name: /^Last name(?! of)/ }).click();
  await expect(text).toContainText('Last name');
  await expect
    .poll(async () => JSON.stringify((await read(page, id)).design))
    .toContain('Dear %LASTNAME%Hi %FIRSTNAME|there%');
  expect(await faults(page)).toEqual([]);
});

test('a block is dragged from the list into the mail', async ({ page }) => {
  await signIn(page);
  await page.goto(`/app/messages/${await newMessage(page, 'letter')}`);
  const from = await page.getByRole('button', { name: 'Button', exact: true }).boundingBox();
  const to = await page.getByRole('group', { name: 'Divider block' }).boundingBox();
  if (!from || !to) throw new Error('not on screen');
  await page.mouse.move(from.x + 20, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y - 2, { steps: 8 });
  await page.mouse.up();
  await expect(page.getByRole('group', { name: 'Button block' })).toBeVisible();
});

test('a test lands in the catcher and is read there by J, as HTML, text, headers, source and signature', async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`/app/messages/${await newMessage(page, 'announcement')}`);
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send test' }).click();
  await expect(page.getByText(/A test is on its way/)).toBeVisible();
  await page.goto('/app/caught-mail');
  await expect(
    page
      .getByRole('list', { name: 'Caught mails' })
      .getByText(/\[Test\] Hello/)
      .first(),
  ).toBeVisible();
  await page.keyboard.press('j');
  const frame = page.frameLocator('iframe[title="The mail as readers see it"]');
  await expect(frame.locator('table').first()).toBeVisible();
  await page.screenshot({ path: 'test-results/pictures/caught-light.png' });
  const found = await faults(page);
  for (const view of ['Text', 'Headers', 'Source', 'Signature']) {
    await page.getByRole('tab', { name: view }).click();
    await page.waitForLoadState('networkidle');
    found.push(...(await faults(page)));
  }
  expect(found).toEqual([]);
});

test('the mail of an automation’s step is edited in its draft', async ({ page }) => {
  await signIn(page);
  const steps = [{ id: 'hello', type: 'email.send', subject: 'Hi', html: '<p>Hi</p>' }];
  const made = await page.request.post('/api/app/automations', {
    headers: await token(page),
    data: { name: `Journey ${Date.now()}`, document: { entry: 'any', triggers: [], steps } },
  });
  const { id } = await made.json();
  await page.goto(`/app/automations/${id}/steps/hello/email`);
  await page.getByRole('textbox', { name: 'Subject' }).fill('Changed %FIRSTNAME%');
  await expect
    .poll(async () => (await (await page.request.get(`/api/app/automations/${id}`)).json()).document.steps)
    .toEqual([{ ...steps[0], subject: 'Changed %FIRSTNAME%' }]);
  expect(await faults(page)).toEqual([]);
});
