/**
 * The support file: everything support needs, in one zip, redacted. Parts are collected independently, and a failed one contains its
 * reason: a box that needs support has something broken. It changes nothing and contacts nothing outside this machine.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, statfs } from 'node:fs/promises';
import { cpus, freemem, loadavg, networkInterfaces, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Clock } from '../clock.ts';
import { listPorts } from '../line/port-list.ts';
import { openJournalReader } from '../store/files/journal-reader.ts';
import { OPEN_STATES } from '../store/record-states.ts';
import { openStore, type StoreOptions } from '../store/store.ts';
import { readCardSpeed } from './disk-speed.ts';
import { redactor } from './redact.ts';
import { installedVersion } from './update.ts';

export interface SupportOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly configFile: string;
  readonly stateFolder: string;
  /** Values that must not leave the box. */
  readonly secrets: readonly string[];
  /** Output of `check`. */
  readonly check: string;
  /** Of the journal and the log. */
  readonly hours: number;
  /** The folder of the installed releases. */
  readonly releases?: string;
  /** For tests, which run from source. */
  readonly storeThread?: () => StoreOptions['thread'];
}

export interface Support {
  readonly zip: Uint8Array;
  /** Names of its files, failed ones included. */
  readonly parts: readonly { readonly name: string; readonly failed?: string }[];
}

/** A log of a bad night is longer; its end matters. */
const PART_MAX_BYTES = 2_000_000;
const COMMAND_MS = 10_000;
const JOURNAL_ROWS_MAX = 20_000;
const HOUR_MS = 3_600_000;

/** Never rejects. */
export async function supportFile(options: SupportOptions): Promise<Support> {
  const redact = redactor(options.secrets);
  const parts: { name: string; failed?: string }[] = [];
  const files: Record<string, Uint8Array> = {};
  for (const [name, take] of Object.entries(PARTS)) {
    const { text, failed } = await take(options).then(
      (taken) => ({ text: taken, failed: undefined }),
      (error: unknown) => ({ text: `${String(error)}\n`, failed: String(error) }),
    );
    files[failed === undefined ? name : `${name}.failed.txt`] = strToU8(redact(text.slice(-PART_MAX_BYTES)));
    parts.push({ name, ...(failed !== undefined && { failed: redact(failed) }) });
  }
  return { zip: zipSync(files), parts };
}

const PARTS: Readonly<Record<string, (options: SupportOptions) => Promise<string>>> = {
  'about.json': async ({ clock, version, releases = '/opt/lanewarden' }) =>
    json({
      version,
      package: installedVersion() ?? 'none',
      releases: await readdir(join(releases, 'releases')).catch(() => []),
      trial: await textOr(join(releases, 'trial'), 'none'),
      reverted: await textOr(join(releases, 'reverted'), 'none'),
      node: process.version,
      arch: process.arch,
      kernel: release(),
      model: (await textOr('/proc/device-tree/model', '')).replaceAll('\0', '') || cpus()[0]?.model,
      wallMs: clock.wallMs(),
      uptimeSeconds: Math.round(uptime()),
      load: loadavg(),
      memoryBytes: { total: totalmem(), free: freemem() },
      temperatureMilliCelsius: await textOr('/sys/class/thermal/thermal_zone0/temp', 'unknown'),
    }),
  // Whole, with its comments; it contains only references to secrets.
  'configuration.yaml': ({ configFile }) => readFile(configFile, 'utf8'),
  'check.txt': async ({ check }) => `${check}\n`,
  'queue.json': queue,
  'journal.jsonl': journal,
  'log.txt': ({ hours }) =>
    command('journalctl', '--unit=lanewarden', `--since=-${hours}h`, '--no-pager', '--output=short-iso-precise'),
  'kernel.txt': () => command('dmesg', '--time-format', 'iso').catch(() => command('dmesg')),
  'disk.json': async ({ stateFolder }) => {
    const { bsize, blocks, bavail, files, ffree } = await statfs(stateFolder);
    return json({
      totalBytes: blocks * bsize,
      freeBytes: bavail * bsize,
      files,
      freeFiles: ffree,
      speed: (await readCardSpeed(stateFolder)) ?? 'not measured',
      mounts: (await readFile('/proc/mounts', 'utf8')).split('\n').filter((line) => line.startsWith('/')),
    });
  },
  'time.txt': async () =>
    [
      await command('timedatectl', 'show').catch(String),
      await command('timedatectl', 'timesync-status').catch(String),
      await command('chronyc', '-n', 'tracking').catch(() => ''),
    ].join('\n'),
  'network.json': async () =>
    json({
      interfaces: networkInterfaces(),
      routes: await readFile('/proc/net/route', 'utf8'),
      resolver: await textOr('/etc/resolv.conf', 'none'),
    }),
  'ports.json': async () =>
    json({
      serial: await listPorts(),
      gpio: (await readdir('/dev')).filter((name) => name.startsWith('gpiochip')),
    }),
  'service.txt': () =>
    command('systemctl', 'status', '--no-pager', '--full', 'lanewarden', 'lanewarden-update').catch(String),
};

async function queue({ clock, stateFolder, storeThread }: SupportOptions): Promise<string> {
  const store = await openStore({
    path: stateFolder,
    clock,
    tool: true,
    thread: storeThread?.(),
  });
  try {
    const undelivered = await store.review.list({ states: OPEN_STATES, limit: 200 });
    const rows = undelivered.map(
      ({ id, serial, state, attempts, picture, lastWhy, seqno, timeQuality, releaseWallMs }) => ({
        id,
        serial,
        state,
        attempts,
        picture,
        lastWhy,
        seqno,
        timeQuality,
        releaseWallMs,
      }),
    );
    return json({ counts: await store.outbox.counts(), boot: store.boot, status: store.status(), undelivered: rows });
  } finally {
    await store.close();
  }
}

async function journal({ clock, stateFolder, hours }: SupportOptions): Promise<string> {
  const reader = openJournalReader(stateFolder);
  try {
    const lines: string[] = [];
    for (const row of reader.rows({ fromWallMs: clock.wallMs() - hours * HOUR_MS })) {
      lines.push(JSON.stringify(row));
      // Only the newest are kept.
      if (lines.length > 2 * JOURNAL_ROWS_MAX) lines.splice(0, JOURNAL_ROWS_MAX);
    }
    return `${lines.slice(-JOURNAL_ROWS_MAX).join('\n')}\n`;
  } finally {
    reader.close();
  }
}

function command(name: string, ...words: readonly string[]): Promise<string> {
  const settings = { timeout: COMMAND_MS, maxBuffer: 64 * PART_MAX_BYTES };
  return new Promise((resolve, reject) => {
    execFile(name, [...words], settings, (error, stdout, stderr) => {
      // `systemctl status` of a failed service exits non-zero and is just what is needed.
      if (error === null || stdout !== '') resolve(stdout + stderr);
      else reject(error);
    });
  });
}

async function textOr(file: string, other: string): Promise<string> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => other,
  );
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
