/** Cameras that push plates, set up on the camera's step: what to enter at the camera works when copied, and what arrives is shown. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Make, pushRead } from '../../src/sim/devices/camera-push.ts';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from '../longest-wait.ts';
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

const MAKES: readonly (readonly [Make, zh: string, plate: string])[] = [
  ['json', '其他推送 JSON 的', '粤B11111'],
  ['vzenith', '臻识', '粤B22222'],
  ['gat1400', 'GA/T 1400 公安视图库推送', '粤B33333'],
  ['huaxia', '华夏智信', '粤B44444'],
];

it('each make: entered, pushed to as the page says, and its plate stands there', {
  timeout: LONGEST_TEST_MS,
}, async () => {
  const { page, complaints } = await openPage(browser, { language: 'zh', size: 'phone' });
  await page.goto(`${demo.url}/#/wizard/1001/camera`);
  for (const [make, name, plate] of MAKES) {
    await page.getByLabel('类型').selectOption({ label: name });
    await page.getByLabel('摄像机地址').fill('127.0.0.1');
    if (make === 'json') await page.getByLabel('车牌在 JSON 里的位置').fill('plate');
    await page.getByRole('button', { name: '写入配置并启用' }).click();
    const card = page.locator('.card', { has: page.locator('h2', { hasText: /^车牌$/ }) });
    await page.getByText('新配置已启用').waitFor({ timeout: LONGEST_WAIT_MS });
    const entered = (label: string) => card.locator(`dt:text-is("${label}") + dd code`);
    const isFixed = make === 'gat1400';
    // The standard fixes the path.
    await expect.poll(() => entered('完整地址').count()).toBe(isFixed ? 0 : 1);
    const address = isFixed
      ? `http://${await entered('地址').textContent()}:${await entered('端口').textContent()}`
      : await entered('完整地址').textContent();
    const read = {
      plate: { text: plate, color: 'blue', confidence: 0.98 },
      wallMs: Date.now(),
      picture: Buffer.alloc(40),
    } as const;
    expect(await pushRead(make, address ?? '', read)).toBe(200);
    await card.locator('.pushes .plate', { hasText: plate }).waitFor({ timeout: LONGEST_WAIT_MS });
    expect(await axe(page), name).toEqual([]);
    expect(await small(page), name).toEqual([]);
    expect(await overflow(page), name).toBe(0);
  }
  // It has a way without anything to enter.
  await page.getByLabel('类型').selectOption({ label: '海康威视' });
  await page.getByLabel('车牌怎么来').selectOption({ label: '本机向摄像机订阅' });
  await page.getByRole('button', { name: '写入配置并启用' }).click();
  await page.getByText('本机自己去取，摄像机里不用填。').waitFor({ timeout: LONGEST_WAIT_MS });
  // While a new configuration starts, what the page polls is refused.
  expect(complaints.filter((each) => !/status of (409|503)/.test(each))).toEqual([]);
  await page.context().close();
});
