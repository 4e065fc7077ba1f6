/** The banner of a box whose time nobody knows: one tap takes the phone's, and it goes when the network tells the time. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { phoneClockText } from '../../src/text/page/ui-wizard.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { type ClockUnit, clockUnit } from '../service/clock-unit.ts';
import { openBrowser, openPage } from './browser.ts';
import { axe, overflow, small } from './engines/checks.ts';

let browser: Browser;
let unit: ClockUnit;
let box: PageBox;
let synced = false;

beforeAll(async () => {
  unit = clockUnit();
  browser = await openBrowser();
  box = await pageBox({ machineClock: { places: unit.places, synced: () => synced } });
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
  await unit?.close();
});

async function loggedIn(role: 'installer' | 'operator'): Promise<Page> {
  const [name = '', value = ''] = (await box.as(role)).split('=');
  const { page } = await openPage(browser, { size: 'phone' });
  await page.context().addCookies([{ name, value, url: box.url }]);
  await page.goto(`${box.url}/#/overview`);
  return page;
}

it('takes the time of the phone by one tap, with its error', async () => {
  const page = await loggedIn('installer');
  const take = page.getByRole('button', { name: phoneClockText.take.zh });
  await take.waitFor();
  expect(await axe(page)).toEqual([]);
  expect(await small(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/clock-before.png` });
  await take.click();
  await page.getByText('本机时间取自手机，误差 ±2').waitFor();
  expect(unit.set()).toHaveLength(1);
  expect(Math.abs((unit.set()[0] ?? 0) - Date.now())).toBeLessThan(60_000);
  await page.getByRole('button', { name: phoneClockText.takeAgain.zh }).waitFor();
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/clock-after.png` });
  await page.goto(`${box.url}/#/wizard`);
  await page.getByText('本机时间取自手机').waitFor();
  await page.context().close();
});

it('is not offered to an operator, and goes when the network tells the time', async () => {
  const operator = await loggedIn('operator');
  await operator.locator('.headline').waitFor();
  expect(await operator.getByRole('button', { name: phoneClockText.takeAgain.zh }).count()).toBe(0);
  await operator.context().close();
  const page = await loggedIn('installer');
  await page.getByRole('button', { name: phoneClockText.takeAgain.zh }).waitFor();
  synced = true;
  await page.getByText(phoneClockText.isSet(0).zh.slice(0, 8)).waitFor({ state: 'detached' });
  await page.context().close();
});
