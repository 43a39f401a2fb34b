import { expect, test, type Page } from '@playwright/test';
import { check, listen, signIn, token } from './start';

async function newMail(page: Page, name: string) {
  const block = (text: string) => ({ columns: [{ blocks: [{ kind: 'heading', options: { text } }] }] });
  const answer = await page.request.post('/api/app/messages', {
    headers: await token(page),
    data: {
      name,
      subject: 'Designed',
      design: {
        sections: [
          { name: 'One', ...block('First') },
          { name: 'Two', ...block('Second') },
        ],
      },
    },
  });
  return (await answer.json()).id as number;
}

const read = async (page: Page, id: number) => (await page.request.get(`/api/app/messages/${id}`)).json();
type Stored = { design: { sections: { name?: string; shared?: number; columns: { blocks: { kind: string }[] }[] }[] } };

test('a mail is designed: sections move in the layers, a product comes in by drag, the telephone differs, a version is had again', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const complaints = listen(page, /img-src/);
  await signIn(page);
  const id = await newMail(page, 'Designed');
  await page.goto(`/app/messages/${id}`);
  const names = async () => ((await read(page, id)) as Stored).design.sections.map((s) => s.name);

  await page.getByRole('tab', { name: 'Layers' }).click();
  await page.getByRole('button', { name: 'One', exact: true }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(names).toEqual(['Two', 'One']);

  await page.getByRole('tab', { name: 'Blocks' }).click();
  const from = await page.getByRole('button', { name: 'Product', exact: true }).boundingBox();
  const to = await page.getByRole('group', { name: 'Heading block' }).first().boundingBox();
  if (!from || !to) throw new Error('not on screen');
  await page.mouse.move(from.x + 20, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height + 1, { steps: 8 });
  await page.mouse.up();
  await expect(page.getByRole('group', { name: 'Product block' })).toBeVisible();

  await page.getByRole('tab', { name: /Mobile/ }).click();
  await page.getByRole('textbox', { name: 'Text size on telephones' }).fill('20');
  await page.getByRole('radio', { name: 'Telephone' }).check({ force: true });
  await expect(page.locator('[data-device=mobile]')).toBeVisible();
  await expect.poll(async () => JSON.stringify((await read(page, id)).design)).toContain('"mobile_size":20');
  await check(page, 'designer-mobile');

  await page.getByRole('group', { name: 'Product block' }).focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: /Version 1/ })).toBeVisible();
  await page.keyboard.press('Escape');
  expect(complaints).toEqual([]);
});

test('a section becomes a shared part that two mails show', async ({ page }) => {
  await signIn(page);
  const id = await newMail(page, 'Shares');
  await page.goto(`/app/messages/${id}`);
  await page.getByRole('region', { name: 'Two' }).focus();
  await page.getByRole('button', { name: 'Keep this section for other mails' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Hours');
  await dialog.getByRole('radio', { name: /one source/ }).check();
  await dialog.getByRole('button', { name: 'Keep' }).click();
  await expect.poll(async () => ((await read(page, id)) as Stored).design.sections[1]?.shared).toBeGreaterThan(0);
  await page.goto('/app/blocks');
  await expect(page.getByRole('row', { name: /Hours/ })).toContainText('1 mail');
  await check(page, 'designer-parts');
});
