/** Evidence by page: the bundle of a release, the head and the key, and what `verify` finds, also in a database that somebody changed. */
import { request } from 'node:http';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkBundle } from '../../src/evidence/bundle-check.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookie: string;
let id: number;

beforeAll(async () => {
  box = await pageBox({ speed: 10 });
  cookie = await box.as('installer');
});
afterAll(async () => {
  await box?.close();
});

function bundle(path: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${box.url}/api/v1/${path}`, { agent: false, headers: { cookie } });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
    });
    asked.end();
  });
}

const verified = async () => {
  const { json } = await box.ask('POST', '/api/v1/evidence/verify', {
    ...{ cookie, body: {} },
    headers: { 'accept-language': 'en' },
  });
  return (await box.ended(json, cookie)).result as { fits: boolean; lines: string[] };
};

it('gives the bundle of a release, signed and with its waveform, and writes down who took it', async () => {
  box.park.controls.send('manual');
  const newest = async () => (await box.ask('GET', '/api/v1/releases', { cookie })).json.items[0];
  await expect.poll(async () => (await newest())?.picture).toBe('attached');
  id = (await newest()).id;
  const { status, bytes } = await bundle(`releases/${id}/evidence`);
  expect(status, Buffer.from(bytes).toString('utf8').slice(0, 300)).toBe(200);
  expect(checkBundle(bytes)).toMatchObject({ faults: [] });
  const waveform = strFromU8(unzipSync(bytes)['waveform.svg'] as Uint8Array);
  expect(waveform).toContain('触发地感 A Loop A');
  expect(waveform).toContain('下限位 Down limit');
  const { json } = await box.ask('GET', '/api/v1/audit', { cookie });
  expect(json[0]).toMatchObject({ user: 'installer', what: { en: `took the evidence of record ${id}` } });
  // The head over it is on the page, with the key that signed it.
  const manifest = JSON.parse(strFromU8(unzipSync(bytes)['manifest.json'] as Uint8Array));
  const { signed } = (await box.ask('GET', '/api/v1/evidence', { cookie })).json;
  expect(signed.key).toBe(manifest.key);
  expect(signed.head).toMatch(/^[0-9a-f]{64}$/);
});

it('writes down who looked at a picture, once for all that a page loads', async () => {
  const viewer = await box.as('viewer');
  for (const where of ['?where=small', '', '?where=before', '', '?where=small'])
    expect((await box.ask('GET', `/api/v1/releases/${id}/picture${where}`, { cookie: viewer })).status).toBe(200);
  const { json } = await box.ask('GET', '/api/v1/audit', { cookie });
  const looks = json.filter(({ user }: { user: string }) => user === 'viewer');
  expect(looks.map(({ what }: { what: { en: string } }) => what.en)).toContain(
    `looked at the pictures of record ${id}`,
  );
  // The small ones of a list have one line together.
  expect(
    looks
      .map(({ what }: { what: { en: string } }) => what.en)
      .filter((what: string) => what.startsWith('looked'))
      .reverse(),
  ).toEqual(['looked at the small pictures of lists', `looked at the pictures of record ${id}`]);
});

it('refuses those who may not, and what is not there', async () => {
  const operator = await box.as('operator');
  expect((await box.ask('GET', `/api/v1/releases/${id}/evidence`, { cookie: operator })).status).toBe(403);
  expect((await bundle('releases/999999/evidence')).status).toBe(404);
});

it('finds, gives out and deletes one person’s data by plate, and names no plate in the audit log', async () => {
  const plate = (await box.ask('GET', `/api/v1/releases/${id}`, { cookie })).json.row.plate as string;
  const ask = (what: string, body: object, as = cookie) =>
    box.ask('POST', `/api/v1/person/${what}`, { cookie: as, body, headers: { 'accept-language': 'en' } });
  expect((await ask('find', { plate }, await box.as('operator'))).status).toBe(403);
  expect((await ask('find', { plate })).json.lines[0]).toMatch(
    /^[1-9]\d* records, [1-9]\d* rows of the journal, [1-9]/,
  );
  const given = await ask('export', { plate });
  expect([given.status, given.headers['content-type']]).toEqual([200, 'application/zip']);
  expect((await ask('erase', { plate })).status).toBe(422);
  const erased = await ask('erase', { plate, why: 'asked in writing' });
  expect(erased.json.lines.join()).toMatch(/deleted \d+ records, \d+ rows, \d+ pictures/);
  const { text } = await box.ask('GET', '/api/v1/audit', { cookie });
  expect(text).toContain('deleted one person’s data: asked in writing');
  expect(text).not.toContain(plate);
  expect((await verified()).lines.join()).toContain('erased by rule');
});

it('verifies on demand, and names a row that somebody changed beside the program', async () => {
  expect(await verified()).toMatchObject({ fits: true, lines: expect.arrayContaining(['the chain fits']) });
  const file = join(box.folder, 'state', 'lanewarden.db');
  let seq = 0;
  box = await box.restart(() => {
    const database = new Database(file);
    seq = database.prepare("SELECT min(seq) FROM journal WHERE lane_id <> ''").pluck().get() as number;
    database.prepare("UPDATE journal SET event = event || ' ' WHERE seq = ?").run(seq);
    database.close();
  });
  cookie = (await box.ask('POST', '/api/v1/login', { body: { user: 'installer', password: PASSWORD } }))
    .cookie as string;
  const found = await verified();
  expect(found.fits).toBe(false);
  expect(found.lines[0]).toBe(`row ${seq} was changed after it was written`);
});
