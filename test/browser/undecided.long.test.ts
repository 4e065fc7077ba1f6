/** Questions that no first release waits for: cards on the status page, until the configuration says something of them. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConfigView } from '../../src/page/api/api-setup.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { axe, overflow, small } from './engines/checks.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

const cards = (page: Page) => page.locator('.undecided h3').allTextContents();
const config = async (page: Page): Promise<ConfigView> =>
  (await (await page.request.get(`${demo.url}/api/v1/config`)).json()) as ConfigView;

it.each([
  ['zh', 'phone', ['管理系统会把每一次缴费都发来吗？', '图片和记录保留多久？']],
  ['en', 'desktop', ['Does the management system report every payment?', 'How long do pictures and records stay?']],
] as const)(
  'stands with the default in force, and leads to where it is decided: %s, %s',
  async (language, size, open) => {
    const { page, complaints } = await openPage(browser, { language, size });
    await page.goto(`${demo.url}/#/overview`);
    await page.locator('.undecided').waitFor();
    // The demonstration has a roster.
    expect(await cards(page)).toEqual(open);
    expect(await axe(page)).toEqual([]);
    // For a finger; a mouse needs less.
    if (size === 'phone') expect(await small(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.locator('.undecided li', { hasText: open[1] }).locator('a').click();
    // The part of the form is open already.
    await page.locator('details[open][data-key="store"]').waitFor();
    await page.goBack();
    await page.locator('.undecided li', { hasText: open[0] }).locator('a').click();
    await page.locator('a[aria-current=step][href$="/1001/paid"]').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

it('goes when the default is kept: the configuration names it from then on, and its comments stay', async () => {
  const { page, complaints } = await openPage(browser, { language: 'en', size: 'phone' });
  await page.goto(`${demo.url}/#/overview`);
  await page
    .getByRole('button', { name: 'Keep the default: How long do pictures and records stay?' })
    .click({ timeout: LONGEST_WAIT_MS });
  const feed = 'Does the management system report every payment?';
  await expect.poll(() => cards(page), { timeout: LONGEST_WAIT_MS }).toEqual([feed]);
  const { yaml, state, value } = await config(page);
  // Not on trial: it would take itself back.
  expect(state).toBe('good');
  expect(value).toMatchObject({ store: { keep: 'short' } });
  expect(yaml).toContain('# Who is on duty, and what parking costs');
  await page.getByRole('button', { name: `Keep the default: ${feed}` }).click({ timeout: LONGEST_WAIT_MS });
  await page.locator('.undecided').waitFor({ state: 'detached', timeout: LONGEST_WAIT_MS });
  await expect.poll(async () => (await config(page)).state, { timeout: LONGEST_WAIT_MS }).toBe('good');
  expect((await config(page)).value).toMatchObject({ intake: { tells: [] } });
  await page.reload();
  await page.locator('.devices').waitFor();
  expect(await cards(page)).toEqual([]);
  // While a new configuration starts, what the page polls is refused.
  expect(complaints.filter((each) => !/status of (409|503)/.test(each))).toEqual([]);
  await page.context().close();
});
