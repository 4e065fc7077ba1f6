/** A new box from its set-up code to its first release, entirely by page: no file is written by hand. And each step of the wizard, looked at. */
import { closeSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Overview } from '../../src/page/api/api.ts';
import { LONGEST_TEST_MS, LONGEST_WAIT_MS } from '../longest-wait.ts';
import { boardOnPty, polled } from '../stories/board.ts';
import { endings } from '../stories/lane.ts';
import { platformProcess, program, ptyPair, type Running, temporaryFolder } from '../stories/processes.ts';
import { type Demo, openBrowser, openPage, SIZES, startDemo } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const PASSWORD = 'four-horses-and-a-cart';
const SECRET = 'the-secret-of-the-platform';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
});

/** A box whose configuration says no more than where its page and its state are. */
async function newBox(): Promise<{ readonly running: Running; readonly url: string; readonly code: string }> {
  const folder = temporaryFolder();
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(file, `page: { listen: "127.0.0.1:0" } # ours\nstore: { path: "${join(folder, 'state')}" }\n`);
  const running = program(['run', '--config', file, '--lang', 'en']);
  endings.push(() => running.end('SIGKILL'));
  await running.says(/local page: https:\/\/127\.0\.0\.1:\d+/, 30_000);
  await running.says(/set-up code [A-Z0-9-]+/);
  const url = /https:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? '';
  return { running, url, code: /set-up code ([A-Z0-9-]+)/.exec(running.output())?.[1] ?? '' };
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}

async function write(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Write and apply' }).click();
}

describe('commissioning', { timeout: 120_000 }, () => {
  it('takes a new box from its set-up code to a release, all by page', async () => {
    const folder = temporaryFolder();
    const pty = await ptyPair(folder);
    endings.push(() => pty.socat.end('SIGKILL'));
    // socat ends when nobody has the near end open, which a wire does not.
    const held = openSync(pty.near, 'r+');
    endings.push(() => closeSync(held));
    const wired = await boardOnPty(pty.far);
    endings.push(() => wired.close());
    const platform = await platformProcess(SECRET);
    endings.push(() => platform.running.end());
    const { running, url, code } = await newBox();
    const context = await browser.newContext({ viewport: SIZES.phone, locale: 'en-GB', ignoreHTTPSErrors: true });
    const page = await context.newPage();

    await page.goto(url);
    await fill(page, { 'Setup code': code, User: 'li', Password: PASSWORD, 'Password again': PASSWORD });
    await page.getByRole('button', { name: 'Create the account' }).click();

    // Which device is on the bus?
    // The first page is the wizard, and says nothing that is not so.
    await page.getByText('There is no configuration yet').waitFor();
    expect(await page.locator('#app, .frame').first().textContent()).not.toMatch(/\d faults|last good|\b0 B/);
    await page.getByRole('link', { name: /Restore its backup/ }).waitFor();
    await page.getByLabel(/^Port or address/).fill(realpathSync(pty.near));
    await page.getByLabel('9600', { exact: true }).uncheck();
    await page.getByLabel('115200', { exact: true }).uncheck();
    // Long enough to be going on when the board has been found.
    await page.getByLabel('to', { exact: true }).fill('200');
    const search = page.getByRole('button', { name: 'Search' });
    expect(await search.isDisabled()).toBe(true);
    await page.getByLabel(/no other master/).check();
    await search.click();
    await page.getByRole('button', { name: 'Use this one' }).click({ timeout: 30_000 });
    // The search lets go of the port.
    await page.locator('.job', { hasText: 'Cancelled' }).waitFor();
    expect(await page.getByLabel('Unit', { exact: true }).inputValue()).toBe('1');
    expect(await page.getByLabel('Baud rate', { exact: true }).inputValue()).toBe('38400');
    expect(await page.getByLabel('Device profile').inputValue()).toMatch(/^waveshare-modbus-rtu-/);

    // The first lane.
    await fill(page, {
      'Lane name': '通道A',
      'Park id (park_uuid)': '49f0cc52-e8c7-41e3-b54d-af666b8cc11a',
      'Platform address': platform.url,
      'Platform secret (app_secret)': SECRET,
    });
    await write(page);
    await page
      .getByRole('link', { name: /Wiring/ })
      .first()
      .click({ timeout: 60_000 });
    await polled(wired.board, running);

    // One car teaches the wiring.
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.locator('.ask-says', { hasText: /Lane free, arm down/ }).waitFor();
    const ONE_CAR: readonly (readonly [ms: number, inputs: Partial<typeof wired.levels>])[] = [
      [1_500, { approach: true }],
      [400, { button: true }],
      [500, { down: false }],
      [3_500, { button: false }],
      [1_000, { barrier: true }],
      [1_500, { approach: false }],
      [2_500, { barrier: false }],
      [0, { down: true }],
    ];
    for (const [ms, inputs] of ONE_CAR) {
      Object.assign(wired.levels, inputs);
      await polled(wired.board, running, 3);
      await page.waitForTimeout(ms);
    }
    await page.getByText('Compare each name with its waveform').waitFor();
    for (const name of ['Loop A', 'Loop B', 'Button', 'Down limit'])
      await expect
        .poll(() => page.locator('.signal-row option:checked', { hasText: name }).count(), { timeout: 5_000 })
        .toBe(1);
    await page.getByRole('button', { name: 'Confirm, write and apply' }).click();
    await page.getByText('The new configuration is in force').waitFor({ timeout: 60_000 });

    // The platform, with one marked record.
    await page
      .getByRole('link', { name: /Platform/ })
      .first()
      .click();
    await page.getByLabel(/will receive a test record/).check();
    await page.getByRole('button', { name: 'Send the test record' }).click();
    await page.getByText('Passed').waitFor();
    await page
      .getByRole('link', { name: /Acceptance/ })
      .first()
      .click();
    await expect.poll(() => page.locator('.paper tbody tr').count()).toBe(4);
    expect(await page.locator('.paper').textContent()).toContain('通过 Passed');
    await page.getByRole('button', { name: 'Accepted: start reporting' }).click();
    await page.getByText('the lane is in maintenance').waitFor({ state: 'detached' });

    // And a car that the attendant lets out.
    await polled(wired.board, running);
    const change = async (inputs: Partial<typeof wired.levels>) => {
      Object.assign(wired.levels, inputs);
      await polled(wired.board, running, 12);
    };
    await change({ approach: true });
    await change({ button: true });
    await change({ down: false });
    await change({ button: false });
    await change({ barrier: true });
    await change({ approach: false });
    await change({ barrier: false });
    await change({ down: true });
    await page.goto(`${url}/#/overview`);
    await page.locator('.last-release a').waitFor({ timeout: 40_000 });
    expect(wired.board.commandsSeen).toEqual([]);
    await context.close();
  });
});

describe('each step of the wizard', { timeout: 120_000 }, () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await startDemo();
  }, 60_000);
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
    expect(await page.locator('.signal-row select').count()).toBeGreaterThan(2);
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
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
