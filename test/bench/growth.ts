/**
 * What grows: the same questions to a state folder of ten rows and to one of 30 days of 32 lanes with 100,000 records that wait, in one run. Processor
 * time of all threads, and bytes read from files (`rchar`: the system's cache does not hide them), as ratios. Options: --days, --lanes, --busy,
 * --rows (a busy lane and day), --waiting, --framed. Goal: 5 ms of a processor and 1 MB for a question, 1.3 times the empty start.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { keptFacts } from '../../src/status/kept-facts.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/types.ts';
import { bundled } from '../package/as-shipped.ts';
import { ready } from './footprint.ts';
import { type Filled, type Filling, fill } from './growth/state.ts';

const STARTS = 3;
const TIMES = 5;
const TICKS = 5;
const LANES_A_DEVICE = 2;
const DEVICES_A_LINE = 4;
const clock = systemClock();

interface Cost {
  readonly ms: number;
  readonly bytes: number;
}
type Costs = ReadonlyMap<string, Cost>;

export async function run(options: readonly string[]): Promise<{ title: string; rows: readonly object[] }> {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...options],
    options: { days: number, lanes: number, busy: number, rows: number, waiting: number, framed: number },
  });
  const given = (name: keyof typeof values, usual: number): number => Number(values[name] ?? usual);
  const lanes = Array.from({ length: given('lanes', 32) }, (_, at) => `${1001 + at}`);
  const big: Filling = {
    ...{ lanes, busy: given('busy', 8), days: given('days', 30), rowsADay: given('rows', 10_000), recordsADay: 60 },
    ...{ waiting: given('waiting', 100_000), framed: given('framed', 10_000), nowWallMs: clock.wallMs() },
  };
  const small: Filling = { ...big, busy: 1, days: 1, rowsADay: 10, recordsADay: 1, waiting: 0, framed: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-growth-'));
  try {
    const app = await bundled(folder);
    const measured: { readonly costs: Costs; readonly filled: Filled }[] = [];
    for (const [name, filling] of Object.entries({ small, big })) {
      const state = join(folder, name);
      const filled = fill(state, filling, KEEPS_BY_AGE);
      const bytes = statSync(join(state, 'lanewarden.db')).size;
      process.stdout.write(`${name}: ${filled.rows} rows, ${filled.records} records, ${megabytes(bytes)} MB\n`);
      const start = await startOf(app, state, lanes, join(folder, name));
      measured.push({ costs: new Map([['start to ready', start], ...(await questions(state, filling))]), filled });
    }
    return {
      title: `growth: ${lanes.length} lanes, ${big.days} days`,
      rows: rowsOf(measured.map(({ costs }) => costs)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As of this program's bridge. */
const KEEPS_BY_AGE = readFileSync('src/app/bridge.ts', 'utf8').includes('SNAPSHOT_EVERY_MS');

function rowsOf([small, big]: readonly Costs[]): object[] {
  return [...(big ?? [])].map(([what, cost]) => {
    const before = small?.get(what) ?? { ms: Number.NaN, bytes: Number.NaN };
    return {
      what,
      ...{ 'empty ms': round(before.ms), 'full ms': round(cost.ms), 'ratio of ms': round(cost.ms / before.ms) },
      ...{ 'empty MB read': megabytes(before.bytes), 'full MB read': megabytes(cost.bytes) },
    };
  });
}

/** Of the real program as it is shipped, on the state of a box that was cut from the mains: each start is killed. */
async function startOf(app: string, state: string, lanes: readonly string[], folder: string): Promise<Cost> {
  const config = `${folder}.yaml`;
  writeFileSync(config, configuration(state, lanes));
  writeFileSync(join(config, '../secrets.yaml'), 'cloud.appSecret: "x"\n', { mode: 0o600 });
  const costs: Cost[] = [];
  for (let number = 0; number < STARTS; number += 1) {
    const { child } = await ready(app, config, folder);
    costs.push(costOf(child));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  return median(costs);
}

/** Its ports refuse at once; they are not what is measured. */
function configuration(state: string, lanes: readonly string[]): string {
  const devices = Math.ceil(lanes.length / LANES_A_DEVICE);
  const lines = Array.from({ length: Math.ceil(devices / DEVICES_A_LINE) }, (_, line) => {
    const of = Array.from({ length: DEVICES_A_LINE }, (__, at) => line * DEVICES_A_LINE + at).filter(
      (device) => device < devices,
    );
    const each = of.map(
      (device, at) => `{ id: io${device}, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: ${at + 1} }`,
    );
    return `  - { id: bus${line}, port: "tcp://127.0.0.1:${9 + line}", devices: [${each.join(', ')}] }`;
  });
  const points = (index: number): string => {
    const [device, from] = [Math.floor(index / LANES_A_DEVICE), (index % LANES_A_DEVICE) * 4];
    return ['down', 'up', 'approach', 'barrier']
      .map((role, at) => `${role}: io${device}.di${from + at + 1}`)
      .join(', ');
  };
  return `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
page: { listen: "127.0.0.1:28443" }
lines:
${lines.join('\n')}
lanes:
${lanes.map((id, index) => `  - { id: "${id}", name: "${id}", direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { ${points(index)} } }`).join('\n')}
store: { path: "${state}" }
`;
}

/** What people and the service manager ask, of the store itself: nothing else goes on here. */
async function questions(state: string, { lanes }: Filling): Promise<(readonly [string, Cost])[]> {
  const store = await openStore({ path: state, clock, wallTrusted: true, ballastBytes: 0, keepFramesMs: 1e12 });
  try {
    const { review, looks, outbox } = store;
    const newest = await review.list({ limit: 1, states: ['delivered'] });
    const [record] = newest;
    const atMs = record?.release.releaseAtMs ?? 0;
    const idle = lanes.at(-1) ?? '';
    const [dayMs, wallMs] = [86_400_000, clock.wallMs()];
    const list = (filter: Partial<Parameters<Store['review']['list']>[0]>) => async () =>
      void (await Promise.all([review.list({ ...filter, limit: 51 }), review.count({ ...filter, limit: 10_000 })]));
    const asked: Record<string, () => Promise<unknown>> = {
      'status: kept facts': () => keptFacts(store, wallMs),
      'status: queue and disk': () =>
        Promise.all([outbox.counts(), review.causes(), outbox.nextDueMs(clock.nowMs()), looks.room()]),
      list: list({}),
      'list of an idle lane': list({ laneId: idle }),
      'list of what is delivered': list({ states: ['delivered'] }),
      'list of what is parked': list({ states: ['parked'] }),
      'list of a day': list({ fromWallMs: wallMs - 15 * dayMs, toWallMs: wallMs - 14 * dayMs }),
      'one release': async () => {
        await review.get(record?.id ?? 0);
        await looks.around(record?.laneId ?? '', atMs - 60_000, atMs + 60_000);
      },
      'its signals in an idle lane': () => looks.around(idle, atMs - 60_000, atMs + 60_000),
    };
    const costs: (readonly [string, Cost])[] = [];
    costs.push(['housekeeping, the first of a run', await housekeeping()]);
    costs.push(['a tick of the watchdog', await ticks()]);
    for (const [what, ask] of Object.entries(asked)) costs.push([what, await medianOf(ask)]);
    return costs;
  } finally {
    await store.close();
  }
}

/** With the first tick. */
const housekeeping = () => ofSelf(() => clock.sleep(2_000));
const ticks = async (): Promise<Cost> => {
  const { ms, bytes } = await ofSelf(() => clock.sleep(TICKS * 1_000));
  return { ms: ms / TICKS, bytes: bytes / TICKS };
};

async function medianOf(ask: () => Promise<unknown>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let time = 0; time < TIMES; time += 1) costs.push(await ofSelf(ask));
  return median(costs);
}

async function ofSelf(ask: () => Promise<unknown>): Promise<Cost> {
  const [before, bytes] = [process.cpuUsage(), bytesRead('self')];
  await ask();
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1_000, bytes: bytesRead('self') - bytes };
}

function costOf({ pid = 0 }: ChildProcess): Cost {
  const ns = readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, each) => sum + each, 0);
  return { ms: ns / 1e6, bytes: bytesRead(String(pid)) };
}

const bytesRead = (process_: string): number =>
  Number(/^rchar: (\d+)$/m.exec(readFileSync(`/proc/${process_}/io`, 'utf8'))?.[1]);

function median(costs: readonly Cost[]): Cost {
  const middle = (of: (cost: Cost) => number) =>
    costs.map(of).toSorted((a, b) => a - b)[costs.length >> 1] ?? Number.NaN;
  return { ms: middle(({ ms }) => ms), bytes: middle(({ bytes }) => bytes) };
}

const round = (value: number): number => Math.round(value * 100) / 100;
const megabytes = (bytes: number): number => round(bytes / 1e6);
