/** Fifty records reviewed by keyboard alone, with the page of a running box: J or nothing, a letter, a digit for the reason. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { record, release } from '../store/open.ts';
import { openBrowser, openPage } from './browser.ts';

const RECORDS = 50;
let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox({ demo: true })]);
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

it('takes two keys each, and each is marked once', async () => {
  const store = box.box.host.app?.store;
  const ids: number[] = [];
  for (let number = 0; number < RECORDS; number += 1) {
    const plate = { text: `粤B${10_000 + number}`, confidence: 0.9 };
    const put = await store?.outbox.put(
      record(`r${number}`, { laneId: 'review', release: release(`r${number}`, { plate }) }),
    );
    ids.push(put?.id as number);
  }
  const { page } = await openPage(browser, { language: 'zh' });
  await page.goto(`${box.url}/#/releases?marked=open&lane=review`);
  await page.locator('.release').nth(29).waitFor();
  const open = async () => (await store?.review.list({ marked: 'open', laneId: 'review', limit: 100 }))?.length ?? 0;
  const begun = Date.now();
  let keys = 0;
  const press = async (key: string): Promise<void> => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await press('j');
  for (let left = RECORDS; left > 0; left -= 1) {
    const row = page.locator('.release.at');
    await row.waitFor();
    const href = await row.locator('a').getAttribute('href');
    await press('c');
    await press('1');
    // The next one is at hand, or the list has come anew.
    if (left > 1)
      await expect
        .poll(() => page.locator('.release.at a').getAttribute('href', { timeout: LONGEST_WAIT_MS }), { interval: 20 })
        .not.toBe(href);
  }
  await expect.poll(open).toBe(0);
  const tookMs = Date.now() - begun;
  process.stdout.write(`${RECORDS} records in ${Math.round(tookMs / 1000)} s\n`);
  // A person who presses two keys a second needs less than a minute; how fast this machine is, is no matter.
  expect(keys).toBeLessThanOrEqual(2 * RECORDS + 1);
  for (const id of ids)
    expect(await store?.review.marks(id), String(id)).toMatchObject([{ kind: 'checked', reason: '业主' }]);
  await page.context().close();
});

it('is led to by the status page: the line on records for review opens those that wait', async () => {
  const store = box.box.host.app?.store;
  const put = await store?.outbox.put(
    record('kept', { laneId: 'review', release: release('kept', { reported: false }) }),
  );
  const { page } = await openPage(browser, { language: 'zh' });
  await page.goto(`${box.url}/#/overview`);
  const line = page.locator('.headline .complaint', { hasText: '条放行待复核' });
  await line.getByRole('link').click();
  await expect.poll(() => page.url()).toContain('#/releases?state=review');
  await page.locator(`.release a[href="#/releases/${put?.id}"]`).first().waitFor();
  await page.context().close();
});
