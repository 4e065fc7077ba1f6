/** The configuration by page alone: broken, refused at its line, changed, tried, kept, compared, and rolled back. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { field, unfold } from './config-form.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

const editor = (page: Page) => page.getByLabel('Configuration file lanewarden.yaml');
const apply = (page: Page) => page.getByRole('button', { name: 'Apply', exact: true });

/** The trial of what was applied, ended by the person. */
async function endTrial(page: Page, how: 'Keep it' | 'Revert now'): Promise<void> {
  const button = page.getByRole('button', { name: how });
  await button.waitFor();
  await page.getByText(/on trial: unless kept within 0\d:\d\d/).waitFor();
  await button.click();
  await button.waitFor({ state: 'detached' });
}

const laneName = async (page: Page): Promise<string | null> => {
  await page.goto(`${demo.url}/#/overview`);
  const heading = page.locator('.lane h2').first();
  await heading.waitFor();
  return heading.textContent();
};

describe('the configuration', () => {
  it('says what is wrong at its line, and is not applied before it is right', async () => {
    const { page } = await openPage(browser, { language: 'en' });
    await page.goto(`${demo.url}/#/config/text`);
    const good = await editor(page).inputValue();
    const line = good.split('\n').findIndex((each) => each.includes('direction:')) + 1;
    await editor(page).fill(good.replace('direction:', 'dirction:'));
    await page.getByText(`✕ ${line}`).waitFor();
    await page.locator('.faults').getByText('direction').first().waitFor();
    expect(await apply(page).isDisabled()).toBe(true);
    // What runs is another thing, and does not mind.
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await page.getByText('No faults').waitFor();
    expect(await editor(page).inputValue()).toBe(good);
    await page.context().close();
  });

  it('is changed by the form with its comments kept, tried, kept, and rolled back', async () => {
    const { page, complaints } = await openPage(browser, { language: 'en' });
    const before = await laneName(page);
    await page.goto(`${demo.url}/#/config/form`);
    await unfold(page, 'lanes', 'lanes[0]');
    await field(page, 'lanes[0].name').fill('North gate');
    await field(page, 'lanes[0].name').blur();
    await page.getByLabel('Search the settings').fill('gate_name');
    await page.getByText('The lanes › 1001').waitFor();
    // The box has taken the edit a moment after the field was left.
    await expect.poll(() => field(page, 'lanes[0].name').inputValue()).toBe('North gate');
    await page.getByText('Unapplied changes').waitFor();
    await page.getByRole('link', { name: 'Changes' }).click();
    await page.locator('.diff-line.new', { hasText: 'North gate' }).waitFor();
    await apply(page).click();
    await endTrial(page, 'Keep it');
    expect(await laneName(page)).toContain('North gate');

    await page.goto(`${demo.url}/#/config/history`);
    await page.getByRole('button', { name: 'Restore this one' }).last().click();
    await page.locator('.dialog .diff-line.gone', { hasText: 'North gate' }).waitFor();
    await page.locator('.dialog').getByRole('button', { name: 'Restore this one' }).click();
    await endTrial(page, 'Keep it');
    expect(await laneName(page)).toBe(before);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('comes back by itself when one says so during its trial', async () => {
    const { page } = await openPage(browser, { language: 'en', size: 'phone' });
    const before = await laneName(page);
    await page.goto(`${demo.url}/#/config/text`);
    const good = await editor(page).inputValue();
    await editor(page).fill(`${good}\n# tried\n`);
    await page.getByText('No faults').waitFor();
    await apply(page).click();
    await endTrial(page, 'Revert now');
    await expect
      .poll(async () => {
        await page.reload();
        return editor(page).inputValue();
      })
      .toBe(good);
    expect(await laneName(page)).toBe(before);
    await page.context().close();
  });
});
