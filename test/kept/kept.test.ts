/** Stored forms are promises: what each earlier version left behind is read by this program, through its commands and its store. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { initialState, type LaneState, STATE_VERSION, step } from '../../src/lane/lane.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import { Accounts } from '../../src/page/access/accounts.ts';
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

function lanewarden(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const done = spawnSync(process.execPath, [MAIN, ...words, '--lang', 'en'], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status: done.status, output: done.stdout + done.stderr, stdout: done.stdout };
}

const IN_0_1 = [
  [1, 'delivered', '粤B54321', '1001-01M8B7HJQ91FZTPP466P0W1J62'],
  [2, 'delivered', '粤A99999', '1001-01M8B7JBVR1T91042MFQWR78W5'],
  [3, 'waiting', '粤B10001', '1001-01M8B7HM0ZQTJEJFJ2SV2X17V6'],
  [4, 'waiting', undefined, '1001-01M8B7HM12BTS8CMBRX1TWDWKS'],
  [5, 'withdrawn', '粤B10001', '1001-01M8B7HM13P2J71X0SYYGNZVKJ'],
  [6, 'review', '粤B10001', '1001-01M8B7HM15DCVPNAW21T42WWSR'],
  [7, 'waiting', '粤B10001', '1001-01M8B7HM17W9BSVRNR7RVR18G0'],
  [8, 'waiting', '粤B10002', '1001-01M8B7HM19KRS2XZ7NA6RMTWDJ'],
  [9, 'dropped', '粤B10001', '1001-01M8B7HM1AZK4R0CPHQQBF76MR'],
  [10, 'parked', '粤B10001', '1001-01M8B7HM1CXPBAEERHDYARMCQR'],
  [11, 'held', '粤B10001', '1001-01M8B7HM1EJM5AFVZ4WQ8KZMPJ'],
] as const;

describe.each(versions)('%s', (version) => {
  it('its configuration is valid', () => {
    const { config } = copyOf(version);
    const { status, output } = lanewarden(['check', '--config', config]);
    expect(output).toContain('lane 1001 通道A, exit');
    expect(status).toBe(0);
  });

  it('its records are there, each in its state, under its serial, with its pictures and tries', async () => {
    const { state } = copyOf(version);
    const store = await open({ path: state, wallTrusted: true });
    const records = await store.review.list({ limit: 100 });
    const found = records.map(({ id, state: of, release, serial }) => [id, of, release.plate?.text, serial]);
    expect(found.reverse()).toEqual(IN_0_1);
    expect((await store.outbox.picture(3))?.length).toBe(3_027);
    expect((await store.outbox.besidePicture(3, 'before'))?.length).toBe(927);
    expect((await store.outbox.picture(1))?.length).toBeGreaterThan(10_000);
    expect((await store.review.get(4))?.attempts.map(({ why }) => why)).toContain('timeout');
    expect((await store.review.get(8))?.record.corrections).toMatchObject([{ who: '李四', why: '看图更正' }]);
    expect(await store.review.get(9)).toMatchObject({ droppedBy: '王五', record: { lastWhy: 'dropped: 试车' } });
    expect(await store.outbox.withdraw('1001', 'kept-withdrawn', 'again')).toBe(false);
  });

  it('its journal is replayed, and its lane state is taken up or begun anew', async () => {
    const { state, config } = copyOf(version);
    const span = ['--from', '2026-11-26T14:00', '--to', '2026-11-26T15:00'];
    const { status, output } = lanewarden(['replay', '--config', config, ...span]);
    for (const plate of ['粤B54321', '粤A99999']) expect(output).toContain(plate);
    expect(status).toBe(0);

    const store = await open({ path: state, wallTrusted: true });
    const journal = await store.looks.around('1001', 0, Number.MAX_SAFE_INTEGER);
    expect(journal?.rows).toHaveLength(251);
    const kept = (await store.journal.load('1001')).state as { readonly version: number; readonly state: LaneState };
    const settings = laneSettings({ direction: 'exit', roles: ['down', 'up', 'approach', 'barrier', 'auto'] }, {});
    let lane = kept.version === STATE_VERSION ? kept.state : initialState(settings);
    for (const event of journal?.rows ?? []) [lane] = step(lane, event, settings);
    expect(lane).toEqual(JSON.parse(JSON.stringify(lane)));
  });

  it('a box of it is updated: the program runs on its state folder, and everything is there afterwards', async () => {
    const { state, config } = copyOf(version);
    // Any free port: another run of these tests may be going on.
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replaceAll(/listen: 127\.0\.0\.1:\d+/g, 'listen: "127.0.0.1:0"'),
    );
    const before = lanewarden(['queue', 'ls', '--json', '--store', copyOf(version).state]).stdout;
    const words = [MAIN, 'run', '--config', config, '--lang', 'en'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    // The lane of its demonstration has a port that is gone; the page comes up after the store.
    await expect.poll(() => output).toContain('local page: ');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output).not.toMatch(/internal error|quarantine|\n\s+at /);
    const after = JSON.parse(lanewarden(['queue', 'ls', '--json', '--store', state]).stdout);
    const keys = (rows: readonly Record<string, unknown>[]) => rows.map(({ id, serial }) => [id, serial]);
    expect(keys(after)).toEqual(keys(JSON.parse(before)));
    expect(lanewarden(['verify', '--store', state]).status).toBe(0);
    expect(readFileSync(join(state, 'page/users.json'), 'utf8')).toContain('installer');
  });

  it('its backup is restored with its secrets, and its users log in', async () => {
    const { folder, state } = copyOf(version);
    const accounts = await Accounts.open(join(state, 'page'), systemClock());
    expect(accounts.list()).toMatchObject([{ user: 'installer', role: 'installer' }]);
    expect(await accounts.isPassword('installer', 'kept-since-0.1-Kiefer')).toBe(true);

    const target = join(folder, 'restored');
    mkdirSync(target);
    const config = join(target, 'lanewarden.yaml');
    const words = ['restore', '--config', config, '--store', join(target, 'state'), '-y', join(folder, 'backup.zip')];
    const { status, output } = lanewarden(words, { LANEWARDEN_PASSPHRASE: 'kept since 0.1' });
    expect(output).not.toContain('error');
    expect(status).toBe(0);
    expect(readFileSync(join(target, 'secrets.yaml'), 'utf8')).toContain('demonstration-secret');
    expect(existsSync(join(target, 'state/lanewarden.db'))).toBe(true);
    const listed = lanewarden(['queue', 'ls', '--json', '--store', join(target, 'state')]);
    expect(JSON.parse(listed.stdout)).toHaveLength(IN_0_1.length);
  });

  it('its exported records are imported by another box', () => {
    const { folder } = copyOf(version);
    const box = join(folder, 'other');
    mkdirSync(box);
    const { status, output } = lanewarden(['queue', 'import', join(folder, 'queue.zip'), '--store', box, '-y']);
    expect(output).toContain('7');
    expect(status).toBe(0);
    const listed = JSON.parse(lanewarden(['queue', 'ls', '--json', '--store', box]).stdout);
    expect(listed).toHaveLength(7);
  });
});
