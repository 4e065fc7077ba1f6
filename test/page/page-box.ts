/** A whole box with its page on a port of its own: the real server, the real program, and the simulated park of the demonstration around it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { type BoxOptions, type RunningBox, startBox } from '../../src/box/box.ts';
import type { ClockPlaces } from '../../src/box/clock-control.ts';
import type { UpdatePlaces } from '../../src/box/updates.ts';
import { pacedClock, systemClock } from '../../src/clock.ts';
import { createLog, LogRing } from '../../src/log.ts';
import type { UserRole } from '../../src/page/api/api.ts';
import type { Job } from '../../src/page/api/api-setup.ts';
import { allRoutes } from '../../src/page/listener.ts';
import { type DemoPark, startDemoPark } from '../../src/simulate/demo/demo-park.ts';
import { phoneSource } from '../../src/store/clock-watch.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { programFile, storeThread } from '../store/open.ts';
import { answerCheck } from './client/as-described.ts';

export const PASSWORD = 'four unrelated green words';
/** One at the usual cost takes a third of a second of a processor. */
const CHEAP_HASH = { N: 256, r: 8, p: 1 };

export interface Asked {
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address it comes from, of this machine. */
  readonly from?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test.
  readonly json: any;
  /** The cookie that was set, as a browser sends it back. */
  readonly cookie: string | undefined;
  /** All that were set, likewise. */
  readonly cookies: string;
}

export interface PageBox {
  readonly box: RunningBox;
  readonly park: DemoPark;
  readonly folder: string;
  readonly url: string;
  readonly configFile: string;
  readonly lines: string[];
  readonly notices: readonly StoreNotice[];
  ask(method: string, path: string, asked?: Asked): Promise<Answered>;
  /** A session of a user of this role; made when there is none. */
  as(role: UserRole): Promise<string>;
  ended(job: Job, cookie: string): Promise<Job>;
  /** Stops the program and starts it again on the same files; `between`: what happens to them meanwhile. */
  restart(between?: () => void): Promise<PageBox>;
  close(): Promise<void>;
}

type Choices = Pick<BoxOptions, 'trialMs' | 'upWithinMs' | 'provisionTrial' | 'parseLimits' | 'waitsMs'> & {
  readonly secure?: boolean;
  readonly demo?: boolean;
  /** As with `page.enabled: false`. */
  readonly noPage?: boolean;
  /** Of the park, as a multiple of real time; 1 when left out. */
  readonly speed?: number;
  /** As of a box that was installed as a package. */
  readonly updates?: UpdatePlaces;
  /** Likewise; the clock is then vouched for by nobody but what a phone says, or by `synced`. */
  readonly machineClock?: { readonly places: ClockPlaces; readonly synced: () => boolean };
  /** 0: a free one; a restart stays where it was, so that a browser finds it again. */
  readonly port?: number;
  /** Of before, to go on with. */
  readonly folder?: string;
  /** Changes the configuration before the start. */
  readonly prepare?: (configFile: string) => void | Promise<void>;
};

export async function pageBox(choices: Choices = {}): Promise<PageBox> {
  const clock = systemClock();
  // On a busy machine the park becomes slower, and no pulse is lost.
  const { speed = 1 } = choices;
  const parkClock = pacedClock(speed);
  const folder = choices.folder ?? mkdtempSync(join(tmpdir(), 'lanewarden-page-'));
  const park = await startDemoPark({ clock: parkClock, folder, seed: 1, speed });
  await choices.prepare?.(park.configFile);
  const lines: string[] = [];
  const notices: StoreNotice[] = [];
  const ring = new LogRing();
  const log = createLog({
    language: 'en',
    level: 'info',
    wallMs: () => clock.wallMs(),
    write: (line) => lines.push(line),
    journald: false,
    ring,
  });
  const { secure = false, trialMs, upWithinMs, waitsMs, updates } = choices;
  const box = await startBox({
    kinds: { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS },
    configFile: park.configFile,
    stateFolder: join(folder, 'state'),
    command: 'test',
    clock,
    log,
    ring,
    app: {
      clock: parkClock,
      version: '0.0.0',
      binding: park.binding,
      ...clockOf(choices),
      storeThread,
      readingWorker: programFile('src/management/pull/pull-worker'),
    },
    parseWorker: programFile('src/cli/parse-worker'),
    choreProgram: programFile('src/cli/chores'),
    page: choices.noPage
      ? undefined
      : {
          listen: { host: '127.0.0.1', port: choices.port ?? 0 },
          secure,
          fixed: true,
          assets: new URL('../../dist/page/', import.meta.url),
          hashCost: CHEAP_HASH,
          ...(choices.demo && { demo: { car: park.controls.send, controls: park.controls } }),
        },
    on: (event) => {
      if (event.kind === 'store') notices.push(event.notice);
    },
    stop: (app) => app.stop(),
    ...(updates && { updates }),
    ...(choices.machineClock && { clockPlaces: choices.machineClock.places }),
    ...(choices.parseLimits && { parseLimits: choices.parseLimits }),
    ...(trialMs !== undefined && { trialMs }),
    ...(waitsMs !== undefined && { waitsMs }),
    ...(upWithinMs !== undefined && { upWithinMs }),
    ...(choices.provisionTrial && { provisionTrial: choices.provisionTrial }),
  });
  const ended = new AbortController();
  const world = park.world.run(ended.signal);
  const opened = await box.page?.opened;
  const url = opened?.url ?? '';
  const sessions = new Map<UserRole, string>();

  const stop = async (): Promise<void> => {
    ended.abort();
    await world;
    await box.stop();
    await park.close();
    parkClock.close();
  };
  // What answers are described as is made by the build.
  const check = opened === undefined || process.env.QUICK === '1' ? undefined : answerCheck(allRoutes(opened.page));
  const ask = async (method: string, path: string, asked: Asked = {}): Promise<Answered> => {
    const answer = await askAt(url, method, path, asked);
    if (answer.status < 300 && answer.json !== undefined) check?.(method, path, answer.json);
    return answer;
  };
  const installer = async (): Promise<string> => {
    const code = readFileSync(join(folder, 'state', 'page', 'setup-code'), 'utf8').trim();
    const answer = await ask('POST', '/api/v1/setup', { body: { code, user: 'installer', password: PASSWORD } });
    if (answer.cookie === undefined) throw new Error(answer.text);
    return answer.cookie;
  };
  const as = async (role: UserRole): Promise<string> => {
    const kept = sessions.get(role);
    if (kept !== undefined) return kept;
    if (!sessions.has('installer')) sessions.set('installer', await installer());
    const cookie = sessions.get('installer') as string;
    if (role === 'installer') return cookie;
    await ask('POST', '/api/v1/users', { cookie, body: { user: role, password: PASSWORD, role } });
    const answer = await ask('POST', '/api/v1/login', { body: { user: role, password: PASSWORD } });
    sessions.set(role, answer.cookie as string);
    return answer.cookie as string;
  };
  return {
    box,
    park,
    folder,
    url,
    configFile: park.configFile,
    lines,
    notices,
    ask,
    as,
    ended: async (job, cookie) => {
      for (;;) {
        const { json } = await ask('GET', `/api/v1/jobs/${job.id}`, { cookie });
        if (json.state !== 'running') return json as Job;
        await clock.sleep(20);
      }
    },
    restart: async (between) => {
      const kept = readFileSync(park.configFile, 'utf8');
      await stop();
      between?.();
      return pageBox({
        ...choices,
        folder,
        port: Number(new URL(url).port),
        prepare: (file) => writeFileSync(file, kept),
      });
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function clockOf({ machineClock }: Choices): Pick<BoxOptions['app'], 'wallClock' | 'synced' | 'clockSources'> {
  if (machineClock === undefined) return { wallClock: 'trusted' };
  const { places, synced } = machineClock;
  const network = { name: 'network', everyMs: 1_000, read: async () => (synced() ? 'yes' : undefined) };
  return { synced: async () => synced(), clockSources: [network, phoneSource(places.result)] };
}

export function askAt(url: string, method: string, path: string, asked: Asked = {}): Promise<Answered> {
  const { body, raw, cookie, headers, from } = asked;
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const { protocol, hostname, port } = new URL(url);
  const ask = protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = ask({
      hostname,
      port,
      path,
      method,
      agent: false,
      rejectUnauthorized: false,
      ...(from !== undefined && { localAddress: from }),
      headers: {
        ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
        ...(cookie !== undefined && { cookie }),
        ...headers,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answered(response, Buffer.concat(chunks).toString('utf8'))));
    });
    request.end(sent);
  });
}

function answered(response: IncomingMessage, text: string): Answered {
  const [set] = response.headers['set-cookie'] ?? [];
  const isJson = /json/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
    cookie: set?.split(';')[0],
    cookies: (response.headers['set-cookie'] ?? []).map((each) => each.split(';')[0]).join('; '),
  };
}
