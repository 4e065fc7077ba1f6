/** Another lane by telephone: what is known is filled in, no key is typed, and the lesson by one car follows. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

it('two taps lead from the status page to the wiring test of the new lane, which reports nothing before', async () => {
  const { page, complaints } = await openPage(browser, { language: 'en', size: 'phone' });
  await page.goto(`${demo.url}/#/overview`);
  await page.getByRole('link', { name: 'Add a lane' }).click();
  const write = page.getByRole('button', { name: 'Write and apply' });
  await write.waitFor();
  expect(await page.getByLabel('Lane number').inputValue()).toBe('1002');
  expect(await page.getByLabel('Lane name').inputValue()).toBe('通道B');
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await write.click();
  await page.waitForURL(/#\/wizard\/1002\/wiring$/, { timeout: LONGEST_WAIT_MS });
  const answer = async (path: string) => (await page.request.get(`${demo.url}/api/v1/${path}`)).json();
  const { lanes } = await answer('overview');
  expect(lanes).toMatchObject([{ id: '1001' }, { id: '1002', maintenance: { reason: 'Add a lane' } }]);
  const { items } = await answer('releases');
  const isReported = ({ laneId, state }: { readonly laneId: string; readonly state: string }): boolean =>
    laneId === '1002' && !['review', 'kept'].includes(state);
  expect(items.filter(isReported)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('a lane for which no input is left asks for another board, and finds it in the same place', async () => {
  const { page, complaints } = await openPage(browser, { language: 'zh', size: 'phone' });
  await page.goto(`${demo.url}/#/wizard/new`);
  await page.getByText('现有的板都接满了').waitFor();
  expect(await page.getByRole('button', { name: '写入配置并启用' }).isDisabled()).toBe(true);
  await page.getByText('从几号').or(page.getByLabel(/站号/)).first().waitFor();
  expect(await overflow(page)).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('the assistant that is opened while a configuration starts finds its lane', async () => {
  const { page, complaints } = await openPage(browser, { language: 'en', size: 'phone' });
  let asked = 0;
  // As the box answers before its lanes are in force: the file has them, and no fault.
  await page.route('**/api/v1/commissioning', async (route) => {
    const response = await route.fetch();
    asked += 1;
    const json = { ...(await response.json()), ...(asked < 3 && { lanes: [] }) };
    // Longer than the page takes to ask again.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await route.fulfill({ response, json });
  });
  await page.goto(`${demo.url}/#/wizard`);
  await page.getByText('Loading').waitFor();
  await page.waitForURL(/#\/wizard\/1001\//);
  expect(await page.getByText('fix them first').count()).toBe(0);
  expect(asked).toBeGreaterThanOrEqual(3);
  expect(complaints).toEqual([]);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
});
