/**
 * The compiled program with a simulated board on its wire, as a process of its own: `node lane-process.mjs DIST CONFIG [page]`. Says `{url}` once
 * it runs (of the intake; with `page` of the page, and a vehicle comes and goes every second); after a line on standard input, how late the board was polled since the line before, in milliseconds; and ends with its input.
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { waitedMs } from '../../waited.mjs';

const [dist = '', configFile, page] = process.argv.slice(2);
const load = (path) => import(new URL(path, pathToFileURL(dist)).href);
const [{ startApp }, { systemClock }, { loadConfig }, { DRIVER_KINDS, CAMERA_KINDS }, sim, board] = await Promise.all([
  load('src/app/app.js'),
  load('src/clock.js'),
  load('src/config/file.js'),
  load('drivers/index.js'),
  load('src/sim/binding.js'),
  load('src/sim/devices/modbus-slave.js'),
]);

const POLL_MS = 25;

const clock = systemClock();
const config = loadConfig(configFile, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
const wire = sim.createSimulatedWire({ clock, path: config.lines[0].port, baudRate: 38_400 });
const slave = board.createWaveshareBoard({
  inputs: () => [true, false, page !== undefined && clock.nowMs() % 1000 < 500, false],
});

let gaps = [];
let last;
wire.attach({
  receive: (bytes) => {
    const before = slave.answered;
    const frames = slave.receive(bytes);
    // The inputs are asked for once a round; what is asked at the start comes before the first.
    if (slave.answered > before) {
      const now = { atMs: clock.nowMs(), waitedMs: waitedMs() };
      if (last !== undefined) gaps.push({ gapMs: now.atMs - last.atMs, waitedMs: now.waitedMs - last.waitedMs });
      last = now;
    }
    return frames;
  },
});

// What this machine does to a timer in a thread that has nothing else to do: not the program's fault.
const idle = new Worker(
  `const { parentPort } = require('node:worker_threads');
   let last = performance.now(), gaps = [];
   setInterval(() => { const now = performance.now(); gaps.push(now - last); last = now; }, ${POLL_MS});
   parentPort.on('message', () => { parentPort.postMessage(gaps); gaps = []; });`,
  { eval: true },
);
const idleGaps = () =>
  new Promise((resolve) => {
    idle.once('message', resolve);
    idle.postMessage('');
  });

const log = (text) => process.stderr.write(`${text.en}\n`);
const parts = { clock, version: '0.0.0', binding: wire.binding, wallClock: 'trusted' };
const told = { debug: () => {}, info: log, warn: log, error: log };
const { url, stop } = page === undefined ? await bare() : await whole();

async function bare() {
  const app = await startApp(config, { ...parts, on: () => {}, log: told });
  return { url: app.intakePorts.urls[0], stop: () => app.stop() };
}

/** With the page beside it, in which everybody is logged in. */
async function whole() {
  const [{ startBox }, { LogRing }] = await Promise.all([load('src/box/box.js'), load('src/log.js')]);
  const box = await startBox({
    kinds: { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS },
    configFile,
    stateFolder: config.store.path,
    clock,
    log: told,
    ring: new LogRing(),
    app: parts,
    page: {
      listen: { host: '127.0.0.1', port: 0 },
      secure: false,
      fixed: true,
      assets: new URL('page/', pathToFileURL(dist)),
      demo: { car: () => {} },
    },
    on: () => {},
    stop: (app) => app.stop(),
  });
  return { url: (await box.page.opened).url, stop: () => box.stop() };
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function lateness(measured) {
  const late = measured.map((gap) => gap - POLL_MS).sort((a, b) => a - b);
  const at = (share) => Math.round((late[Math.floor((late.length - 1) * share)] ?? 0) * 10) / 10;
  return {
    polls: late.length,
    median: at(0.5),
    p99: at(0.99),
    worst: at(1),
    over15: late.filter((ms) => ms > 15).length,
  };
}

say({ url });
for await (const _ of createInterface({ input: process.stdin })) {
  const measured = gaps;
  gaps = [];
  say({
    board: lateness(measured.map(({ gapMs }) => gapMs)),
    // Without what other programs took from it: what is left is ours.
    own: lateness(measured.map(({ gapMs, waitedMs }) => gapMs - waitedMs)),
    idle: lateness(await idleGaps()),
  });
}
await stop();
await idle.terminate();
