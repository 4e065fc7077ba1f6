/** Whoever had the card may have put anything in place of a small file: the box comes up all the same, its lanes too, and ends when it is told to. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { temporaryFolder } from '../store/open.ts';
import { PROGRAM, program } from '../stories/processes.ts';

const STATE = ['alive', 'ballast', 'backups.json', 'running', 'verified.json'];
const CONFIG = ['waiting.json', 'trial.json', 'addresses-looked-at.json', 'history'];
const PAGE = ['users', 'pins', 'tokens', 'sessions', 'places', 'review-reasons'].map((name) => `${name}.json`);
const OTHERS = ['audit.jsonl', 'evidence-key.pem', 'certificate.pem', 'setup-code'];
const PLACES = [
  ...STATE,
  ...CONFIG.map((name) => `config/${name}`),
  ...[...PAGE, ...OTHERS].map((name) => `page/${name}`),
];
const ALL = [...PLACES.map((name) => `state/${name}`), 'state/config/good.json', 'profiles/x.yaml'];

const KINDS: Readonly<Record<string, (path: string) => void>> = {
  FIFO: (path) => void execFileSync('mkfifo', [path]),
  folder: (path) => mkdirSync(join(path, 'in it'), { recursive: true }),
  'link to itself': (path) => symlinkSync(path, path),
  device: (path) => symlinkSync('/dev/zero', path),
  'huge file': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 3e9);
  },
};

let good: string;
let port: number;

const LINES = (at: number) => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
lines:
  - id: l1
    port: tcp://127.0.0.1:9
    devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, pollMs: 500 }]
lanes:
  - id: "1001"
    direction: exit
    points: { down: io1.di1, button: io1.di6 }
    reporting: { by: 王工, reason: x }
page: { listen: "127.0.0.1:${at}", https: false }
store: { path: ./state }
`;

/** Starts the box there, waits for its lanes, and ends it. */
async function lives(folder: string): Promise<void> {
  const box = program(['run', '--config', join(folder, 'lanewarden.yaml'), '--lang', 'en']);
  const asked = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  try {
    await vi
      .waitUntil(asked, { timeout: LONGEST_WAIT_MS, interval: 100 })
      .catch(() => expect.unreachable(box.output()));
    const { code, tookMs } = await box.end();
    expect(code, box.output()).toBe(0);
    expect(tookMs).toBeLessThan(20_000);
  } finally {
    box.process.kill('SIGKILL');
  }
}

beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
  good = temporaryFolder.keep();
  writeFileSync(join(good, 'lanewarden.yaml'), LINES(port));
  writeFileSync(join(good, 'secrets.yaml'), 'cloud.appSecret: "abcdefghijklmnopqrst"\n', { mode: 0o600 });
  await lives(good);
});

function boxWith(places: readonly string[], kind: string): string {
  const folder = temporaryFolder();
  cpSync(good, folder, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  for (const path of places.map((name) => join(folder, name))) {
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    (KINDS[kind] as (path: string) => void)(path);
  }
  return folder;
}

it.each(Object.keys(KINDS))('each small file a %s', async (kind) => {
  await lives(boxWith(ALL, kind));
});

it('the secrets a FIFO: the last good configuration has them', async () => {
  await lives(boxWith(['secrets.yaml'], 'FIFO'));
});

it('the newest backup of a folder: it is no backup, and an older one is taken for the newest', () => {
  const folder = boxWith([], 'FIFO');
  const backups = join(folder, 'backups');
  mkdirSync(backups);
  const fifo = join(backups, 'box-2026-11-30.backup');
  execFileSync('mkfifo', [fifo]);
  const restore = (from: string) =>
    spawnSync(
      process.execPath,
      [PROGRAM, 'restore', from, '--config', join(folder, 'lanewarden.yaml'), '--yes', '--lang', 'en'],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, LANEWARDEN_PASSPHRASE: 'correct horse' } },
    );
  for (const from of [backups, fifo]) {
    const { status, signal, stderr } = restore(from);
    expect({ status, signal }, stderr).toMatchObject({ status: expect.any(Number), signal: null });
    expect(status).not.toBe(0);
  }
  writeFileSync(join(backups, 'box-2026-11-29.backup'), 'no backup');
  expect(restore(backups).stdout).toContain('box-2026-11-29.backup');
});
