/**
 * Benchmark 4 of the reliability specification: the cycle of our driver against what the wire allows, and one read against libmodbus in C
 * on the same pseudo terminal. Needs socat, gcc and libmodbus-dev.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMaster } from '../../drivers/modbus/master.ts';
import { systemClock } from '../../src/clock.ts';
import { createBus } from '../../src/line/bus.ts';
import { turnMs } from '../../src/line/bus-load.ts';
import { openPort } from '../../src/line/port.ts';

/** Cycles a speed, and reads for the comparison; each figure is the median of this many runs. */
const CYCLES = 200;
const READS = 1_000;
const RUNS = 5;
/** Between two reads of the comparison, so that neither side waits for a silence it has to keep. */
const APART_MS = 4;
/** What is asked: the share of the wire's own limit. */
const GOALS: Readonly<Record<number, number>> = { 9600: 0.95, 19200: 0.95, 38400: 0.9, 115200: 0.85 };
const GOAL_OVER_C_MS = 0.25;
const ASK = { function: 2, address: 0, quantity: 8 } as const;

const clock = systemClock();
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  const running: ChildProcess[] = [];
  try {
    const slave = compile(folder, 'paced-slave', []);
    const near = join(folder, 'near');
    const far = join(folder, 'far');
    running.push(spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' }));
    while (!existsSync(near) || !existsSync(far)) await clock.sleep(10);
    const withSlave = async <T>(baud: number, work: () => Promise<T>): Promise<T> => {
      const child = spawn(slave, [far, `${baud}`], { stdio: ['ignore', 'pipe', 'inherit'] });
      running.push(child);
      await once(child.stdout, 'data');
      try {
        return await work();
      } finally {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    };
    const rows: Record<string, unknown>[] = [];
    for (const baud of [9_600, 19_200, 38_400, 115_200]) {
      const wire = { port: near, baudRate: baud, dataBits: 8, parity: 'none', stopBits: 1 } as const;
      const limitMs = turnMs(wire, { requestBytes: 8, answerBytes: 6, turnaroundMs: 0, gapMs: 0 });
      const cycles: number[] = [];
      for (let each = 0; each < RUNS; each += 1) cycles.push(await withSlave(baud, () => cycleMs(wire)));
      const ratio = limitMs / median(cycles);
      rows.push({
        what: `cycle at ${baud}`,
        limitMs: round(limitMs, 2),
        measuredMs: round(median(cycles), 2),
        ratio: round(ratio),
        goal: `>= ${GOALS[baud]}`,
        met: ratio >= (GOALS[baud] ?? 1),
      });
    }
    const client = compile(folder, 'libmodbus-client', ['-I/usr/include/modbus', '-lmodbus']);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let each = 0; each < RUNS; each += 1) {
      ours.push(await withSlave(0, () => readMs(near)));
      theirs.push(await withSlave(0, async () => peerMs(client, near)));
    }
    const overMs = median(ours) - median(theirs);
    rows.push({
      what: 'one read over libmodbus (C), median',
      limitMs: round(median(theirs)),
      measuredMs: round(median(ours)),
      ratio: round(overMs),
      goal: `<= ${GOAL_OVER_C_MS} ms more`,
      met: overMs <= GOAL_OVER_C_MS,
    });
    return { title: 'Modbus RTU, FC02 x 8: cycle against the wire, one read against C (ms)', rows };
  } finally {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile(folder: string, name: string, flags: readonly string[]): string {
  const program = join(folder, name);
  execFileSync('gcc', ['-O2', '-o', program, `test/bench/${name}.c`, ...flags]);
  return program;
}

/** Reads as fast as the bus lets it. The median of the milliseconds from one answer to the next. */
async function cycleMs(wire: Parameters<typeof openPort>[0]): Promise<number> {
  const bus = createBus(await openPort(wire, { clock }), { clock });
  const master = createMaster(bus, { unit: 1, timeoutMs: 500 });
  for (let warm = 0; warm < 20; warm += 1) await master.read(ASK);
  const took: number[] = [];
  let lastMs = clock.nowMs();
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await master.read(ASK);
    took.push(clock.nowMs() - lastMs);
    lastMs = clock.nowMs();
  }
  await bus.close();
  return median(took);
}

/** One read with the line already silent, as it is when boards are polled on a beat: median. */
async function readMs(path: string): Promise<number> {
  const wire = { port: path, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const bus = createBus(await openPort(wire, { clock }), { clock });
  const master = createMaster(bus, { unit: 1, timeoutMs: 500 });
  const took: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const began = clock.nowMs();
    await master.read(ASK);
    took.push(clock.nowMs() - began);
    await clock.sleep(APART_MS);
  }
  await bus.close();
  return median(took);
}

function peerMs(client: string, path: string): number {
  const [middle] = execFileSync(client, [path, `${READS}`, `${APART_MS * 1_000}`], { encoding: 'utf8' }).split(' ');
  return Number(middle) / 1_000;
}
