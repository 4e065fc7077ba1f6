/** A new box, from its first start to its first release, as a person with a telephone sees it: the program on a pty, the page, nothing else. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Accounts } from '../../src/page/access/accounts.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { carLetOutByButton, polled } from '../stories/board.ts';
import { change, laneOnPty, run } from '../stories/lane.ts';
import { program } from '../stories/processes.ts';
import { openBrowser, openPage } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const PASSWORD = 'four-horses-and-a-cart';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe('first use', () => {
  it('goes from the setup code to the first release with its picture, all by page', async () => {
    const { config, wired } = await laneOnPty('first-use-secret');
    change(config, {}, 'page: { listen: "127.0.0.1:0" }\n');
    const running = run(config);
    await running.says(/local page: https:\/\/127\.0\.0\.1:\d+/);
    await running.says(/set-up code [A-Z0-9-]+/);
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? '';
    const code = /set-up code ([A-Z0-9-]+)/.exec(running.output())?.[1] ?? '';
    const { page } = await openPage(browser, { language: 'en', size: 'phone' });

    await page.goto(url);
    await page.getByRole('heading', { name: 'First use' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    // A wrong code and a weak password are refused in words.
    const fill = async (values: Readonly<Record<string, string>>): Promise<void> => {
      for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
      await page.getByRole('button', { name: 'Create the account' }).click();
    };
    await fill({
      'Set-up code': 'AAAA-AAAA-AAAA-AAAA',
      User: 'li',
      Password: PASSWORD,
      'Password again': 'another one',
    });
    await page.getByText('The two passwords differ').waitFor();
    await fill({ 'Password again': PASSWORD });
    await page.getByText('Wrong set-up code').waitFor();
    await fill({ 'Set-up code': code, Password: 'password', 'Password again': 'password' });
    await page.getByText('The password is too weak').waitFor();
    await fill({ Password: PASSWORD, 'Password again': PASSWORD });

    // In, and the lane is there.
    await page.getByRole('heading', { name: '通道A' }).waitFor();
    await page.getByText('Arm down').waitFor();
    await polled(wired.board, running);
    await carLetOutByButton(wired, running);
    const release = page.locator('.last-release a');
    await release.waitFor({ timeout: LONGEST_WAIT_MS });
    await release.click();
    await expect
      .poll(() => page.evaluate('document.querySelector(".picture img")?.naturalWidth ?? 0'))
      .toBeGreaterThan(0);
    await page.locator('.badge', { hasText: 'delivered' }).waitFor({ timeout: LONGEST_WAIT_MS });

    // Out, and in again.
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.getByLabel('User').fill('li');
    await page.getByLabel('Password').fill('not this one at all');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Wrong user or password').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    // Where one was: the record's own page.
    await page.getByRole('heading', { name: /^Release \d+$/ }).waitFor();

    // The box goes away, and the page says so until it is back or given up.
    await running.end('SIGTERM');
    await page.getByText('The box does not answer, retrying').waitFor({ timeout: LONGEST_WAIT_MS });
    await page.context().close();
  });

  it('takes the place of another box, all by page', async () => {
    const { config, folder } = await laneOnPty('swap-secret');
    change(config, {}, 'page: { listen: "127.0.0.1:0" }\n');
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    await (await Accounts.open(join(state, 'page'), systemClock())).add('li', 'installer', PASSWORD);
    const file = join(folder, 'box.zip');
    const backup = program(['backup', '--secrets', file, '--config', config], {
      LANEWARDEN_PASSPHRASE: 'one two three',
    });
    expect(await backup.ended, backup.output()).toBe(0);
    // The new box has been installed, and nobody has been here.
    rmSync(join(state, 'page'), { recursive: true });
    const running = run(config);
    await running.says(/set-up code [A-Z0-9-]+/);
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? '';
    const code = /set-up code ([A-Z0-9-]+)/.exec(running.output())?.[1] ?? '';
    const { page } = await openPage(browser, { language: 'en', size: 'phone' });
    await page.goto(url);
    await page.getByRole('button', { name: 'Replacing a box' }).click();
    await page.getByRole('heading', { name: 'Replacing a box' }).waitFor();
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByLabel('Backup file').setInputFiles(file);
    const give = async (setupCode: string, passphrase: string): Promise<void> => {
      await page.getByLabel('Set-up code', { exact: true }).fill(setupCode);
      await page.getByLabel('Passphrase of the backup').fill(passphrase);
      await page.getByRole('button', { name: 'Restore', exact: true }).click();
    };
    await give('AAAA-AAAA-AAAA-AAAA', 'one two three');
    await page.getByText('Wrong set-up code').waitFor();
    await give(code, 'another');
    await page.getByText('passphrase of the backup is wrong or missing').waitFor();
    await give(code, 'one two three');
    await page.getByRole('heading', { name: 'Log in' }).waitFor({ timeout: LONGEST_WAIT_MS });
    await page.getByLabel('User').fill('li');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: '通道A' }).waitFor();
  });
});
