/** What an installer does with a phone and no command line: the vendor's token and who is refused; the first person with a PIN goes on duty. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage } from './browser.ts';

const SHOTS = process.env.SCREENSHOTS;
let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox({ demo: true })]);
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

/** For a person to look at. */
async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  for (const [width, height] of [
    [390, 844],
    [1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${SHOTS}/${name}-${width}.png`, fullPage: true });
  }
}

async function push(token: string): Promise<number> {
  const [, at = ''] = /listen: "?([\d.:]+)/.exec(readFileSync(box.configFile, 'utf8')) ?? [];
  const answer = await fetch(`http://${at}/api/v1/grants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: `vendor-${token}`, plate: '粤B12345' }),
  });
  return answer.status;
}

it("takes the vendor's token, and shows who was refused before", async () => {
  const { page } = await openPage(browser, { language: 'zh' });
  const token = 'vendors-own-token-2026';
  expect(await push(token)).toBe(401);
  await page.goto(`${box.url}/#/wizard/1001/paid`);
  const refused = page.locator('.checks li', { hasText: '令牌不对' });
  await refused.getByText('127.0.0.1 · /api/v1/grants').waitFor();
  await shot(page, 'paid-refused');
  const card = page.locator('.card', { hasText: '给管理系统厂家' });
  await card.getByText('只在设定时显示一次').waitFor();
  await page.getByText('换端口或令牌').click();
  await page.getByLabel('令牌', { exact: true }).fill(token);
  await page.getByRole('button', { name: '写入配置' }).first().click();
  await card.getByText(token, { exact: true }).waitFor();
  await expect.poll(() => push(token)).toBe(202);
  await expect.poll(() => refused.count()).toBe(0);
  expect(await card.textContent()).toContain('/api/v1/grants');
  await shot(page, 'paid-card');
  await page.context().close();
});

it('lets the first person with a PIN go on duty at once', async () => {
  const { page } = await openPage(browser, { language: 'zh', size: 'phone' });
  await page.goto(`${box.url}/#/duty`);
  const pins = page.locator('.card', { hasText: '上岗 PIN' });
  await pins.getByLabel('姓名').fill('小李');
  await pins.getByLabel('PIN').fill('274913');
  await pins.getByRole('button', { name: '设置' }).click();
  const signOn = page.locator('.card', { has: page.getByRole('button', { name: '上岗', exact: true }) });
  await signOn.getByLabel('PIN').fill('274913');
  await shot(page, 'duty');
  await signOn.getByRole('button', { name: '上岗', exact: true }).click();
  // Set by somebody else, it is for one use.
  await signOn.getByLabel('自己选的新 PIN').fill('618304');
  await signOn.getByRole('button', { name: '上岗', exact: true }).click();
  await signOn.getByText('小李 已登记').waitFor();
  await page.context().close();
});
