/** What did not answer is asked for again: a page that was opened while the network or the box was away fills by itself. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage } from './browser.ts';

let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox()]);
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

it.each(['no answer', 'a box that is not ready'])('a page fills by itself after %s', async (what) => {
  const { page } = await openPage(browser, { language: 'en' });
  const [name = '', value = ''] = (await box.as('operator')).split('=');
  await page.context().addCookies([{ name, value, url: box.url }]);
  await page.route(
    '**/api/v1/duty',
    (route) => (what === 'no answer' ? route.abort() : route.fulfill({ status: 503, json: { code: 'unavailable' } })),
    { times: 1 },
  );
  await page.goto(`${box.url}/#/duty`);
  await page.getByRole('alert').waitFor();
  await page.getByRole('heading', { name: 'On duty', exact: true }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});
