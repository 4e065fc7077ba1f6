/** Every page, in both languages, on a phone and on a desk, light and dark: axe finds nothing, nothing sticks out, nothing complains. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, type Demo, openBrowser, openPage, overflow, startDemo } from './browser.ts';

const PAGES = [
  'overview',
  'releases',
  'duty',
  'queue',
  'signals',
  'wizard',
  'config',
  'config/text',
  'config/secrets',
  'config/history',
  'diagnostics',
  'privacy',
  'logs',
  'backup',
  'users',
  'api',
  'about',
  'nowhere',
];

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

/** Drawn, and what it asked the box for has come. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached', timeout: 10_000 });
}

describe.each([
  { language: 'zh', size: 'phone', dark: false },
  { language: 'en', size: 'phone', dark: true },
  { language: 'zh', size: 'desktop', dark: true },
  { language: 'en', size: 'desktop', dark: false },
] as const)('$language, $size, dark: $dark', (options) => {
  it('is clean on every page', async () => {
    const { page, complaints } = await openPage(browser, options);
    await page.goto(`${demo.url}/#/releases`);
    // One of the first vehicles of the demonstration is let out by hand.
    const first = page.locator('.release a').first();
    await first.waitFor({ timeout: 30_000 });
    const detail = ((await first.getAttribute('href')) ?? '').replace('#/', '');
    const found: Record<string, unknown> = {};
    for (const name of [...PAGES, detail]) {
      await page.evaluate(`location.hash = '#/${name}'`);
      await settled(page);
      const problems = [...(await axe(page))];
      const wide = await overflow(page);
      if (wide > 0) problems.push(`sticks out by ${wide} px`);
      if (problems.length > 0) found[name] = problems;
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
