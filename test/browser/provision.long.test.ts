/** A provisioning file as an installer gives it on the page: shown before, the operator compared, applied. */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boxName } from '../../src/page/access/box-name.ts';
import { PASSWORD, type PageBox, pageBox } from '../page/page-box.ts';
import { type Operator, operator } from '../provision/operator.ts';
import { openBrowser, openPage, type Size } from './browser.ts';
import { look } from './look.ts';

let browser: Browser;
let box: PageBox;
let desk: Operator;

beforeAll(async () => {
  [browser, box, desk] = await Promise.all([
    openBrowser(),
    pageBox({ provisionTrial: { provenMs: 1_000, withinMs: 10_000 } }),
    operator(),
  ]);
  await box.as('installer');
});
afterAll(async () => {
  await browser?.close();
  await box?.close();
});

const WORDS = {
  zh: {
    ...{ user: '用户名', password: '密码', login: '登录', file: '开通文件（lwp）', look: '看会改什么' },
    ...{ compared: '核对过，一致', apply: '采用', done: /已采用，运行正常/, trial: /新配置.*试/ },
  },
  en: {
    ...{ user: 'User', password: 'Password', login: 'Log in', file: 'File (lwp)', look: 'Show changes' },
    ...{
      compared: 'Compared: they agree',
      apply: 'Apply',
      done: /applied, and the box is well/,
      trial: /new configuration is on trial/,
    },
  },
} as const;

it.each([
  ['zh', 'phone', 'A 口'],
  ['en', 'desktop', 'Gate B'],
] as const)('is shown, compared and applied: %s, %s', async (language, size: Size, gate) => {
  const words = WORDS[language];
  const { key } = (await box.ask('GET', '/api/v1/provision', { cookie: await box.as('installer') })).json;
  const row = `boxes:\n  ${boxName()}:\n    key: "${key}"\n    values: { gate: "${gate}" }\n`;
  const more = 'note: 2026 春季\ntokens: [{ name: prometheus, scopes: [metrics], token: "lw_0123456789abcdef" }]\n';
  const file = await desk.make(readFileSync(box.configFile, 'utf8').replace(/name: .*/, 'name: $(gate)'), more + row);
  const { page, complaints } = await openPage(browser, { language, size });
  await page.goto(`${box.url}/#/backup`);
  await page.getByLabel(words.user).fill('installer');
  await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.login, exact: true }).click();
  await page.getByLabel(words.file).setInputFiles(file);
  await page.getByRole('button', { name: words.look }).click();
  await page.getByText(`→ ${gate}`).waitFor();
  await look(page, `provision-shown-${language}-${size}`);
  // The first one is compared; from then on this operator is known.
  const compared = page.getByLabel(words.compared);
  const apply = page.getByRole('button', { name: words.apply, exact: true });
  if (await compared.isVisible()) {
    expect(await apply.isDisabled()).toBe(true);
    await compared.check();
  }
  await apply.click();
  await page.getByText(words.done).waitFor();
  // The bar that says so goes by itself.
  await page.getByText(words.trial).waitFor({ state: 'hidden' });
  await look(page, `provision-done-${language}-${size}`);
  expect(box.box.host.config?.lanes[0]?.name).toBe(gate);
  expect(complaints).toEqual([]);
});
