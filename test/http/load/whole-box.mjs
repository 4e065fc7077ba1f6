/**
 * The compiled program as a process of its own, with its page and its intake in the simulated park: `node whole-box.mjs DIST FOLDER secure|plain`.
 * Says `{url, intake, token}` once it runs; after a line on standard input `{descriptors, left}`: how many it has open, and the names of files
 * made for requests that are still there; and ends with its input. An exception or a rejection that nobody takes ends it as it ends the program.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [dist = '', folder = '', transport] = process.argv.slice(2);
const load = (path) => import(new URL(path, pathToFileURL(dist)).href);
const [{ startBox }, { systemClock }, { LogRing }, { startDemoPark }, kinds] = await Promise.all([
  load('src/box/box.js'),
  load('src/clock.js'),
  load('src/log.js'),
  load('src/simulate/demo/demo-park.js'),
  load('drivers/index.js'),
]);

const clock = systemClock();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const log = (text) => process.stderr.write(`${text.en}\n`);
const park = await startDemoPark({ clock, folder, seed: 1, speed: 1 });
const state = join(folder, 'state');
const box = await startBox({
  kinds: { driverKinds: kinds.DRIVER_KINDS, cameraKinds: kinds.CAMERA_KINDS },
  configFile: park.configFile,
  stateFolder: state,
  clock,
  log: { debug: () => {}, info: () => {}, warn: log, error: log },
  ring: new LogRing(),
  app: { clock, version: '0.0.0', binding: park.binding, wallClock: 'trusted' },
  page: {
    listen: { host: '127.0.0.1', port: 0 },
    secure: transport === 'secure',
    fixed: true,
    assets: new URL('page/', pathToFileURL(dist)),
  },
  on: () => {},
  stop: (app) => app.stop(),
});
const ended = new AbortController();
const world = park.world.run(ended.signal);
const opened = await box.page.opened;
const config = readFileSync(park.configFile, 'utf8');
const [, intake] = /http: \{ enabled: true, listen: ([^,]+),/.exec(config);
const [, token] = /intake\.pms: "([^"]+)"/.exec(readFileSync(join(folder, 'secrets.yaml'), 'utf8'));
say({ url: opened.url, intake: `http://${intake}`, token });
for await (const _ of createInterface({ input: process.stdin })) {
  const left = readdirSync(join(state, 'page')).filter((name) => /^(made|in)-/.test(name));
  say({ descriptors: readdirSync('/proc/self/fd').length, left });
}
ended.abort();
await world;
await box.stop();
await park.close();
