/** Where a request may lead that the configuration writes: names that point elsewhere, redirects, proxies, confirmations that are forged. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import type { App } from '../../../src/app/app.ts';
import { ConfirmedPeers, confirmationText } from '../../../src/app/confirmed-peers.ts';
import { systemClock } from '../../../src/clock.ts';
import { confirmJob, unconfirmedPeers } from '../../../src/commission/confirm-peer.ts';
import { pictureAddressOf } from '../../../src/config/camera-address.ts';
import { loadConfig } from '../../../src/config/file.ts';
import { Secret } from '../../../src/config/secrets.ts';
import type { CameraConfig } from '../../../src/config/types.ts';
import { cameraPeer, destinationPeer, outputPeers, type WrittenPeer } from '../../../src/config/written-peers.ts';
import { requesterOf } from '../../../src/delivery/destination/requests.ts';
import { createRequester } from '../../../src/delivery/http/requester.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import type { DestinationConfig } from '../../../src/delivery/settings.ts';
import { openBoxKey } from '../../../src/evidence/box-key.ts';
import { isPublicAddress } from '../../../src/outward/network-class.ts';
import { actingPart, writtenPeerRule } from '../../../src/outward/written-peer.ts';
import { workshop } from '../../config/workshop.ts';
import { OPENERS } from '../../drivers/openers.ts';
import { open, temporaryFolder } from '../../store/open.ts';

/** What the name server says, one answer after the other; the last one stays. */
let answers: string[] = [];
vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_name: string, _options: unknown, done: (error: null, found: object[]) => void) => {
    const address = answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? '');
    queueMicrotask(() => done(null, [{ address, family: address.includes(':') ? 6 : 4 }]));
  },
}));

const clock = systemClock();
let gate: Server;
let port = 0;
let seen: string[] = [];
let redirect: string | undefined;

beforeEach(async () => {
  seen = [];
  redirect = undefined;
  gate = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (redirect !== undefined) response.writeHead(302, { location: redirect });
    response.end('{}');
  });
  gate.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    socket.end();
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  port = (gate.address() as AddressInfo).port;
});
afterEach(() => {
  gate.closeAllConnections();
  gate.close();
});

async function sent(url: string, { isConfirmed = false, proxy }: { isConfirmed?: boolean; proxy?: string } = {}) {
  const requester = createRequester(
    {
      exit: { purpose: 'destination', rule: writtenPeerRule(() => isConfirmed) },
      ...{ url, timeoutMs: 3_000 },
      ...(proxy !== undefined && { proxy }),
    },
    { clock, clockKnown: () => true },
  );
  const answer = await requester.send({ url, method: 'POST', body: '{}' }, new AbortController().signal);
  await requester.close();
  return 'why' in answer ? answer.why : `HTTP ${answer.status}`;
}

describe('a peer that no person has confirmed', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'fec0::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'no address',
  ])('is not public at %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('at an address of its own gets nothing', async () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]'])
      expect(await sent(`http://${host}:${port}/hook`), host).toMatch(/^unconfirmed: /);
    expect(seen).toEqual([]);
    expect(await sent(`http://127.0.0.1:${port}/hook`, { isConfirmed: true })).toBe('HTTP 200');
  });

  it('behind a name gets nothing, also when the name leads elsewhere a moment later', async () => {
    answers = ['127.0.0.1'];
    expect(await sent(`http://hook.example:${port}/hook`)).toMatch(/^unconfirmed: /);
    // Public when it is asked first, and near at each later question.
    answers = ['8.8.8.8', '127.0.0.1'];
    expect(await sent(`http://hook.example:${port}/hook`, { proxy: `http://127.0.0.1:${port}` })).toMatch(
      /^unconfirmed: /,
    );
    expect(seen).toEqual([]);
  });

  it('behind a redirect gets nothing', async () => {
    redirect = `http://127.0.0.1:${port}/second`;
    expect(await sent(`http://127.0.0.1:${port}/first`, { isConfirmed: true })).toBe('HTTP 302');
    expect(seen).toEqual(['POST /first']);
  });

  it('behind a proxy gets nothing, nor does a proxy that the configuration names', async () => {
    expect(await sent('http://8.8.8.8/hook', { proxy: `http://127.0.0.1:${port}` })).toMatch(/^unconfirmed: /);
    expect(seen).toEqual([]);
  });
});

it('a peer whose confirmation ends gets nothing more, over a connection that is open already', async () => {
  let isConfirmed = true;
  let sends = 0;
  const requester = requesterOf(
    { url: `http://127.0.0.1:${port}/hook`, timeoutMs: 3_000 },
    {
      ...{ clock, box: 'gate', lanes: [], clockKnown: () => true, isConfirmed: () => isConfirmed },
      ...{ picture: async () => undefined, record: async () => undefined, sends: () => (sends += 1) },
    },
  );
  const send = () =>
    requester.send({ url: `http://127.0.0.1:${port}/hook`, method: 'POST', body: '{}' }, new AbortController().signal);
  expect(await send()).toMatchObject({ status: 200 });
  expect(await send()).toMatchObject({ status: 200 });
  isConfirmed = false;
  expect(await send()).toEqual({ why: 'unconfirmed: 127.0.0.1 is not a public address' });
  expect(seen).toHaveLength(2);
  expect(sends).toBe(2);
  await requester.close();
});

describe('an address that is known to act', () => {
  it('gets nothing, whoever has confirmed it', async () => {
    for (const path of [
      '/bha-api/open-door.cgi',
      '/rpc/Switch.Set?id=0&on=true',
      '/api/services/cover/open_cover',
      '/%6fpen',
    ])
      expect(await sent(`http://127.0.0.1:${port}${path}`, { isConfirmed: true }), path).toMatch(/^acting: /);
    expect(seen).toEqual([]);
  });

  it('is most of those that are refused to cameras; the rest have no word for what they do', () => {
    expect(OPENERS.filter((path) => actingPart(path) === undefined).length).toBeLessThanOrEqual(15);
  });

  it.each([
    '/zeroconf/switch',
    '/relay',
    '/api/relay',
    '/api/v1/relay/',
    '/api/device/switch',
    '/api/v1/outputs/1',
    '/macros/door',
    '/api/control',
    '/win&T=1',
  ])('is %s too, which ends in what acts', (path) => {
    expect(actingPart(path)).toBeDefined();
  });

  it.each([
    '/api/outputs',
    '/api/win',
    '/webhook/window?a=1&t=1',
    '/access-control/records',
    '/api/outdoor',
    '/hook?a=1',
    '/api/webhook/lanewarden',
    '/cgi-bin/webhook/send?key=x',
    '/open-apis/bot/v2/hook/k',
    '/robot/send?access_token=k',
    '/api/parking/release',
    '/openapi/v1/pass/upload',
    '/open/api/records',
    '/ping/0a1b',
    '/gate/records',
    '/parking/exit/pay',
  ])('is not %s', (path) => {
    expect(actingPart(path)).toBeUndefined();
  });
});

describe('a confirmation', () => {
  const ping = (url: string): DestinationConfig => ({
    ...{ name: 'watch', kind: 'ping', url, everyMs: 10_000, timeoutMs: 1_000 },
    takes: { facts: [], confidence: 'possible' },
  });

  it('is a row of the chain, holds after a restart, and for what it was given for only', async () => {
    const path = temporaryFolder();
    const key = await openBoxKey(path);
    const store = await open({ path, wallTrusted: true });
    const peers = await ConfirmedPeers.read({ store, clock, key });
    const peer = destinationPeer(ping('http://10.0.0.2/ping'));
    expect(await peers.confirm(peer, 'li', 'page')).toBe(true);
    await store.close();
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const rows = database.prepare("SELECT event FROM journal WHERE lane_id = ''").pluck().all() as string[];
    expect(
      rows.map((row) => JSON.parse(row) as { kind: string; by?: string }).filter(({ kind }) => kind === 'peer'),
    ).toMatchObject([{ name: 'watch', by: 'li', how: 'page', sha256: peer.sha256 }]);
    database.close();
    const again = await open({ path, wallTrusted: true });
    const later = await ConfirmedPeers.read({ store: again, clock, key });
    expect(later.of(peer)).toMatchObject({ by: 'li' });
    for (const url of ['http://10.0.0.2/other', 'http://10.0.0.3/ping', 'http://10.0.0.2/ping?x=1'])
      expect(later.of(destinationPeer(ping(url))), url).toBeUndefined();
    expect(later.of({ ...peer, name: 'other' })).toBeUndefined();
  });

  it('is worth nothing when another key signed it, or it was changed', async () => {
    const store = await open({ path: temporaryFolder(), wallTrusted: true });
    const key = await openBoxKey(temporaryFolder());
    const other = await openBoxKey(temporaryFolder());
    const peer = destinationPeer(ping('http://10.0.0.2/ping'));
    const said = {
      ...{ use: peer.use, name: peer.name, sha256: peer.sha256 },
      by: 'li',
      how: 'page',
      wallMs: 1,
    } as const;
    const mine = { kind: 'peer', ...said, key: key.publicKey, signature: key.sign(confirmationText(said)) };
    const forged = [
      { kind: 'peer', ...said, key: other.publicKey, signature: other.sign(confirmationText(said)) },
      { kind: 'peer', ...said, key: key.publicKey, signature: other.sign(confirmationText(said)) },
      { ...mine, by: 'wang' },
      { kind: 'peer', ...said },
    ];
    const rowKey = `${peer.use}\n${peer.name}\n${peer.sha256}`;
    const isConfirmed = async (body: object) => {
      await store.parkFacts.keep(undefined, [{ kind: 'peer', key: rowKey, atMs: 1, body: JSON.stringify(body) }]);
      return (await ConfirmedPeers.read({ store, clock, key })).of(peer) !== undefined;
    };
    for (const body of forged) expect(await isConfirmed(body), JSON.stringify(body)).toBe(false);
    expect(await isConfirmed(mine)).toBe(true);
  });

  it('ends when the peer moved an arm, over a restart, until a person confirms it again', async () => {
    const path = temporaryFolder();
    const key = await openBoxKey(path);
    const peer = destinationPeer(ping('http://10.0.0.2/ping'));
    const siren = { use: 'output', name: 'siren', sha256: '00' } as const;
    const store = await open({ path, wallTrusted: true });
    const peers = await ConfirmedPeers.read({ store, clock, key });
    await peers.confirm(peer, 'li', 'page');
    await peers.stop(peer);
    await peers.stop(siren);
    await store.close();
    const again = await open({ path, wallTrusted: true });
    const later = await ConfirmedPeers.read({ store: again, clock, key });
    expect([later.of(peer), later.isStopped(peer), later.isStopped(siren)]).toEqual([undefined, true, true]);
    await later.confirm(peer, 'li', 'page');
    expect([later.of(peer)?.by, later.isStopped(peer)]).toEqual(['li', false]);
    await again.close();
    const last = await ConfirmedPeers.read({ store: await open({ path, wallTrusted: true }), clock, key });
    expect([last.of(peer)?.how, last.isStopped(peer), last.isStopped(siren)]).toEqual(['page', false, true]);
  });

  it('of an alarm relay that moved an arm is asked for and given at the page, in maintenance alone', async () => {
    const store = await open({ path: temporaryFolder(), wallTrusted: true });
    const peers = await ConfirmedPeers.read({ store, clock, key: await openBoxKey(temporaryFolder()) });
    const lines = [{ port: '/dev/ttyUSB1', devices: [{ id: 'siren', kind: { output: true } }] }];
    const config = { destinations: [], intake: {}, lines, lanes: [{ id: '1001', name: 'A' }] };
    let maintenance: object | null = null;
    const bridges = { get: () => ({ state: { lane: { kept: { maintenance } } } }) };
    const app = { config, peers, bridges } as unknown as App;
    expect(await unconfirmedPeers(app, clock)).toEqual([]);
    const [siren] = outputPeers(app.config);
    await peers.stop(siren as WrittenPeer);
    const [row] = await unconfirmedPeers(app, clock);
    expect(row).toMatchObject({ use: 'output', name: 'siren', why: 'moved' });
    const confirm = () => confirmJob(() => app)({ ...row, armClear: true }, { user: 'li', role: 'installer' } as never);
    expect(confirm).toThrow();
    maintenance = { sinceMs: 0 };
    await confirm()({} as never);
    expect(await unconfirmedPeers(app, clock)).toEqual([]);
    expect(peers.isStopped(siren as WrittenPeer)).toBe(false);
  });

  it('of a camera is worth nothing when it is only written into the configuration', async () => {
    const store = await open({ path: temporaryFolder(), wallTrusted: true });
    const key = await openBoxKey(temporaryFolder());
    const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
    const example = readFileSync(new URL('../../../deploy/lanewarden.example.yaml', import.meta.url), 'utf8')
      .replace('uuid: "…"', 'uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"')
      .replace('preset: hikvision', 'preset: custom');
    const configured = (confirmed = '') => {
      const yaml = example.replace('url: "…"', `url: http://192.0.2.64/strange.php${confirmed}`);
      return loadConfig(workshop(yaml, 'cloud.appSecret: "123"\ncameras.cam1: "123"\n'), kinds, {});
    };
    const peer = cameraPeer(configured().cameras[0] as CameraConfig) as WrittenPeer;
    const config = configured(`\n    confirmed: { sha256: ${peer.sha256}, by: li, at: "2026-11-30T10:00:00+08:00" }`);
    const peers = await ConfirmedPeers.read({ store, clock, key });
    const state = () => {
      const [camera] = peers.withConfirmed(config).cameras;
      return pictureAddressOf(camera as CameraConfig)?.state;
    };
    expect(state()).toBe('unconfirmed');
    await peers.confirm(peer, 'li', 'page');
    expect(state()).toBe('confirmed');
  });

  it('stands for what a version before confirmations used, once', async () => {
    const store = await open({ path: temporaryFolder(), wallTrusted: true });
    const key = await openBoxKey(temporaryFolder());
    const config = { destinations: [ping('http://10.0.0.2/ping')], intake: {}, cameras: [] } as never;
    const peer = destinationPeer(ping('http://10.0.0.2/ping'));
    expect((await ConfirmedPeers.open({ store, clock, key }, config)).of(peer)).toBeUndefined();
    // As the step of the database leaves it.
    await store.parkFacts.keep(undefined, [{ kind: 'peer', key: 'before', atMs: 0, body: '{}' }]);
    expect((await ConfirmedPeers.open({ store, clock, key }, config)).of(peer)).toMatchObject({ by: 'update' });
    const later = { destinations: [ping('http://10.0.0.9/ping')], intake: {}, cameras: [] } as never;
    expect(
      (await ConfirmedPeers.open({ store, clock, key }, later)).of(destinationPeer(ping('http://10.0.0.9/ping'))),
    ).toBeUndefined();
  });
});

const texts = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, { constant: 'x' }]));

it.each<[string, object, string | undefined]>([
  ['eight constants', texts(8), undefined],
  ['nine', texts(9), 'constants'],
  ['one that is long', { f: { constant: 'x'.repeat(65) } }, 'constants'],
  ['a long prefix', { f: { fact: 'plate', prefix: 'x'.repeat(65) } }, 'constants'],
  ['a long second choice', { f: [{ fact: 'plate' }, { constant: 'x'.repeat(65) }] }, 'constants'],
])('a platform near the box is confirmed with constants within their limits only: %s', (_, fields, never) => {
  const request = { path: '/records', encoding: 'json', fields };
  const profile = { maker: 'x', model: 'x', source: 'test', request, answer: { code: 'code', arrived: ['0'] } };
  const platform = {
    ...{ name: 'p', kind: 'platform', profileName: 'p', values: {}, url: 'http://10.0.0.2', unproven: true },
    profile: platformProfiles.schema.parse(profile),
  } as unknown as DestinationConfig;
  expect(destinationPeer(platform).never).toBe(never);
});

it('a secret is in no digest that leaves the box', () => {
  const chat = (key: string): DestinationConfig => ({
    ...{ name: 'group', kind: 'chat', robot: 'wecom', timeoutMs: 1_000, maskPlates: true, language: 'zh' },
    takes: { facts: ['release'], confidence: 'possible' },
    key: new Secret(key),
  });
  expect(destinationPeer(chat('a')).sha256).toBe(destinationPeer(chat('b')).sha256);
});
