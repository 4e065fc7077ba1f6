/**
 * What the soaked program lives among, none of it in its process: the simulated park with its traffic and platform, a broker, and a person who
 * looks at the page now and then. It must not know what is measured.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get, type RequestOptions, request } from 'node:https';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../src/clock.ts';
import { type Broker, freePort, PASSWORD, startBroker, USER } from '../intake/broker.ts';

const PROGRAM = 'dist/src/main.js';
/** What one busy lane sees; ten of them are ten times its traffic, at the pace of the world. */
export const LANES = 10;
export const VEHICLES_PER_LANE_AND_HOUR = 200;
const PARK_WITHIN_MS = 60_000;
const VISIT_EVERY_MS = 30_000;
const WATCHED_FOR_MS = 10_000;
const PLATE_EVERY_MS = 3_000;
const VISITOR = 'visitor';
const HOUR_MS = 3_600_000;
/** As many ids as the intake remembers, more grants than the lanes do; below the pace that a token may have. */
const REMEMBERED = 10_000;
const AT_ONCE = 100;
const AT_ONCE_EVERY_MS = 1_000;
const REFUSED_MOST = 30;

export interface Park {
  readonly folder: string;
  readonly configFile: string;
  readonly state: string;
  readonly pagePort: number;
  readonly hasBroker: boolean;
  /** Stories that have begun, and records that the platform has accepted. */
  readonly seen: { readonly vehicles: number; readonly releases: number };
  close(): Promise<void>;
}

export interface Traffic {
  readonly lanes?: number;
  /** Vehicles a lane and hour. */
  readonly rate?: number;
  /** Where there is one. */
  readonly broker?: boolean;
  /** The simulated cameras' are small; these are of a real one's size, two a second. */
  readonly realPictures?: boolean;
}

export async function startPark(folder: string, clock: Clock, traffic: Traffic = {}): Promise<Park> {
  const { lanes = LANES, rate = VEHICLES_PER_LANE_AND_HOUR, broker: wantsBroker = true } = traffic;
  const words = ['--lanes', String(lanes), '--wires', 'tcp,modbus-tcp', '--rate', String(rate)];
  const simulator = spawn(process.execPath, [PROGRAM, 'simulate', ...words, '--dir', folder, '--lang', 'en'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const seen = { vehicles: 0, releases: 0 };
  const isThere = new Promise<void>((resolve) => {
    createInterface({ input: simulator.stdout }).on('line', (line) => {
      if (/, platform \S+\)$/.test(line)) seen.releases += 1;
      else if (/^\d{4} {2}\w/.test(line)) seen.vehicles += 1;
      if (line.includes('lanewarden run --config')) resolve();
    });
  });
  await within(isThere, 'the simulated park does not come up', clock);
  const configFile = join(folder, 'lanewarden.yaml');
  const pagePort = await freePort();
  // As in the demonstration: frames before and after, while a vehicle is there.
  const camera = traffic.realPictures ? await startCamera() : undefined;
  const framesPerSecond = camera === undefined ? 0.5 : 2;
  const written = readFileSync(configFile, 'utf8').replaceAll(
    /^( {2}- \{ id: \S+, kind: (?:hikvision|dahua|vzenith|json-push), url: )([^,]+)(.*) \}$/gm,
    (_, start, url, end) =>
      `${start}${camera?.url ?? url}${end}, ring: { framesPerSecond: ${framesPerSecond}, seconds: 6 } }`,
  );
  writeFileSync(configFile, `${written}page: { listen: "127.0.0.1:${pagePort}" }\n`);
  const hasMosquitto = wantsBroker && spawnSync('mosquitto', ['-h'], { stdio: 'ignore' }).error === undefined;
  const broker = hasMosquitto ? await connectBroker(folder, configFile) : undefined;
  const ended = new AbortController();
  const plates = broker && publishPlates(broker, lanes, clock, ended.signal);
  return {
    ...{ folder, configFile, pagePort, state: join(folder, 'state'), hasBroker: broker !== undefined },
    seen,
    close: async () => {
      ended.abort();
      await plates;
      await broker?.close();
      camera?.child.kill();
      await stopped(simulator, 'SIGTERM');
    },
  };
}

/** Two megapixels, 139 kB; the address of its picture. */
async function startCamera(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const words = [resolve('test/box/camera.mjs'), '1920', '1080', '44'];
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { child, url: `http://127.0.0.1:${Number(port)}` };
}

async function connectBroker(folder: string, configFile: string): Promise<Broker> {
  const broker = await startBroker();
  const login = `url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: mqtt.password }`;
  const written = readFileSync(configFile, 'utf8').replace(
    /^intake:\n/m,
    `intake:\n  mqtt: { enabled: true, ${login}, plates: park/plates }\n`,
  );
  writeFileSync(configFile, `${written}publish: { mqtt: { enabled: true, clientId: soak-publish, ${login} } }\n`);
  appendFileSync(join(folder, 'secrets.yaml'), `mqtt.password: "${PASSWORD}"\n`);
  return broker;
}

async function publishPlates(broker: Broker, lanes: number, clock: Clock, signal: AbortSignal): Promise<void> {
  const publisher = await broker.publisher();
  for (let number = 0; !signal.aborted; number += 1) {
    const at = new Date(clock.wallMs()).toISOString();
    const plate = `湘A${String(number % 100_000).padStart(5, '0')}`;
    await publisher.publish('park/plates', { lane: String(1001 + (number % lanes)), plate, confidence: 0.9, at });
    await clock.sleep(PLATE_EVERY_MS, signal);
  }
}

/**
 * What is remembered of messages is bounded, and a day passes before it is full: as many grants that are over when they come fill it in two
 * minutes. They let nobody out, and are remembered like any.
 */
export async function fillMemories({ configFile, folder }: Park, clock: Clock, signal: AbortSignal): Promise<void> {
  const [, address] = /^ {2}http: \{.* listen: "([^"]+)"/m.exec(readFileSync(configFile, 'utf8')) ?? [];
  const [, token] = /^intake\.pms: "([^"]+)"/m.exec(readFileSync(join(folder, 'secrets.yaml'), 'utf8')) ?? [];
  const expiresAt = new Date(clock.wallMs() - HOUR_MS).toISOString();
  const grantOf = (number: number): object => ({
    ...{ id: `soak-${String(number).padStart(32, '0')}`, lane: String(1001 + (number % LANES)), kind: 'paid' },
    ...{ plate: `湘B${String(number).padStart(5, '0')}`, amount: 1_000, parkingSerial: `soak-${number}`, expiresAt },
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let refused = 0;
  for (let from = 0; from < REMEMBERED && !signal.aborted; await clock.sleep(AT_ONCE_EVERY_MS, signal)) {
    const body = JSON.stringify(Array.from({ length: AT_ONCE }, (_, at) => grantOf(from + at)));
    // The page is up before the intake is.
    const answer = await fetch(`http://${address}/api/v1/grants`, { method: 'POST', headers, body }).catch(
      () => undefined,
    );
    await answer?.text();
    if (answer?.ok === true) from += AT_ONCE;
    else if (++refused > REFUSED_MOST) throw new RangeError(`the memories cannot be filled: ${answer?.status}`);
  }
}

/** Makes the first user of the page, an installer. `at`: where the page is. Resolves to the cookie. */
export async function setUpPage(state: string, at: RequestOptions): Promise<string> {
  const json = { 'content-type': 'application/json' };
  const code = readFileSync(join(state, 'page', 'setup-code'), 'utf8').trim();
  const account = JSON.stringify({ code, user: VISITOR, password: 'four unrelated green words' });
  const { status, cookie } = await asked({ ...at, path: '/api/v1/setup', method: 'POST', headers: json }, account);
  if (cookie === undefined) throw new RangeError(`the page cannot be set up: ${status}`);
  return cookie;
}

/** Sets the page up, then asks for it now and then, with the live stream open for a while each time, until `signal` aborts. */
export async function visitPage({ state, pagePort }: Park, clock: Clock, signal: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const at = { agent, host: '127.0.0.1', port: pagePort };
  const cookie = await setUpPage(state, at);
  while (!signal.aborted) {
    for (const path of ['/', '/api/v1/overview', '/api/v1/releases', '/api/v1/queue', '/api/v1/logs'])
      await asked({ ...at, path, headers: { cookie } });
    const live = get({
      ...at,
      agent: false,
      rejectUnauthorized: false,
      path: '/api/v1/live?signals=1',
      headers: { cookie },
    });
    live.on('response', (response) => response.resume().on('error', () => undefined)).on('error', () => undefined);
    await clock.sleep(WATCHED_FOR_MS, signal);
    live.destroy();
    await clock.sleep(VISIT_EVERY_MS - WATCHED_FOR_MS, signal);
  }
  agent.destroy();
}

/** A failure is no answer: what is soaked may be restarting. */
function asked(
  options: RequestOptions,
  body?: string,
): Promise<{ readonly status: number; readonly cookie: string | undefined }> {
  return new Promise((resolve) => {
    const sent = request(options, (response) => {
      const [cookie] = response.headers['set-cookie']?.[0]?.split(';') ?? [];
      response.resume().on('close', () => resolve({ status: response.statusCode ?? 0, cookie }));
    });
    sent.on('error', () => resolve({ status: 0, cookie: undefined })).end(body);
  });
}

async function within(done: Promise<void>, what: string, clock: Clock): Promise<void> {
  const waited = new AbortController();
  const isLate = clock.sleep(PARK_WITHIN_MS, waited.signal).then(() => !waited.signal.aborted);
  const late = await Promise.race([done.then(() => false), isLate]);
  waited.abort();
  if (late) throw new RangeError(what);
}

export async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
