/**
 * Beside Node-RED on the same boards: the same polls, a row for each change with the same settings of SQLite, for the same seconds, in turn.
 * Node-RED decides nothing: it has no lane, no chain and no upload. `--rounds N` (5), `--seconds N` (20), `--wire modbus-tcp|pty`, `--changes N`
 * (100 a round), `--only NAME` of a row. Installs Node-RED in a temporary folder, once. Needs gcc.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { ended, lateness, privateMb, processorMs, quantile, startBoards, type Wire } from './boards/boards.ts';
import { durableAfter } from './boards/durable.ts';
import { installPeer, peerDatabaseOf, startPeer } from './boards/peer.ts';
import { databaseOf, JOURNAL, startProgram } from './boards/program.ts';

/** Until the code is compiled and the heap is what it stays. */
const SETTLE_MS = 10_000;
const clock = systemClock();

interface Load {
  readonly name: string;
  readonly boards: number;
  readonly pollMs: number;
  /** Whether changes are made and waited for. */
  readonly isChanging?: boolean;
}
const LOADS: readonly Load[] = [
  { name: 'changes', boards: 2, pollMs: 50, isChanging: true },
  { name: 'two buses at 20 Hz', boards: 2, pollMs: 50 },
  { name: 'two buses at 40 Hz', boards: 2, pollMs: 25 },
  { name: '32 boards at 25 ms', boards: 32, pollMs: 25 },
];

type Figure =
  | 'start ms'
  | 'core %'
  | 'late p50 ms'
  | 'late p99 ms'
  | 'private MB'
  | 'durable p50 ms'
  | 'durable p99 ms'
  | 'polls';
type Figures = Readonly<Partial<Record<Figure, number>>>;

/** What is asked of us, as a share of Node-RED's figure. */
const GOALS: Readonly<Record<string, Readonly<Partial<Record<Figure, number>>>>> = {
  changes: { 'durable p99 ms': 1.2 },
  'two buses at 20 Hz': { 'core %': 0.8, 'private MB': 0.6 },
  '32 boards at 25 ms': { 'core %': 0.8, 'late p99 ms': 1 },
};

interface Side {
  readonly name: string;
  readonly start: (folder: string, ports: readonly string[], pollMs: number) => Promise<ChildProcess>;
  readonly databaseOf: (folder: string) => string;
  /** The rows after a row, of a lane: two parameters. */
  readonly rows: string;
  readonly newest: string;
}

function sides(peer: string): readonly Side[] {
  return [
    {
      name: 'lanewarden',
      start: (folder, ports, pollMs) => startProgram({ folder, ports, pollMs }),
      databaseOf: (folder) => databaseOf({ folder }),
      ...JOURNAL,
    },
    {
      name: 'Node-RED',
      start: (folder, ports, pollMs) => startPeer({ peer, folder, ports, pollMs }),
      databaseOf: peerDatabaseOf,
      rows: 'SELECT seq FROM edge WHERE seq > ? AND lane_id = ?',
      newest: 'SELECT coalesce(max(seq), 0) FROM edge',
    },
  ];
}

interface Options {
  readonly folder: string;
  readonly wire: Wire;
  readonly forMs: number;
  readonly changes: number;
}

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '20' },
      changes: { type: 'string', default: '100' },
      wire: { type: 'string', default: 'modbus-tcp' },
      only: { type: 'string' },
    },
  });
  const both = sides(installPeer());
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-node-red-bench-'));
  const options: Options = {
    folder,
    wire: values.wire as Wire,
    forMs: Number(values.seconds) * 1_000,
    changes: Number(values.changes),
  };
  const loads = LOADS.filter(({ name }) => values.only === undefined || name === values.only);
  const found = new Map<string, Figures[]>();
  try {
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const load of loads)
        for (const side of round % 2 === 0 ? both : both.toReversed()) {
          const key = `${load.name} ${side.name}`;
          found.set(key, [...(found.get(key) ?? []), await measured(side, load, options)]);
        }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = loads.flatMap((load) =>
    ratios(
      load.name,
      both.map(({ name }) => found.get(`${load.name} ${name}`) ?? []),
    ),
  );
  const title = `node-red: median of ${values.rounds} alternating rounds of ${values.seconds} s, boards by ${values.wire}`;
  return { title, rows };
}

/** A row for each figure: ours, theirs, and ours as a share of theirs. */
function ratios(load: string, [ours = [], theirs = []]: readonly (readonly Figures[])[]): Record<string, unknown>[] {
  const names = Object.keys(ours[0] ?? {}) as Figure[];
  return names.map((figure) => {
    const [mine = Number.NaN, peer = Number.NaN] = [ours, theirs].map((all) =>
      median(all.map((each) => each[figure] ?? Number.NaN)),
    );
    const goal = GOALS[load]?.[figure];
    return {
      load,
      figure,
      lanewarden: round(mine),
      'Node-RED': round(peer),
      ratio: round(mine / peer),
      ...(goal !== undefined && { goal: `<= ${goal}`, met: mine / peer <= goal }),
    };
  });
}

async function measured(side: Side, load: Load, { folder, wire, forMs, changes }: Options): Promise<Figures> {
  const state = mkdtempSync(join(folder, 'run-'));
  const boards = await startBoards(state, wire, load.boards);
  const beganMs = clock.nowMs();
  const child = await side.start(state, boards.ports, load.pollMs);
  const startMs = clock.nowMs() - beganMs;
  try {
    await clock.sleep(SETTLE_MS);
    if (load.isChanging) {
      const tookMs = await durableAfter(boards, load.boards, changes, {
        database: side.databaseOf(state),
        rows: side.rows,
        newest: side.newest,
      });
      return { 'durable p50 ms': quantile(tookMs, 0.5), 'durable p99 ms': quantile(tookMs, 0.99) };
    }
    boards.begin();
    const [fromMs, busyMs] = [clock.nowMs(), processorMs(child)];
    await clock.sleep(forMs);
    const core = ((processorMs(child) - busyMs) / (clock.nowMs() - fromMs)) * 100;
    const late = lateness(await boards.polls(), load.pollMs);
    return {
      'start ms': startMs,
      'core %': core,
      polls: late.polls,
      'late p50 ms': late.p50Ms,
      'late p99 ms': late.p99Ms,
      'private MB': privateMb(child),
    };
  } finally {
    await ended(child);
    boards.close();
    rmSync(state, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
const round = (value: number): number => Math.round(value * 100) / 100;
