/** Stored forms are promises: what each earlier version left behind is read by this program, through its commands and its store. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { beginOf, dayOf } from '../../src/account/days.ts';
import { blindBetween } from '../../src/account/unseen.ts';
import { LaneReporting } from '../../src/app/reporting.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/file.ts';
import { initialState, type LaneState, STATE_VERSION, step } from '../../src/lane/lane.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { Release } from '../../src/lane/types.ts';
import { Accounts } from '../../src/page/access/accounts.ts';
import { lanewarden } from '../cli/in-process.ts';
import { dist, open, temporaryFolder } from '../store/open.ts';

const here = import.meta.dirname;
const versions = readdirSync(here).filter((name) => statSync(join(here, name)).isDirectory());
const MAIN = join(dist, 'src/main.js');

/** A copy that may be changed, with its configuration pointing at it. */
function copyOf(version: string): { readonly folder: string; readonly state: string; readonly config: string } {
  const folder = temporaryFolder();
  cpSync(join(here, version), folder, { recursive: true });
  // git keeps no modes but the executable one.
  chmodSync(join(folder, 'secrets.yaml'), 0o600);
  const state = join(folder, 'state');
  const config = join(folder, 'lanewarden.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('/var/lib/lanewarden', state));
  return { folder, state, config };
}

interface Expected {
  /** Number, state, plate and serial of each record. */
  readonly records: readonly (readonly [number, string, string | null, string])[];
  /** How many are in the exported queue. */
  readonly exported: number;
  /** Bytes of a record's picture. */
  readonly pictures: Readonly<Record<string, number>>;
  readonly journal: { readonly rows: number; readonly from: string; readonly to: string };
  readonly users: readonly string[];
  readonly password: string;
  readonly passphrase: string;
  /** Of the provisioning file. */
  readonly operator?: string;
}
const expectedOf = (version: string): Expected =>
  JSON.parse(readFileSync(join(here, version, 'expected.json'), 'utf8'));
const has = (version: string, name: string): boolean => existsSync(join(here, version, name));

describe.each(versions)('%s', (version) => {
  const expected = expectedOf(version);

  it('its configuration is valid', async () => {
    const { config } = copyOf(version);
    const { status, output } = await lanewarden(['check', '--config', config]);
    expect(output).toContain('lane 1001 通道A, exit');
    expect(status).toBe(0);
  });

  it('its records are there, each in its state, under its serial, with its pictures and tries', async () => {
    const { state } = copyOf(version);
    const store = await open({ path: state, wallTrusted: true });
    const records = await store.review.list({ limit: 100 });
    const found = records.map(({ id, state: of, release, serial }) => [id, of, release.plate?.text ?? null, serial]);
    expect(found.reverse()).toEqual(expected.records);
    for (const [id, bytes] of Object.entries(expected.pictures))
      expect((await store.outbox.picture(Number(id)))?.length).toBe(bytes);
    expect((await store.outbox.besidePicture(version === '0.1' ? 3 : 1, 'before'))?.length).toBeGreaterThan(900);
    expect((await store.outbox.picture(1))?.length).toBeGreaterThan(10_000);
    expect((await store.review.get(4))?.attempts.map(({ why }) => why)).toContain('timeout');
    expect((await store.review.get(8))?.record.corrections).toMatchObject([{ who: '李四', why: '看图更正' }]);
    expect(await store.review.get(9)).toMatchObject({ droppedBy: '王五', record: { lastWhy: 'dropped: 试车' } });
    expect(await store.outbox.withdraw('1001', 'kept-withdrawn', 'again')).toBe(false);
  });

  it('its lane, which reported, goes on, and says which proof it lacks', async () => {
    const { state, config } = copyOf(version);
    const store = await open({ path: state, wallTrusted: true });
    expect(await store.parkFacts.rows('reporting')).toEqual([{ key: '1001', body: '{"earned":{"how":"before"}}' }]);
    const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
    const parts = { config: loadConfig(config, kinds, {}), store, clock: systemClock(), on: () => undefined };
    const reporting = await LaneReporting.open(parts);
    const view = reporting.view('1001');
    expect([view.earned, view.missing.map(({ way }) => way)]).toEqual([{ how: 'before' }, ['messages', 'relay']]);
    const release = { verdict: 'manual', reported: true } as Release;
    const effect = { kind: 'release', release, atMs: 0 } as const;
    expect(reporting.gate('1001', effect)).toBe(effect);
    expect(reporting.gate('1002', effect)).toMatchObject({ release: { reported: false } });
  });

  it('its journal is replayed, and its lane state is taken up or begun anew', async () => {
    const { state, config } = copyOf(version);
    const span = ['--from', expected.journal.from, '--to', expected.journal.to];
    const { status, output } = await lanewarden(['replay', '--config', config, ...span]);
    for (const plate of ['粤B54321', '粤A99999']) expect(output).toContain(plate);
    expect(status).toBe(0);

    const store = await open({ path: state, wallTrusted: true });
    const journal = await store.looks.around('1001', 0, Number.MAX_SAFE_INTEGER);
    expect(journal?.rows).toHaveLength(expected.journal.rows);
    const kept = (await store.journal.load('1001')).state as { readonly version: number; readonly state: LaneState };
    const settings = laneSettings({ direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto'] }, {});
    let lane = kept.version === STATE_VERSION ? kept.state : initialState(settings);
    for (const event of journal?.rows ?? []) [lane] = step(lane, event, settings);
    expect(lane).toEqual(JSON.parse(JSON.stringify(lane)));
  });

  it('a box of it is updated: all is there afterwards, and all say alike that the time until then was not seen', async () => {
    const { state, config } = copyOf(version);
    // Any free port: another run of these tests may be going on.
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replaceAll(/listen: 127\.0\.0\.1:\d+/g, 'listen: "127.0.0.1:0"'),
    );
    const before = (await lanewarden(['queue', 'ls', '--json', '--store', copyOf(version).state])).stdout;
    const words = [MAIN, 'run', '--config', config, '--lang', 'en'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    // The lane of its demonstration has a port that is gone; the page comes up after the store.
    await expect.poll(() => output).toContain('local page: ');
    const blind = async () => {
      const { stdout } = await lanewarden(['status', '--json', '--store', state]);
      return stdout === '' ? [] : (JSON.parse(stdout).kept?.blind ?? []);
    };
    await expect.poll(blind).toMatchObject([{ lane: '1001', lasts: true, last: { why: 'powerCut' } }]);
    const said = await lanewarden(['status', '--store', state]);
    expect(said.stdout).not.toMatch(/seen all/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).not.toMatch(/internal error|quarantine|\n\s+at /);
    const after = JSON.parse((await lanewarden(['queue', 'ls', '--json', '--store', state])).stdout);
    const keys = (rows: readonly Record<string, unknown>[]) => rows.map(({ id, serial }) => [id, serial]);
    expect(keys(after)).toEqual(keys(JSON.parse(before)));
    expect((await lanewarden(['verify', '--store', state])).status).toBe(0);
    expect(readFileSync(join(state, 'page/users.json'), 'utf8')).toContain('installer');
    const store = await open({ path: state, tool: true });
    // What a broker and the chat robots get.
    const told: unknown[] = [];
    for (let next = await store.looks.unpublished(0); next !== undefined; next = await store.looks.unpublished(next.id))
      told.push(next.seen);
    expect(told).toContainEqual(expect.objectContaining({ why: 'powerCut', lasts: true }));
    const { stdout } = await lanewarden(['report', '--day', 'today', '--json', '--config', config]);
    const [sheet] = [JSON.parse(stdout)].flat();
    const [unseen] = sheet.unseen;
    expect(unseen).toMatchObject({ lane: '1001', times: 1, lasts: true });
    const nowWallMs = systemClock().wallMs();
    const [kept] = blindBetween(await store.looks.observations(500), beginOf(dayOf(nowWallMs)), nowWallMs);
    expect(Math.abs(unseen.forMs - (kept?.forMs ?? 0))).toBeLessThan(60_000);
    const text = await lanewarden(['report', '--day', 'today', '--config', config]);
    expect(text.stdout).toMatch(/was not observed once, .* in all/);
    expect(text.stdout).not.toMatch(/The account closes/);
  });

  it('its backup is restored with its secrets, and its users log in', async () => {
    const { folder, state } = copyOf(version);
    const accounts = await Accounts.open(join(state, 'page'), systemClock());
    expect(accounts.list().map(({ user }) => user)).toEqual(expect.arrayContaining([...expected.users]));
    for (const user of expected.users) expect(await accounts.isPassword(user, expected.password), user).toBe(true);

    const target = join(folder, 'restored');
    mkdirSync(target);
    const config = join(target, 'lanewarden.yaml');
    const words = ['restore', '--config', config, '--store', join(target, 'state'), '-y', join(folder, 'backup.zip')];
    const { status, output } = await lanewarden(words, { LANEWARDEN_PASSPHRASE: expected.passphrase });
    expect(output).not.toContain('error');
    expect(status).toBe(0);
    expect(readFileSync(join(target, 'secrets.yaml'), 'utf8')).toContain('demonstration-secret');
    expect(existsSync(join(target, 'state/lanewarden.db'))).toBe(true);
    const listed = await lanewarden(['queue', 'ls', '--json', '--store', join(target, 'state')]);
    expect(JSON.parse(listed.stdout)).toHaveLength(expected.records.length);
  });

  it('its exported records are imported by another box', async () => {
    const { folder } = copyOf(version);
    const box = join(folder, 'other');
    mkdirSync(box);
    const { status, output } = await lanewarden(['queue', 'import', join(folder, 'queue.zip'), '--store', box, '-y']);
    expect(output).toContain(String(expected.exported));
    expect(status).toBe(0);
    const listed = JSON.parse((await lanewarden(['queue', 'ls', '--json', '--store', box])).stdout);
    expect(listed).toHaveLength(expected.exported);
  });

  if (has(version, 'evidence.zip'))
    it('its bundle of evidence is verified, by this program and by the verifier that is not it', async () => {
      const bundle = join(here, version, 'evidence.zip');
      const { status, output } = await lanewarden(['verify', bundle]);
      expect(output).toContain('3 pictures fit the signed heads');
      expect(status).toBe(0);
      const other = spawnSync('python3', [join(here, '../evidence/verify.py'), bundle], { encoding: 'utf8' });
      expect(JSON.parse(other.stdout)).toMatchObject({ faults: [] });
    });

  if (has(version, 'evidence.zip'))
    it('a box restored from its backup proves its records, with the key that signed then', async () => {
      const { folder } = copyOf(version);
      const [target, store] = [join(folder, 'swapped'), join(folder, 'swapped/state')];
      mkdirSync(target);
      const words = ['restore', '--config', join(target, 'lanewarden.yaml'), '--store', store, '-y'];
      const backup = join(folder, 'backup.zip');
      expect((await lanewarden([...words, backup], { LANEWARDEN_PASSPHRASE: expected.passphrase })).status).toBe(0);
      await (await open({ path: store })).close();
      const bundle = join(target, 'evidence.zip');
      expect(await lanewarden(['evidence', '1', '--store', store, '--file', bundle])).toMatchObject({ status: 0 });
      const findings = ({ stdout }: { readonly stdout: string }) => JSON.parse(stdout);
      const { key } = findings(await lanewarden(['verify', join(here, version, 'evidence.zip'), '--json']));
      const found = findings(await lanewarden(['verify', bundle, '--json']));
      expect(found).toMatchObject({ faults: [], former: [{ head: { key } }] });
      expect(found.key).not.toBe(key);
      const other = spawnSync('python3', [join(here, '../evidence/verify.py'), bundle], { encoding: 'utf8' });
      expect(JSON.parse(other.stdout)).toMatchObject({ faults: [] });
      const whole = await lanewarden(['verify', '--frames', '--store', store]);
      expect(whole.output).toContain('not on this box');
      expect(whole.status).toBe(0);
    });

  if (has(version, 'box.lwp'))
    it('its provisioning file opens at the box it was made for, whose tokens and marks are there', async () => {
      const { folder, state, config } = copyOf(version);
      const words = ['provision', 'show', join(folder, 'box.lwp'), '--store', state, '--config', config];
      const { status, output } = await lanewarden(words);
      expect(output).toMatch(/secrets: cloud\.appSecret \(changed\)[\s\S]*wang \(operator\)/);
      expect(readFileSync(join(folder, 'box.lwp'), 'utf8')).toContain(expected.operator);
      expect(status).toBe(0);
      expect((await lanewarden(['token', '--store', state])).output).toMatch(/prometheus +metrics/);
      const store = await open({ path: state, wallTrusted: true });
      expect(await store.review.marks(1)).toMatchObject([{ kind: 'owed', who: '赵六', amount: 1500 }]);
    });
});
