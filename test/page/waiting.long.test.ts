/**
 * A change that weakens a lane which reports waits for a second person or an hour, whichever way a person at the page takes: text, another one behind it,
 * known vehicles, a backup, the first file of an operator.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { ApplyResult, ConfigView, Job } from '../../src/page/api/api-setup.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { operator } from '../provision/operator.ts';
import { ageUsers } from './age-users.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

const boxes: PageBox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
});

const PROVEN = { provenMs: 200, withinMs: 30_000 };
type Choices = NonNullable<Parameters<typeof pageBox>[0]>;

/** Commissioned long ago, its lane reports. */
async function inService(choices: Choices = {}): Promise<PageBox> {
  const prepare = async (file: string) => {
    await choices.prepare?.(file);
    // Before it starts: what somebody puts there while it runs is reported.
    const state = join(dirname(file), 'state');
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(join(state, 'commissioned'), '');
  };
  const box = await pageBox({ provisionTrial: PROVEN, ...choices, prepare });
  boxes.push(box);
  return box;
}

const viewOf = async (box: PageBox, cookie: string) =>
  (await box.ask('GET', '/api/v1/config', { cookie })).json as ConfigView;
const inForce = (box: PageBox): string => box.box.host.inForce?.yaml ?? '';
const waiting = async (box: PageBox, cookie: string) =>
  (await box.ask('GET', '/api/v1/overview', { cookie })).json.waiting;

async function save(box: PageBox, change: (yaml: string) => string, cookie?: string): Promise<Job> {
  const who = cookie ?? (await box.as('installer'));
  const view = await viewOf(box, who);
  const body = { yaml: change(view.yaml), base: view.base };
  expect(body.yaml).not.toBe(view.yaml);
  const answer = await box.ask('PUT', '/api/v1/config', { cookie: who, body });
  expect(answer.status, answer.text).toBe(202);
  return box.ended(answer.json, who);
}

/** Of a colleague who has been there for longer than an hour. */
async function colleague(box: PageBox): Promise<string> {
  await box.as('auditor');
  ageUsers(box.folder);
  const answer = await box.ask('POST', '/api/v1/login', { body: { user: 'auditor', password: PASSWORD } });
  return answer.cookie as string;
}

const reports = async (box: PageBox) => {
  const found = (await box.box.host.app?.store.looks.observations(100).catch(() => [])) ?? [];
  return found.map(({ seen }) => seen).filter(({ why }) => why === 'settings' || why === 'vehicles');
};
const states = async (box: PageBox) =>
  (await reports(box)).map((seen) => ('detail' in seen ? (seen.detail?.state ?? 'changed') : '')).reverse();

const unwired = (yaml: string): string => yaml.replace(/, button: io1\.di\d/, '');
const renamed = (yaml: string): string => yaml.replace('name: 通道A', 'name: 新名字');

it('an unwired button: seen by everybody, told at once, agreed to by a colleague of some standing', async () => {
  const box = await inService();
  const installer = await box.as('installer');
  const before = inForce(box);
  expect((await save(box, unwired)).result).toEqual({ state: 'waits', faults: [] });
  expect(inForce(box)).toBe(before);
  expect((await viewOf(box, installer)).yaml).toBe(before);

  const viewer = await box.as('viewer');
  const seen = await waiting(box, viewer);
  expect(seen).toMatchObject({
    ...{ kind: 'settings', by: 'installer', lanes: ['1001'] },
    changes: [{ path: 'lanes[1001].points.button', before: expect.stringContaining('io1') }],
  });
  expect(seen.dueInMs).toBeGreaterThan(3_500_000);
  expect(await reports(box)).toMatchObject([
    { who: 'installer', detail: { state: 'waits', lanes: ['1001'], changes: [{ path: 'lanes[1001].points.button' }] } },
  ]);

  const agree = (cookie: string, id = seen.id) => box.ask('POST', '/api/v1/waiting/agree', { cookie, body: { id } });
  expect((await agree(installer)).status).toBe(403);
  expect((await agree(viewer)).status).toBe(403);
  // Made a moment ago, perhaps by the same person.
  expect(await agree(await box.as('auditor'))).toMatchObject({ status: 403, json: { detail: expect.any(String) } });
  const auditor = await colleague(box);
  expect((await agree(auditor, 'another')).status).toBe(404);
  const job = await box.ended((await agree(auditor)).json, await box.as('installer'));
  expect(job.state, JSON.stringify(job)).toBe('done');
  expect(inForce(box)).not.toContain('button:');
  expect(box.box.host.state.state).toBe('good');
  expect(await waiting(box, viewer)).toBeUndefined();
  await expect.poll(() => states(box)).toEqual(['waits', 'agreed', 'changed']);
});

it.each([
  ['what waits', 'waiting.bin', (text: string) => text.replace('通道A', '改过的')],
  ['who saved it', 'waiting.json', (text: string) => text.replace('"by":"installer"', '"by":"auditor"')],
])('edited on the disk, %s never takes effect', async (_, file, edit) => {
  const first = await inService();
  await save(first, unwired);
  boxes.splice(boxes.indexOf(first), 1);
  const folder = join(first.folder, 'state', 'config');
  const again = await first.restart(() => {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(edit(text)).not.toBe(text);
    writeFileSync(join(folder, file), edit(text));
  });
  boxes.push(again);
  await expect.poll(() => states(again), { timeout: LONGEST_WAIT_MS }).toEqual(['waits', 'void']);
  expect(inForce(again)).toContain('button:');
});

it('nobody agrees: it waits through a restart, its hour begins anew, and is in force when that is over', async () => {
  const waitsMs = 10_000;
  const first = await inService({ waitsMs });
  await save(first, unwired);
  boxes.splice(boxes.indexOf(first), 1);
  const row = join(first.folder, 'state', 'config', 'waiting.json');
  let fromMs = 0;
  const again = await first.restart(() => {
    writeFileSync(row, JSON.stringify({ ...JSON.parse(readFileSync(row, 'utf8')), leftMs: 0 }));
    fromMs = performance.now();
  });
  boxes.push(again);
  await expect.poll(() => inForce(again)).toContain('button:');
  await expect.poll(() => inForce(again)).not.toContain('button:');
  expect(performance.now() - fromMs).toBeGreaterThan(waitsMs);
  await expect.poll(() => again.box.host.state.state).toBe('good');
  await expect.poll(() => states(again)).toEqual(['waits', 'due', 'changed']);
});

const digest = ({ kind, by, lanes, changes, more, args, sinceWallMs }: Record<string, unknown>, payload: Buffer) =>
  createHash('sha256')
    .update(JSON.stringify([kind, by, lanes, changes, more, args, sinceWallMs]))
    .update(payload)
    .digest('hex');

it('put there beside the program, in the name of a colleague, it is seen by nobody and never takes effect', async () => {
  const first = await inService();
  await first.as('installer');
  boxes.splice(boxes.indexOf(first), 1);
  const state = join(first.folder, 'state', 'config');
  const again = await first.restart(() => {
    const [yaml, secrets] = [first.configFile, join(first.folder, 'secrets.yaml')].map((at) =>
      readFileSync(at, 'utf8'),
    );
    const payload = Buffer.from(JSON.stringify({ yaml: unwired(yaml as string), secrets }));
    const base = createHash('sha256').update(`${yaml}\0${secrets}`).digest('hex');
    const held = { kind: 'settings', by: '老板', lanes: [], changes: [], args: { base }, sinceWallMs: Date.now() };
    writeFileSync(join(state, 'waiting.bin'), payload);
    writeFileSync(join(state, 'waiting.json'), JSON.stringify({ ...held, id: digest(held, payload), leftMs: 0 }));
  });
  boxes.push(again);
  await expect.poll(() => states(again), { timeout: LONGEST_WAIT_MS }).toEqual(['void']);
  expect(JSON.stringify(await reports(again))).not.toContain('老板');
  await expect.poll(() => existsSync(join(state, 'waiting.json'))).toBe(false);
  expect(inForce(again)).toContain('button:');
});

it('withdrawn and put back beside the program, it is void', async () => {
  const first = await inService();
  await save(first, unwired);
  const state = join(first.folder, 'state', 'config');
  const kept = ['waiting.json', 'waiting.bin'].map(
    (name) => [join(state, name), readFileSync(join(state, name))] as const,
  );
  const { id } = await waiting(first, await first.as('installer'));
  await first.ask('POST', '/api/v1/waiting/withdraw', { cookie: await first.as('operator'), body: { id } });
  boxes.splice(boxes.indexOf(first), 1);
  const again = await first.restart(() => {
    for (const [file, bytes] of kept) writeFileSync(file, bytes);
  });
  boxes.push(again);
  await expect.poll(() => states(again), { timeout: LONGEST_WAIT_MS }).toEqual(['waits', 'withdrawn', 'void']);
  expect(inForce(again)).toContain('button:');
});

it('is withdrawn, and what would overtake it is refused until then', async () => {
  const box = await inService();
  await save(box, unwired);
  const installer = await box.as('installer');
  const { id } = await waiting(box, installer);
  const other = await save(box, renamed);
  expect(other).toMatchObject({ state: 'failed', error: { en: expect.stringContaining('another change is waiting') } });
  const answer = await box.ask('POST', '/api/v1/waiting/withdraw', { cookie: await box.as('operator'), body: { id } });
  expect(answer.status).toBe(200);
  expect(answer.json).not.toHaveProperty('waiting');
  expect((await save(box, renamed)).result).toMatchObject({ state: 'trial' });
  await expect.poll(() => states(box)).toEqual(['waits', 'withdrawn', 'changed']);
});

it('a roll-back takes effect at once and makes what waits void', async () => {
  const box = await inService({ waitsMs: 6_000 });
  const cookie = await box.as('installer');
  await save(box, renamed);
  await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
  await save(box, unwired);
  const history = (await box.ask('GET', '/api/v1/config/history', { cookie })).json;
  const back = await box.ask('POST', `/api/v1/config/history/${history.at(-1).id}/rollback`, { cookie, body: {} });
  expect((await box.ended(back.json, cookie)).result).toMatchObject({ state: 'trial' });
  await box.ask('POST', '/api/v1/config/keep', { cookie, body: {} });
  await expect.poll(() => states(box)).toEqual(['changed', 'waits', 'changed', 'due', 'void']);
  expect(inForce(box)).toContain('button:');
});

it('known vehicles wait too, and one by one no less', async () => {
  const box = await inService();
  const cookie = await box.as('installer');
  const give = (csv: string) =>
    box.ask('PUT', '/api/v1/vehicles', { cookie, raw: csv, headers: { 'content-type': 'text/csv' } });
  expect((await give('粤B1,gold')).status).toBe(422);
  expect(await give('粤B12345,free')).toMatchObject({ status: 200, json: { taken: 0, waits: true } });
  expect((await give('粤B54321,free')).status).toBe(409);
  expect(box.box.host.app?.register.vehicles.count).toBe(0);
  const { id, kind } = await waiting(box, cookie);
  expect(kind).toBe('vehicles');
  const job = await box.ask('POST', '/api/v1/waiting/agree', { cookie: await colleague(box), body: { id } });
  expect((await box.ended(job.json, await box.as('installer'))).state).toBe('done');
  expect(box.box.host.app?.register.vehicles.count).toBe(1);
  // What weakens no lane goes on meanwhile.
  await give('粤B54321,free');
  expect((await save(box, renamed)).result).toMatchObject({ state: 'trial' });
});

it('a backup that is given back waits, and replaces nothing before', async () => {
  const box = await inService();
  const cookie = await box.as('installer');
  const file = join(box.folder, 'any.zip');
  writeFileSync(file, 'no backup at all');
  const headers = { 'content-type': 'application/zip' };
  const given = await box.ask('POST', '/api/v1/restore', { cookie, raw: readFileSync(file), headers });
  const job = await box.ended(given.json, cookie);
  expect(job.result as ApplyResult).toEqual({ state: 'waits', faults: [] });
  const { id, kind } = await waiting(box, cookie);
  expect(kind).toBe('restore');
  const agreed = await box.ask('POST', '/api/v1/waiting/agree', { cookie: await colleague(box), body: { id } });
  expect(await box.ended(agreed.json, cookie)).toMatchObject({ state: 'failed' });
  await expect.poll(() => states(box)).toEqual(['waits', 'agreed', 'void']);
});

it('the first file of an operator waits: whoever is at the page may have made it himself', async () => {
  const box = await inService();
  const desk = await operator();
  const cookie = await box.as('installer');
  const { key, name } = (await box.ask('GET', '/api/v1/provision', { cookie })).json;
  const template = unwired(readFileSync(box.configFile, 'utf8')).replace(/name: .*/, 'name: $(gate)');
  const file = await desk.make(template, `boxes:\n  ${name}:\n    key: "${key}"\n    values: { gate: a }\n`);
  const headers = { 'content-type': 'application/vnd.lanewarden.provision', 'lanewarden-trust': desk.key };
  const given = await box.ask('POST', '/api/v1/provision', { cookie, raw: readFileSync(file), headers });
  expect((await box.ended(given.json, cookie)).result, given.text).toEqual({ state: 'waits', faults: [] });
  expect(await waiting(box, cookie)).toMatchObject({ kind: 'provision' });
  expect(inForce(box)).toContain('button:');
  expect((await box.ask('GET', '/api/v1/provision', { cookie })).json).not.toHaveProperty('operator');
});

it.each([
  ['while the box is being commissioned', (box: PageBox) => box, false],
  ['of a lane that does not report yet', (box: PageBox) => box, true],
])('nothing waits %s', async (_, __, isCommissioned) => {
  const prepare = (file: string) => {
    if (!isCommissioned) return;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\s*reporting: .*\n/m, '\n'));
  };
  const box = isCommissioned ? await inService({ prepare }) : await pageBox({ provisionTrial: PROVEN });
  if (!isCommissioned) boxes.push(box);
  expect(box.box.host.app?.reporting.view('1001').earned === undefined).toBe(isCommissioned);
  expect((await save(box, unwired)).result).toMatchObject({ state: 'trial' });
});
