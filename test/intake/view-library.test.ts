/** Devices that push to a GA/T 1400 view library, over real sockets: registration with a login, the time, and several devices behind one address. */

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { gat1400Kind } from '../../drivers/gat1400/driver.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { CameraEvent } from '../../src/driver.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { Intake } from '../../src/intake/intake-contract.ts';
import { PushAccount } from '../../src/intake/pushes/push-account.ts';
import { inPlate } from '../drivers/cameras/plates.ts';
import { gat1400Push } from '../drivers/cameras/shapes.ts';
import { handClock } from '../sim/hand-clock.ts';
import { timesOf } from './gate.ts';

const [GATE, YARD] = ['33000000001320000001', '33000000001320000002'];
const register = { user: 'gate', password: new Secret('long enough') };

let intake: Intake | undefined;
afterEach(async () => {
  await intake?.close();
  intake = undefined;
});

async function openBox(cameras: Readonly<Record<string, object>>) {
  const clock = handClock(1_000_000, 1_777_608_000_000);
  const pushes = new PushAccount(clock);
  const reads: (readonly [camera: string, plate: string])[] = [];
  const lines: string[] = [];
  const write = (text: { en: string }): void => void lines.push(text.en);
  const pushing = Object.entries(cameras).map(([id, config]) => {
    const parsed = gat1400Kind.schema.parse({ url: 'http://127.0.0.1', ...config });
    const { push } = gat1400Kind.create(parsed, { clock });
    if (push === undefined) throw new Error('it does not push');
    const take = (event: CameraEvent): void => {
      if (event.kind === 'read') reads.push([id, event.plate]);
      if (event.kind === 'read') pushes.camera(id).add({ outcome: 'read', plate: event.plate });
    };
    return [id, { push, take, account: pushes.camera(id) }] as const;
  });
  intake = createIntake({
    config: { enabled: true, listen: { host: '127.0.0.1', port: 0 }, tokens: [] },
    ...{ version: '1', clock, lanes: [], parkUuid: '', ...timesOf(clock), pushes },
    ...{ log: { debug: write, info: write, warn: write, error: write }, cameras: new Map(pushing) },
    accept: async () => 'accepted',
  });
  const { url } = await intake.listen();
  const post = async (path: string, body: string | Buffer, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/VIID+JSON', ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
    return { status: answer.status, body: await answer.text(), challenge: answer.headers.get('www-authenticate') };
  };
  const rows = (id: string) =>
    (pushes.all().find(({ camera }) => camera === id)?.rows ?? []).map(({ outcome, why }) => why ?? outcome);
  return { url, clock, post, reads, rows, lines };
}

const hello = (id: string): string => JSON.stringify({ RegisterObject: { DeviceID: id } });
const alive = (id: string): string => JSON.stringify({ KeepaliveObject: { DeviceID: id } });
const pushOf = (...vehicles: readonly { readonly id: string; readonly plate: string }[]): string => {
  const list = vehicles.map(({ id, plate }) => ({ MotorVehicleID: plate, DeviceID: id, HasPlate: 1, PlateNo: plate }));
  return JSON.stringify({ MotorVehicleListObject: { MotorVehicleObject: list } });
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
/** As a device answers a challenge: RFC 2617. */
function answerTo(challenge: string | null, password: string, uri = '/VIID/System/Register', isOld = false): string {
  const [, nonce = ''] = /nonce="([^"]+)"/.exec(challenge ?? '') ?? [];
  const [, realm = ''] = /realm="([^"]+)"/.exec(challenge ?? '') ?? [];
  const [a, b] = [md5(`gate:${realm}:${password}`), md5(`POST:${uri}`)];
  const response = md5(isOld ? `${a}:${nonce}:${b}` : `${a}:${nonce}:00000001:0a4f113b:auth:${b}`);
  const more = isOld ? '' : ', qop=auth, nc=00000001, cnonce="0a4f113b"';
  return `Digest username="gate", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"${more}`;
}

describe('registration at the view library', () => {
  it('with a login: challenged, checked, and taken from then on', async () => {
    const { post, reads, rows, lines } = await openBox({ gate: { register } });
    // What is sent before is denied and has its line: the device then registers.
    expect(await post(gat1400Push().path, gat1400Push().body)).toMatchObject({ status: 401 });
    expect((await post('/VIID/System/Keepalive', alive(GATE))).status).toBe(401);
    expect(rows('gate')).toEqual(['unauthorized', 'unauthorized']);
    const first = await post('/VIID/System/Register', hello(GATE));
    expect(first.status).toBe(401);
    expect(first.challenge).toMatch(/^Digest realm="[^"]+", qop="auth", algorithm=MD5, nonce="[^"]+"$/);
    expect(rows('gate')[0], 'every registration begins so').toBe('noRead');

    const wrong = { authorization: answerTo(first.challenge, 'guessed') };
    expect((await post('/VIID/System/Register', hello(GATE), wrong)).status).toBe(401);
    expect(rows('gate')[0]).toBe('unauthorized');
    expect(reads).toEqual([]);
    const right = { authorization: answerTo(first.challenge, 'long enough') };
    expect(await post('/VIID/System/Register', hello(GATE), right)).toMatchObject({
      status: 200,
      body: '{"ResponseStatusObject":{"RequestURL":"/VIID/System/Register","StatusCode":0,"StatusString":"OK"}}',
    });
    expect((await post('/VIID/System/Keepalive', alive(GATE))).status).toBe(200);
    expect((await post(gat1400Push().path, gat1400Push().body)).status).toBe(200);
    expect(reads).toEqual([['gate', inPlate(7)]]);
    expect(lines.join()).not.toContain('long enough');

    expect((await post('/VIID/System/UnRegister', '{"UnRegisterObject":{"DeviceID":"1"}}')).status).toBe(200);
    expect((await post('/VIID/System/Keepalive', alive(GATE))).status).toBe(401);
  });

  it('in the older form, with the whole address, and by a message that answers the challenge', async () => {
    const { post, reads, clock } = await openBox({ gate: { register } });
    const { challenge } = await post('/VIID/System/Register', hello(GATE));
    const older = { authorization: answerTo(challenge, 'long enough', 'http://box:8081/VIID/System/Register', true) };
    expect((await post('/VIID/System/Register', hello(GATE), older)).status).toBe(200);
    const { path, body } = gat1400Push();
    const other = { authorization: answerTo(challenge, 'long enough') };
    expect((await post(path, body, other)).status, 'an answer is for one address').toBe(401);
    expect((await post(path, body)).status, 'and a wrong one ends the registration').toBe(401);
    const own = { authorization: answerTo(challenge, 'long enough', path) };
    expect((await post(path, body, own)).status).toBe(200);
    expect(reads).toHaveLength(1);
    await clock.advance(300_001);
    expect((await post('/VIID/System/Register', hello(GATE), older)).status, 'a challenge is not for ever').toBe(401);
  });

  it('asks for no login where none is configured', async () => {
    const { post, reads } = await openBox({ gate: {} });
    expect((await post('/VIID/System/Register', hello(GATE))).status).toBe(200);
    expect((await post(gat1400Push().path, gat1400Push().body)).status).toBe(200);
    expect(reads).toHaveLength(1);
  });
});

it('tells the time, in Chinese local time, and answers no other question', async () => {
  const { url, rows } = await openBox({ gate: { register } });
  const answer = await fetch(`${url}/VIID/System/Time`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    SystemTimeObject: { VIIDServerID: '00000000000000000000', TimeMode: '1', LocalTime: '20260501120000' },
  });
  expect((await fetch(`${url}/VIID/MotorVehicles`)).status).toBe(405);
  expect(rows('gate')).toEqual(['methodNotAllowed', 'noRead']);
});

describe('devices behind one address', () => {
  it('are told apart by their numbers, in the head or in each vehicle', async () => {
    const { post, reads, rows } = await openBox({ gate: { deviceId: GATE }, yard: { deviceId: YARD } });
    await post('/VIID/System/Register', hello(YARD));
    expect([rows('gate'), rows('yard')]).toEqual([[], ['noRead']]);
    await post('/VIID/MotorVehicles', pushOf({ id: YARD, plate: '京A00001' }));
    await post('/VIID/MotorVehicles', '{"MotorVehicleListObject":{"MotorVehicleObject":[{"PlateNo":"京A00002"}]}}', {
      'user-identify': GATE,
    });
    // A recorder sends what its cameras took under its own number.
    const both = pushOf({ id: GATE, plate: '京A00003' }, { id: YARD, plate: '京A00004' });
    await post('/VIID/MotorVehicles', both, { 'user-identify': '33000000001190000009' });
    expect(reads).toEqual([
      ['yard', '京A00001'],
      ['gate', '京A00002'],
      ['gate', '京A00003'],
      ['yard', '京A00004'],
    ]);
  });

  it('that are none of the configured are refused, with a line; without a number the first takes what is left', async () => {
    const { post, reads, rows, lines } = await openBox({ gate: { deviceId: GATE } });
    const other = pushOf({ id: '33000000001320000003', plate: '京A00005' });
    expect((await post('/VIID/MotorVehicles', other)).status).toBe(400);
    expect([reads, rows('gate')]).toEqual([[], ['notTheCamera']]);
    expect(lines.join()).toContain('gate (127.0.0.1)');
    await intake?.close();
    const mixed = await openBox({ gate: { deviceId: GATE }, rest: {}, third: {} });
    await mixed.post('/VIID/MotorVehicles', other);
    expect(mixed.reads).toEqual([['rest', '京A00005']]);
  });
});
