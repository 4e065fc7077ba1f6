/** The platform's QR code as people have it: photographed aslant, large, grey and noisy, and a screenshot. Read in the page, in each engine. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { encode } from 'uqr';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wizardText } from '../../src/text/page/ui-wizard.ts';
import { endings } from '../endings.ts';
import { program, temporaryFolder } from '../stories/processes.ts';
import { SIZES } from './browser.ts';
import { ENGINES, type Engine, type EnginePage, openEngine } from './engines/engine.ts';
import { person } from './engines/person.ts';
import { eventuallyAsked } from './eventually-asked.ts';

const PARK = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
const SECRET = 'the-secret-of-the-platform';
const PASSWORD = 'four-horses-and-a-cart';
const TEXT = JSON.stringify({ park_uuid: PARK, app_secret: SECRET });

/** A PNG of the code, `side` pixels wide. */
async function screenshot(side: number): Promise<Buffer> {
  const { data } = encode(TEXT, { ecc: 'M', border: 4 });
  const pixels = Buffer.from(data.flatMap((row) => row.map((isDark) => (isDark ? 0 : 255))));
  const { length: width } = data;
  const picture = sharp(pixels, { raw: { width, height: width, channels: 1 } });
  return picture.resize(side, side, { kernel: 'nearest' }).png().toBuffer();
}

/** As a phone takes it: 12 megapixels, the sheet aslant on a desk, in poor light. */
async function photo(): Promise<Buffer> {
  const sheet = await sharp(await screenshot(1_100))
    .rotate(9, { background: '#777' })
    .toBuffer();
  const width = 4_032;
  const height = 3_024;
  const noise = { noise: { type: 'gaussian' as const, mean: 120, sigma: 18 } };
  const desk = await sharp({ create: { width, height, channels: 3, background: '#777', ...noise } })
    .png()
    .toBuffer();
  return sharp(desk)
    .composite([{ input: sheet, left: 1_200, top: 700 }])
    .blur(2)
    .linear(0.6, 40)
    .jpeg({ quality: 70 })
    .toBuffer();
}

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe.each(ENGINES)('in %s', (name) => {
  let engine: Engine;
  let page: EnginePage;
  beforeAll(async () => {
    engine = await openEngine(name);
  });
  afterAll(async () => {
    await engine?.end();
  });

  /** As the system's chooser hands it over: no driver reaches into that. */
  const choose = async (picture: Buffer, type: string): Promise<void> => {
    await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (one) => one.charCodeAt(0));
      const chosen = new DataTransfer();
      chosen.items.add(new File([bytes], 'picture', { type: '${type}' }));
      const input = document.querySelector('input[type=file]');
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    })()`);
  };
  const value = (label: string): Promise<string> =>
    page.evaluate(
      `[...document.querySelectorAll('input')].find((one) => [...(one.labels ?? [])].some((label) => label.textContent.includes(${JSON.stringify(label)})))?.value ?? ''`,
    );

  it('fills in id and secret, and says so when there is nothing', async () => {
    const folder = temporaryFolder();
    const config = join(folder, 'lanewarden.yaml');
    writeFileSync(config, `page: { listen: "127.0.0.1:0" }\nstore: { path: "${join(folder, 'state')}" }\n`);
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.end('SIGKILL'));
    await running.says(/local page: https:\/\/127\.0\.0\.1:\d+/);
    await running.says(/set-up code [A-Z0-9-]+/);
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? '';
    const code = /set-up code ([A-Z0-9-]+)/.exec(running.output())?.[1] ?? '';
    page = await engine.open(SIZES.phone);
    await page.goto(url);
    await page.evaluate(`localStorage.setItem('lanewarden.language', 'zh')`);
    await page.evaluate(`(async () => {
      const body = JSON.stringify({ code: '${code}', user: 'li', password: '${PASSWORD}' });
      await fetch('/api/v1/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    })()`);
    await page.goto(`${url}/?zh#/wizard`);
    const { sees } = person(page);
    await sees(wizardText.qr.zh);
    await choose(
      await sharp({ create: { width: 400, height: 300, channels: 3, background: '#888' } })
        .png()
        .toBuffer(),
      'image/png',
    );
    await sees(wizardText.qrFailed.zh);
    for (const [picture, type] of [
      [await screenshot(600), 'image/png'],
      [await photo(), 'image/jpeg'],
    ] as const) {
      await page.goto(`${url}/?zh#/overview`);
      await page.goto(`${url}/?zh#/wizard`);
      await sees(wizardText.qr.zh);
      await choose(picture, type);
      // The id of the picture before is kept on the phone; the secret is not.
      await eventuallyAsked('the secret is filled in', async () => (await value('平台密钥')) === SECRET);
      expect(await value('车场编号')).toBe(PARK);
      await sees(wizardText.qrRead.zh);
    }
    await page.close();
  });
});
