/** A further platform in the form of the configuration: its values and secrets by name, the secret as a reference. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, openBrowser, openPage, startDemo } from './browser.ts';
import { unfold } from './config-form.ts';

let browser: Browser;
let demo: Demo;
beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemo('--speed', '10')]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

const DESTINATION = `destinations:
  - { kind: platform, name: other-park, profile: 4pyun, url: "https://other.example", values: { parkUuid: x }, secrets: {} }
`;

it('has a field for each value, and adds a secret by its name in secrets.yaml', async () => {
  const { page, complaints } = await openPage(browser, { language: 'en' });
  await page.goto(`${demo.url}/#/config/text`);
  const editor = page.getByLabel('Configuration file lanewarden.yaml');
  const good = await editor.inputValue();
  await editor.fill(`${good}\n${DESTINATION}`);
  await page.locator('.faults').getByText('asks for "appSecret" in secrets').waitFor();
  await page.goto(`${demo.url}/#/config/form`);
  await unfold(page, 'destinations', 'destinations[0]');
  expect(await page.getByLabel('parkUuid', { exact: true }).inputValue()).toBe('x');
  const secrets = page.locator('fieldset[data-key="destinations[0].secrets"]');
  await secrets.getByLabel('Name').fill('appSecret');
  await secrets.getByRole('button', { name: /^Add/ }).click();
  const reference = secrets.getByLabel('appSecret', { exact: true });
  expect(await reference.inputValue()).toBe('destinations.appSecret');
  await reference.fill('cloud.appSecret');
  await reference.blur();
  await page.goto(`${demo.url}/#/config/text`);
  await page.getByText('No faults').waitFor();
  expect(await editor.inputValue()).toMatch(/secrets: \{ appSecret: \{ secret: cloud\.appSecret \} \}/);
  expect(complaints).toEqual([]);
  await page.context().close();
});
