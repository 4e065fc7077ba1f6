/** The page as its people use it, against the demonstration: what happens in the lane appears by itself, and can be found again. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

describe('the status page', () => {
  it('shows the arm go up, a loop light, and the release that follows, without a reload', async () => {
    const { page } = await openPage(browser, { language: 'en' });
    await page.goto(demo.url);
    await page.getByRole('heading', { name: 'Status' }).waitFor();
    await page.locator('.arm.open').first().waitFor();
    await page.locator('.loop.on').first().waitFor();
    const release = page.locator('.last-release a').first();
    await release.waitFor();
    await release.click();
    await page.getByRole('heading', { name: 'Reasons' }).waitFor();
    await page.context().close();
  });
});

describe('the bar of the demonstration', () => {
  it('lets a car out by hand, and its release is on top of the list by itself', async () => {
    const { page } = await openPage(browser, { language: 'en', size: 'phone' });
    await page.goto(`${demo.url}/#/releases`);
    await page.locator('.release').first().waitFor();
    const newest = page.locator('.release a').first();
    const before = await newest.getAttribute('href');
    await page.getByRole('button', { name: 'Manual release' }).click();
    await expect.poll(() => newest.getAttribute('href')).not.toBe(before);
    await page.context().close();
  });
});

describe('a release', () => {
  it('has its picture, its facts and its signals, where the keyboard measures times', async () => {
    const { page } = await openPage(browser, { language: 'en' });
    await page.goto(`${demo.url}/#/releases`);
    await page.locator('.release a').first().click();
    const picture = page.locator('.picture img');
    await picture.waitFor();
    await expect.poll(() => page.evaluate('document.querySelector(".picture img").naturalWidth')).toBeGreaterThan(0);
    const drawing = page.locator('.waveform-place');
    await drawing.focus();
    await drawing.press('Home');
    await drawing.press('ArrowRight');
    const output = page.locator('.waveform output');
    await expect.poll(() => output.textContent()).toMatch(/^cursor [−+]\d+\.\d{3} s$/);
    await drawing.press('m');
    await drawing.press('Shift+ArrowRight');
    await expect.poll(() => output.textContent()).toMatch(/measured \+0\.010 s$/);
    await page.getByText('Every edge as a table').click();
    await page.getByRole('cell', { name: 'Down limit' }).first().waitFor();
    // Enlarged, closed by Escape, and one is where one was.
    await page.getByRole('button', { name: 'Enlarge' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.className')).toBe('picture');
    await page.context().close();
  });

  it('is found by filters that live in the address', async () => {
    const { page } = await openPage(browser, { language: 'en' });
    await page.goto(`${demo.url}/#/releases`);
    await page.locator('.release').first().waitFor();
    const plate = await page.locator('.release .plate').first().textContent();
    await page.getByLabel('Plate').fill(plate ?? '');
    await expect.poll(() => decodeURIComponent(page.url())).toContain(`plate=${plate}`);
    const others = async (): Promise<readonly string[]> =>
      (await page.locator('.release .plate').allTextContents()).filter((each) => each !== plate);
    await expect.poll(others).toEqual([]);
    await page.locator('.release').first().waitFor();
    // Sent to somebody else, it is the same list.
    const { page: other } = await openPage(browser, { language: 'en' });
    await other.goto(page.url());
    await other.locator('.release').first().waitFor();
    await expect.poll(() => other.getByLabel('Plate').inputValue()).toBe(plate);
    await other.getByLabel('State').selectOption('dropped');
    await other.getByText('No matching releases').waitFor();
    await other.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => other.url()).not.toContain('plate=');
    await other.context().close();
    await page.context().close();
  });
});

describe('the language', () => {
  it('is that of the browser, and stays as chosen', async () => {
    const { page } = await openPage(browser, { language: 'zh' });
    await page.goto(demo.url);
    await page.getByRole('heading', { name: '状态' }).waitFor();
    await page.getByRole('button', { name: 'English' }).first().click();
    await page.getByRole('heading', { name: 'Status' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Status' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.context().close();
  });
});
