import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../src/page/api/api.ts';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe('each step of the wizard', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(async () => {
    await demo?.end();
  });

  it.each([
    ['zh', 'phone', true],
    ['en', 'desktop', false],
    ['en', 'phone', false],
  ] as const)('is clean and fits: %s, %s, dark %s', async (language, size, dark) => {
    const { page, complaints } = await openPage(browser, { language, size, dark });
    for (const step of ['ports', 'bus', 'wiring', 'camera', 'paid', 'cloud', 'sheet']) {
      await page.goto(`${demo.url}/#/wizard/1001/${step}`);
      await page.locator(`a[aria-current=step][href$="/${step}"]`).waitFor();
      await page.locator('main .card').first().waitFor();
      expect(await axe(page), step).toEqual([]);
      expect(await overflow(page), step).toBe(0);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('draws what one car taught, with names to confirm', { timeout: LONGEST_TEST_MS }, async () => {
    const { page, complaints } = await openPage(browser, { language: 'zh', size: 'phone' });
    await page.goto(`${demo.url}/#/wizard/1001/wiring`);
    const start = page.getByRole('button', { name: '开始', exact: true });
    await start.waitFor();
    const post = (path: string, body: object) =>
      page.evaluate(
        `fetch('/api/v1/${path}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '${JSON.stringify(body)}' }).then(({ status }) => status)`,
      );
    // The cars with which the demonstration begins, its fixed story, would be taken for the one that teaches.
    expect(await post('lanes/1001/maintenance', { minutes: 10, reason: 'test' })).toBe(200);
    // Meanwhile the status page leads back to where the work goes on, and the browser's "back" leads out again.
    await page.goto(`${demo.url}/#/overview`);
    await page.getByRole('link', { name: '接着调试：打开向导' }).click();
    await page.waitForURL(/#\/wizard\/1001\/\w+$/);
    await page.locator('a[aria-current=step]').waitFor();
    await page.goBack();
    await page.waitForURL(/#\/overview$/);
    await page.goto(`${demo.url}/#/wizard/1001/wiring`);
    await start.waitFor();
    const [button, select] = [await start.boundingBox(), await page.locator('.row select').first().boundingBox()];
    expect(button && button.y + button.height).toBeCloseTo(Number(select && select.y + select.height), 0);
    const isAtRest = async () => {
      const { lanes } = (await (await page.request.get(`${demo.url}/api/v1/overview`)).json()) as Overview;
      const { arm, armForMs, levels } = lanes[0] ?? {};
      return arm === 'closed' && Number(armForMs) > 10_000 && levels?.approach === false;
    };
    await expect.poll(isAtRest, { timeout: LONGEST_TEST_MS, interval: 500 }).toBe(true);
    await start.click();
    await page.locator('.ask-says', { hasText: '车道先清空' }).waitFor();
    await post('demo', { car: 'manual' });
    await page.getByText('照波形逐行核对名称').waitFor({ timeout: LONGEST_WAIT_MS });
    const names = page.locator('.signal-row select');
    expect(await names.count()).toBeGreaterThan(2);
    expect(await axe(page)).toEqual([]);
    // A and B swapped against what was just drawn: asked again, with what was seen.
    const chosen = await names.evaluateAll((all) => all.map((each) => (each as unknown as { value: string }).value));
    await names.nth(chosen.indexOf('approach')).selectOption('barrier');
    await names.nth(chosen.indexOf('barrier')).selectOption('approach');
    await page.getByRole('button', { name: '核对无误，写入并启用' }).click();
    await page.getByText(/波形里 \S+ 先动（第 [\d.]+ 秒）/).waitFor();
    const anyway = page.getByRole('button', { name: '现场就是这样，仍照此写入' });
    await anyway.scrollIntoViewIfNeeded();
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/swapped.png` });
    expect(await axe(page)).toEqual([]);
    await names.nth(chosen.indexOf('approach')).selectOption('approach');
    await anyway.waitFor({ state: 'detached' });
    expect(await overflow(page)).toBe(0);
    // The refusal is logged by the browser.
    expect(complaints.filter((each) => !each.includes('409'))).toEqual([]);
    await page.context().close();
  });

  it('says at the signal that is tested what to do now, in sight on a phone', async () => {
    const { page } = await openPage(browser, { language: 'zh', size: 'phone' });
    await page.goto(`${demo.url}/#/wizard/1001/wiring`);
    await page.getByRole('button', { name: '测试 遥控' }).click();
    const says = page.locator('.signal-row + .ask .ask-says', { hasText: '现在请让「遥控」动作一次' });
    await says.waitFor();
    const isInSight = async () => {
      const { y = -1, height = 0 } = (await says.boundingBox()) ?? {};
      return y >= 0 && y + height <= (page.viewportSize()?.height ?? 0);
    };
    await expect.poll(isInSight).toBe(true);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/single-test.png` });
    await page.getByRole('button', { name: '取消' }).click();
    await says.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('shows the frames of a line beside what they say, and stands still when frozen', async () => {
    const { page } = await openPage(browser, { language: 'en' });
    await page.goto(`${demo.url}/#/signals`);
    await page.getByLabel('Line').selectOption('rs485-1');
    await page.getByText('asks unit 1: read inputs (FC2)').first().waitFor();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.getByText('Frozen').waitFor();
    const now = () => page.locator('.frames li').first().textContent();
    const before = await now();
    const download = page.waitForEvent('download');
    await page
      .locator('.card', { has: page.locator('.frames') })
      .getByRole('button', { name: 'Download CSV' })
      .click();
    expect((await download).suggestedFilename()).toBe('frames-rs485-1.csv');
    expect(await now()).toBe(before);
    await page.context().close();
  });

  it('diagnoses, and says what to do', async () => {
    const { page } = await openPage(browser, { language: 'zh', size: 'phone' });
    await page.goto(`${demo.url}/#/diagnostics`);
    await page.getByRole('button', { name: '开始检查' }).click();
    await page.getByText('怎么办：').first().waitFor();
    await page.getByText('线路 rs485-1').first().waitFor();
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });
});
