/** The form while the box has not answered yet: whatever is edited next builds on what was edited before, and nothing typed is lost. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { more, part, field as settingField, unfold } from './config-form.ts';

let browser: Browser;
let demo: Demo;
let page: Page;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

const EDIT = '**/api/v1/config/edit';
const SYSTEMS = 'intake.systems';
const systems = () => part(page, SYSTEMS).locator('> .group-body > details.group');
const add = () => page.getByRole('button', { name: 'Add to Management systems' });
const field = (key: string) => settingField(page, `${SYSTEMS}[0].${key}`);

/** The line to the box stands still until the returned function is called: its answers are all late. */
async function still(): Promise<() => Promise<void>> {
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(EDIT, async (route) => {
    await held;
    await route.continue();
  });
  return async () => {
    go();
    await expect.poll(() => page.getByText('Checking…').count()).toBe(0);
  };
}
const inText = async () => {
  await page.goto(`${demo.url}/#/config/text`);
  return parse(await page.getByLabel('Configuration file lanewarden.yaml').inputValue());
};

beforeEach(async () => {
  ({ page } = await openPage(browser, { language: 'en' }));
  await page.goto(`${demo.url}/#/config/form`);
  await unfold(page, 'intake');
  await more(page, 'intake');
  await unfold(page, SYSTEMS);
  return () => page.context().close();
});

it('has what was typed before a profile was chosen', async () => {
  await add().click();
  await systems().waitFor();
  const go = await still();
  await field('name').fill('cashier');
  await field('profile').selectOption('fee-record');
  await go();
  expect(await field('name').inputValue()).toBe('cashier');
  expect((await inText()).intake.systems).toEqual([{ name: 'cashier', profile: 'fee-record' }]);
});

it('has every lane that was added, and every system', async () => {
  const go = await still();
  await add().click();
  await add().click();
  const lanes = systems().last().locator('fieldset[data-key$=".lanes"]');
  for (const lane of ['东', '西']) {
    await lanes.getByLabel('Name', { exact: true }).fill(lane);
    await lanes.getByRole('button', { name: /^Add/ }).click();
  }
  await go();
  const [first, last] = (await inText()).intake.systems;
  expect([first.lanes, last.lanes]).toEqual([undefined, { 东: '', 西: '' }]);
});

it('removes the one that was meant', async () => {
  for (const [at, name] of ['a', 'b', 'c'].entries()) {
    await add().click();
    await settingField(page, `${SYSTEMS}[${at}].name`).fill(name);
  }
  const go = await still();
  for (const _ of ['a', 'b']) {
    const remove = systems()
      .first()
      .getByRole('button', { name: /^(Remove|Really remove)/ });
    await remove.click();
    await remove.click();
  }
  await go();
  expect((await inText()).intake.systems).toMatchObject([{ name: 'c' }]);
});

it('goes on being typed into when the answer comes', async () => {
  await add().click();
  const go = await still();
  await field('name').fill('cash');
  await field('name').press('Enter');
  await field('name').pressSequentially('ier');
  await go();
  expect(await field('name').inputValue()).toBe('cashier');
  expect(await page.evaluate('document.activeElement.value')).toBe('cashier');
});

it('keeps a field in its place when it is filled, or found faulty', async () => {
  await unfold(page, 'lanes', 'lanes[0]', 'lanes[0].settings');
  await more(page, 'lanes[0].settings');
  const ttl = settingField(page, 'lanes[0].settings.laneGrantTtl');
  await ttl.pressSequentially('x');
  await ttl.press('Enter');
  await page.locator('.faults').getByText('laneGrantTtl').waitFor();
  await ttl.pressSequentially('y');
  expect(await ttl.inputValue()).toBe('xy');
});

it('gives the box later what it could not hear', async () => {
  await add().click();
  await page.route(EDIT, (route) => route.abort());
  await field('name').fill('cashier');
  await field('name').blur();
  await page.getByRole('alert').waitFor();
  expect(await field('name').inputValue()).toBe('cashier');
  await page.unroute(EDIT);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect.poll(inText).toMatchObject({ intake: { systems: [{ name: 'cashier' }] } });
});
