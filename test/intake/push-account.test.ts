/** The account of pushes: each message has its line, whatever became of it; what anyone can send cannot drown it. */

import { afterEach, describe, expect, it } from 'vitest';
import { reportingParts } from '../../drivers/camera-http/stream.ts';
import { createAlertReader } from '../../drivers/hikvision/codec.ts';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { Secret } from '../../src/config/secrets.ts';
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import { createCameraReads } from '../../src/intake/camera-reads.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { Intake } from '../../src/intake/intake-contract.ts';
import { createMessageHandler } from '../../src/intake/mqtt-message.ts';
import { PushAccount } from '../../src/intake/pushes/push-account.ts';
import { inPlate } from '../drivers/cameras/plates.ts';
import {
  CANARY,
  hikvisionAlert,
  hikvisionHeartbeat,
  hikvisionPush,
  jpeg,
  vzenithHeartbeat,
  vzenithPush,
} from '../drivers/cameras/shapes.ts';
import { handClock } from '../sim/hand-clock.ts';
import { timesOf } from './gate.ts';

let intake: Intake | undefined;
afterEach(async () => {
  await intake?.close();
  intake = undefined;
});

const TOKEN = '0123456789abcdef';
const CAMERAS = {
  hik: { kind: 'hikvision', url: 'http://127.0.0.1' },
  vz: { kind: 'vzenith', url: 'http://127.0.0.1' },
  json: { kind: 'json-push', url: 'http://127.0.0.1', fields: { plate: 'p', id: 'id', confidence: 'c' } },
  far: { kind: 'vzenith', url: 'http://192.0.2.64' },
};

async function openBox() {
  const clock = handClock(1_000_000);
  const pushes = new PushAccount(clock);
  const reads: string[] = [];
  const cameras = Object.entries(CAMERAS).map(([id, { kind: name, ...config }]) => {
    const kind = CAMERA_KINDS.find((each) => each.kind === name);
    const push = kind?.create(kind.schema.parse(config), { clock }).push;
    if (push === undefined) throw new Error(`${id} does not push`);
    const account = pushes.camera(id);
    const { take } = createCameraReads({
      clock,
      plate: ({ text }) => void reads.push(text),
      text: () => {},
      picture: () => {},
      fetch: () => new Promise(() => {}),
      wallMsAt: (nowMs) => nowMs,
      clockOff: () => {},
      became: account,
    });
    return [id, { push, take, account }] as const;
  });
  intake = createIntake({
    config: {
      enabled: true,
      listen: { host: '127.0.0.1', port: 0 },
      tokens: [{ name: 'pms', secret: new Secret(TOKEN) }],
    },
    version: '1.2.3',
    clock,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    lanes: [{ id: '1001', name: 'A' }],
    parkUuid: '',
    ...timesOf(clock),
    accept: async () => 'accepted',
    cameras: new Map(cameras),
    pushes,
  });
  const { url } = await intake.listen();
  const send = async (camera: string, body: string | Buffer, type = 'application/json', path = ''): Promise<number> => {
    const answer = await fetch(`${url}/api/v1/cameras/${camera}${path}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { 'content-type': type },
    });
    return answer.status;
  };
  const rows = (id: string) => pushes.all().find(({ camera }) => camera === id)?.rows ?? [];
  const brief = (id: string) => rows(id).map(({ outcome, why, plate }) => [outcome, why, plate]);
  const counts = (id: string) => pushes.all().find(({ camera }) => camera === id)?.counts;
  return { url, clock, pushes, reads, send, rows, brief, counts };
}

describe('a push has its line', () => {
  it('when it is read, and when it comes again', async () => {
    const { send, rows, brief, counts, clock } = await openBox();
    const { body, contentType } = hikvisionPush();
    await send('hik', body, contentType, '/sub');
    await clock.advance(100);
    await send('hik', body, contentType, '/sub');
    expect(brief('hik')).toEqual([
      ['repeated', 'sameId', inPlate(1)],
      ['read', undefined, inPlate(1)],
    ]);
    expect(rows('hik')[1]).toMatchObject({
      way: 'push',
      from: '127.0.0.1',
      path: '/sub',
      type: contentType,
      bytes: body.length,
      picture: 'came',
      confidence: 0.97,
      atMs: 1_000_000,
    });
    expect(counts('hik')).toEqual({ read: 1, none: 0, repeated: 1, late: 0, refused: 0 });
  });

  it('when there is no plate in it, when it is late, and when its text is none', async () => {
    const { send, brief } = await openBox();
    await send('json', '{"p":"无牌车"}');
    await send('json', '{"x":1}');
    await send('json', '{"p":"=1+1"}');
    await send('vz', vzenithPush({ historical: true }).body);
    expect(brief('json')).toEqual([
      ['none', 'notPlate', '=1+1'],
      ['none', 'noRead', undefined],
      ['none', 'noPlate', undefined],
    ]);
    expect(brief('vz')).toEqual([['late', 'replayed', inPlate(3)]]);
  });

  it('when it is not understood, with the fault and none of its content', async () => {
    const { send, rows, pushes } = await openBox();
    expect(await send('hik', `<html>${CANARY}</html>`, 'text/html')).toBe(400);
    expect(await send('vz', `{"pass_wd":"${CANARY}"`)).toBe(200);
    await send('vz', vzenithHeartbeat().body, vzenithHeartbeat().contentType);
    expect(rows('hik')).toMatchObject([
      { outcome: 'refused', why: 'notUnderstood', type: 'text/html', detail: 'this is no event of the camera' },
    ]);
    expect(rows('vz').map(({ outcome, why }) => [outcome, why])).toEqual([
      ['none', 'noRead'],
      ['refused', 'notUnderstood'],
    ]);
    expect(JSON.stringify(pushes.all())).not.toContain(CANARY);
  });

  it('when it is too large, too many, of another method, of another sender, for no camera', async () => {
    const { url, send, brief, rows } = await openBox();
    expect(await send('hik', Buffer.alloc(4_000_001, 0x20))).toBe(413);
    expect((await fetch(`${url}/api/v1/cameras/hik`, { method: 'GET' })).status).toBe(405);
    expect(await send('far', '{}')).toBe(403);
    expect(await send('nobody', '{}', undefined, '/NotificationInfo/TollgateInfo?x=1')).toBe(404);
    expect((await fetch(`${url}/NotificationInfo/KeepAlive`, { method: 'POST', body: '{}' })).status).toBe(404);
    for (let sent = 0; sent < 120; sent += 1) await send('json', '{"x":1}');
    expect(brief('hik')).toEqual([
      ['refused', 'methodNotAllowed', undefined],
      ['refused', 'tooLarge', undefined],
    ]);
    expect(rows('far')).toMatchObject([{ outcome: 'refused', why: 'notTheCamera', from: '127.0.0.1' }]);
    expect(rows('?').map(({ why, detail }) => [why, detail])).toEqual([
      ['unknownCamera', '/NotificationInfo/KeepAlive'],
      ['unknownCamera', '/api/v1/cameras/nobody/NotificationInfo/TollgateInfo'],
    ]);
    expect(brief('json').map(([, why]) => why)).toEqual(['tooManyRequests', 'noRead']);
    expect(rows('json').reduce((sum, { count }) => sum + count, 0)).toBe(120);
  });

  it('over the interface for plates, accepted or refused', async () => {
    const { url, rows, brief } = await openBox();
    const post = async (body: unknown, token = TOKEN) =>
      (
        await fetch(`${url}/api/v1/plates`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        })
      ).status;
    expect(await post({ id: 'a', lane: '1001', plate: inPlate(1), confidence: 0.7 })).toBe(202);
    expect(await post({ id: 'a', lane: '1001', plate: inPlate(1), confidence: 0.7 })).toBe(202);
    expect(await post({ lane: '1001', plate: '无牌车' })).toBe(202);
    expect(await post({ lane: '7', plate: inPlate(1) })).toBe(422);
    expect(await post({ lane: '1001', plate: inPlate(1) }, 'another')).toBe(401);
    expect(brief('pms')).toEqual([
      ['refused', 'invalid', undefined],
      ['none', 'noPlate', undefined],
      ['repeated', 'sameId', inPlate(1)],
      ['read', undefined, inPlate(1)],
    ]);
    expect(rows('pms')[0]).toMatchObject({ detail: 'lane', way: 'api' });
    expect(rows('?')).toMatchObject([{ why: 'unauthorized' }]);
  });
});

describe('an event stream', () => {
  it('has a line for its heartbeats, and none for the crops of a picture', () => {
    const pushes = new PushAccount(handClock(0));
    const account = pushes.camera('cam1');
    const reads: CameraEvent[] = [];
    const take = reportingParts(
      createAlertReader(1),
      (event) => void reads.push(event),
      () => account.add({ outcome: 'none', why: 'noRead' }),
    );
    const part = (body: string | Buffer) => take({ headers: new Map(), body: new Uint8Array(Buffer.from(body)) });
    part(hikvisionHeartbeat());
    part(hikvisionAlert());
    part(jpeg(1));
    part(hikvisionHeartbeat());
    expect(reads).toHaveLength(1);
    expect(pushes.all()[0]?.rows).toMatchObject([{ way: 'stream', outcome: 'none', why: 'noRead', count: 2 }]);
  });
});

describe('one vehicle under one id', () => {
  it('is read better, over the interface for plates, and only in its lane', async () => {
    const { url, brief } = await openBox();
    const post = async (plate: string, confidence: number, lane = '1001') =>
      (
        await fetch(`${url}/api/v1/plates`, {
          method: 'POST',
          body: JSON.stringify({ id: 'v1', lane, plate, confidence }),
          headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        })
      ).json() as Promise<{ status: unknown }>;
    expect((await post(inPlate(1), 0.5)).status).toBe('accepted');
    expect((await post(inPlate(1), 0.4)).status).toBe('duplicate');
    expect((await post(inPlate(2), 0.9)).status).toBe('accepted');
    expect((await post(inPlate(2), 0.9)).status).toBe('duplicate');
    expect((await post(inPlate(2), 0.9, '1002')).status).toBe(422);
    expect(brief('pms').map(([outcome]) => outcome)).toEqual(['refused', 'repeated', 'read', 'repeated', 'read']);
  });
});

describe('the account', () => {
  it('keeps the last hundred of each camera, and counts all', async () => {
    const clock = handClock(0);
    const pushes = new PushAccount(clock);
    const account = pushes.camera('cam1');
    for (let index = 0; index < 250; index += 1) {
      account.message({ way: 'push', path: 'x'.repeat(5_000) }, () =>
        account.add({ outcome: 'read', plate: `${index}${'y'.repeat(5_000)}` }),
      );
      // A heartbeat between any two.
      account.message({ way: 'push', path: '/alive' }, () => {});
    }
    const [book] = pushes.all();
    expect(book?.rows).toHaveLength(100);
    expect(book?.rows[0]).toMatchObject({ outcome: 'none', why: 'noRead', count: 250 });
    expect(book?.counts).toMatchObject({ read: 250, none: 250 });
    expect(JSON.stringify(book).length).toBeLessThan(100_000);
  });

  it('is not drowned by who is not the camera', () => {
    const pushes = new PushAccount(handClock(0));
    const account = pushes.camera('cam1');
    account.add({ outcome: 'read', plate: inPlate(1) }, { way: 'push' });
    for (let index = 0; index < 1_000; index += 1) {
      account.add({ outcome: 'refused', why: 'notTheCamera' }, { way: 'push', from: `10.0.0.${index}` });
      pushes.refused({ way: 'push', from: 'x' }, 'unknownCamera', `/${index}`);
    }
    expect(pushes.all().map(({ rows }) => rows.length)).toEqual([11, 100]);
    expect(pushes.all()[0]?.rows.at(-1)).toMatchObject({ outcome: 'read' });
  });

  it('has a line for what breaks in the program, and lets it break', () => {
    const pushes = new PushAccount(handClock(0));
    const account = pushes.camera('cam1');
    expect(() =>
      account.message({ way: 'mqtt', path: 'a/b' }, () => {
        throw new TypeError('ours');
      }),
    ).toThrow('ours');
    expect(pushes.all()[0]?.rows).toMatchObject([{ outcome: 'refused', why: 'broken', way: 'mqtt' }]);
    account.add({ outcome: 'none', why: 'noRead' });
    expect(pushes.all()[0]?.rows[0]).toMatchObject({ way: 'stream' });
  });
});

describe('a camera at a broker', () => {
  it('has a line for each of its messages, also what it cannot mean', async () => {
    const clock = handClock(0);
    const pushes = new PushAccount(clock);
    const account = pushes.camera('cam1');
    const messages = {
      topics: ['cam1/up'],
      take: (_: string, payload: Uint8Array): readonly CameraEvent[] => {
        if (payload.length === 0) throw new ProtocolError('frame', 'empty');
        return payload.length === 1 ? [] : [{ kind: 'read', plate: inPlate(1), confidence: 1, replayed: false }];
      },
    };
    const handler = createMessageHandler({
      config: { topics: [] } as never,
      ...{ version: '', clock, lanes: [], parkUuid: '', ...timesOf(clock), pushes },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      accept: async () => 'accepted',
      cameras: [{ messages, account, take: () => account.add({ outcome: 'read', plate: inPlate(1) }) }],
    });
    const take = (length: number, retained = false) =>
      handler.take({ topic: 'cam1/up', payload: new Uint8Array(length), retained });
    for (const length of [2, 1, 0, 100_000_000]) await take(length);
    await take(2, true);
    await handler.take({ topic: 'else', payload: new Uint8Array(2), retained: false });
    expect(pushes.all()[0]?.rows.map(({ way, why, outcome }) => `${way} ${why ?? outcome}`)).toEqual([
      'mqtt retained',
      'mqtt tooLarge',
      'mqtt notUnderstood',
      'mqtt noRead',
      'mqtt read',
    ]);
    expect(pushes.all()[1]?.rows).toMatchObject([{ why: 'unknownCamera', detail: 'else' }]);
  });
});
