/**
 * What polling costs as lanes are added: the built program against 1, 8 and 32 boards at 25 ms, processor time of a poll and how late polls are,
 * and the program with nothing to poll. Goals: costs within 1.2 of proportional, the idle base at most 0.5 % of a core.
 * `--wire pty|tcp|modbus-tcp`, `--seconds N` (20), `--lanes 1,8,32`, `--poll MS` (25), `--rounds N` (1); `--also FILE`: another build's main.js,
 * measured in turn. Needs gcc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { ended, lateness, privateMb, processorMs, quantile, startBoards, type Wire } from './boards/boards.ts';
import { PROGRAM, startProgram } from './boards/program.ts';

/** Until the code is compiled and the heap is what it stays. */
const SETTLE_MS = 20_000;
/** The longest interval there is: a poll a minute is none. */
const IDLE_POLL_MS = 60_000;
const clock = systemClock();

interface Options {
  readonly folder: string;
  readonly wire: Wire;
  readonly forMs: number;
}
interface Run extends Options {
  readonly program: string;
  readonly lanes: number;
  readonly pollMs: number;
}
interface Measured {
  readonly corePercent: number;
  readonly pollUs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly privateMb: number;
}

export async function run(words: readonly string[]): Promise<{ title: string; rows: Record<string, unknown>[] }> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      wire: { type: 'string', default: 'modbus-tcp' },
      seconds: { type: 'string', default: '20' },
      lanes: { type: 'string', default: '1,8,32' },
      poll: { type: 'string', default: '25' },
      rounds: { type: 'string', default: '1' },
      also: { type: 'string', multiple: true, default: [] },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-lanes-'));
  const options: Options = { folder, wire: values.wire as Wire, forMs: Number(values.seconds) * 1_000 };
  const counts = values.lanes.split(',').map(Number);
  const programs = [PROGRAM, ...values.also];
  const measured = new Map<string, Measured[]>();
  try {
    // In turn: the figures of one round saw the same machine.
    for (let round = 0; round < Number(values.rounds); round += 1)
      for (const lanes of [0, ...counts])
        for (const program of programs) {
          const pollMs = lanes === 0 ? IDLE_POLL_MS : Number(values.poll);
          const figures = await measure({ ...options, program, lanes: Math.max(1, lanes), pollMs });
          const key = `${program} ${lanes}`;
          measured.set(key, [...(measured.get(key) ?? []), figures]);
        }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const of = (program: string, lanes: number, figure: keyof Measured): number =>
    quantile(
      (measured.get(`${program} ${lanes}`) ?? []).map((each) => each[figure]),
      0.5,
    );
  const rows = programs.flatMap((program) =>
    [0, ...counts].map((lanes) => ({
      what: `${lanes === 0 ? 'idle' : `${lanes} lanes`}${program === PROGRAM ? '' : `, ${program}`}`,
      'core %': round(of(program, lanes, 'corePercent')),
      ...(lanes > 0 && {
        'poll µs': round(of(program, lanes, 'pollUs')),
        // Of a poll beyond the idle base, against that with the fewest lanes.
        'to proportional': round(beyond(of, program, lanes) / beyond(of, program, counts[0] ?? 1)),
        'late p50 ms': round(of(program, lanes, 'lateP50Ms')),
        'late p99 ms': round(of(program, lanes, 'lateP99Ms')),
      }),
      'private MB': round(of(program, lanes, 'privateMb')),
    })),
  );
  const title = `lanes: one board each, every ${values.poll} ms by ${values.wire}, ${values.seconds} s (goals: idle 0.5 %, to proportional 1.2)`;
  return { title, rows };
}

type Figure = (program: string, lanes: number, figure: keyof Measured) => number;
const beyond = (of: Figure, program: string, lanes: number): number =>
  (of(program, lanes, 'corePercent') - of(program, 0, 'corePercent')) / lanes;
const round = (value: number): number => Math.round(value * 100) / 100;

async function measure({ folder, wire, forMs, program, lanes, pollMs }: Run): Promise<Measured> {
  const boards = await startBoards(folder, wire, lanes);
  const state = mkdtempSync(join(folder, 'run-'));
  const child = await startProgram({ folder: state, ports: boards.ports, pollMs, program });
  try {
    await clock.sleep(SETTLE_MS);
    boards.begin();
    const fromMs = clock.nowMs();
    const busyMs = processorMs(child);
    await clock.sleep(forMs);
    const tookMs = clock.nowMs() - fromMs;
    const spentMs = processorMs(child) - busyMs;
    const late = lateness(await boards.polls(), pollMs);
    return {
      corePercent: (spentMs / tookMs) * 100,
      pollUs: (spentMs * 1_000) / late.polls,
      lateP50Ms: late.p50Ms,
      lateP99Ms: late.p99Ms,
      privateMb: privateMb(child),
    };
  } finally {
    await ended(child);
    boards.close();
  }
}
