/** Where a camera may be, and from where it may speak: addresses, names that point elsewhere, and the configuration. */
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cameraRule, createSenderCheck, isAllowedHost, mayBeAt } from '../../drivers/camera-http/address.ts';
import { createCameraClient } from '../../drivers/camera-http/client.ts';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { LinkError } from '../../src/driver.ts';
import { plainAddress } from '../../src/outward/network-class.ts';
import { guardedLookup } from '../../src/outward/outward.ts';

/** What the name server says of `rebinding.example`, one answer after the other; every other name is the machine's to resolve. */
const answers = vi.hoisted((): string[][] => []);
vi.mock('node:dns', async (original) => {
  const dns = await original<typeof import('node:dns')>();
  type Found = (error: Error | null, addresses: { address: string; family: number }[]) => void;
  const lookup = (name: string, options: { all: true }, found: Found): void => {
    if (name !== 'rebinding.example') {
      dns.lookup(name, options, found);
      return;
    }
    const addresses = answers.shift() ?? [];
    queueMicrotask(() =>
      found(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
  };
  return { ...dns, lookup };
});

const resolved = (name: string): Promise<string> =>
  new Promise((resolve) =>
    guardedLookup(cameraRule(at(name)))(name, {}, (error) => resolve(error === null ? 'fine' : String(error.code))),
  );

const at = (host: string, allowPublic = false) => ({ host, allowPublic });
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

describe('a camera', () => {
  it.each([
    ['10.1.2.3', true, true],
    ['172.16.0.1', true, true],
    ['172.31.255.255', true, true],
    ['172.32.0.1', false, true],
    ['192.168.1.64', true, true],
    ['192.0.2.64', true, true],
    ['fd00::64', true, true],
    ['8.8.8.8', false, true],
    ['2400:3200::1', false, true],
    ['100.64.0.1', false, true],
    // Metadata of clouds, loopback by another name, nowhere, everywhere: never.
    ['169.254.169.254', false, false],
    ['fe80::1', false, false],
    ['127.0.0.1', false, false],
    ['::1', false, false],
    ['::ffff:127.0.0.1', false, false],
    ['::ffff:7f00:1', false, false],
    ['0:0:0:0:0:ffff:7f00:0001', false, false],
    ['::ffff:169.254.169.254', false, false],
    ['0.0.0.0', false, false],
    ['::', false, false],
    ['224.0.0.1', false, false],
    ['255.255.255.255', false, false],
    ['ff02::1', false, false],
    ['not an address', false, false],
  ])('by name may be at %s: %s, when public ones are allowed: %s', (address, local, whenPublic) => {
    expect(mayBeAt(address, at('camera.example'))).toBe(local);
    expect(mayBeAt(address, at('camera.example', true))).toBe(whenPublic);
  });

  it('is on this machine only when its address says so itself', () => {
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) expect(mayBeAt('127.0.0.1', at(host))).toBe(true);
    expect(isAllowedHost(at('127.0.0.1'))).toBe(true);
    expect(isAllowedHost(at('8.8.8.8'))).toBe(false);
    // URLs write addresses in their one way: 2130706433 and 0x7f.1 are 127.0.0.1 there.
    expect(new URL('http://2130706433/').hostname).toBe('127.0.0.1');
    expect(plainAddress(new URL('http://[::ffff:10.0.0.1]/').hostname)).toBe('10.0.0.1');
  });

  it('whose name turns to this machine between two looks is not connected to', async () => {
    let asked = 0;
    server = createServer((_, response) => {
      asked += 1;
      response.end('secret of another program');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = new URL(`http://rebinding.example:${port}/snapshot.jpg`);
    const client = createCameraClient({ url: url.href, allowBasic: false, allowPublic: true }, systemClock());
    const get = () => client.get(url, 'image/jpeg', new AbortController().signal).catch((thrown: unknown) => thrown);
    // Whoever asks the name server before connecting is told of a good address, and connects to another.
    answers.push(['192.0.2.64'], ['127.0.0.1'], ['192.0.2.64', '127.0.0.1']);
    expect(await resolved(url.hostname)).toBe('fine');
    for (let time = 0; time < 2; time += 1) {
      const error = await get();
      expect(error).toBeInstanceOf(LinkError);
      expect(error).toMatchObject({ code: 'notLocal' });
    }
    expect(answers).toEqual([]);
    expect(asked).toBe(0);
  });

  it('is asked under its configured host only', async () => {
    const client = createCameraClient(
      { url: 'http://192.0.2.64', allowBasic: false, allowPublic: false },
      systemClock(),
    );
    const asked = client.get(new URL('http://192.0.2.65/x'), 'image/jpeg', new AbortController().signal);
    await expect(asked).rejects.toMatchObject({ code: 'notLocal' });
  });
});

describe('a push', () => {
  it('is taken from the address of the camera, and from those that are allowed', async () => {
    const own = createSenderCheck('192.0.2.64', ['198.51.100.7', '203.0.113.0/28', '2001:db8::/64']);
    const taken = async (address: string): Promise<boolean> => own(address);
    for (const address of ['192.0.2.64', '::ffff:192.0.2.64', '198.51.100.7', '203.0.113.15', '2001:db8::9'])
      expect(await taken(address), address).toBe(true);
    for (const address of ['192.0.2.65', '203.0.113.16', '2001:db8:0:1::1', '', 'localhost', '198.51.100.70'])
      expect(await taken(address), address).toBe(false);
    expect(await createSenderCheck('localhost', [])('127.0.0.1')).toBe(true);
    expect(await createSenderCheck('no-such-host.invalid', [])('127.0.0.1')).toBe(false);
  });
});

describe('the configuration', () => {
  const schemaOf = (kind: string) => CAMERA_KINDS.find((each) => each.kind === kind)?.schema;
  const good: Readonly<Record<string, object>> = {
    'camera-http': { preset: 'axis' },
    hikvision: {},
    dahua: {},
    vzenith: {},
    'json-push': { fields: { plate: 'a.b[0]' } },
  };

  it.each(Object.keys(good))('of %s has the guard, and its words', (kind) => {
    const parse = (more: object) => schemaOf(kind)?.safeParse({ url: 'http://192.0.2.64', ...good[kind], ...more });
    expect(parse({})?.success).toBe(true);
    const refused = parse({ url: 'http://8.8.8.8' });
    expect(JSON.stringify(refused?.error?.issues)).toContain('摄像机地址不在本地网络');
    expect(parse({ url: 'http://8.8.8.8', allowPublic: true })?.success).toBe(true);
    expect(parse({ url: 'http://169.254.169.254', allowPublic: true })?.success).toBe(false);
    const inUrl = parse({ url: 'http://admin:canary@192.0.2.64' });
    expect(inUrl?.success).toBe(false);
    expect(JSON.stringify(inUrl?.error?.issues)).not.toContain('canary');
  });

  it('has no key with which an answer could be written', () => {
    for (const [kind, config] of Object.entries(good))
      for (const key of ['answer', 'response', 'info', 'is_pay', 'AllowUser'])
        expect(schemaOf(kind)?.safeParse({ url: 'http://192.0.2.64', ...config, [key]: 'ok' }).success).toBe(false);
  });

  it('wants addresses in pushFrom', () => {
    const parse = (pushFrom: unknown) =>
      schemaOf('hikvision')?.safeParse({ url: 'http://192.0.2.64', pushFrom }).success;
    expect(parse(['192.0.2.1', '192.0.2.0/24', 'fd00::/8'])).toBe(true);
    for (const bad of ['camera.example', '192.0.2.0/33', '192.0.2.0/24/1', '192.0.2.0/x', ''])
      expect(parse([bad]), bad).toBe(false);
  });
});
