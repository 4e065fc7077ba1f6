/** The daily sheet as a boss reads it: three figures first, each beside last week's, a picture whose scales are written, and one page of paper. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemoWithPast } from './browser.ts';
import { overflow } from './engines/checks.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemoWithPast()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  it('says first how many left, how many of them nobody paid for, and what that is worth', async () => {
    const { page, complaints } = await openPage(browser, { language, size: 'desktop' });
    await page.goto(`${demo.url}/#/account`);
    await page.locator('.trend svg').waitFor();
    const sheet = await (await page.request.get(`${demo.url}/api/v1/account`)).json();
    const week = sheet.trend.at(-8);
    const money = (fen: number): string => `¥${(fen / 100).toFixed(2)}`;
    const owed = sheet.owed.columns.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0);
    const figures = await page.locator('.day-headline .card').allInnerTexts();
    expect(week.passages).toBeGreaterThan(100);
    expect(figures[0]).toMatch(new RegExp(`\\b${sheet.passages.total}\\b[^]*\\b${week.passages}\\b`));
    expect(figures[1]).toMatch(new RegExp(`\\b${sheet.owed.total}\\b[^]*\\b${week.unpaid}\\b`));
    expect(figures[2]).toContain(money(owed));
    expect(figures[2]).toContain(money(week.owedTold + week.owedEstimated));
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(paper.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('each row of the picture has its scale beside it, and a touch shows the figures of a day', async () => {
    const { page } = await openPage(browser, { language, size: 'phone', dark: true });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${demo.url}/#/account`);
    await page.locator('.trend svg').waitFor();
    const { trend } = await (await page.request.get(`${demo.url}/api/v1/account`)).json();
    const words = await page.locator('.trend text').allTextContents();
    for (const of of ['passages', 'byHand', 'unpaid'] as const)
      expect(words).toContain(`${Math.max(...trend.map((line: Record<string, number>) => line[of] ?? 0))}`);
    const size = await page
      .locator('.trend text')
      .first()
      .evaluate((text) => text.getBoundingClientRect().height);
    expect(size).toBeGreaterThan(9);
    expect(await page.evaluate('getComputedStyle(document.querySelector(".chart-ground")).fill')).toBe('none');
    const days = await page
      .locator('.trend text[text-anchor=middle]')
      .evaluateAll((all) => all.map((day) => day.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
    for (const [at, { left }] of days.entries()) expect(left).toBeGreaterThan(days[at - 1]?.right ?? 0);
    await page.locator('.trend rect.chart-passages').last().click({ force: true });
    const last = trend.at(-1);
    const shown = await page.locator('.trend + p').textContent();
    expect(shown).toContain(last.key);
    expect(shown).toContain(`${last.passages}`);
    expect(await overflow(page)).toBe(0);
    await page.context().close();
  });

  it('a month by attendant: its figures are those of its days, on one page of paper with all that it must name', async () => {
    const { page, complaints } = await openPage(browser, { language, size: 'desktop' });
    const ask = async (path: string) => (await page.request.get(`${demo.url}/api/v1/${path}`)).json();
    await page.goto(`${demo.url}/#/account`);
    await page.locator('.page-tools a[href*="account/month"]').click();
    await page.locator('.month-sheet .trend svg').waitFor();
    const month = await ask(`account/month${new URL(page.url().replace('#/', '')).search}`);
    const rows = await page.locator('.account-lines').first().locator('tbody tr').allInnerTexts();
    expect(rows).toHaveLength(month.byOperator.length + 1);
    for (const [at, { key, unpaid, passages }] of month.byOperator.entries())
      expect(rows[at]).toMatch(new RegExp(`^${key}\\s+${unpaid}\\b[^]*\\b${passages}\\b`));
    const days = page.locator('.account-lines').last().locator('tbody tr');
    expect(await days.count()).toBe(month.days.length);
    const { parkUuid } = await ask('overview');
    const { user } = await ask('session');
    const { signed } = await ask('evidence');
    const head = await page.locator('.signature').textContent();
    for (const named of [parkUuid, new URL(demo.url).host, user, signed.head.slice(0, 12)])
      expect(head).toContain(named);
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(paper.match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
    await days.first().locator('a').click();
    await page.locator('.day-sheet:not(.month-sheet)').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
