/**
 * What the chain costs the store thread: the same commits with it and without, in turns, in time and in processor time; and how long a walk over a
 * full journal takes, and the command that does it. Goal: evidence.md 5. Options: --minute, --walk, --slices, and --card: commits on a
 * good SD card, whose fsync takes 5 ms (src/system/disk-speed.ts).
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../src/clock.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import type { ThreadRequest } from '../../src/store/messages.ts';
import { LIMITS } from '../../src/store/store.ts';
import { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import { minuteStore } from './chain-minute/minute.ts';
import { withoutChain } from './chain-minute/without-chain.ts';
import { newRecord } from './store.ts';

const PAIRS = 30;
const MINUTE_PAIRS = 200;
const MINUTE_MS = 60_000;
const SLICES_MS = 20_000;
const STARTED_MS = 3_000;
const CARD_MS = '5';
const onCard = process.env.FSYNC_MS === CARD_MS;
const COMMITS = onCard ? 40 : 200;
const ROWS = 500_000;
/** The row that somebody makes a payment of. */
const FORGED = 400_000;
const TITLE = `chain: with it against without, median of ${PAIRS} pairs (10th and 90th percentile)`;
const clock = systemClock();

const moment = () => ({ nowMs: clock.nowMs(), wallMs: clock.wallMs() });
const event = (atMs: number) => JSON.stringify({ kind: 'edge', role: 'approach', on: true, atMs, uncertaintyMs: 25 });

export async function run(
  words: readonly string[],
): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  try {
    // Only one of them.
    if (words.includes('--minute')) return { title: TITLE, rows: [await minutes(folder)] };
    if (words.includes('--walk')) return { title: 'chain: a walk', rows: await walk(join(folder, 'full')) };
    if (words.includes('--slices'))
      return { title: 'chain: asked in slices', rows: [await slices(join(folder, 'full'))] };
    if (words.includes('--card') && !onCard) return card(folder);
    const commits = [
      pairs('five edges a commit', folder, (number) => request('flush', [], 5, number)),
      pairs('twenty edges a commit', folder, (number) => request('flush', [], 20, number)),
      pairs('a record with its edges a commit', folder, (number) => {
        const record = newRecord(number);
        return request('put', [record, { first: `s${number}`, second: `t${number}` }], 10, number);
      }),
    ];
    if (onCard) return { title: TITLE, rows: commits };
    const rows = [...commits, await minutes(folder), memory(folder), ...(await walk(join(folder, 'full')))];
    return { title: TITLE, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Itself again, in a process whose disk is that slow. */
function card(folder: string): { title: string; rows: readonly Record<string, unknown>[] } {
  const slow = join(folder, 'slowfsync.so');
  const source = fileURLToPath(new URL('../../../test/power/slowfsync.c', import.meta.url));
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', slow, source, '-ldl'], { stdio: 'inherit' });
  const itself = `import(${JSON.stringify(import.meta.url)}).then((bench) => bench.run([])).then((done) => console.log(JSON.stringify(done)))`;
  const env = { ...process.env, LD_PRELOAD: slow, FSYNC_MS: CARD_MS };
  const done = JSON.parse(execFileSync(process.execPath, ['-e', itself], { env, encoding: 'utf8' }));
  return { ...done, title: `${done.title}, fsync ${CARD_MS} ms` };
}

function request(name: 'flush' | 'put', given: readonly unknown[], edges: number, id: number): ThreadRequest {
  const at = moment();
  const journal = Array.from({ length: edges }, () => ({
    ...({ kind: 'event', laneId: '1001' } as const),
    ...{ atMs: Math.floor(at.nowMs), wallMs: Math.round(at.wallMs), event: event(Math.floor(at.nowMs)) },
  }));
  return { id, name, arguments: given, moment: at, journal };
}

function ledgerIn(path: string): Ledger {
  const limits = { ...LIMITS, ballastBytes: 0 };
  const options = { path, limits, version: 'bench', bootId: 'bench', moment: moment(), wallTrusted: true, tool: false };
  return Ledger.open({ ...options, lending: newLendingMemory() }, moment(), () => undefined);
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

function pairs(what: string, folder: string, make: (number: number) => ThreadRequest): Record<string, unknown> {
  const both = { with: ledgerIn(join(folder, `${what} with`)), without: ledgerIn(join(folder, `${what} without`)) };
  const ratios: { ms: number; cpu: number; cpuOfWall: number; usPerCommit: number }[] = [];
  let number = 0;
  const next = (): number => {
    number += 1;
    return number;
  };
  const timed = (which: keyof typeof both): Cost => {
    const restore = which === 'without' ? withoutChain() : () => undefined;
    const requests = Array.from({ length: COMMITS }, () => make(next()));
    const cpu = process.cpuUsage();
    const began = performance.now();
    for (const one of requests) {
      both[which].begin();
      both[which].execute(one);
      both[which].commit();
    }
    const ms = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    restore();
    return { ms, cpuMs: (user + system) / 1000 };
  };
  for (const which of ['with', 'without', 'with', 'without'] as const) timed(which);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const first = pair % 2 === 0 ? timed('with') : undefined;
    const without = timed('without');
    const chained = first ?? timed('with');
    ratios.push({
      ms: chained.ms / without.ms,
      cpu: chained.cpuMs / without.cpuMs,
      cpuOfWall: (chained.cpuMs - without.cpuMs) / without.ms,
      usPerCommit: ((chained.cpuMs - without.cpuMs) * 1000) / COMMITS,
    });
  }
  both.with.close();
  both.without.close();
  const shown = (of: keyof (typeof ratios)[number], scale = 100, less = 0) =>
    [0.5, 0.1, 0.9].map((share) =>
      (
        (quantile(
          ratios.map((one) => one[of]),
          share,
        ) -
          less) *
        scale
      ).toFixed(1),
    );
  const percent = (values: string[]) => `${values[0]} % (${values[1]}…${values[2]})`;
  return {
    what,
    time: percent(shown('ms', 100, 1)),
    'processor time': percent(shown('cpu', 100, 1)),
    'of the time of a commit': percent(shown('cpuOfWall')),
    'µs a commit': shown('usPerCommit', 1)[0],
  };
}

/**
 * What a day's busiest minute takes of the store thread's processor time, of which evidence.md 5 speaks, and so of a core, which matters to a box. The
 * other work of a machine moves both by more than the chain does: pairs beside each other, their differences, and many of them.
 */
async function minutes(folder: string): Promise<Record<string, unknown>> {
  const chainless = new URL('./chain-minute/worker.js', import.meta.url);
  const both = {
    with: await minuteStore(join(folder, 'minute with')),
    without: await minuteStore(join(folder, 'minute without'), chainless),
  };
  for (let round = 0; round < 3; round += 1) for (const store of Object.values(both)) await store.play();
  const costs: number[] = [];
  const wholes: number[] = [];
  for (let pair = 0; pair < MINUTE_PAIRS; pair += 1) {
    const first = pair % 2 === 0 ? await both.with.play() : undefined;
    const without = await both.without.play();
    const chained = first ?? (await both.with.play());
    costs.push(chained.cpuMs - without.cpuMs);
    wholes.push(without.cpuMs);
  }
  for (const store of Object.values(both)) await store.close();
  const whole = quantile(wholes, 0.5);
  const [middle = 0, low = 0, high = 0] = [0.5, 0.25, 0.75].map((share) => quantile(costs, share));
  const percent = (of: number) => `${((middle / of) * 100).toFixed(of > MINUTE_MS / 2 ? 4 : 1)} %`;
  return {
    what: `the busiest minute of a day, median of ${MINUTE_PAIRS} pairs (and the half in the middle)`,
    without: `${whole.toFixed(1)} ms`,
    'more with it': `${middle.toFixed(1)} ms (${low.toFixed(1)}…${high.toFixed(1)})`,
    'of the store thread': percent(whole),
    'of a core': percent(MINUTE_MS),
  };
}

/** What a store thread with a block half full holds more than one without a chain: its heap and what lies beside it, after a collection. */
function memory(folder: string): Record<string, unknown> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (which: string, restore: () => void): number => {
    const begun = used(collect);
    const ledger = ledgerIn(join(folder, `memory ${which}`));
    for (let number = 1; number <= COMMITS; number += 1) {
      ledger.begin();
      ledger.execute(request('flush', [], 5, number));
      ledger.commit();
    }
    const kB = (used(collect) - begun) / 1000;
    ledger.close();
    restore();
    return kB;
  };
  const more = Array.from({ length: 5 }, () => {
    rmSync(join(folder, 'memory with'), { recursive: true, force: true });
    rmSync(join(folder, 'memory without'), { recursive: true, force: true });
    const without = held('without', withoutChain());
    return held('with', () => undefined) - without;
  });
  return { what: 'memory of the store thread, more than without', memory: `${quantile(more, 0.5).toFixed(0)} kB` };
}

function used(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** `verify --gently` beside a store at work: what it takes of a core, and how long commits take without it and beside it. */
async function slices(path: string): Promise<Record<string, unknown>> {
  const ledger = filled(path);
  const commits = async (): Promise<number[]> => {
    const took: number[] = [];
    for (const began = performance.now(); performance.now() - began < SLICES_MS; ) {
      const from = performance.now();
      ledger.begin();
      ledger.execute(request('flush', [], 5, took.length));
      ledger.commit();
      took.push(performance.now() - from);
      await sleep(20);
    }
    return took;
  };
  const alone = await commits();
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'verify', '--gently', '--store', path], { stdio: 'ignore' });
  // Until it has started: that is no slice.
  await sleep(STARTED_MS);
  const [cpuMs, began] = [cpuMsOf(child.pid), performance.now()];
  const beside = await commits();
  const share = (cpuMsOf(child.pid) - cpuMs) / (performance.now() - began);
  const ended = once(child, 'exit');
  child.kill();
  await ended;
  ledger.close();
  const three = (took: number[]) => [0.5, 0.9, 0.99].map((each) => quantile(took, each).toFixed(2)).join(', ');
  return {
    what: `${ROWS} rows; a commit takes at the 50th, 90th, 99th percentile`,
    'of a core': `${(share * 100).toFixed(2)} %`,
    'without, ms': three(alone),
    'beside it, ms': three(beside),
  };
}

const cpuMsOf = (pid: number | undefined): number => {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13).map(Number);
  return (user + system) * 10;
};

function filled(path: string): Ledger {
  const ledger = ledgerIn(path);
  for (let written = 0; written < ROWS; written += 1_000) {
    ledger.begin();
    ledger.execute(request('flush', [], 1_000, written));
    ledger.commit();
  }
  return ledger;
}

/** A walk as the program does it for others, and the whole command from its start. */
async function walk(path: string): Promise<Record<string, unknown>[]> {
  filled(path).close();
  const url = new URL('../../src/store/chain/walk-worker.js', import.meta.url);
  const walked: Record<string, unknown>[] = [];
  for (const count of [1, 2, 4]) {
    const times: Cost[] = [];
    for (let round = 0; round < 5; round += 1) {
      const before = process.cpuUsage();
      const began = performance.now();
      const { rows, faults } = await checkChain(path, { threads: { count, stretchRows: 32_768, url } });
      const ms = performance.now() - began;
      const { user, system } = process.cpuUsage(before);
      if (rows < ROWS || faults.length > 0) throw new RangeError(`${rows} rows, ${faults.length} faults`);
      times.push({ ms, cpuMs: (user + system) / 1000 });
    }
    const median = (of: (cost: Cost) => number) => `${quantile(times.map(of), 0.5).toFixed(0)} ms`;
    const what = `a walk over ${ROWS} rows, threads: ${count}`;
    walked.push({ what, time: median(({ ms }) => ms), 'processor time': median(({ cpuMs }) => cpuMs) });
  }
  const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.prepare(`UPDATE journal SET event = '{"kind":"grant"}' WHERE seq = ?`).run(FORGED);
  database.close();
  const took = Array.from({ length: 5 }, () => {
    const began = performance.now();
    const words = ['verify', '--store', path, '--json'];
    const { stdout } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8', maxBuffer: 1_000_000 });
    const { faults } = JSON.parse(stdout) as { readonly faults: unknown };
    if (JSON.stringify(faults) !== JSON.stringify([{ kind: 'changed', seq: FORGED }]))
      throw new RangeError(`the forged row is not named: ${stdout.slice(0, 200)}`);
    return performance.now() - began;
  });
  return [
    ...walked,
    {
      what: `the command over ${ROWS} rows, which names a forged payment`,
      time: `${quantile(took, 0.5).toFixed(0)} ms`,
    },
  ];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
