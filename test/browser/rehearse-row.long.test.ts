/** A management system that is read, in the form of the configuration: one row of it is shown and counts nothing, before anything is applied. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { unfold } from './config-form.ts';

let browser: Browser;
let demo: Demo;
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-fee-'));
const file = join(folder, 'fee.db');
beforeAll(async () => {
  const database = new Sqlite(file);
  database.exec(`CREATE TABLE lanewarden_pay (order_no TEXT, car_no TEXT, lane TEXT, money REAL, pay_time TEXT, operator TEXT);
    INSERT INTO lanewarden_pay VALUES ('P-1', '粤B12345', '东门出口', 15, '2026-11-30 10:00:00', '张三')`);
  database.close();
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
  rmSync(folder, { recursive: true });
});

it.each([
  ['zh', 'phone', '配置文件 lanewarden.yaml', /读一行/, '没有这个车道', '有还没应用的改动'],
  ['en', 'desktop', 'Configuration file lanewarden.yaml', /Read one row/, 'no such lane', 'Unapplied changes'],
] as const)('says what its lane is called here: %s, %s', async (language, size, label, button, wrong, draft) => {
  const { page } = await openPage(browser, { language, size });
  await page.goto(`${demo.url}/#/config/text`);
  const editor = page.getByLabel(label);
  const system = `intake:\n  systems:\n    - { name: booth, profile: fee-record, file: ${file} }`;
  await editor.fill((await editor.inputValue()).replace(/^intake:/m, system));
  await page.getByText(draft).first().waitFor();
  await page.goto(`${demo.url}/#/config/form`);
  await unfold(page, 'intake', 'intake.systems', 'intake.systems[0]');
  await page.getByRole('button', { name: button }).click();
  const main = page.locator('main');
  for (const words of [wrong, '东门出口', 'P-1', '粤B12345', '张三'])
    await expect.poll(() => main.textContent()).toContain(words);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.context().close();
});
