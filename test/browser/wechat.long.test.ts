/** Inside WeChat, where a download or an upload leads to nothing: the page says so beside each, with a way out. And the page on a phone's home screen. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, openBrowser, SIZES, startDemo } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const WECHAT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN';
/** Where something is taken or given, and how much of it. */
const PLACES = { releases: 1, account: 2, queue: 0, signals: 1, diagnostics: 1, backup: 2 };

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

async function notes(userAgent: string | undefined, language: 'zh-CN' | 'en-GB') {
  const viewport = SIZES.phone;
  const context = await browser.newContext({ viewport, locale: language, ...(userAgent && { userAgent }) });
  const page = await context.newPage();
  const found: Record<string, number> = {};
  for (const place of Object.keys(PLACES)) {
    await page.goto(`${demo.url}/#/${place}`);
    await page.locator('h1').first().waitFor();
    await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached' });
    // A part of its own may still be on its way.
    const least = userAgent === undefined ? 0 : PLACES[place as keyof typeof PLACES];
    await expect.poll(() => page.locator('.wechat').count(), { message: place }).toBeGreaterThanOrEqual(least);
    found[place] = await page.locator('.wechat').count();
    expect(await overflow(page), place).toBe(0);
    if (found[place] > 0) expect(await axe(page), place).toEqual([]);
  }
  return { found, page, context };
}

describe('in WeChat', () => {
  it.each(['zh-CN', 'en-GB'] as const)('each download and upload says what to do instead: %s', async (language) => {
    const { found, page, context } = await notes(WECHAT, language);
    expect(Object.keys(found)).toEqual(Object.keys(PLACES));
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('.wechat button').first().click();
    await page
      .locator('.wechat', { hasText: language === 'zh-CN' ? '已复制' : 'Copied' })
      .first()
      .waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
    await context.close();
  });

  it('and nowhere else', async () => {
    const { found, context } = await notes(undefined, 'zh-CN');
    expect(new Set(Object.values(found))).toEqual(new Set([0]));
    await context.close();
  });
});

describe('on the home screen of a phone', () => {
  it('it has a name and an icon, both from the box', async () => {
    const page = await (await browser.newContext()).newPage();
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await page.goto(demo.url);
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const manifest = JSON.parse(data ?? '{}');
    expect(manifest.short_name).toBe('闸口卫士');
    for (const path of [manifest.icons[0].src, await page.locator('link[rel=apple-touch-icon]').getAttribute('href')]) {
      const answer = await page.request.get(`${demo.url}${path}`);
      expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/png']);
    }
    expect(refused).toEqual([]);
    await page.context().close();
  });
});
