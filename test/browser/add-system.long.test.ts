/** A management system that is read: one row of it shown, and added from nothing by the form, its profile chosen, its file and its lane entered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { field, more, part, unfold } from './config-form.ts';
import { look } from './look.ts';

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

const SYSTEMS = 'intake.systems';

// In the form of the configuration: one row is shown and counts nothing, before anything is applied.
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

it.each([
  [
    'zh',
    'phone',
    {
      add: '添加到 用模板接入的收费系统',
      lane: '添加到 它的车道名 → 本机的车道号',
      key: '名称',
      read: /读一行/,
      good: '没有错误',
      file: '配置文件 lanewarden.yaml',
    },
  ],
  [
    'en',
    'desktop',
    {
      add: 'Add to Management systems that are known by a profile',
      lane: 'Add to Its name of a lane → ours',
      key: 'Name',
      read: /Read one row/,
      good: 'No faults',
      file: 'Configuration file lanewarden.yaml',
    },
  ],
] as const)('asks for what its profile needs, and reads a row: %s, %s', async (language, size, words) => {
  const { page, complaints } = await openPage(browser, { language, size });
  await page.goto(`${demo.url}/#/config/form`);
  await unfold(page, 'intake');
  await more(page, 'intake');
  await unfold(page, SYSTEMS);
  await page.getByRole('button', { name: words.add, exact: true }).click();
  const booth = `${SYSTEMS}[0]`;
  await field(page, `${booth}.name`).fill('booth');
  await field(page, `${booth}.profile`).selectOption({ label: 'fee-record' });
  await field(page, `${booth}.file`).fill(file);
  const lanes = page.locator(`fieldset[data-key="${booth}.lanes"]`);
  await lanes.getByLabel(words.key, { exact: true }).fill('东门出口');
  await lanes.getByRole('button').last().click();
  await lanes.getByLabel('东门出口', { exact: true }).fill('1001');
  await part(page, booth).getByRole('button', { name: words.read }).click();
  await page.getByText(words.good).first().waitFor();
  await look(page, `add-system-${size}`);
  for (const each of ['东门出口', 'P-1', '粤B12345', '张三'])
    await expect.poll(() => part(page, booth).locator('.rehearse-row').textContent()).toContain(each);
  await page.goto(`${demo.url}/#/config/text`);
  const { systems: written } = parse(await page.getByLabel(words.file).inputValue()).intake;
  expect(written).toEqual([{ name: 'booth', profile: 'fee-record', file, lanes: { 东门出口: '1001' } }]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
