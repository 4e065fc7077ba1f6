/**
 * A thousand paid exits in ten seconds, from a process of its own, while the compiled program polls its board every 25 ms: the board is not
 * kept waiting, and every one of them is in the journal.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { openJournalReader } from '../../src/store/files/journal-reader.ts';
import { LONGEST_TEST_MS } from '../longest-wait.ts';
import { DIST, eventually, type Running, start } from '../stories/processes.ts';
import { PASSWORD, startBroker, USER } from './broker.ts';

const COUNT = 1_000;
const OVER_MS = 10_000;
/** Of a table that is read: ROWS=10000 for the figures. */
const ROWS = Number(process.env.ROWS ?? 2_000);
const clock = systemClock();
/** Polls that the program itself may hold up by more than 15 ms: none but while its code is still being compiled. */
const OWN_LATE_MAX = 2;
const TOKEN = 'load-token-0123456789';
const script = (name: string) => fileURLToPath(new URL(`load/${name}`, import.meta.url));
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Lateness {
  readonly polls: number;
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
  readonly over15: number;
}

test('HTTP: 1,000 grants in 10 s hold up no poll and are all journalled', async () => {
  const { url, ...lane } = await startLane(
    'http: { enabled: true, listen: 127.0.0.1:0, tokens: [{ name: pms, secret: intake.pms }] }',
  );
  await lane.measure();
  expect(await send(['http', String(url), TOKEN])).toMatchObject({ taken: COUNT });
  judge(`HTTP: ${COUNT} grants in ${OVER_MS / 1000} s`, await lane.measure());
  await lane.stop();
  expect(grantsIn(lane.folder)).toHaveLength(COUNT);
});

test('MQTT: 1,000 grants in 10 s hold up no poll and are all journalled', async () => {
  const broker = await startBroker();
  endings.push(() => broker.close());
  const lane = await startLane(
    `mqtt: { enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: intake.broker }, grants: park/grants }`,
  );
  await lane.running.says('connected to the MQTT broker');
  await lane.measure();
  expect(await send(['mqtt', String(broker.port), USER, PASSWORD])).toMatchObject({ taken: COUNT });
  const measured = await lane.measure();
  // The broker has them all; the box may be a moment behind.
  await eventually('every grant is in the journal', () => grantsIn(lane.folder).length === COUNT);
  judge(`MQTT: ${COUNT} grants in ${OVER_MS / 1000} s`, measured);
  await lane.stop();
});

test(`a table of ${ROWS} rows that is read holds up no poll, and all are journalled`, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'lanewarden-load-')), 'park.db');
  const table = new Database(file);
  table.exec(
    'CREATE TABLE lanewarden_pay (order_no TEXT, car_no TEXT, lane TEXT, money REAL, pay_time TEXT, operator TEXT)',
  );
  const pay = table.prepare("INSERT INTO lanewarden_pay VALUES (?, ?, NULL, 5.5, ?, '张三')");
  const beijing = new Date(clock.wallMs() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const lane = await startLane(`systems: [{ name: booth, profile: fee-record, file: ${file}, every: 1s }]`);
  await lane.measure();
  await clock.sleep(OVER_MS);
  const alone = await lane.measure();
  table.transaction(() => {
    for (let id = 0; id < ROWS; id += 1) pay.run(`P-${id}`, `粤B${String(id).padStart(5, '0')}`, beijing);
  })();
  table.close();
  await expect.poll(() => grantsIn(lane.folder).length, { interval: 1_000, timeout: LONGEST_TEST_MS }).toBe(ROWS);
  const beside = await lane.measure();
  await lane.stop();
  judge(`${ROWS} rows read`, beside);
  const toIdle = ({ board, idle }: Measured): string => (board.p99 / idle.p99).toFixed(2);
  process.stdout.write(
    `late p99, to that of an idle thread meanwhile: ${toIdle(beside)}; without reading ${toIdle(alone)} (of ${alone.board.polls} polls, own worst ${alone.own.worst} ms)\n`,
  );
}, 0);

interface Measured {
  readonly board: Lateness;
  /** The same without the time for which the kernel let the thread wait for a processor. */
  readonly own: Lateness;
  /** Of a thread with nothing else to do, in the same process. */
  readonly idle: Lateness;
}

function judge(way: string, { board, own, idle }: Measured): void {
  const { polls, over15, worst } = board;
  process.stdout.write(
    `${way}: ${polls} polls, late by ms: median ${board.median}, p99 ${board.p99}, worst ${worst}, ` +
      `over 15: ${over15}; without waiting for a processor: worst ${own.worst}, over 15: ${own.over15}; ` +
      `an idle thread meanwhile: p99 ${idle.p99}, worst ${idle.worst}, over 15: ${idle.over15}\n`,
  );
  // A machine that is busy with other tests holds up every thread, also an idle one. What the program does to itself is what is left.
  expect(polls).toBeGreaterThan(20);
  expect(own.median).toBeLessThan(10);
  // What had to wait comes all at once and is a stretch of work: some of what the machine did to the idle thread is forgiven.
  expect(own.over15).toBeLessThanOrEqual(OWN_LATE_MAX + idle.over15 * 0.2);
}

async function startLane(intake: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-load-'));
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(file, configuration(intake));
  const secrets = { 'cloud.appSecret': 'load-secret', 'intake.pms': TOKEN, 'intake.broker': PASSWORD };
  const lines = Object.entries(secrets).map(([name, value]) => `${name}: "${value}"\n`);
  writeFileSync(join(folder, 'secrets.yaml'), lines.join(''), { mode: 0o600 });
  const running = start(process.execPath, [script('lane-process.mjs'), DIST, file]);
  endings.push(() => running.process.kill('SIGKILL'));
  const line = async (index: number): Promise<string> => {
    await eventually('the lane says its line', () => running.lines().length > index, running.output);
    return running.lines()[index] ?? '';
  };
  const { url } = JSON.parse(await line(0)) as { url?: string };
  let asked = 0;
  return {
    folder,
    running,
    url,
    /** Since the last time. */
    measure: async () => {
      asked += 1;
      running.process.stdin?.write('\n');
      return JSON.parse(await line(asked)) as Measured;
    },
    stop: async () => {
      running.process.stdin?.end();
      expect(await running.ended).toBe(0);
    },
  };
}

async function send(words: readonly string[]): Promise<unknown> {
  const sender: Running = start(process.execPath, [script('sender.mjs'), ...words, String(COUNT), String(OVER_MS)]);
  endings.push(() => sender.process.kill('SIGKILL'));
  await sender.ended;
  return JSON.parse(sender.lines()[0] ?? `{"output": ${JSON.stringify(sender.output())}}`);
}

function grantsIn(folder: string): readonly string[] {
  const reader = openJournalReader(join(folder, 'state'));
  const ids = new Set<string>();
  for (const { event } of reader.rowsBetween('1001', 0, Number.MAX_SAFE_INTEGER))
    if (event.kind === 'grant') ids.add(event.grant.id);
  reader.close();
  return [...ids];
}

const configuration = (intake: string): string => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines:
  - id: rs485-1
    port: /dev/lanewarden-load
    baudRate: 38400
    devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, pollMs: 25 }]
lanes:
  - id: "1001"
    direction: exit
    points: { down: io1.di1, up: io1.di2, approach: io1.di3, barrier: io1.di4 }
intake:
  ${intake}
store: { path: state }
log: { level: info }
`;
