/**
 * Hours of the whole program under ten times a lane's traffic: does it keep growing? Memory, descriptors and database of its process alone (park,
 * broker and visitor are others), sampled into a file at once; then the slope of each with its standard error. Goal: issue "It cannot open a
 * gate": no growth. `--minutes N` (60), `--warm-up N` (a quarter), `--rate N` (200 vehicles a lane and hour), `--csv FILE`; `--from FILE`: the
 * slopes of a run that was cut short. `--shipped`: a box as it is sold instead, its bundle without a probe, two lanes with a vehicle every twenty
 * seconds and cameras whose pictures have the size of real ones. Goal: issue "The box as an appliance", 50 MB over two hours.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { bundled, ENVIRONMENT, FLAGS } from '../package/as-shipped.ts';
import {
  COLUMNS,
  type Column,
  createSampleFile,
  readSamples,
  type Sample,
  stateSample,
  systemSample,
  undisturbed,
} from '../soak/samples.ts';
import { median, slopeOf } from '../soak/slope.ts';
import {
  fillMemories,
  LANES,
  type Park,
  startPark,
  stopped,
  type Traffic,
  VEHICLES_PER_LANE_AND_HOUR,
  visitPage,
} from '../soak/surroundings.ts';

/** A short run is sampled more often, so that it has a slope as well. */
const SAMPLES = 360;
const SAMPLE_MS = { least: 2_000, most: 10_000 };
/** Collecting the garbage of all threads costs the program a moment and cleans its heap, so seldom. */
const HEAP_EVERY = 6;
const HEAP_WITHIN_MS = 10_000;
const READY_WITHIN_MS = 120_000;
const MINUTE_MS = 60_000;
const SHIPPED = { lanes: 2, rate: 180, broker: false, realPictures: true };
const HOUR_MS = 3_600_000;
const clock = systemClock();

interface Table {
  readonly title: string;
  readonly rows: readonly Record<string, unknown>[];
}

export async function run(words: readonly string[]): Promise<Table> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '60' },
      'warm-up': { type: 'string' },
      csv: { type: 'string', default: 'soak.csv' },
      from: { type: 'string' },
      rate: { type: 'string', default: String(VEHICLES_PER_LANE_AND_HOUR) },
      shipped: { type: 'boolean', default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError(`--minutes ${values.minutes}`);
  const warmUp = values['warm-up'] === undefined ? undefined : Number(values['warm-up']);
  if (values.from !== undefined) return slopes(readSamples(values.from), warmUp, values.from);
  const file = resolve(values.csv);
  const what = await soak(minutes, file, values.shipped ? SHIPPED : { lanes: LANES, rate: Number(values.rate) });
  return slopes(readSamples(file), warmUp, what);
}

/** Until the time is over, the process has ended or a person has had enough (Ctrl-C). */
async function soak(minutes: number, file: string, traffic: Traffic): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-soak-'));
  const enough = new AbortController();
  const interrupt = (): void => enough.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const entry = traffic === SHIPPED ? [await bundled(folder, 'own')] : PROBED;
  const park = await startPark(join(folder, 'park'), clock, traffic);
  const program = startProgram(park, entry);
  try {
    await program.isUp;
    const visits = visitPage(park, clock, enough.signal);
    void program.ended.then(interrupt);
    const filled = traffic === SHIPPED ? undefined : fillMemories(park, clock, enough.signal);
    filled?.catch(interrupt);
    const write = createSampleFile(file);
    process.stdout.write(`${minutes} minutes, samples in ${file}; Ctrl-C ends it and prints what there is\n`);
    const startMs = clock.nowMs();
    const everyMs = Math.min(SAMPLE_MS.most, Math.max(SAMPLE_MS.least, (minutes * MINUTE_MS) / SAMPLES));
    for (let number = 0; !enough.signal.aborted && clock.nowMs() - startMs < minutes * MINUTE_MS; number += 1) {
      const heaps = number % HEAP_EVERY === 0 ? await program.heaps() : {};
      const hours = (clock.nowMs() - startMs) / HOUR_MS;
      write({ hours, ...systemSample(program.pid), ...heaps, ...stateSample(park.state), ...park.seen });
      await clock.sleep(startMs + (number + 1) * everyMs - clock.nowMs(), enough.signal);
    }
    const died = program.hasEnded() ? ', and then it ENDED BY ITSELF' : '';
    enough.abort();
    await Promise.all([visits, filled]);
    return `${traffic.rate} an hour in each of ${traffic.lanes} lanes: ${park.seen.vehicles} vehicles, ${park.seen.releases} releases${park.hasBroker ? '' : ', without MQTT'}${died}`;
  } finally {
    enough.abort();
    await stopped(program.child, 'SIGTERM');
    await park.close();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    rmSync(folder, { recursive: true, force: true });
  }
}

const PROBED = ['--expose-gc', '--import', pathToFileURL('test/soak/probe.mjs').href, 'dist/src/main.js'];

/** As the service starts it. */
function startProgram({ configFile }: Park, entry: readonly string[]) {
  const child = spawn(process.execPath, [...FLAGS, ...entry, 'run', '--config', configFile, '--lang', 'en'], {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let said = '';
  const isUp = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new RangeError(`it does not come up\n${said}`)), READY_WITHIN_MS);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-20_000);
      if (!/local page: https:/.test(said)) return;
      clearTimeout(late);
      resolve();
    });
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const heaps = async (): Promise<Sample> => {
    if (!child.connected || entry !== PROBED) return {};
    const answered = new Promise<Heaps | undefined>((resolve) => {
      child.once('message', (message) => resolve(message as Heaps));
      void Promise.race([ended, clock.sleep(HEAP_WITHIN_MS)]).then(() => resolve(undefined));
    });
    child.send('measure');
    const answer = await answered;
    if (answer === undefined) return {};
    const { main, threads, resources } = answer;
    const other = threads.reduce((total, { heap }) => total + heap, 0);
    const external = threads.reduce((total, thread) => total + thread.external, main.external);
    return {
      ...{ 'heap MB': main.heap / 1e6, 'external MB': external / 1e6, resources },
      ...(threads.length > 0 && { 'other heaps MB': other / 1e6 }),
    };
  };
  return { child, pid: child.pid ?? 0, isUp, ended, heaps, hasEnded: () => child.exitCode !== null };
}

interface Heap {
  readonly heap: number;
  readonly external: number;
}
interface Heaps {
  readonly main: Heap;
  readonly threads: readonly Heap[];
  readonly resources: number;
}

/** `warmUp`: in minutes. */
function slopes(samples: readonly Sample[], warmUp: number | undefined, what: string): Table {
  const lastHours = samples.at(-1)?.hours ?? 0;
  const fromHours = warmUp === undefined ? lastHours / 4 : warmUp / 60;
  const after = samples.filter(({ hours = 0 }) => hours >= fromHours);
  const kept = undisturbed(after);
  const rows = COLUMNS.filter((column) => column !== 'hours').map((column) => row(column, kept));
  const minutes = (hours: number): string => (hours * 60).toFixed(1);
  return {
    title: `soak: ${minutes(lastHours)} minutes, the first ${minutes(fromHours)} left out, and ${after.length - kept.length} of ${after.length} samples beside a further thread; ${what}`,
    rows,
  };
}

function row(column: Column, samples: readonly Sample[]): Record<string, unknown> {
  const points = samples.flatMap(({ hours, [column]: value }) =>
    hours === undefined || value === undefined ? [] : [{ x: hours, y: value }],
  );
  const values = points.map(({ y }) => y);
  const found = slopeOf(points);
  return {
    what: column,
    median: round(median(values)),
    least: round(Math.min(...values)),
    most: round(Math.max(...values)),
    'slope per hour': found && round(found.slope),
    '± standard error': found && round(found.standardError),
    'slope / error': found && found.standardError > 0 ? round(found.slope / found.standardError) : undefined,
    'independent blocks': found && `${Math.round(found.independent)} of ${found.blocks}`,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
