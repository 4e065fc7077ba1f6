/** The page API as an installer uses it: a token is made, the command shown is copied and run in a shell, the token is revoked and the command refused. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage, type Size } from './browser.ts';
import { look } from './look.ts';

const run = promisify(execFile);
let browser: Browser;
let box: PageBox;

beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox({ secure: true })]);
  await box.as('installer');
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

const WORDS = {
  zh: {
    ...{ user: '用户名', password: '密码', login: '登录', make: '新建令牌', name: '程序的名字', metrics: /^metrics/ },
    ...{ done: '已复制，收起', revoke: '作废', once: '请现在复制' },
  },
  en: {
    ...{ user: 'User', password: 'Password', login: 'Log in', make: 'New token', name: 'Name of the program' },
    ...{ metrics: /^metrics/, done: 'Copied, close', revoke: 'Revoke', once: 'Copy it now' },
  },
} as const;

it.each([
  ['zh', 'phone'],
  ['en', 'desktop'],
  ['en', 'phone'],
] as const)('a token is made, used and revoked: %s, %s', async (language, size: Size) => {
  const words = WORDS[language];
  const name = `${language}-${size}`;
  const { page, complaints } = await openPage(browser, { language, size });
  await page.goto(`${box.url}/#/api`);
  await page.getByLabel(words.user).fill('installer');
  await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.login, exact: true }).click();
  await page.getByText('GET /api/v1/overview').waitFor();
  await look(page, `tokens-page-${name}`);

  await page.getByRole('button', { name: words.make }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words.name).fill(name);
  await dialog.getByLabel(words.metrics).check();
  await look(page, `tokens-dialog-${name}`);
  await dialog.getByRole('button', { name: words.make }).click();
  await page.getByText(words.once).waitFor();
  await look(page, `tokens-made-${name}`);

  const shown = await page.locator('.box.ok code').allTextContents();
  const [token = '', overview = '', metrics = ''] = shown;
  expect(token).toMatch(/^lw_/);
  const copied = async (command: string) => (await run('sh', ['-c', command])).stdout;
  expect(JSON.parse(await copied(overview))).toHaveProperty('headline');
  expect(await copied(metrics)).toContain('lanewarden_build_info');

  await page.getByRole('button', { name: words.done }).click();
  await page.reload();
  await page.getByText(`${name}`, { exact: true }).waitFor();
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: `${words.revoke} ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.revoke, exact: true }).click();
  await expect.poll(() => page.getByText(name, { exact: true }).count()).toBe(0);
  expect(JSON.parse(await copied(overview))).toMatchObject({ status: 401, code: 'unauthorized' });

  const operation = page.locator('details', { hasText: 'GET /api/v1/releases/{id}/timeline' });
  await operation.locator('summary').click();
  await look(page, `tokens-operation-${name}`);
  expect(complaints).toEqual([]);
});
