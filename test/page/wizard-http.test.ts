/** Commissioning over HTTP: who may, what is refused with which problem, and that the acceptance sheet survives a restart of the program. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RehearsalResult, SnapshotResult } from '../../src/page/api/api-setup.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookie: string;
beforeAll(async () => {
  box = await pageBox();
  cookie = await box.as('installer');
});
afterAll(async () => {
  await box?.close();
});

const begin = (body: object, as = cookie) => box.ask('POST', '/api/v1/jobs', { cookie: as, body });
const SCAN = {
  kind: 'scan',
  port: '/dev/lanewarden-demo',
  baudRates: [38_400],
  parities: ['none'],
  units: [1, 2],
  release: true,
};

describe('who may', () => {
  it('an operator diagnoses and takes a picture, and does not search, learn or rehearse', async () => {
    const operator = await box.as('operator');
    for (const kind of ['scan', 'learn', 'rehearse'])
      expect((await begin({ kind, confirmedAlone: true, confirmed: true }, operator)).json).toMatchObject({
        code: 'forbidden',
      });
    expect((await box.ask('GET', '/api/v1/commissioning', { cookie: operator })).status).toBe(403);
    expect((await begin({ kind: 'diagnose' }, operator)).status).toBe(202);
  });

  it('a kind that does not exist is not found', async () => {
    for (const kind of ['format', 'constructor', '__proto__'])
      expect([400, 404]).toContain((await begin({ kind })).status);
  });
});

describe('a search', () => {
  it('names the confirmation that is missing, and the line that is in use', async () => {
    const unconfirmed = await begin(SCAN);
    expect(unconfirmed.status).toBe(422);
    expect(unconfirmed.json).toMatchObject({ code: 'invalid', errors: [{ field: 'confirmedAlone' }] });
    const inUse = await begin({ ...SCAN, confirmedAlone: true, release: false });
    expect(inUse.json).toMatchObject({ code: 'conflict', detail: expect.stringContaining('rs485-1') });
  });

  it('says what to check of a serial server that is not there, in no system’s words', async () => {
    const { json } = await begin({ ...SCAN, port: 'tcp://127.0.0.1:1', confirmedAlone: true });
    const { state, error } = await box.ended(json, cookie);
    expect(state).toBe('failed');
    expect(error?.zh).toMatch(/^连不上 tcp:\/\/127\.0\.0\.1:1：那台设备在，但没有开这个端口。检查地址和端口/);
    expect(error?.zh).not.toContain('ECONNREFUSED');
  });

  it('runs once at a time, tells how far it is, is cancelled, and gives the line back', async () => {
    const { json, status } = await begin({ ...SCAN, confirmedAlone: true, units: [1, 200] });
    expect(status).toBe(202);
    expect((await begin({ ...SCAN, confirmedAlone: true })).json.code).toBe('busy');
    await expect
      .poll(async () => (await box.ask('GET', `/api/v1/jobs/${json.id}`, { cookie })).json.result?.found.length)
      .toBe(1);
    const running = (await box.ask('GET', `/api/v1/jobs/${json.id}`, { cookie })).json;
    expect(running.part).toBeGreaterThan(0);
    expect(running.leftMs).toBeGreaterThan(0);
    await box.ask('DELETE', `/api/v1/jobs/${json.id}`, { cookie });
    const ended = await box.ended(json, cookie);
    expect(ended).toMatchObject({ state: 'cancelled', result: { found: [{ unit: 1 }] } });
    const device = async () => (await box.ask('GET', '/api/v1/overview', { cookie })).json.devices[0]?.state;
    await expect.poll(device).toBe('ok');
  });
});

describe('the acceptance sheet', () => {
  it('keeps picture, rehearsal and notes, also over a restart', async () => {
    const snapshot = await box.ended((await begin({ kind: 'snapshot', camera: 'cam1', lane: '1001' })).json, cookie);
    expect((snapshot.result as SnapshotResult).width).toBe(640);
    const picture = await box.ask('GET', `/api/v1/jobs/${snapshot.id}/picture`, { cookie });
    expect(picture.headers['content-type']).toBe('image/jpeg');
    expect((await begin({ kind: 'rehearse', lane: '1001' })).json.code).toBe('invalid');
    const rehearsed = await box.ended((await begin({ kind: 'rehearse', lane: '1001', confirmed: true })).json, cookie);
    expect(rehearsed.result).toMatchObject({ ok: true } satisfies Partial<RehearsalResult>);
    const told = { atWallMs: 1_700_000_000_000, kind: 'grant', plate: '粤B12345', source: 'pms' };
    const notes = { installer: '李工', site: '东门', told };
    const written = await box.ask('PUT', '/api/v1/commissioning/1001', { cookie, body: notes });
    expect(written.json).toMatchObject({ notes: { installer: '李工', site: '东门' }, told });
    expect(written.json.acceptedWallMs).toBeUndefined();
    const accepted = await box.ask('PUT', '/api/v1/commissioning/1001', { cookie, body: { accepted: true } });
    expect(accepted.json).toMatchObject({ notes: { site: '东门' }, acceptedWallMs: expect.any(Number) });
    const tooMuch = await box.ask('PUT', '/api/v1/commissioning/1001', {
      cookie,
      body: { installer: 'x'.repeat(300) },
    });
    expect(tooMuch.json.code).toBe('invalid');

    box = await box.restart();
    cookie = (
      await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: 'four unrelated green words' } })
    ).cookie as string;
    const kept = (await box.ask('GET', '/api/v1/commissioning/1001', { cookie })).json;
    expect(JSON.stringify(kept.can)).toContain('every opening');
    expect(JSON.stringify(kept.limits)).toContain('mains');
    expect(kept.acceptedWallMs).toBe(accepted.json.acceptedWallMs);
    expect(kept).toMatchObject({ laneName: '通道A', rehearsal: { ok: true, code: '1001' }, notes: { site: '东门' } });
    expect((await box.ask('GET', '/api/v1/commissioning/1001/picture', { cookie })).status).toBe(200);

    await box.ask('DELETE', '/api/v1/commissioning/1001', { cookie });
    const empty = (await box.ask('GET', '/api/v1/commissioning/1001', { cookie })).json;
    expect(empty.rehearsal).toBeUndefined();
    expect((await box.ask('GET', '/api/v1/commissioning/1001/picture', { cookie })).status).toBe(404);
    expect((await box.ask('GET', '/api/v1/commissioning/nowhere', { cookie })).status).toBe(404);
  });
});
