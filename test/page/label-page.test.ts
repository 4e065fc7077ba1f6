/** What the page prints as the label of the cabinet: the same name and addresses as the console, and codes that a phone reads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import jsQR from 'jsqr';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boxName, COMMISSIONED_FILE, OWN_NETWORK_FILE } from '../../src/page/access/box-name.ts';
import { pageUrls } from '../../src/page/access/label.ts';
import { temporaryFolder } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
beforeAll(async () => {
  box = await pageBox({ secure: true });
});
afterAll(async () => {
  await box?.close();
});

it('names the box only where avahi answers to its name, or where it has no address', () => {
  const run = temporaryFolder();
  const hasAddress = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .some(({ internal, family }) => !internal && family === 'IPv4');
  const named = (): boolean =>
    pageUrls({ host: '0.0.0.0', port: 8080 }, true, run).includes(`https://${boxName()}.local:8080`);
  expect(named()).toBe(!hasAddress);
  mkdirSync(join(run, 'avahi-daemon'));
  writeFileSync(join(run, 'avahi-daemon/socket'), '');
  expect(named()).toBe(true);
});

function read(modules: readonly string[]): string | undefined {
  const size = 4 * modules.length;
  const pixels = new Uint8ClampedArray(4 * size * size).fill(255);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1)
      if (modules[y >> 2]?.[x >> 2] === '1') pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3);
  return (jsQR as unknown as typeof jsQR.default)(pixels, size, size)?.data;
}

it('has the name, the addresses, the fingerprint and the Wi-Fi, for an installer alone', async () => {
  const cookie = await box.as('installer');
  const state = join(box.folder, 'state');
  const label = async () => (await box.ask('GET', '/api/v1/label', { cookie })).json;
  const plain = await label();
  expect(plain).toMatchObject({ name: boxName(), fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}/) });
  expect(plain).not.toHaveProperty('network');
  expect(read(plain.codes.page)).toBe(`${plain.urls[0]}/`);
  writeFileSync(join(state, OWN_NETWORK_FILE), 'ab2c-d3ef\n');
  const { network, codes } = await label();
  expect(network).toMatchObject({
    name: boxName(),
    key: 'ab2c-d3ef',
    urls: [/^https:\/\/10\.77\.77\.1:\d+$/, /^https:\/\/169\.254\.77\.1:\d+$/].map((each) =>
      expect.stringMatching(each),
    ),
  });
  expect(read(codes.network)).toBe(`WIFI:T:WPA;S:${boxName()};P:ab2c-d3ef;;`);
  // It is offered no more.
  writeFileSync(join(state, COMMISSIONED_FILE), '');
  expect(await label()).not.toHaveProperty('network');
  for (const role of ['operator', 'auditor', 'viewer', 'booth'] as const)
    expect((await box.ask('GET', '/api/v1/label', { cookie: await box.as(role) })).status).toBe(403);
});

it('answers to its name', async () => {
  const { port } = new URL(box.url);
  const asked = (host: string) => box.ask('GET', '/api/v1/session', { headers: { host: `${host}:${port}` } });
  expect((await asked(`${boxName()}.local`)).status).toBe(200);
  expect((await asked('lanewarden-zzzz.local')).status).toBe(403);
});
