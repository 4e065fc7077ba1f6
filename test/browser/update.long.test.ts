/** An update given with a phone, in both languages: why none can be given, a wrong file, and one that goes on while the box itself is replaced. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpdatePlaces } from '../../src/box/updates.ts';
import { clearRequest, takeRequest, writeResult } from '../../src/system/update-request.ts';
import { withSignature } from '../../src/system/update-signature.ts';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { openBrowser, openPage } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const content = Buffer.from('what dpkg would install');
const base = mkdtempSync(join(tmpdir(), 'lanewarden-update-'));
const places: UpdatePlaces = {
  spool: join(base, 'update'),
  result: join(base, 'run', 'result.json'),
  releases: base,
  keys: { trusted: [join(base, 'update.pub')], revoked: [] },
  unit: join(base, 'lanewarden-update.path'),
};
const WORDS = {
  zh: {
    user: '用户名',
    password: '密码',
    login: '登录',
    file: '更新包',
    give: '更新',
    bad: '签名不对',
    proving: '试运行中',
    done: '更新完成：9.9.9',
    none: 'dpkg -i',
    reverted: '换回',
  },
  en: {
    user: 'User',
    password: 'Password',
    login: 'Log in',
    file: 'Package',
    give: 'Update',
    bad: 'signature is wrong',
    proving: 'on trial',
    done: 'updated to 9.9.9',
    none: 'dpkg -i',
    reverted: 'is back',
  },
} as const;

let browser: Browser;
let box: PageBox;
beforeAll(async () => {
  mkdirSync(join(base, 'run'));
  writeFileSync(places.keys.trusted[0] as string, publicKey.export({ type: 'spki', format: 'pem' }));
  [browser, box] = await Promise.all([openBrowser(), pageBox({ updates: places })]);
  await box.as('installer');
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
  rmSync(base, { recursive: true, force: true });
});

async function isClean(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

/** SCREENSHOTS=FOLDER keeps what a person would see. */
async function look(page: Page, name: string): Promise<void> {
  await isClean(page);
  const { SCREENSHOTS: folder } = process.env;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `update-${name}.png`), fullPage: true });
}

async function login(page: Page, words: (typeof WORDS)['zh' | 'en']): Promise<void> {
  await page.goto(`${box.url}/#/backup`);
  await page.getByLabel(words.user).fill('installer');
  await page.getByLabel(words.password).fill(PASSWORD);
  await page.getByRole('button', { name: words.login, exact: true }).click();
}

describe.each(['zh', 'en'] as const)('with a phone, %s', (language) => {
  it('an update is given, and its end is told by itself', async () => {
    const words = WORDS[language];
    rmSync(places.unit, { force: true });
    rmSync(places.result, { force: true });
    rmSync(join(base, 'reverted'), { force: true });
    const { page } = await openPage(browser, { language, size: 'phone', dark: language === 'en' });
    await login(page, words);
    await page.getByText(words.none).waitFor();
    expect(await page.getByLabel(words.file).count()).toBe(0);
    await look(page, `none-${language}`);

    writeFileSync(places.unit, '');
    await page.reload();
    const give = async (bytes: Buffer): Promise<void> => {
      await page.getByLabel(words.file).setInputFiles({ name: 'lanewarden.deb', mimeType: '', buffer: bytes });
      await page.getByRole('button', { name: words.give, exact: true }).click();
    };
    await give(content);
    await page.getByText(words.bad).waitFor();
    await look(page, `wrong-${language}`);

    await give(withSignature(content, sign(null, content, privateKey)));
    await expect.poll(() => takeAsRoot('9.9.9')).toBe(true);
    await page.getByText(words.proving).waitFor();
    await look(page, `proving-${language}`);
    await page.evaluate('window.ofTheVersionBefore = true');
    box = await box.restart();
    rmSync(join(base, 'trial'));
    await page.getByText(words.done).waitFor();
    // It may be loading itself at this very moment.
    const ofBefore = () => page.evaluate('window.ofTheVersionBefore').catch(() => 'loading');
    await expect.poll(ofBefore, { message: 'the page is that of the new version' }).toBeUndefined();
    await look(page, `done-${language}`);

    writeFileSync(join(base, 'reverted'), 'version=9.9.9\nback=0.0.0\n');
    writeResult({ state: 'proving', version: '9.9.9' }, places.result);
    await page.reload();
    await page.getByText(words.reverted).waitFor();
    await look(page, `reverted-${language}`);
    await page.context().close();
  });
});

/** What `lanewarden update --spool` does when dpkg has done its part; false: there is no request yet. */
function takeAsRoot(version: string): boolean {
  if (!existsSync(join(places.spool, 'request'))) return false;
  writeFileSync(join(base, 'trial'), `to=${version}\nback=0.0.0\nstarts=1\n`);
  writeResult({ state: 'installing' }, places.result);
  takeRequest(places.spool);
  clearRequest(places.spool);
  writeResult({ state: 'proving', version }, places.result);
  return true;
}
