/** A second camera for a lane, entered in the form on a telephone: its lane then names both on the status page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { field, part, unfold } from './config-form.ts';
import { axe, overflow } from './engines/checks.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

it('is set in the form at 360 px, and named on the status page', async () => {
  const { page, complaints } = await openPage(browser, { language: 'en', size: 'phone' });
  // The camera itself, as a text beside the first.
  await page.goto(`${demo.url}/#/config/text`);
  const editor = page.getByLabel('Configuration file lanewarden.yaml');
  const text = await editor.inputValue();
  const second = 'cameras:\n  - { id: tail, kind: hikvision, url: "http://127.0.0.1:9" }\n';
  await editor.fill(text.replace('cameras:\n', second));
  await page.goto(`${demo.url}/#/config/form`);
  await unfold(page, 'lanes', 'lanes[0]', 'lanes[0].cameras');
  await part(page, 'lanes[0].cameras').getByRole('button', { name: /^Add/ }).click();
  await field(page, 'lanes[0].cameras[0].camera').fill('tail');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  const keep = page.getByRole('button', { name: 'Keep it' });
  await keep.waitFor({ timeout: LONGEST_WAIT_MS });
  await keep.click();
  await keep.waitFor({ state: 'detached' });
  await page.goto(`${demo.url}/#/overview`);
  await page.getByText('and tail, which sees the rear of vehicles').waitFor();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await axe(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
});
