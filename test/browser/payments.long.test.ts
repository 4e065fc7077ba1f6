/** Told versus counted as an operator meets it: from the daily sheet to the payments of the day, to one that did not count, and to one by its number. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage, type Size } from './browser.ts';
import { small } from './engines/checks.ts';
import { look } from './look.ts';

let browser: Browser;
let box: PageBox;

/** Of two tills; one has come and gone before it was told, one is told and cancelled, and one waits. */
const PAYMENTS = [
  { id: 'C-20261130-000101', plate: '粤B77777', till: '北门', amount: 500 },
  { id: 'C-20261130-000102', plate: '粤B77778', till: '北门', amount: 700, expiresAt: '2026-01-01T00:00:00+08:00' },
  { id: 'C-20261130-000103', plate: '粤BD12345', till: '南门', amount: 1_500 },
  { id: 'C-20261130-000104', plate: '粤B77779', till: '南门', amount: 1_500 },
];

beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox()]);
  await box.as('operator');
  const listen = /listen: "?([\d.:]+)/.exec(readFileSync(box.configFile, 'utf8'))?.[1] ?? '';
  const token = /intake.pms: "(.*)"/.exec(readFileSync(join(box.folder, 'secrets.yaml'), 'utf8'))?.[1] ?? '';
  for (const paid of PAYMENTS)
    await fetch(`http://${listen}/api/v1/grants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lane: '1001', ...paid }),
    });
  const bridge = box.box.host.app?.bridges.get('1001');
  bridge?.feed({ kind: 'revoke', grantId: 'C-20261130-000104', why: 'cancelled', atMs: bridge.nowMs() });
  const notCounted = async () =>
    (await box.ask('GET', '/api/v1/payments?day=today', { cookie: await box.as('operator') })).json.notCounted;
  await vi.waitUntil(async () => (await notCounted()).length === 2, { timeout: LONGEST_WAIT_MS, interval: 50 });
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

const WORDS = {
  zh: {
    link: '送来的与计入的',
    sum: '送来 4 笔，2 笔没有计入',
    clock: '请检查发送方的时钟',
    id: '缴费编号',
    look: '查',
  },
  en: {
    ...{ link: 'Told versus counted', sum: '4 told, 2 not counted', clock: 'check the clock', id: 'Payment number' },
    ...{ look: 'Look up' },
  },
} as const;
const UNKNOWN = { zh: '没有这个编号的缴费', en: 'No payment with this number' } as const;

it.each([
  ['zh', 'phone'],
  ['en', 'phone'],
  ['zh', 'desktop'],
  ['en', 'desktop'],
] as const)('what did not count is found, with why: %s, %s', async (language, size: Size) => {
  const words = WORDS[language];
  const { page, complaints } = await openPage(browser, { language, size });
  page.setDefaultTimeout(LONGEST_WAIT_MS);
  const [name = '', value = ''] = (await box.as('operator')).split('=');
  await page.context().addCookies([{ name, value, url: box.url }]);
  await page.goto(`${box.url}/#/account?day=today`);
  await page.getByRole('link', { name: words.link }).first().click();
  await page.getByText(words.sum).waitFor();
  const cells = await page.locator('.account-lines tbody tr').allTextContents();
  expect(cells).toHaveLength(3);
  expect(cells[2]).toContain('42.00');
  await look(page, `payments-day-${language}-${size}`);
  if (size === 'phone') expect(await small(page)).toEqual([]);

  await page.getByRole('link', { name: 'C-20261130-000102' }).click();
  await page.getByText(words.clock).waitFor();
  await look(page, `payments-fate-${language}-${size}`);
  if (size === 'phone') expect(await small(page)).toEqual([]);

  await page.getByLabel(words.id).fill('C-20261130-000103');
  await page.getByRole('button', { name: words.look, exact: true }).click();
  await page.getByRole('heading', { name: /000103/ }).waitFor();
  await page.getByLabel(words.id).fill('粤B/1?');
  await page.getByRole('button', { name: words.look, exact: true }).click();
  await page.getByText(UNKNOWN[language]).waitFor();
  expect(complaints.filter((each) => !/status of 404/.test(each))).toEqual([]);
  await page.context().close();
});
