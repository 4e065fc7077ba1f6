/** The page as an auditor has it: a record, its evidence as a file that proves itself, the chain, a dismissal agreed to, and no button that is refused. */
import { readFileSync } from 'node:fs';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkBundle } from '../../src/evidence/bundle-check.ts';
import { ageUsers } from '../page/age-users.ts';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { record } from '../store/open.ts';
import { openBrowser, openPage, type Size } from './browser.ts';
import { look } from './look.ts';

let browser: Browser;
let box: PageBox;
/** Released by hand, with its picture; and one that waits, which the operator wants away. */
let shown = 0;
let unwanted = 0;

beforeAll(async () => {
  [browser, box] = await Promise.all([openBrowser(), pageBox({ speed: 10 })]);
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

it('the operator lets one out by hand, and wants another away', async () => {
  const [operator] = [await box.as('operator'), await box.as('auditor')];
  // A colleague of some standing: the page learns of it when he logs in.
  ageUsers(box.folder);
  const ask = (path: string, body?: object) =>
    box.ask(body === undefined ? 'GET' : 'POST', `/api/v1/${path}`, { cookie: operator, body });
  box.park.controls.send('manual');
  await expect.poll(async () => (await ask('releases')).json.items[0]?.picture).toBe('attached');
  shown = (await ask('releases')).json.items[0].id;
  await ask('queue/pause', {});
  unwanted = (await box.box.host.app?.store.outbox.put(record('unwanted')))?.id as number;
  expect((await ask(`releases/${unwanted}/dismiss`, { why: 'an ambulance' })).status).toBe(200);
});

interface Auditor {
  readonly page: Page;
  readonly refused: readonly string[];
  /** Until what a press has asked of the box is answered. */
  answered(): Promise<void>;
  /** The document, for an empty one. */
  leave(): Promise<void>;
}

/** A page of the auditor, and what was refused to it. */
async function auditor(size: Size): Promise<Auditor> {
  const { page } = await openPage(browser, { language: 'en', size });
  const refused: string[] = [];
  const asked = new Set<Request>();
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') asked.add(request);
  });
  for (const ended of ['requestfinished', 'requestfailed'] as const)
    page.on(ended as 'requestfinished', (request) => void asked.delete(request));
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  await page.goto(`${box.url}/#/releases/${shown}`);
  await page.getByLabel('User').fill('auditor');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  const answered = async (): Promise<void> => {
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
    await expect.poll(() => [...asked].map((request) => request.url())).toEqual([]);
  };
  /** What was under way ends with its document, of which the browser does not always tell. */
  const leave = async (): Promise<void> => {
    await page.goto('about:blank');
    asked.clear();
  };
  return { page, refused, answered, leave };
}

it.each(['desktop', 'phone'] as const)('takes evidence that proves itself and verifies the chain, %s', async (size) => {
  const { page, refused } = await auditor(size);
  await page.getByRole('heading', { name: 'Reasons' }).waitFor();
  await look(page, `auditor-record-${size}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the evidence' }).click(),
  ]);
  expect(checkBundle(readFileSync(await download.path()))).toMatchObject({ faults: [], frames: expect.any(Number) });

  await page.goto(`${box.url}/#/diagnostics`);
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText('the chain fits').waitFor();
  await look(page, `auditor-verified-${size}`);
  expect(refused).toEqual([]);
  await page.context().close();
});

it('is offered nothing that is refused to it, on any of its pages', async () => {
  const { page, refused, answered, leave } = await auditor('desktop');
  await page.getByRole('heading', { name: 'Reasons' }).waitFor();
  const places = await page.evaluate<readonly string[]>(
    `[...new Set([...document.querySelectorAll('nav a[href^="#/"]')].map((link) => link.getAttribute('href')))]`,
  );
  expect(places.length).toBeGreaterThan(8);
  const pressed: string[] = [];
  for (const place of [...places, `#/releases/${shown}`]) {
    const open = async () => {
      await leave();
      await page.goto(`${box.url}/${place}`);
      await page.locator('main h1, main h2').first().waitFor();
      await answered();
    };
    await open();
    const buttons = page.locator('main button:enabled:visible');
    const names = await buttons.allTextContents();
    for (const [at, name] of names.entries()) {
      // Its own log-out ends the walk; what begins long work is left to the tests of that work.
      if (/^(Log out|Verify)/.test(name)) continue;
      await open();
      await buttons.nth(at).click();
      await answered();
      // What it asks back is answered with yes.
      const yes = page.locator('[role=dialog] button:enabled:visible').last();
      if ((await yes.count()) > 0) await yes.click();
      await answered();
      pressed.push(`${place} ${name}`);
      expect(refused, pressed.at(-1) ?? place).toEqual([]);
    }
  }
  expect(refused).toEqual([]);
  await page.context().close();
});

it.each(['phone'] as const)('agrees to what the operator wants away, with both names kept, %s', async (size) => {
  const { page, refused, leave } = await auditor(size);
  await page.getByRole('heading', { name: 'Reasons' }).waitFor();
  await page.goto(`${box.url}/#/releases/${unwanted}`);
  await page.getByText('operator says that the box was wrong: an ambulance').waitFor();
  await page.getByRole('button', { name: 'Wrong, I agree' }).click();
  await page.getByRole('button', { name: 'Another reason' }).click();
  await page.getByLabel('Another reason').fill('seen on the picture');
  await look(page, `auditor-agrees-${size}`);
  await page.getByRole('button', { name: 'Wrong', exact: true }).click();
  await page.getByRole('button', { name: /^Undo/ }).waitFor();
  await leave();
  await expect
    .poll(async () => (await box.box.host.app?.store.review.get(unwanted))?.droppedBy)
    .toBe('operator, auditor');
  expect(refused).toEqual([]);
  await page.context().close();
});
