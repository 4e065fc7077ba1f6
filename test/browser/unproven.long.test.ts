/** A lane that has not earned reporting, as people meet it on the page: what it says, where its records go, and how one of them is sent. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordState } from '../../src/store/record-types.ts';
import { LONGEST_TEST_MS } from '../longest-wait.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage } from './browser.ts';
import { look } from './look.ts';

const BY_HAND = '签字：每次开闸都是人工';
let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  browser = await openBrowser();
  box = await pageBox({
    demo: true,
    // As a new box is: nobody has signed.
    prepare: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace(/^ *reporting: .*\n/m, '')),
  });
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

const store = () => box.box.host.app?.store;
const inState = async (state: RecordState) => (await store()?.review.list({ states: [state], limit: 100 })) ?? [];
const sent = () => box.park.platform.records.map(({ fields }) => fields.parking_serial);

/** A car that the attendant lets out, until its record has this state. */
async function letOut(state: RecordState): Promise<void> {
  const { length: before } = await inState(state);
  await expect.poll(() => box.park.controls.send('manual'), { timeout: LONGEST_TEST_MS, interval: 500 }).toBe(true);
  await expect
    .poll(async () => (await inState(state)).length, { timeout: LONGEST_TEST_MS, interval: 500 })
    .toBe(before + 1);
}

async function paidStep(page: Page): Promise<void> {
  const line = page.locator('.headline .complaint', { hasText: '还没有证明收得到缴费' });
  await line.getByRole('link', { name: '去缴费接口这一步' }).click();
  await page.waitForURL(/#\/wizard\/1001\/paid$/);
}

it.each([
  ['zh', 'phone', '缴费消息对上 0/20 次通行；开闸继电器 0/20 次，还要有人确认脉冲就是已缴费'],
  [
    'en',
    'desktop',
    '0 of 20 passages joined with their payment message; 0 of 20 openings by the relay, and a person’s word that its pulse means paid',
  ],
  ['en', 'phone', '0 of 20 passages joined with their payment message'],
] as const)('says what is missing, and leads to the step: %s, %s', async (language, size, missing) => {
  const { page, complaints } = await openPage(browser, { language, size });
  await page.goto(`${box.url}/#/overview`);
  const line = page.locator('.headline .complaint', { hasText: missing });
  await line.waitFor();
  await look(page, `unproven-status-${language}-${size}`);
  await line.getByRole('link').click();
  await page.waitForURL(/#\/wizard\/1001\/paid$/);
  await page.getByText(missing.split('; ')[0]?.split('；')[0] ?? '').waitFor();
  await look(page, `unproven-step-${language}-${size}`);
  await page.goto(`${box.url}/#/wizard/1001/sheet`);
  await page.locator('.paper dd', { hasText: missing }).waitFor();
  await look(page, `unproven-sheet-${language}-${size}`);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('keeps what an acceptance without payments lets through, sends the one that a person sends, and all after a signature', {
  timeout: 4 * LONGEST_TEST_MS,
}, async () => {
  const { page, complaints } = await openPage(browser, { language: 'zh', size: 'phone' });
  await page.goto(`${box.url}/#/wizard/1001/sheet`);
  await page.getByRole('button', { name: '验收完成，放行先暂存' }).click();
  await page.getByText('凭“没有缴费”的放行先暂存，由人查看后再发').waitFor();
  await look(page, 'unproven-accepted');
  await letOut('kept');
  await letOut('kept');
  expect(sent()).toEqual([]);

  await page.goto(`${box.url}/#/overview`);
  await page.locator('dt', { hasText: '暂存未上报' }).waitFor();
  await page.locator('dd a[href="#/inbox"]').click();
  await page.locator('.release').nth(1).waitFor();
  await look(page, 'unproven-inbox');
  await page.locator('.inbox-card > a').first().click();
  await page.getByText('当时这条车道还没有证明收得到缴费').waitFor();
  await look(page, 'unproven-record');
  await page.getByRole('button', { name: '追缴', exact: true }).click();
  await look(page, 'unproven-send');
  await page.evaluate("dispatchEvent(new Event('pagehide'))");
  await expect.poll(() => sent().length, { timeout: LONGEST_TEST_MS }).toBe(1);
  expect(await inState('kept')).toHaveLength(1);

  // Payments after the acceptance: the signature opens the lane for what comes, and leaves what is kept to people.
  await page.goto(`${box.url}/#/overview`);
  await paidStep(page);
  await page.getByRole('button', { name: BY_HAND }).click();
  await page.getByText('新配置已启用').waitFor({ timeout: LONGEST_TEST_MS });
  await page.getByText('签字（demo：这里没有缴费消息，每次开闸都是人工）').waitFor();
  await page.locator('a[aria-current=step]', { hasText: '已完成' }).waitFor();
  await look(page, 'unproven-signed');
  await letOut('delivered');
  expect(await inState('kept')).toHaveLength(1);
  expect(sent()).toHaveLength(2);
  await page.goto(`${box.url}/#/overview`);
  await page.locator('.headline').waitFor();
  await page.getByText('还没有证明收得到缴费').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await page.context().close();
});
