/** The camera step of the wizard with an address of no known form: the question, the one try, and the confirmation, by page alone. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../drivers/camera-http/address-forms.ts';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const PATH = '/elsewhere.jpg';
const SCREENSHOTS = process.env.SCREENSHOTS;
let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  browser = await openBrowser();
  box = await pageBox({
    prepare: (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('/snapshot.jpg', PATH)),
  });
  await box.as('installer');
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

describe('a camera at an address of no known form', () => {
  it('is tried with the lane in maintenance after the arm is said to be clear, and confirmed', async () => {
    const { page } = await openPage(browser, { language: 'en', size: 'phone' });
    const shot = async (name: string): Promise<void> => {
      if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
    };
    await page.goto(`${box.url}/#/wizard/1001/camera`);
    await page.getByLabel('User', { exact: true }).fill('installer');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('not a known picture address').waitFor();
    await page.getByText(PATH).waitFor();
    const once = page.getByRole('button', { name: 'Try it once' });
    const clear = page.getByLabel('I am at the lane, and the arm is clear');
    expect(await once.isDisabled()).toBe(true);
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await shot('unknown-address');

    await clear.check();
    await once.click();
    await page.getByText('not in maintenance').waitFor();
    await shot('not-in-maintenance');
    const bridge = box.box.host.app?.bridges.get('1001');
    bridge?.feed({ kind: 'mode', mode: 'maintenance', on: true, reason: 'camera', atMs: bridge.nowMs() });
    await expect.poll(() => bridge?.state.lane.kept.maintenance).not.toBeNull();

    // Said for one request only.
    expect(await clear.isChecked()).toBe(false);
    await clear.check();
    await once.click();
    await page.getByText('is this the picture of this lane?').waitFor();
    await page.locator('figure.shot img').waitFor();
    await shot('tried');
    await page.getByRole('button', { name: 'Yes, confirm the address' }).click();
    await page.getByText('The new configuration is in force').waitFor();
    expect(readFileSync(box.configFile, 'utf8')).toContain(`sha256: ${digestOf(PATH)}`);
    expect(readFileSync(box.configFile, 'utf8')).toContain('by: installer');
    await shot('confirmed');
    await page.getByRole('button', { name: 'Take a picture' }).click();
    await page
      .getByText(/640×\d+/)
      .first()
      .waitFor();
    await page.context().close();
  });
});
