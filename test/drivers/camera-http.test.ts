/** The snapshot camera against real HTTP servers that answer as cameras do, and as broken ones do. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type CameraDevice, cameraPictureUrl, createHttpCamera } from '../../drivers/camera-http/camera.ts';
import { authorization, chooseChallenge, parseChallenges } from '../../drivers/camera-http/digest.ts';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { LinkError } from '../../src/driver.ts';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(20_000, 7), Buffer.from([0xff, 0xd9])]);
const USER = 'snapshot';
const PASSWORD = 'pa:ss"wörd';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server?.address() as { port: number } | undefined)?.port}`;
}

const device = (url: string, more: Partial<CameraDevice> = {}): CameraDevice => ({
  preset: 'hikvision',
  url,
  channel: 1,
  allowBasic: false,
  allowPublic: false,
  ...more,
});
const login = { user: USER, password: { reveal: () => PASSWORD } };
const never = new AbortController().signal;
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fine',
    (error: LinkError) => error.code,
  );

/** A camera's own reading of a digest answer: nothing shared with the driver. */
function digestFits(header: string | undefined, algorithm: 'MD5' | 'SHA-256', nonce: string, method: string): boolean {
  const field = (name: string): string =>
    new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^,\\s]+))`)
      .exec(header ?? '')
      ?.slice(1)
      .find(Boolean) ?? '';
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const a1 = hash(`${USER}:cam:${PASSWORD}`);
  const a2 = hash(`${method}:${field('uri')}`);
  const middle = field('qop') === 'auth' ? `${field('nc')}:${field('cnonce')}:auth:` : '';
  return field('nonce') === nonce && field('response') === hash(`${a1}:${nonce}:${middle}${a2}`);
}

describe('a snapshot', () => {
  it('is one whole JPEG from the path of its make', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(JPEG);
    });
    const clock = systemClock();
    const frame = await createHttpCamera(device(url), { clock }).snapshot(never);
    expect(Buffer.from(frame.bytes).equals(JPEG)).toBe(true);
    expect(frame.mediaType).toBe('image/jpeg');
    expect(clock.nowMs() - frame.atMs).toBeLessThan(5_000);
    expect(asked).toEqual(['GET /ISAPI/Streaming/channels/101/picture']);
    const at = (preset: CameraDevice['preset'], channel = 2) => {
      const url = cameraPictureUrl({ preset, channel, url: 'http://192.0.2.64/x?y=1' });
      return url && url.pathname + url.search;
    };
    expect(at('dahua')).toBe('/cgi-bin/snapshot.cgi?channel=2');
    expect(at('axis')).toBe('/axis-cgi/jpg/image.cgi?camera=2');
    expect(at('uniview')).toBe('/LAPI/V1.0/Channels/1/Media/Video/Streams/0/Snapshot');
    expect(at('custom')).toBe('/x?y=1');
    expect(at('onvif')).toBeUndefined();
    const room = new Uint8Array(JPEG.length + 1);
    const again = await createHttpCamera(device(url), { clock }).snapshot(never, room);
    expect([again.bytes.buffer === room.buffer, Buffer.from(again.bytes).equals(JPEG)]).toEqual([true, true]);
    const small = new Uint8Array(JPEG.length - 1);
    const other = await createHttpCamera(device(url), { clock }).snapshot(never, small);
    expect([small.every((byte) => byte === 0), Buffer.from(other.bytes).equals(JPEG)]).toEqual([true, true]);
  });

  it.each([
    ['a page instead of a picture', (response: ServerResponse) => response.end('<html></html>'), 'frame'],
    ['a picture cut short', (response: ServerResponse) => response.end(JPEG.subarray(0, -2)), 'frame'],
    ['a picture without end', (response: ServerResponse) => response.end(Buffer.alloc(4 << 20, JPEG[0])), 'frame'],
    ['an empty answer', (response: ServerResponse) => response.end(), 'frame'],
    ['a redirection', (response: ServerResponse) => response.writeHead(302, { location: '/x' }).end(), 'unexpected'],
    ['no such path', (response: ServerResponse) => response.writeHead(404).end(), 'notFound'],
    ['an error of its own', (response: ServerResponse) => response.writeHead(503).end(), 'refused'],
    ['a hang-up', (response: ServerResponse) => response.destroy(), 'gone'],
    [
      'a hang-up half way',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': JPEG.length });
        response.write(JPEG.subarray(0, 100), () => response.destroy());
      },
      'gone',
    ],
    ['something that is not HTTP', (response: ServerResponse) => response.socket?.end('hello\r\n\r\n'), 'frame'],
  ])('refuses %s', async (_, answer, expected) => {
    const url = await serve((_request, response) => void answer(response));
    expect(await code(createHttpCamera(device(url), { clock: systemClock() }).snapshot(never))).toBe(expected);
  });

  it('takes a picture that is padded at the end', async () => {
    const url = await serve((_, response) => response.end(Buffer.concat([JPEG, Buffer.from('\r\n\0\0')])));
    const frame = await createHttpCamera(device(url), { clock: systemClock() }).snapshot(never);
    expect(frame.bytes.length).toBe(JPEG.length);
  });

  it('ends at once when its caller stops, and by itself after three seconds of the clock', async () => {
    const url = await serve(() => {});
    const stop = new AbortController();
    const stopped = code(createHttpCamera(device(url), { clock: systemClock() }).snapshot(stop.signal));
    stop.abort();
    expect(await stopped).toBe('timeout');
    const slept: number[] = [];
    const quick: Clock = { ...systemClock(), sleep: async (ms) => void slept.push(ms) };
    expect(await code(createHttpCamera(device(url), { clock: quick }).snapshot(never))).toBe('timeout');
    expect(slept).toEqual([3_000]);
  });

  it('says that nobody is there', async () => {
    const url = await serve(() => {});
    server?.close();
    expect(await code(createHttpCamera(device(url), { clock: systemClock() }).snapshot(never))).toBe('refused');
  });
});

describe('a picture that a Vzenith push has named', () => {
  it('is got from the camera’s own address and port, and from nowhere else', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url?.endsWith('moved.jpg') === true) response.writeHead(302, { location: '/x' }).end();
      else response.end(JPEG);
    });
    const kind = CAMERA_KINDS.find((each) => each.kind === 'vzenith');
    const camera = kind?.create(kind.schema.parse({ url }), { clock: systemClock() });
    const bytes = await camera?.pictureAt?.('/snapshot/lpr/tri_snap_24.jpg', never);
    expect(Buffer.from(bytes ?? []).equals(JPEG)).toBe(true);
    expect(await code(camera?.pictureAt?.('/snapshot/lpr/moved.jpg', never) ?? Promise.resolve())).toBe('unexpected');
    expect(await code(camera?.pictureAt?.('//192.0.2.9/a.jpg', never) ?? Promise.resolve())).toBe('notLocal');
    // On the card, with the province of the plate in GBK: byte for byte as the camera wrote it.
    const onCard = '/mmc/VzIPCCap/2017_09_02/1734169004_%D4%C1B00001.jpg';
    expect(Buffer.from((await camera?.pictureAt?.(onCard, never)) ?? []).equals(JPEG)).toBe(true);
    expect(asked).toEqual(['GET /snapshot/lpr/tri_snap_24.jpg', 'GET /snapshot/lpr/moved.jpg', `GET ${onCard}`]);
  });
});

describe('a login', () => {
  /** A camera that wants a login and forgets its nonce after `uses`. */
  async function guarded(options: {
    algorithm?: 'MD5' | 'SHA-256';
    uses?: number;
    stale?: boolean;
    header?: string[];
  }) {
    const seen = { refused: 0, taken: 0, headers: [] as (string | undefined)[] };
    let nonce = 1;
    let used = 0;
    const { algorithm = 'MD5', uses = 1_000 } = options;
    const url = await serve((request, response) => {
      seen.headers.push(request.headers.authorization);
      if (digestFits(request.headers.authorization, algorithm, `n${nonce}`, 'GET') && used < uses) {
        used += 1;
        seen.taken += 1;
        response.end(JPEG);
        return;
      }
      seen.refused += 1;
      nonce += 1;
      used = 0;
      const challenge = `Digest realm="cam", qop="auth", nonce="n${nonce}", algorithm=${algorithm}${options.stale ? ', stale=TRUE' : ''}`;
      response.setHeader('www-authenticate', options.header ?? challenge);
      response.writeHead(401).end('no');
    });
    return { url, seen };
  }

  it.each(['MD5', 'SHA-256'] as const)('by digest %s costs one challenge and then none', async (algorithm) => {
    const { url, seen } = await guarded({ algorithm });
    const camera = createHttpCamera(device(url, login), { clock: systemClock() });
    for (let picture = 0; picture < 3; picture += 1) await camera.snapshot(never);
    expect(seen).toMatchObject({ refused: 1, taken: 3 });
    expect(seen.headers.map((header) => /nc=(\w+)/.exec(header ?? '')?.[1])).toEqual([
      undefined,
      '00000001',
      '00000002',
      '00000003',
    ]);
  });

  it.each([true, false])('is repeated once when the nonce grew old (said so: %s)', async (stale) => {
    const { url, seen } = await guarded({ uses: 2, stale });
    const camera = createHttpCamera(device(url, login), { clock: systemClock() });
    for (let picture = 0; picture < 4; picture += 1) await camera.snapshot(never);
    expect(seen).toMatchObject({ refused: 2, taken: 4 });
  });

  it('that is refused is not tried again for minutes, and then for longer', async () => {
    const { url, seen } = await guarded({});
    let nowMs = 0;
    const clock: Clock = { ...systemClock(), nowMs: () => nowMs };
    const wrong = { user: USER, password: { reveal: () => 'wrong' } };
    const camera = createHttpCamera(device(url, wrong), { clock });
    expect(await code(camera.snapshot(never))).toBe('denied');
    // One request to learn the challenge, one wrong login.
    expect(seen.refused).toBe(2);
    nowMs = 4 * 60_000;
    expect(await code(camera.snapshot(never))).toBe('denied');
    expect(seen.refused).toBe(2);
    nowMs = 6 * 60_000;
    expect(await code(camera.snapshot(never))).toBe('denied');
    expect(seen.refused).toBe(4);
    nowMs = 13 * 60_000;
    expect(await code(camera.snapshot(never))).toBe('denied');
    expect(seen.refused).toBe(4);
  });

  it('answers the strongest of several challenges, in one header or in many, whatever their order', async () => {
    const all = (nonce: string): string[] => [
      'Basic realm="cam"',
      `Digest realm="cam", qop="auth", nonce="${nonce}", algorithm=MD5`,
      `Digest realm="cam", qop="auth,auth-int", nonce="${nonce}", algorithm=SHA-256, opaque="x,y", charset=UTF-8`,
      `Digest realm="cam", qop="auth", nonce="${nonce}", algorithm=SHA-512-256`,
      'Negotiate',
    ];
    for (const header of [all('n2'), all('n2').reverse(), [all('n2').join(', ')]]) {
      const { url, seen } = await guarded({ algorithm: 'SHA-256', header });
      const camera = createHttpCamera(device(url, { ...login, allowBasic: true }), { clock: systemClock() });
      await camera.snapshot(never);
      await camera.snapshot(never);
      expect(seen).toMatchObject({ refused: 1, taken: 2 });
      expect(seen.headers.join()).not.toContain('Basic');
      server?.closeAllConnections();
      server?.close();
    }
  });

  it('never sends the password in clear unless that was allowed', async () => {
    const { url, seen } = await guarded({ header: ['Basic realm="cam"'] });
    expect(await code(createHttpCamera(device(url, login), { clock: systemClock() }).snapshot(never))).toBe('denied');
    expect(seen.headers).toEqual([undefined]);
    const open = createHttpCamera(device(url, { ...login, allowBasic: true }), { clock: systemClock() });
    expect(await code(open.snapshot(never))).toBe('denied');
    expect(seen.headers.at(-1)).toBe(`Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`);
  });
});

describe('digest', () => {
  /** RFC 7616, 3.9.1: both algorithms for one request. */
  const example = {
    realm: 'http-auth@example.org',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  };
  const request = {
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  };
  const known = { user: 'Mufasa', password: 'Circle of Life' };

  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('gives the answer of RFC 7616 for %s', (algorithm, response) => {
    const header = authorization({ scheme: 'digest', algorithm, qop: true, ...example }, known, request);
    expect(header).toContain(`response="${response}"`);
    expect(header).toContain('nc=00000001');
    expect(header).toContain(`opaque="${example.opaque}"`);
  });

  it('reads several challenges in one header and takes the strongest it knows', () => {
    const challenges = parseChallenges([
      'Basic realm="a, b=c", Digest realm="cam", nonce="1", qop="auth,auth-int", algorithm=MD5, Digest realm="cam",nonce="2",qop="auth",algorithm=SHA-256',
      'Digest realm="cam", nonce="3", algorithm=SHA-512-256, qop="auth"',
      'Negotiate',
      'Digest realm="cam", nonce="4", qop="auth-int"',
    ]);
    expect(challenges.map(({ scheme, nonce }) => [scheme, nonce])).toEqual([
      ['basic', undefined],
      ['digest', '1'],
      ['digest', '2'],
    ]);
    expect(chooseChallenge(challenges, false)?.nonce).toBe('2');
    expect(chooseChallenge([], true)).toBeUndefined();
    expect(parseChallenges(['"', 'Digest', ',,, =', 'Digest nonce='])).toEqual([]);
  });
});

describe('the configuration of a camera', () => {
  it('is closed, and wants user and password together', () => {
    const schema = CAMERA_KINDS[0]?.schema;
    const good = { preset: 'dahua', url: 'http://192.0.2.64', ...login };
    expect(schema?.safeParse(good).success).toBe(true);
    for (const bad of [
      { ...good, password: undefined },
      { ...good, password: 'in clear' },
      { ...good, url: 'file:///etc/passwd' },
      { ...good, openGate: true },
    ])
      expect(schema?.safeParse(bad).success).toBe(false);
  });
});
