/** Cameras that push, from a process of its own through real sockets in pieces: what is taken, what every answer says byte for byte, what is refused. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { CameraEvent, CameraPush, Clock } from '../../src/driver.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { Intake } from '../../src/intake/intake-contract.ts';
import { inPlate } from '../drivers/cameras/plates.ts';
import { type Answer, endSenders, pushAll, pushBytes, requestOf } from '../drivers/cameras/processes.ts';
import {
  CANARY,
  dahuaPush,
  gat1400Push,
  hikvisionPush,
  huaxiaPush,
  jpeg,
  type Push,
  vzenithHeartbeat,
  vzenithPush,
} from '../drivers/cameras/shapes.ts';
import { timesOf } from './gate.ts';

/** devices.md 6.4: with `info: ok` the camera would open its gate. */
const VZENITH_SAFE =
  '{"Response_AlarmInfoPlate":{"info":"no","content":"retransfer_stop","is_pay":"false","serialData":[]}}';

const CAMERAS: Readonly<Record<string, Record<string, unknown>>> = {
  hikvision: { kind: 'hikvision', url: 'http://127.0.0.1' },
  dahua: { kind: 'dahua', url: 'http://127.0.0.1' },
  vzenith: { kind: 'vzenith', url: 'http://127.0.0.1' },
  huaxia: { kind: 'huaxia', url: 'http://127.0.0.1' },
  far: { kind: 'gat1400', url: 'http://192.0.2.65' },
  gat1400: { kind: 'gat1400', url: 'http://127.0.0.1' },
  json: { kind: 'json-push', url: 'http://127.0.0.1', fields: { plate: 'p' } },
  other: { kind: 'vzenith', url: 'http://192.0.2.64' },
  南门: { kind: 'dahua', url: 'http://192.0.2.64', pushFrom: ['127.0.0.0/8'] },
};

let intake: Intake | undefined;
afterEach(async () => {
  endSenders();
  await intake?.close();
  intake = undefined;
});

async function openBox(options: { clock?: Clock; take?: (event: CameraEvent) => void; push?: CameraPush } = {}) {
  const clock = options.clock ?? systemClock();
  const events: (CameraEvent & { readonly camera: string })[] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }): void => void lines.push(`${text.zh} ${text.en}`);
  const cameras = Object.entries(CAMERAS).map(([id, { kind: name, ...config }]) => {
    const kind = CAMERA_KINDS.find((each) => each.kind === name);
    const push = options.push ?? kind?.create(kind.schema.parse(config), { clock }).push;
    if (push === undefined) throw new Error(`${id} does not push`);
    return [
      id,
      { push, take: options.take ?? ((event: CameraEvent) => void events.push({ ...event, camera: id })) },
    ] as const;
  });
  intake = createIntake({
    config: {
      enabled: true,
      listen: { host: '127.0.0.1', port: 0 },
      tokens: [{ name: 'pms', secret: new Secret('0123456789abcdef') }],
    },
    version: '1.2.3',
    clock,
    log: { debug: write, info: write, warn: write, error: write },
    lanes: [],
    parkUuid: '',
    ...timesOf(clock),
    accept: async () => 'accepted',
    cameras: new Map(cameras),
  });
  const { url } = await intake.listen();
  const send = (camera: string, push: Push, piece?: number, pauseMs?: number): Promise<Answer> =>
    pushBytes(url, requestOf(`/api/v1/cameras/${encodeURIComponent(camera)}`, push), piece, pauseMs);
  return { url, events, lines, send };
}

describe('a push', () => {
  it.each([
    ['hikvision', hikvisionPush(), inPlate(1), jpeg(1), 200, ''],
    ['dahua', dahuaPush(), inPlate(2), jpeg(2), 200, '{"Result":true}'],
    ['vzenith', vzenithPush(), inPlate(3), jpeg(3), 200, VZENITH_SAFE],
    ['huaxia', huaxiaPush(), inPlate(6), jpeg(6), 200, '{"error_num":0,"error_str":""}'],
    ['南门', dahuaPush(), inPlate(2), jpeg(2), 200, '{"Result":true}'],
  ])(
    'of %s in pieces is a read and a picture, and its answer is exact',
    async (camera, push, plate, picture, status, body) => {
      const { send, events } = await openBox();
      const answer = await send(camera, push, 333, 1);
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(answer.head).toMatch(new RegExp(`content-length: ${Buffer.byteLength(body)}`, 'i'));
      expect(events).toMatchObject([
        { camera, kind: 'read', plate },
        { camera, kind: 'picture' },
      ]);
      expect(events[1]?.kind === 'picture' && Buffer.from(events[1].bytes).equals(picture)).toBe(true);
    },
  );

  it('of any JSON is a read where the mapping says, and is answered with nothing', async () => {
    const { send, events } = await openBox();
    const answer = await send('json', {
      path: '',
      contentType: 'application/json',
      body: Buffer.from(`{"p":"${inPlate(5)}"}`),
    });
    expect([answer.status, answer.body]).toEqual([200, '{}']);
    expect(events).toMatchObject([{ plate: inPlate(5) }]);
  });

  it('of GA/T 1400 is taken at its own path, by the address of the sender, from its registration on', async () => {
    const { url, events } = await openBox();
    const at = async (push: Push): Promise<Answer> => pushBytes(url, requestOf('', push));
    const say = (path: string, text: string) =>
      at({ path, contentType: 'application/VIID+JSON', body: Buffer.from(text) });
    const done = (name: string) =>
      `{"ResponseStatusObject":{"RequestURL":"/VIID/System/${name}","StatusCode":0,"StatusString":"OK"}}`;
    const { status, body } = await say('/VIID/System/Register', '{"RegisterObject":{"DeviceID":"1"}}');
    expect([status, body]).toEqual([200, done('Register')]);
    expect((await say('/VIID/System/Keepalive', '{"KeepaliveObject":{"DeviceID":"1"}}')).body).toBe(done('Keepalive'));
    expect(events).toEqual([]);
    const taken = await at(gat1400Push());
    expect(taken).toMatchObject({
      status: 200,
      body: '{"ResponseStatusListObject":{"ResponseStatusObject":[{"RequestURL":"/VIID/MotorVehicles","StatusCode":0,"StatusString":"OK"}]}}',
    });
    expect(taken.head).toContain('application/VIID+JSON');
    expect(events).toMatchObject([
      { camera: 'gat1400', kind: 'read', plate: inPlate(7) },
      { camera: 'gat1400', kind: 'picture' },
    ]);
    expect((await at({ ...gat1400Push(), body: Buffer.from('{}') })).status).toBe(400);
  });

  it('is taken on the sub-paths and with the chunks that makers use', async () => {
    const { url, send, events } = await openBox();
    const alive = {
      path: '/NotificationInfo/KeepAlive',
      contentType: 'application/json',
      body: Buffer.from('{"Active":"keepAlive"}'),
    };
    expect(await send('dahua', alive)).toMatchObject({ status: 200, body: '{"Result":true}' });
    expect(events).toEqual([]);
    const { body, ...push } = vzenithPush();
    const chunked = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
    const answer = await pushBytes(
      url,
      requestOf('/api/v1/cameras/vzenith', { ...push, body: chunked }, ['Transfer-Encoding: chunked']),
    );
    expect(answer.body).toBe(VZENITH_SAFE);
    expect(events).toHaveLength(2);
  });

  it('of a Vzenith heartbeat leaves no trace of the password in it', async () => {
    const { send, events, lines } = await openBox();
    expect(await send('vzenith', vzenithHeartbeat(), 50)).toMatchObject({ status: 200, body: VZENITH_SAFE });
    const broken = { ...vzenithHeartbeat(), contentType: 'application/json' };
    expect(await send('vzenith', broken)).toMatchObject({ status: 200, body: VZENITH_SAFE });
    expect(JSON.stringify([events, lines])).not.toContain(CANARY);
    expect(lines.length).toBeGreaterThan(1);
  });
});

/** Nothing a camera can be told may be among the words of an answer. */
const COMMANDS =
  /"info"\s*:\s*"ok"|is_pay"\s*:\s*"true|AllowUser|ivs_ioctrl|manualTrigger|channelNum|"serialData"\s*:\s*\[[^\]]|OpenStrobe|TriggerImage|gpio_data|rs485_data|triger_data|whitelist_data/i;

describe('every answer opens no gate', () => {
  const json = (text: string, contentType = 'application/json'): Push => ({
    path: '/x',
    contentType,
    body: Buffer.from(text),
  });
  const BAD: readonly (readonly [string, Push])[] = [
    ['nothing', json('')],
    ['no JSON', json('{"AlarmInfoPlate":')],
    ['null', json('null')],
    ['numbers', json('17')],
    ['a list', json('[[[[]]]]')],
    ['deep', json('['.repeat(200_000))],
    [
      'prototypes',
      json(
        '{"__proto__":{"x":1},"constructor":{"prototype":1},"AlarmInfoPlate":{"result":{"PlateResult":{"license":{"a":1}}}}}',
      ),
    ],
    ['GBK', { ...json(''), body: Buffer.from([0x7b, 0xd4, 0xc1, 0xff]) }],
    ['a form without parts', json('--x--', 'multipart/form-data; boundary=x')],
    ['a form without boundary', json('hello', 'multipart/form-data')],
    [
      'XML of another kind',
      json('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'application/xml'),
    ],
    ['what asks for it in a form', json('type=online&gpio_data=io1', 'application/x-www-form-urlencoded')],
    ['what asks for it', json('{"Response_AlarmInfoPlate":{"info":"ok"},"AllowUser":true}')],
  ];

  it.each(BAD)('to %s', async (_, push) => {
    const { url, events } = await openBox();
    const cameras = ['hikvision', 'dahua', 'vzenith', 'huaxia', 'json', 'gat1400'];
    const requests = cameras.map((camera) => requestOf(`/api/v1/cameras/${camera}`, push));
    for (const [index, answer] of (await pushAll(url, requests)).entries()) {
      const camera = cameras[index];
      expect([200, 400], `${camera} ${answer.status}`).toContain(answer.status);
      expect(answer.body).not.toMatch(COMMANDS);
      if (camera === 'vzenith') expect([answer.status, answer.body]).toEqual([200, VZENITH_SAFE]);
    }
    expect(events).toEqual([]);
  });

  it('also when the program itself breaks', async () => {
    const { send, lines } = await openBox({
      take: () => {
        throw new TypeError('a mistake of ours');
      },
    });
    expect(await send('vzenith', vzenithPush())).toMatchObject({ status: 200, body: VZENITH_SAFE });
    expect(await send('dahua', dahuaPush())).toMatchObject({ status: 400, body: '{"Result":false}' });
    expect(lines.join()).toContain('a mistake of ours');
  });

  it('also to who is not the camera, to other methods, and to cameras that do not exist', async () => {
    const { url, events, lines } = await openBox();
    const post = (path: string, method = 'POST') =>
      fetch(url + path, { method, ...(method === 'POST' && { body: vzenithPush().body }) });
    const answers = await Promise.all([
      post('/api/v1/cameras/other'),
      post('/api/v1/cameras/other/NotificationInfo/TollgateInfo'),
      post('/api/v1/cameras/nobody'),
      post('/api/v1/cameras'),
      post('/api/v1/cameras/vzenith', 'GET'),
      post('/api/v1/cameras/vzenith', 'DELETE'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 404, 404, 405, 405]);
    for (const answer of answers) expect(await answer.text()).not.toMatch(COMMANDS);
    expect(events).toEqual([]);
    expect(lines.join()).toContain('other (127.0.0.1)');
  });
});

describe('what is too much', () => {
  it('is refused by its head, before its body', async () => {
    const { url, events } = await openBox();
    const head = Buffer.from(
      'POST /api/v1/cameras/vzenith HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{',
    );
    expect(await pushBytes(url, head)).toMatchObject({ status: 413, body: VZENITH_SAFE });
    expect(events).toEqual([]);
  });

  it('is refused when it grows too large on the way, and nothing of it stays', async () => {
    const { url, events } = await openBox();
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const huge = (): Promise<Answer> => {
      const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 0x20), Buffer.from('\r\n')]);
      const body = Buffer.concat(Array.from({ length: 100_000_000 / 65_536 }, () => chunk));
      return pushBytes(
        url,
        requestOf('/api/v1/cameras/dahua', { path: '', contentType: 'application/json', body }, [
          'Transfer-Encoding: chunked',
        ]),
        1_000_000,
      );
    };
    await huge();
    collect();
    const before = process.memoryUsage();
    for (let round = 0; round < 2; round += 1) {
      const { status, body } = await huge();
      // Whoever is still sending when the far end hangs up may never see the answer.
      expect([0, 413]).toContain(status);
      if (status === 413) expect(body).toBe('{"Result":false}');
    }
    collect();
    await expect
      .poll(() => {
        collect();
        const { heapUsed, external } = process.memoryUsage();
        return heapUsed + external - before.heapUsed - before.external;
      })
      .toBeLessThan(30_000_000);
    expect(events).toEqual([]);
  });

  it('is cut off when it takes too long, while another camera is served', async () => {
    const system = systemClock();
    const { url, send } = await openBox({
      clock: { ...system, sleep: (ms, signal) => system.sleep(ms === 10_000 ? 300 : ms, signal) },
    });
    const head = Buffer.from(
      'POST /api/v1/cameras/hikvision HTTP/1.1\r\nHost: box\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n',
    );
    const slow = pushBytes(url, Buffer.concat([head, Buffer.alloc(900, 0x20)]), 100, 1_000);
    expect(await send('dahua', dahuaPush())).toMatchObject({ status: 200 });
    expect(await slow).toMatchObject({ status: 408, body: '' });
  });

  it('at a time, or too fast, is put off, each camera for itself', async () => {
    // However long the machine takes for them, they come in one moment.
    const { url, send, events } = await openBox({ clock: { ...systemClock(), nowMs: () => 1e6 } });
    const head = (camera: string) =>
      Buffer.from(
        `POST /api/v1/cameras/${camera} HTTP/1.1\r\nHost: box\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`,
      );
    const hanging = [1, 2, 3, 4].map(() => pushBytes(url, head('vzenith')));
    await expect.poll(async () => (await send('vzenith', vzenithPush())).status).toBe(429);
    expect((await send('vzenith', vzenithPush())).body).toBe(VZENITH_SAFE);
    expect((await send('dahua', dahuaPush())).status).toBe(200);
    const statuses: number[] = [];
    for (let sent = 0; sent < 130; sent += 1)
      statuses.push((await fetch(`${url}/api/v1/cameras/json`, { method: 'POST', body: '{"p":"x"}' })).status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(events.filter(({ camera }) => camera === 'json').length).toBeLessThan(130);
    endSenders();
    await Promise.all(hanging);
  });
});
