/**
 * Draining a backlog over TLS to a server in a process of its own: store, signature and uploader against as many bare `undici.request` loops
 * on the same bodies as it has records on the wire, with one loop, node:https and curl beside them. Goals: reliability.md 9, row 10.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { systemClock } from '../../src/clock.ts';
import { type CloudSettings, createClient, RELEASE_PATH } from '../../src/cloud/client.ts';
import { fieldsOf } from '../../src/cloud/fields.ts';
import { type MultipartBody, multipart } from '../../src/cloud/multipart.ts';
import { sign } from '../../src/cloud/sign.ts';
import { BACKLOG_MOST, createUploader } from '../../src/cloud/uploader.ts';
import type { Release } from '../../src/lane/types.ts';
import type { NewRecord, OutboxRecord } from '../../src/store/record-types.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/types.ts';

const RUNS = 5;
const RECORDS = 2_000;
/** A platform as far away as the real one: the answer comes so long after the request, and fewer records do. */
const FAR_MS = 20;
const FAR_RECORDS = 400;
const FRAME_BYTES = 120_000;
/**
 * Before the clock starts, in every variant: until V8 has compiled what is used. The loops' code is warm from the run before; each drain has a
 * store thread of its own, which begins cold.
 */
const WARM_UP = 1_000;
const clock = systemClock();

/** An honest platform: reads everything, answers as the real one does. Its own process, so that its work is not counted as ours. */
const SERVER = `
  const https = require('node:https'), fs = require('node:fs');
  const options = { key: fs.readFileSync(process.argv[1]), cert: fs.readFileSync(process.argv[2]) };
  const server = https.createServer(options, (request, response) => {
    const answer = () => response.setHeader('content-type', 'application/json').end('{"code":"1001","message":"ok","seqno":"1"}');
    const afterMs = Number(process.argv[3]);
    request.on('data', () => {}).on('end', () => (afterMs > 0 ? setTimeout(answer, afterMs) : answer()));
  });
  server.keepAliveTimeout = 60000;
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

interface Measured {
  readonly perSecond: number;
  /** Of all threads of this process, and of the platform's, a record. */
  readonly cpuUs: number;
  readonly platformUs?: number;
}

/** Whose processor time is shown beside ours: on one box the platform lives on the same cores. */
let platformPid = 0;

export async function run(): Promise<{ title: string; rows: readonly Record<string, unknown>[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bench-'));
  const servers: ChildProcess[] = [];
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2';
    execFileSync(
      'openssl',
      ['req', ...words.split(' '), '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
      { stdio: 'ignore' },
    );
    const platform = async (afterMs: number): Promise<CloudSettings> => {
      const words = ['-e', SERVER, key, cert, String(afterMs)];
      const server = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      servers.push(server);
      platformPid = server.pid ?? 0;
      return {
        ...{ url: `https://localhost:${await firstLine(server)}`, parkUuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a' },
        ...{ appSecret: { reveal: () => '123' }, mode: 'production', picture: 'field', noPlate: '无牌车' },
        ...{ timeoutMs: 20_000, maxPictureBytes: 500_000, ca: readFileSync(cert, 'utf8') },
      };
    };
    const far = await platform(FAR_MS);
    const near = await platform(0);
    const bodies = Array.from({ length: RECORDS }, (_, number) => bodyOf(number, near));
    const ready = { count: RECORDS, bodyAt: (number: number) => bodies[number] as MultipartBody };
    const loops = `${BACKLOG_MOST} bare undici.request loops`;
    const farRows = rowsOf(
      await measuredBy({
        [`${loops}, answers after ${FAR_MS} ms`]: () =>
          bareUndici(far, cert, BACKLOG_MOST, { ...ready, count: FAR_RECORDS }),
        [`lanewarden, answers after ${FAR_MS} ms`]: (run) => drain(join(folder, `far${run}`), far, FAR_RECORDS),
      }),
    );
    const rows = rowsOf(
      await measuredBy({
        [loops]: () => bareUndici(near, cert, BACKLOG_MOST, ready),
        'lanewarden: store, signature, uploader': (run) => drain(join(folder, `drain${run}`), near, RECORDS),
        'one bare loop': () => bareUndici(near, cert, 1, ready),
        'the same, reading, hashing, signing and joining each': () =>
          bareUndici(near, cert, 1, { ...ready, bodyAt: madeOnTheWay(folder, near) }),
        'node:https, keep-alive': () => nodeHttps(near, bodies, cert),
        'curl, one process, keep-alive': () => curl(folder, near, bodies, cert),
      }),
    );
    return {
      title: `upload: ${RECORDS} records of 120 KB over TLS, one box, two cores (median of ${RUNS})`,
      rows: [...farRows, ...rows, ...(await live(join(folder, 'live'), near))],
    };
  } finally {
    for (const server of servers) server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All variants in turn, so that what else the machine does meets each alike. */
async function measuredBy(variants: Readonly<Record<string, (run: number) => Promise<Measured>>>) {
  const measured = new Map<string, Measured[]>(Object.keys(variants).map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1)
    for (const [name, variant] of Object.entries(variants)) measured.get(name)?.push(await variant(run));
  return measured;
}

function rowsOf(measured: ReadonlyMap<string, readonly Measured[]>): Record<string, unknown>[] {
  const all = [...measured].map(([name, runs]) => ({ name, runs }));
  const bare = all[0]?.runs ?? [];
  return all.map(({ name, runs }) => ({
    what: name,
    'records per second': Math.round(median(runs.map(({ perSecond }) => perSecond))),
    'CPU µs a record': Math.round(median(runs.map(({ cpuUs }) => cpuUs))) || '–',
    'and the platform’s': Math.round(median(runs.map(({ platformUs = Number.NaN }) => platformUs))) || '–',
    // With nothing else to do and never waiting; a loop that takes turns with the platform stays far below.
    'these cores allow a second':
      Math.round(
        median(runs.map(({ cpuUs, platformUs = Number.NaN }) => (availableParallelism() * 1e6) / (cpuUs + platformUs))),
      ) || '–',
    'rate / as many bare loops': round(
      median(runs.map(({ perSecond }, at) => perSecond / (bare[at] as Measured).perSecond)),
    ),
  }));
}

async function timed(work: () => Promise<void>, records = RECORDS): Promise<Measured> {
  const cpuBefore = process.cpuUsage();
  const platformBefore = processorUs(platformPid);
  const began = clock.nowMs();
  await work();
  const tookMs = clock.nowMs() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  const platformUs = (processorUs(platformPid) - platformBefore) / records;
  return { perSecond: (records / tookMs) * 1000, cpuUs: (user + system) / records, platformUs };
}

/** /proc/PID/stat, fields 14 and 15: ticks of 10 ms in user and kernel mode. */
function processorUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** `loops` of them, each with a connection, taking one body after the other. */
async function bareUndici(
  settings: CloudSettings,
  cert: string,
  loops: number,
  { count, bodyAt }: { readonly count: number; readonly bodyAt: (number: number) => MultipartBody },
): Promise<Measured> {
  const dispatcher = new Agent({ allowH2: false, connections: loops, connect: { ca: readFileSync(cert, 'utf8') } });
  const send = async ({ contentType, bytes }: MultipartBody) => {
    const headers = { 'content-type': contentType };
    const url = settings.url + RELEASE_PATH;
    const answer = await request(url, { method: 'POST', headers, body: bytes, dispatcher });
    await answer.body.text();
  };
  const all = async (most: number) => {
    let next = 0;
    const loop = async () => {
      while (next < most) await send(bodyAt(next++));
    };
    await Promise.all(Array.from({ length: loops }, loop));
  };
  await all(Math.min(WARM_UP, count));
  const measured = await timed(() => all(count), count);
  await dispatcher.close();
  return measured;
}

/** What reliability.md 8.6 measured: a file read, a checksum, a signature and a join for each record, in the loop. */
function madeOnTheWay(folder: string, settings: CloudSettings): (number: number) => MultipartBody {
  for (let number = 0; number < RECORDS; number += 1)
    writeFileSync(join(folder, `frame${number}`), frameOf(number).bytes);
  return (number) => {
    const bytes = readFileSync(join(folder, `frame${number}`));
    const checksum = createHash('sha256').update(bytes).digest('hex');
    return bodyWith(number, bytes, { ...settings, noPlate: checksum });
  };
}

async function nodeHttps(settings: CloudSettings, bodies: readonly MultipartBody[], cert: string): Promise<Measured> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: readFileSync(cert, 'utf8') });
  const send = (body: MultipartBody) =>
    new Promise<void>((resolve, reject) => {
      const headers = { 'content-type': body.contentType, 'content-length': body.bytes.length };
      const sent = https.request(settings.url + RELEASE_PATH, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', resolve);
      });
      sent.on('error', reject).end(body.bytes);
    });
  for (const body of bodies.slice(0, WARM_UP)) await send(body);
  const measured = await timed(async () => {
    for (const body of bodies) await send(body);
  });
  agent.destroy();
  return measured;
}

/** All requests in one configuration file, so that curl starts once and keeps its connection. */
async function curl(
  folder: string,
  settings: CloudSettings,
  bodies: readonly MultipartBody[],
  cert: string,
): Promise<Measured> {
  const blocks = bodies.map(({ contentType, bytes }, number) => {
    const file = join(folder, `body${number}`);
    writeFileSync(file, bytes);
    const output = number === 0 ? '' : 'next\n';
    return `${output}url = "${settings.url}${RELEASE_PATH}"\nheader = "Content-Type: ${contentType}"\nheader = "Expect:"\ndata-binary = "@${file}"\noutput = "/dev/null"\ncacert = "${cert}"\nsilent\n`;
  });
  const configuration = join(folder, 'curl.conf');
  writeFileSync(configuration, blocks.join(''));
  const began = clock.nowMs();
  const { status } = spawnSync('curl', ['-K', configuration], { stdio: 'ignore' });
  if (status !== 0) return { perSecond: Number.NaN, cpuUs: Number.NaN };
  return { perSecond: (RECORDS / (clock.nowMs() - began)) * 1000, cpuUs: Number.NaN };
}

async function drain(path: string, settings: CloudSettings, records: number): Promise<Measured> {
  const warmUp = Math.min(WARM_UP, records);
  const store = await filled(path, records + warmUp);
  const client = createClient(settings, { clock });
  const stopping = new AbortController();
  let done = 0;
  let warm: () => void = () => undefined;
  let all: () => void = () => undefined;
  const isWarm = new Promise<void>((resolve) => (warm = resolve));
  const isDone = new Promise<void>((resolve) => (all = resolve));
  const uploader = createUploader({
    ...{ outbox: store.outbox, client, clock },
    onReceipt: () => {
      done += 1;
      if (done === warmUp) warm();
      if (done === records + warmUp) all();
    },
  });
  const running = uploader.run(stopping.signal);
  await isWarm;
  const measured = await timed(() => isDone, records);
  stopping.abort();
  await running;
  await client.close();
  await store.close();
  rmSync(path, { recursive: true });
  return measured;
}

/** How soon a record that comes in the middle of a drain on a slow line leaves, and what the drain adds to the memory. */
async function live(path: string, settings: CloudSettings): Promise<Record<string, unknown>[]> {
  const store = await filled(path, 200);
  const client = createClient(settings, { clock });
  const stopping = new AbortController();
  const left = new Map<number, number>();
  const uploader = createUploader({
    ...{ outbox: store.outbox, client, clock, settings: { bandwidthBytesPerSecond: 625_000 } },
    onSending: ({ id }) => left.set(id, clock.nowMs()),
  });
  const running = uploader.run(stopping.signal);
  await clock.sleep(500);
  const before = process.memoryUsage().rss;
  const waits: number[] = [];
  for (let number = 0; number < 10; number += 1) {
    await clock.sleep(300);
    const { id } = await store.outbox.put(newRecord(10_000 + number));
    await store.outbox.attach(id, frameOf(number));
    const readyMs = clock.nowMs();
    while (!left.has(id)) await clock.sleep(5);
    waits.push((left.get(id) ?? 0) - readyMs);
  }
  const grown = process.memoryUsage().rss - before;
  stopping.abort();
  await running;
  await client.close();
  await store.close();
  return [
    {
      what: 'a new record during a drain at 5 Mbit/s leaves after, slowest of 10',
      ms: Math.round(Math.max(...waits)),
      'RSS growth MB': round(grown / 1e6),
    },
  ];
}

async function filled(path: string, count: number): Promise<Store> {
  const store = await openStore({ path, clock, wallTrusted: true, ballastBytes: 0 });
  for (let number = 0; number < count; number += 1) {
    const { id } = await store.outbox.put(newRecord(number));
    await store.outbox.attach(id, frameOf(number));
  }
  return store;
}

function frameOf(number: number) {
  const head = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0];
  const noise = createHash('sha512').update(String(number)).digest();
  const body = Buffer.alloc(FRAME_BYTES - head.length - 2);
  for (let at = 0; at < body.length; at += noise.length) noise.copy(body, at);
  for (let at = 0; at < body.length; at += 1) if (body[at] === 0xff) body[at] = 0xfe;
  return { bytes: Uint8Array.from([...head, ...body, 0xff, 0xd9]), mediaType: 'image/jpeg', atMs: 0 } as const;
}

/** The very bytes that the uploader sends for such a record. */
function bodyOf(number: number, settings: CloudSettings): MultipartBody {
  return bodyWith(number, frameOf(number).bytes, settings);
}

function bodyWith(number: number, bytes: Uint8Array, settings: CloudSettings): MultipartBody {
  const record: OutboxRecord = {
    ...newRecord(number),
    ...{ id: number, serial: `1001-${String(number).padStart(26, '0')}`, state: 'waiting', attempts: 0 },
    ...{ picture: 'attached', timeQuality: 'synced', unknownAnswers: 0, sent: false },
  };
  const fields = fieldsOf(record, settings, bytes);
  return multipart({ ...fields, sign: sign(fields, '123') }, { name: 'capture_image', bytes });
}

function newRecord(number: number): NewRecord {
  const release: Release = {
    ...{
      id: `release-${number}`,
      verdict: 'manual',
      method: 1,
      desc: 'button',
      direction: 'exit',
      releaseAtMs: number,
    },
    ...{ plate: { text: '粤B12345', confidence: 0.97, color: 'blue' }, passed: true, confidence: 'sure' },
    ...{ degraded: false, reported: true, facts: [{ kind: 'button', atMs: number }] },
  };
  return {
    ...{ laneId: '1001', gateId: '1001', gateName: '通道A', release, releaseWallMs: clock.wallMs() },
    ...{ reason: '按钮开闸后有车通过，无缴费记录', methodDesc: '按钮开闸' },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) return '';
  for await (const line of createInterface({ input: child.stdout })) return line;
  return '';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
