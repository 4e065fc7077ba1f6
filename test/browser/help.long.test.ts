/** The documents at the box: made from docs/, found offline by a person's own words, under the page's policy, in both languages. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELP, headingAnchor } from '../../src/text/page/help.ts';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const SCREENSHOTS = process.env.SCREENSHOTS;
let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

describe('the help', () => {
  it('is one tap away from any page, in its language', async () => {
    for (const language of ['zh', 'en'] as const) {
      const { page } = await openPage(browser, { language, size: 'desktop' });
      await page.goto(`${demo.url}/#/overview`);
      const link = page.getByRole('link', { name: language === 'zh' ? '帮助' : 'Help', exact: true });
      await link.waitFor();
      expect(await link.getAttribute('href')).toBe(`/help/${language}/`);
      await page.context().close();
    }
  });

  it.each([
    ['zh', '地感', 'wiring.html'],
    ['zh', '跟车', 'glossary.html'],
    ['en', 'tailgating', 'glossary.html'],
    ['en', 'does not answer', 'troubleshooting.html'],
  ] as const)('in %s finds %s', async (language, words, expected) => {
    const { page, complaints } = await openPage(browser, { language, size: 'phone' });
    await page.goto(`${demo.url}/help/${language}/`);
    await page.getByRole('searchbox').fill(words);
    await page.getByRole('searchbox').press('Enter');
    await page.locator('#found a').first().waitFor();
    const found = await page.locator('#found a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(
      found.some((href) => href?.startsWith(expected)),
      `${found}`,
    ).toBe(true);
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/help-${language}-found.png` });
    await page.locator(`#found a[href^="${expected}"]`).first().click();
    await page.locator('h1').waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/help-${language}-page.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['zh', '出了问题怎么办'],
    ['en', 'Something is wrong'],
  ] as const)('in %s gives advice instead of a hundred links when nothing is found', async (language, advice) => {
    const { page, complaints } = await openPage(browser, { language, size: 'phone' });
    await page.goto(`${demo.url}/help/${language}/?q=zyzzyva`);
    await page.getByRole('link', { name: advice, exact: true }).filter({ visible: true }).waitFor();
    expect(await page.locator('main a').filter({ visible: true }).count()).toBeLessThan(7);
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/help-${language}-none.png` });
    expect(await axe(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('gives an auditor the verifier, to be kept', async () => {
    expect((await fetch(`${demo.url}/help/evidence-verifier.html`)).status).toBe(200);
    const html = await (await fetch(`${demo.url}/help/en/evidence.html`)).text();
    expect(html).toContain('<a href="../evidence-verifier.html" download="">');
  });

  it('has every place that the page leads to', async () => {
    for (const language of ['zh', 'en'] as const)
      for (const { page, heading } of Object.values(HELP)) {
        const html = await (await fetch(`${demo.url}/help/${language}/${page}.html`)).text();
        expect(html, `${language}/${page}`).toContain(`id="${headingAnchor(heading[language])}"`);
      }
  });

  it('is clean on every page, and each leads to the same in the other language', async () => {
    const { page, complaints } = await openPage(browser, { language: 'zh', size: 'phone', dark: true });
    const names = async (language: string): Promise<string[]> => {
      await page.goto(`${demo.url}/help/${language}/`);
      const links = await page
        .locator('main a')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
      return [...new Set(links.map((href) => href.split('#')[0] as string))].filter((href) =>
        /^[\w-]+\.html$/.test(href),
      );
    };
    const [zh, en] = [await names('zh'), await names('en')];
    expect(zh.toSorted()).toEqual(en.toSorted());
    expect(zh.length).toBeGreaterThan(20);
    const problems: Record<string, unknown> = {};
    for (const name of zh) {
      await page.goto(`${demo.url}/help/zh/${name}`);
      const found = [...(await axe(page)), ...((await overflow(page)) > 0 ? ['sticks out'] : [])];
      if (found.length > 0) problems[name] = found;
      await page.locator('header a[lang=en]').click();
      if (!page.url().endsWith(`/help/en/${name}`)) problems[`${name} in English`] = page.url();
    }
    expect(problems).toEqual({});
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
