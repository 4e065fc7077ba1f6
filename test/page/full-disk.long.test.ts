/**
 * A box that starts on a disk without a free byte, its reserve spent: page and commands say so at once, and all of it recovers by itself
 * when there is room again.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { disk, fill, whyNoDisk } from '../store/disks.ts';
import { dist } from '../store/open.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

const noDisk = whyNoDisk();
const clock = systemClock();
/** What the page promises. */
const WITHIN_MS = 10_000;
let box: PageBox | undefined;
afterEach(async () => {
  await box?.close().catch(() => undefined);
  box = undefined;
});

/** A folder whose `state` is a small disk of its own: the configuration lies elsewhere, as it does on a box. */
function smallState(): { readonly folder: string; readonly state: string; readonly filler: string } {
  const made = disk(64).folder;
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-full-'));
  const state = join(made, 'state');
  mkdirSync(state);
  symlinkSync(state, join(folder, 'state'));
  return { folder, state, filler: join(made, 'filler') };
}

/** Not a byte is left, and nothing that could be given up for one. */
function fillUp(state: string, filler: string): void {
  rmSync(join(state, 'ballast'), { force: true });
  fill(filler);
  // The last free bytes of blocks that are in use.
  for (const name of readdirSync(state)) expect(name).not.toBe('ballast');
}

const program = (...words: string[]): Promise<{ readonly code: number; readonly text: string }> => {
  const child = spawn(process.execPath, [join(dist, 'src/main.js'), ...words, '--lang', 'en']);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, text })));
};

async function login(at: PageBox): Promise<string> {
  const answer = await at.ask('POST', '/api/v1/login', { body: { user: 'installer', password: PASSWORD } });
  expect(answer.status, answer.text).toBe(200);
  return answer.cookie as string;
}

const headlineOf = async (at: PageBox, cookie: string) =>
  (await at.ask('GET', '/api/v1/overview', { cookie })).json.headline;

const FULL = {
  level: 'error',
  text: { zh: expect.stringContaining('磁盘已满'), en: expect.stringMatching(/disk is full/) },
};

/** Lanes are read, and a release is a record. */
async function works(at: PageBox, cookie: string): Promise<void> {
  await expect.poll(async () => (await at.ask('GET', '/readyz')).status).toBe(200);
  at.park.controls.send('manual');
  const newest = async () => (await at.ask('GET', '/api/v1/releases', { cookie })).json?.items?.[0]?.state;
  await expect.poll(newest).toMatch(/waiting|delivered/);
  expect((await headlineOf(at, cookie)).text.en).not.toMatch(/disk/);
}

describe.skipIf(noDisk !== undefined)(
  `a start on a full disk${noDisk === undefined ? '' : ` (not here: ${noDisk})`}`,
  () => {
    it('a box that has run: opens and says so within 10 s, on the command line too, and recovers by itself', async () => {
      const { folder, state, filler } = smallState();
      box = await pageBox({ folder });
      await box.as('installer');
      let startedAtMs = 0;
      box = await box.restart(() => {
        fillUp(state, filler);
        startedAtMs = clock.nowMs();
      });
      const cookie = await login(box);
      expect(await headlineOf(box, cookie)).toMatchObject(FULL);
      expect(clock.nowMs() - startedAtMs).toBeLessThan(WITHIN_MS);
      expect((await box.ask('GET', '/readyz')).status).toBe(503);
      expect(box.lines.join('\n')).toMatch(/disk is full/);

      const status = await program('status', '--store', state);
      expect(status.code, status.text).toBe(1);
      expect(status.text).toMatch(/^\[Fault\] .*disk is full/);
      const diagnosis = await program('diagnose', join(folder, 'support.zip'), '--config', box.configFile);
      expect(diagnosis.text).toMatch(/disk is full/);
      const queue = await program('queue', 'ls', '--store', state);
      expect(queue.code, queue.text).not.toBe(0);
      expect(queue.text).toMatch(/full/);

      // Long after a start gave up in former versions.
      await clock.sleep(startedAtMs + 35_000 - clock.nowMs());
      expect(await headlineOf(box, cookie)).toMatchObject(FULL);
      rmSync(filler);
      await works(box, cookie);
    });

    it('a new box: the page opens all the same, and what could not be written is there later', async () => {
      const { folder, state, filler } = smallState();
      fillUp(state, filler);
      const startedAtMs = clock.nowMs();
      box = await pageBox({ folder, secure: true });
      expect((await box.ask('GET', '/healthz')).status).toBe(200);
      expect(clock.nowMs() - startedAtMs).toBeLessThan(WITHIN_MS);
      const said = () => (box as PageBox).lines.join('\n');
      expect(said()).toMatch(/disk is full/);
      const [fingerprint] = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(said()) ?? [];
      expect(fingerprint).toBeDefined();
      rmSync(filler);
      const code = join(state, 'page', 'setup-code');
      await expect.poll(() => existsSync(code)).toBe(true);
      const cookie = await box.as('installer');
      await works(box, cookie);
      // The certificate that people have confirmed at the box stays.
      box = await box.restart();
      expect(said()).toContain(fingerprint);
    });
  },
);
