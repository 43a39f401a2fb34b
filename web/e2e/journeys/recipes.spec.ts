import { expect, test } from '@playwright/test';
import { check, listen, signIn } from './start';

for (const scheme of ['light', 'dark'])
  test(`the gallery and a recipe in ${scheme}`, async ({ page }) => {
    const heard = listen(page);
    await signIn(page, scheme);
    await page.goto('/app/automations/new');
    await expect(page.getByRole('link', { name: 'Welcome series' })).toBeVisible();
    await check(page, `recipes-${scheme}`);
    await page.getByRole('link', { name: 'Welcome series' }).click();
    await expect(
      page.locator('[data-canvas]').getByRole('button', { name: /^Subscribes to a list|^Subscribed/ }),
    ).toBeVisible();
    await check(page, `recipe-${scheme}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.reload();
    await expect(page.locator('[data-canvas]').getByRole('button', { name: /^Subscribe/ })).toBeVisible();
    await check(page, `recipe-phone-${scheme}`);
    await page.goto('/app/automations/new');
    await expect(page.getByRole('link', { name: 'Welcome series' })).toBeVisible();
    await check(page, `recipes-phone-${scheme}`);
    expect(heard).toEqual([]);
  });

test('a recipe becomes a draft with the chosen names and its mails, and can be published', async ({ page }) => {
  const heard = listen(page);
  await signIn(page);
  const name = `Birthdays ${Date.now()}`;
  await page.goto('/app/automations/new');
  await page.getByRole('textbox', { name: 'Search recipes' }).fill('birthday coupon');
  await expect(page.getByRole('article')).toHaveCount(1);
  await page.getByRole('link', { name: 'Birthday coupon' }).click();

  const form = page.getByRole('form', { name: 'Birthday coupon' });
  await form.getByRole('textbox', { name: 'Name of the automation' }).fill(name);
  const field = form.getByRole('combobox', { name: 'Field with the birthday' });
  const fieldName = `Born ${Date.now()}`;
  await field.fill(fieldName);
  await page.keyboard.press('Escape');
  await expect(form.getByText('A new field')).toBeVisible();
  await form.getByRole('textbox', { name: 'Code of the coupon' }).fill('CAKE10');
  await form.getByRole('textbox', { name: 'Page of your shop' }).fill('https://shop.acme.example/');
  await form.getByRole('textbox', { name: /^Subject: Your birthday present/ }).fill('Your cake is still here');
  await form.getByRole('button', { name: 'Create the draft' }).click();

  await expect(page).toHaveURL(/\/automations\/\d+/);
  const canvas = page.locator('[data-canvas]');
  await expect(canvas.getByRole('button', { name: new RegExp(fieldName) })).toBeVisible();
  await expect(canvas.getByRole('button', { name: /Your cake is still here/ })).toBeVisible();
  const id = /automations\/(\d+)/.exec(page.url())?.[1] ?? '';
  const exported = await (await page.request.get(`/api/app/automations/${id}/export`)).text();
  expect(exported).toContain('CAKE10');
  expect(exported).toContain('https://shop.acme.example/');
  expect(exported).not.toContain('example.com');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish only' }).click();
  await expect(page.getByText('Never published')).toBeHidden();
  expect(heard).toEqual([]);
});

test('a recipe of a module to come says so and cannot be started', async ({ page }) => {
  await signIn(page);
  await page.goto('/app/automations/new');
  await page.getByText('Pipeline', { exact: true }).first().click();
  await expect(page.getByText(/^Needs Deals/).first()).toBeVisible();
  await page.getByRole('link', { name: 'B2B pipeline' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'B2B pipeline' })).toBeVisible();
  await expect(page.getByText(/^Needs Deals/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create the draft' })).toHaveCount(0);
  await check(page, 'recipe-locked');
});
