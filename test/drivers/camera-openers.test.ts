/**
 * No address that opens something is ever sent to a camera: not from any key of the configuration of any kind, not from what a camera answers
 * over ONVIF, not from a push, not by a redirection, and not with a login. Read at a real HTTP server that keeps every request.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sentAs } from '../../drivers/camera-http/address-forms.ts';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { Camera, CameraKind } from '../../src/driver.ts';
import { atLength } from '../at-length.ts';
import { branchesOf } from './branches.ts';
import { OPENERS } from './openers.ts';

const clock = systemClock();
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7), Buffer.from([0xff, 0xd9])]);
const FORBIDDEN = new Set(OPENERS.map((opener) => sentAs(new URL(opener, 'http://192.0.2.1'))));

/** Written out here, not taken from the program: all that these configurations may lead to. */
const EXPECTED = [
  /^GET \/ISAPI\/Streaming\/channels\/\d+01\/picture$/,
  /^GET \/ISAPI\/Event\/notification\/alertStream$/,
  /^GET \/ISAPI\/Parking\/channels\/\d+\/barrierGate\/barrierGateStatus$/,
  /^GET \/ISAPI\/System\/IO\/inputs\/\d\/status$/,
  /^GET \/cgi-bin\/snapshot\.cgi\?channel=\d+$/,
  /^GET \/cgi-bin\/snapManager\.cgi\?action=attachFileProc&channel=\d+&heartbeat=5&Flags\[0\]=Event&Events=\[TrafficJunction\]$/,
  /^GET \/cgi-bin\/eventManager\.cgi\?action=attach&codes=\[TrafficJunction\]&heartbeat=5$/,
  /^GET \/cgi-bin\/alarm\.cgi\?action=getInState$/,
  /^GET \/axis-cgi\/jpg\/image\.cgi\?camera=\d+$/,
  /^GET \/LAPI\/V1\.0\/Channels\/\d+\/Media\/Video\/Streams\/0\/Snapshot$/,
  /^GET \/snapshot\.jpg$/,
  /^POST \/onvif\/(device|media)_service$/,
];

let server: Server;
let base = '';
let heard: string[] = [];
let bodies: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
const picture: typeof answer = (_, response) => void response.end(JPEG);

beforeAll(async () => {
  server = createServer(async (request, response) => {
    heard.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (body !== '') bodies.push(body);
    response.setHeader('connection', 'close');
    answer(request, response, body);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(() => {
  const [lines, posted] = [heard, bodies];
  heard = [];
  bodies = [];
  for (const line of lines) {
    expect(FORBIDDEN.has(line.replace(/^\w+ /, '')), line).toBe(false);
    expect(
      EXPECTED.some((each) => each.test(line)),
      line,
    ).toBe(true);
  }
  for (const body of posted)
    expect(body).toMatch(/<s:Body><(GetSystemDateAndTime|GetCapabilities|GetProfiles|GetSnapshotUri) /);
});

const found = (name: string): CameraKind => CAMERA_KINDS.find(({ kind }) => kind === name) as CameraKind;
const login = { user: 'viewer', password: new Secret('x') };
const FIELDS = { plate: 'car.plate' };
const ownKeys = (kind: CameraKind) => ({
  ...(kind.kind === 'vzenith' ? { port: Number(new URL(base).port) } : login),
  ...(['camera-http', 'json-push', 'huaxia', 'gat1400'].includes(kind.kind) && { preset: 'custom' }),
  ...(kind.kind === 'json-push' && { fields: FIELDS }),
});

/** Everything that it can be made to send: its picture, its events, its inputs, and what a push of it names. */
async function exercise(camera: Camera, opener: string): Promise<void> {
  const stop = new AbortController();
  const quiet = { signal: stop.signal };
  const named = (camera.push === undefined ? [] : pushesOf(opener)).flatMap((body) => {
    try {
      const request = { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body };
      return camera.push?.take(request).events ?? [];
    } catch {
      return [];
    }
  });
  const paths = [opener, ...named.flatMap((event) => (event.kind === 'pictureAt' ? [event.path] : []))];
  const once = Promise.allSettled([
    camera.snapshot(quiet.signal),
    ...paths.map((path) => camera.pictureAt?.(path, quiet.signal)),
  ]);
  const lasting = Promise.allSettled([
    camera.events?.(() => {}, quiet.signal),
    camera.inputs?.run(() => {}, quiet.signal),
  ]);
  await once;
  stop.abort();
  await lasting;
}

function pushesOf(opener: string): readonly Buffer[] {
  const paths = [
    opener,
    opener.replaceAll('/', '%2F'),
    `/snapshot/lpr/..${opener}`,
    `/snapshot/lpr${opener}`,
    `${base}${opener}`,
  ];
  return paths.map((imagePath) =>
    Buffer.from(JSON.stringify({ AlarmInfoPlate: { result: { PlateResult: { license: '京A12345', imagePath } } } })),
  );
}

async function all<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 24): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}

/** All at length; else each so-many-th, which shares no factor with the ways there are: each opener, and each way. */
const someOf = <T>(runs: readonly T[], step: number): readonly T[] =>
  runs.filter((_, at) => at % atLength(1, step) === 0);

describe('an address that opens', () => {
  it.each(CAMERA_KINDS.map(({ kind }) => kind))(
    'is not sent by %s, whichever key of its configuration it stands beside',
    async (name) => {
      answer = picture;
      const kind = found(name);
      const examples = (url: string) => ({
        url: [url],
        user: ['viewer'],
        password: [new Secret('x')],
        pushFrom: [[], ['192.0.2.0/24']],
        port: [Number(new URL(base).port)],
        fields: [FIELDS],
        confirmed: [{ sha256: 'a'.repeat(64), by: 'somebody', at: '2026-05-01T12:00:00Z' }],
        register: [{ user: 'gate', password: new Secret('x') }],
      });
      const count = branchesOf(kind.schema, { url: base, ...ownKeys(kind) }, examples(base)).length;
      expect(count).toBeGreaterThan(3);
      const wanted = OPENERS.flatMap((opener, index) => {
        const url = base + opener;
        const branches = branchesOf(kind.schema, { url, ...ownKeys(kind) }, examples(url));
        // Each branch with every tenth opener, and every opener with each way to find the picture.
        return branches
          .filter((config, branch) => (branch + index) % 10 === 0 || config.preset !== branches[0]?.preset)
          .map((config) => ({ config, opener }));
      });
      const runs = someOf(wanted, 5);
      await all(runs, async ({ config, opener }) =>
        exercise(kind.create(kind.schema.parse(config), { clock }), opener),
      );
      expect(runs.length).toBeGreaterThan(OPENERS.length / atLength(1, 5));
    },
  );

  it('is not posted to, and not got, when a camera names it over ONVIF', async () => {
    const runs = OPENERS.flatMap((opener) => (['media', 'picture'] as const).map((where) => ({ opener, where })));
    const tried = someOf(runs, 3);
    for (const { opener, where } of tried) {
      const escaped = (path: string) => (base + path).replaceAll('&', '&amp;');
      const media = escaped(where === 'media' ? opener : '/onvif/media_service');
      const bodyOf: Readonly<Record<string, string>> = {
        GetSystemDateAndTime: '<x/>',
        GetCapabilities: `<Media><XAddr>${media}</XAddr></Media>`,
        GetProfiles:
          '<Profiles token="p"><VideoSourceConfiguration><SourceToken>v</SourceToken></VideoSourceConfiguration></Profiles>',
        GetSnapshotUri: `<MediaUri><Uri>${escaped(opener)}</Uri></MediaUri>`,
      };
      answer = (request, response, body) => {
        const [, action = ''] = /<s:Body><(\w+)/.exec(body) ?? [];
        response.end(request.method === 'POST' ? `<s:Body>${bodyOf[action]}</s:Body>` : JPEG);
      };
      const kind = found('camera-http');
      const camera = kind.create(kind.schema.parse({ preset: 'onvif', url: base }), { clock });
      const failed = await camera.snapshot(new AbortController().signal).catch((error: { code: string }) => error.code);
      expect(failed, opener).toBe(where === 'media' ? 'unexpected' : 'unconfirmed');
    }
    expect(heard.length).toBeGreaterThan(tried.length * 2);
  });

  it('is not followed to, by GET or POST, with or without a login', async () => {
    const ways = [301, 302, 303, 307, 308].flatMap((status) =>
      ['onvif', 'dahua', 'custom'].map((preset) => ({ status, preset })),
    );
    const runs = someOf(
      OPENERS.flatMap((opener) => ways.map((way) => ({ opener, ...way }))),
      4,
    );
    const kind = found('camera-http');
    for (const { opener, status, preset } of runs) {
      answer = (request, response) => {
        if (request.headers.authorization === undefined && preset !== 'onvif')
          return void response
            .writeHead(401, {
              'www-authenticate': `Digest realm="cam", nonce="1", qop="auth", domain="${encodeURI(opener)}", uri="${encodeURI(opener)}"`,
            })
            .end();
        response.writeHead(status, { location: opener, 'content-location': opener, refresh: `0; url=${opener}` }).end();
      };
      const url = preset === 'custom' ? `${base}/snapshot.jpg` : base;
      const camera = kind.create(kind.schema.parse({ preset, url, ...login }), { clock });
      await expect(camera.snapshot(new AbortController().signal)).rejects.toThrow();
    }
    expect(heard.length).toBeGreaterThan(runs.length);
  });
});
