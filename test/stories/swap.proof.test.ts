/**
 * A box is replaced by another at twenty random moments: what the store had acknowledged when the backup began is there, once, with its
 * pictures; so are park, secrets, users, certificate and profiles. By the commands of a person, on two roots; the platform is the simulated one.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Accounts } from '../../src/page/access/accounts.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { DIST, eventually, platformProcess, program, start, temporaryFolder } from './processes.ts';

const SWAPS = 20;
const SECRET = 'swap-story-secret';
const PASSPHRASE = 'a passphrase of the story';
const LOAD = fileURLToPath(new URL('../power/load.mjs', import.meta.url));
/** What one box keeps from its first day on. */
const KEPT = ['secrets.yaml', 'profiles/own.yaml', 'state/page/users.json', 'state/page/certificate.pem'];

/** A box with users, a certificate and a profile of its own, in `folder`. */
async function makeBox(folder: string, platformUrl: string): Promise<void> {
  const page = join(folder, 'state/page');
  mkdirSync(page, { recursive: true, mode: 0o700 });
  mkdirSync(join(folder, 'profiles'));
  const accounts = await Accounts.open(page, systemClock());
  await accounts.add('installer', 'installer', 'four unrelated green words');
  await openCertificate(page, systemClock());
  writeFileSync(join(folder, 'profiles/own.yaml'), '# of this site\n');
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: ${SECRET}\n`, { mode: 0o600 });
  writeFileSync(
    join(folder, 'lanewarden.yaml'),
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${platformUrl}", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines: [{ id: a, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1 }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1, up: io.di2 } }]
store: { path: state }
page: { enabled: false }
`,
  );
}

/** A store at work, which says what it has acknowledged. */
function underLoad(folder: string) {
  const child = spawn(process.execPath, [LOAD, DIST, join(folder, 'state'), 'frames'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [serials, attached, delivered] = [new Map<number, string>(), new Set<number>(), new Set<number>()];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const [kind, number, serial] of lines.map((line) => line.split(' ') as [string, string, string])) {
      if (kind === 'P') serials.set(Number(number), serial);
      if (kind === 'A') attached.add(Number(number));
      if (kind === 'D') delivered.add(Number(number));
    }
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    count: () => serials.size,
    /** As of now. */
    acknowledged: () => ({ serials: new Map(serials), attached: new Set(attached), delivered: new Set(delivered) }),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** The waiting records whose picture is there as it was written. */
function wholePictures(state: string): ReadonlySet<number> {
  const database = new Sqlite(join(state, 'lanewarden.db'), { readonly: true });
  try {
    const rows = database
      .prepare<[], { readonly id: number; readonly file: string; readonly checksum: number }>(
        "SELECT id, frame_file AS file, frame_crc32 AS checksum FROM release WHERE state = 'waiting' AND frame_file IS NOT NULL",
      )
      .all();
    return new Set(
      rows
        .filter(({ file, checksum }) => crc32(readFileSync(join(state, 'frames', file))) === checksum)
        .map(({ id }) => id),
    );
  } finally {
    database.close();
  }
}

async function command(words: readonly string[]): Promise<void> {
  const running = program([...words, '--lang', 'en'], { LANEWARDEN_PASSPHRASE: PASSPHRASE });
  expect(await running.ended, running.output()).toBe(0);
}

it('twenty swaps at random moments: nothing lost, nothing doubled, and it is the same box', async () => {
  const platform = await platformProcess(SECRET);
  onTestFinished(async () => void (await platform.running.end('SIGKILL')));
  const sums = { waiting: 0, pictures: 0 };
  for (let swap = 0; swap < SWAPS; swap += 1) {
    const [from, to] = [temporaryFolder(), temporaryFolder()];
    await makeBox(from, platform.url);
    const config = (folder: string): string => join(folder, 'lanewarden.yaml');
    const load = underLoad(from);
    const moment = 5 + Math.floor(Math.random() * 300);
    await eventually(`record ${moment} is there`, () => load.count() >= moment);
    const before = load.acknowledged();
    const one = join(from, 'box.zip');
    await command(['backup', '--secrets', one, '--config', config(from)]);
    const after = load.acknowledged();
    await load.kill();

    await command(['restore', '--yes', '--config', config(to), '--store', join(to, 'state'), one]);
    for (const file of KEPT)
      expect(readFileSync(join(to, file), 'utf8'), file).toBe(readFileSync(join(from, file), 'utf8'));
    expect(readFileSync(config(to), 'utf8')).toBe(readFileSync(config(from), 'utf8'));

    const pictures = wholePictures(join(to, 'state'));
    const wanted = [...before.serials].filter(([number]) => !after.delivered.has(number));
    for (const [number] of wanted)
      if (before.attached.has(number)) expect(pictures.has(number), `picture of ${number}`).toBe(true);
    sums.pictures += wanted.filter(([number]) => pictures.has(number)).length;

    const seen = platform.records().length;
    const running = start(process.execPath, [join(DIST, 'src/main.js'), 'run', '--config', config(to), '--lang', 'en']);
    const arrived = () => platform.records().slice(seen) as { fields: Record<string, string> }[];
    await eventually(
      `swap ${swap}: ${wanted.length} records arrive`,
      () => {
        const there = new Set(arrived().map(({ fields }) => fields.parking_serial));
        return wanted.every(([, serial]) => there.has(serial));
      },
      () => `${arrived().length} arrived\n${running.output().slice(-2_000)}`,
    );
    await running.end('SIGTERM');
    const serials = new Set(arrived().map(({ fields }) => fields.parking_serial));
    expect(arrived().length, 'none twice').toBe(serials.size);
    for (const number of before.delivered)
      expect(serials.has(before.serials.get(number)), `${number} was delivered before`).toBe(false);
    sums.waiting += wanted.length;
  }
  process.stdout.write(
    `${SWAPS} swaps: ${sums.waiting} waiting records, ${sums.pictures} pictures; 0 lost, 0 doubled\n`,
  );
}, 900_000);
