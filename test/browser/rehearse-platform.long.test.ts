/** A further platform has its own button for a test record in the wizard, beside that of the first, and its answer stands below it. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';

const SHOTS = process.env.SCREENSHOTS;
let browser: Browser;
let demo: Demo;
let tests = 0;
const platform = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    // The releases of the demonstration come as well.
    if (Buffer.concat(chunks).includes('TEST-1001-')) tests += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ code: '1001', message: 'success', hint: '', payload: { seqno: 'other-1' } }));
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', () => resolve()));
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
  platform.close();
});

/** For a person to look at. */
async function shots(page: Page, folder: string, name = 'rehearse'): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [width, height] of [
    [390, 844],
    [1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
}

async function confirmPeer(page: Page, url: string): Promise<void> {
  const inMaintenance = await page.evaluate(async () => {
    const body = JSON.stringify({ minutes: 120, reason: 'test' });
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/v1/lanes/1001/maintenance', { method: 'POST', headers, body })).status;
  });
  expect(inMaintenance).toBe(200);
  await page.goto(`${url}/#/queue`);
  const card = page.locator('.card', { hasText: 'Destinations near the box' });
  await card.getByText('other-park').waitFor();
  await card.getByText('I am at the lane, and the arm is clear').click();
  if (SHOTS !== undefined) await shots(page, SHOTS, 'confirm');
  await card.getByRole('button', { name: 'Confirm this destination' }).click();
  await card.waitFor({ state: 'detached' });
}

it('is sent by its own button, and answered below it', async () => {
  const { port } = platform.address() as AddressInfo;
  const destination = `destinations:
  - { kind: platform, name: other-park, profile: 4pyun, mode: integration, url: "http://127.0.0.1:${port}", values: { parkUuid: x }, secrets: { appSecret: { secret: cloud.appSecret } } }
`;
  const { page, complaints } = await openPage(browser, { language: 'en' });
  await page.goto(`${demo.url}/#/config/text`);
  const editor = page.getByLabel('Configuration file lanewarden.yaml');
  await editor.fill(`${await editor.inputValue()}\n${destination}`);
  await page.getByText('No faults').waitFor();
  await page.getByRole('button', { name: 'Apply' }).first().click();
  await page.getByRole('button', { name: 'Keep' }).first().click();
  // It is near the box: nothing is sent there before a person at the lanes has confirmed it.
  await confirmPeer(page, demo.url);
  await page.goto(`${demo.url}/#/wizard/1001/cloud`);
  const card = page.locator('.card', { hasText: 'other-park' });
  await card.getByRole('button', { name: 'Send the test record' }).click();
  await page.getByRole('heading', { name: 'Platform response' }).waitFor();

  if (SHOTS !== undefined) await shots(page, SHOTS);
  expect(tests).toBe(1);
  const titles = await page.locator('.card h2').allTextContents();
  expect(titles.at(-1)).toContain('Platform response');
  expect(titles.at(-2)).toContain('other-park');
  await page.getByText('set mode of the destination other-park').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
