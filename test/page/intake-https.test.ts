/** The TLS port of the intake, through the whole box: the page's certificate, what the page says of it, and curl with the command of the page. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IntakeView } from '../../src/page/api/api-intake.ts';
import { grantCurl } from '../../src/ui/intake/grant-curl.ts';
import { type PageBox, pageBox } from './page-box.ts';

const run = promisify(execFile);

let page: PageBox;
let cookie: string;
let seen: IntakeView;
beforeAll(async () => {
  page = await pageBox({
    secure: true,
    prepare: (file) => {
      const text = readFileSync(file, 'utf8');
      const on = text.replace('\nintake:\n', '\nintake:\n  https: { enabled: true, listen: "127.0.0.1:0" }\n');
      expect(on).not.toBe(text);
      writeFileSync(file, on);
    },
  });
  cookie = await page.as('installer');
  seen = (await page.ask('GET', '/api/v1/intake', { cookie })).json;
});
afterAll(() => page.close());

const token = () => /intake.pms: "(.*)"/.exec(readFileSync(join(page.folder, 'secrets.yaml'), 'utf8'))?.[1] ?? '';

/** As the page writes it, when it is opened by the address of the box. */
async function curl(certificate: IntakeView['certificate']) {
  const grant = { id: 'curl-1', lane: '1001' };
  const parts = grantCurl({ url: seen.urls[0] ?? '', host: '127.0.0.1', certificate, token: token(), grant });
  return run('sh', ['-c', `${parts.join(' ')} -sS`]).then(
    ({ stdout }) => stdout,
    ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
  );
}

test('the page says both addresses, TLS first, with its own certificate', async () => {
  expect(seen.urls).toEqual([
    expect.stringMatching(/^https:\/\/127.0.0.1:\d+$/),
    expect.stringMatching(/^http:\/\/127.0.0.1:\d+$/),
  ]);
  expect(page.lines.join('')).toContain(`SHA-256: ${seen.certificate?.fingerprint}`);
  const { intake } = (await page.ask('GET', '/api/v1/commissioning', { cookie })).json;
  expect(intake).toEqual({ urls: seen.urls, certificate: seen.certificate, tokens: ['pms'] });
});

test('its command works with curl, and curl refuses another certificate', async () => {
  expect(await curl(seen.certificate)).toContain('"status":"accepted"');
  const other = { fingerprint: '', pin: Buffer.alloc(32).toString('base64') };
  expect(await curl(other)).toMatch(/^90 .*public key/s);
});
