/** Pictures by ONVIF, against a camera that checks each question as the specification says, with a clock and habits of its own. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../drivers/camera-http/address-forms.ts';
import { type CameraDevice, createHttpCamera } from '../../drivers/camera-http/camera.ts';
import { readProfileToken, readTime } from '../../drivers/camera-http/onvif.ts';
import { type Clock, systemClock } from '../../src/clock.ts';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(9_000, 7), Buffer.from([0xff, 0xd9])]);
const USER = 'look <only>';
const PASSWORD = 'pä&ss"<>';
/** Camera clocks start where they like. */
const CLOCK_OFF_MS = -2 * 365 * 86_400_000;
const SKEW_MOST_MS = 5 * 60_000;

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

/** The camera's own understanding of everything: nothing shared with the driver. */
class OnvifCamera {
  readonly actions: string[] = [];
  readonly gets: string[] = [];
  port = 0;
  path = '/onvif-http/snapshot?Profile_1&amp;channel=1';
  /** What it calls itself in the address of a picture. */
  host = '127.0.0.1';
  password = PASSWORD;
  /** How it refuses to tell its time to strangers, if it does. */
  timeNeedsLogin: 'fault' | 'basic' | undefined;
  logins = 0;
  /** Holds each answer back until told. */
  hold: Promise<void> | undefined;
  answer = (_action: string): string | undefined => undefined;
  readonly #nonces = new Set<string>();

  async start(): Promise<string> {
    const server = createServer((request, response) => void this.#take(request, response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
    return `http://127.0.0.1:${this.port}`;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.#picture(request, response);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const action = /<s:Body><(\w+) xmlns="([^"]+)">/.exec(text)?.[1] ?? 'none';
    this.actions.push(action);
    const where = action === 'GetProfiles' || action === 'GetSnapshotUri' ? '/onvif/Media' : '/onvif/device_service';
    await this.hold;
    if (request.url !== where) return void response.writeHead(404).end();
    response.setHeader('date', new Date(Date.now() + CLOCK_OFF_MS).toUTCString());
    const isFree = action === 'GetSystemDateAndTime' && this.timeNeedsLogin === undefined;
    if (text.includes('<UsernameToken>')) this.logins += 1;
    if (!isFree && !this.#mayAsk(text)) {
      if (this.timeNeedsLogin !== 'basic') return this.#fault(response, 'ter:NotAuthorized');
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="cam"' }).end();
    }
    const body = this.answer(action) ?? this.#answers(action, text);
    if (body === undefined) return this.#fault(response, 'ter:InvalidArgVal');
    response.writeHead(200, { 'content-type': 'application/soap+xml' }).end(soap(body));
  }

  #mayAsk(text: string): boolean {
    const of = (name: string): string => new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`).exec(text)?.[1] ?? '';
    const plain = (value: string): string =>
      value.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
    const [nonce, created] = [of('Nonce'), of('Created')];
    const digest = createHash('sha1')
      .update(Buffer.from(nonce, 'base64'))
      .update(created + this.password)
      .digest('base64');
    const isFresh =
      Math.abs(Date.parse(created) - (Date.now() + CLOCK_OFF_MS)) < SKEW_MOST_MS && !this.#nonces.has(nonce);
    this.#nonces.add(nonce);
    return isFresh && plain(of('Username')) === USER && of('Password') === digest;
  }

  #fault(response: ServerResponse, code: string): void {
    const body = `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${code}</s:Value></s:Subcode></s:Code></s:Fault>`;
    response.writeHead(400, { 'content-type': 'application/soap+xml' }).end(soap(body));
  }

  #answers(action: string, question: string): string | undefined {
    const now = new Date(Date.now() + CLOCK_OFF_MS);
    switch (action) {
      case 'GetSystemDateAndTime':
        return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:LocalDateTime><tt:Time><tt:Hour>3</tt:Hour></tt:Time></tt:LocalDateTime>
          <tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>
          <tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
      case 'GetCapabilities':
        // It has never heard of the network it is in.
        return `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://192.168.1.108/onvif/Media</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`;
      case 'GetProfiles':
        return `<trt:GetProfilesResponse>${['V1 main', 'V1 sub', 'V2 main']
          .map(
            (name) =>
              `<trt:Profiles fixed="true" token="${name} &amp;1"><tt:Name>${name}</tt:Name><tt:VideoSourceConfiguration token="c"><tt:SourceToken>${name.slice(0, 2)}</tt:SourceToken></tt:VideoSourceConfiguration></trt:Profiles>`,
          )
          .join('')}</trt:GetProfilesResponse>`;
      case 'GetSnapshotUri':
        if (!/<ProfileToken>V[12] main &#38;1<\/ProfileToken>/.test(question)) return undefined;
        return `<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>http://admin:admin@${this.host}:${this.port}${this.path}</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>`;
      default:
        return undefined;
    }
  }

  #picture(request: IncomingMessage, response: ServerResponse): void {
    this.gets.push(request.url ?? '');
    const header = request.headers.authorization ?? '';
    const of = (name: string): string => new RegExp(`${name}="?([^",]*)`).exec(header)?.[1] ?? '';
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const wanted = md5(
      `${md5(`${USER}:cam:${this.password}`)}:n1:${of('nc')}:${of('cnonce')}:auth:${md5(`GET:${of('uri')}`)}`,
    );
    if (of('response') !== wanted)
      return void response.writeHead(401, { 'www-authenticate': 'Digest realm="cam", qop="auth", nonce="n1"' }).end();
    if (request.url !== this.path.replaceAll('&amp;', '&')) return void response.writeHead(404).end();
    response.end(JPEG);
  }
}

const soap = (body: string): string =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>${body}</s:Body></s:Envelope>`;

async function setUp(
  more: Partial<CameraDevice> = {},
  clock: Clock = systemClock(),
  namedElsewhere: (host: string) => void = () => {},
) {
  const onvif = new OnvifCamera();
  const url = await onvif.start();
  const camera = createHttpCamera(
    {
      ...{ preset: 'onvif', url, channel: 1, allowBasic: false, allowPublic: false },
      ...{ user: USER, password: { reveal: () => PASSWORD }, ...more },
    },
    { clock, namedElsewhere },
  );
  const snapshot = () => camera.snapshot(new AbortController().signal);
  const fault = () =>
    snapshot().then(
      () => 'fine',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
  return { onvif, camera, snapshot, fault };
}

const DISCOVERY = ['GetSystemDateAndTime', 'GetCapabilities', 'GetProfiles', 'GetSnapshotUri'];

describe('a picture by ONVIF', () => {
  it('is where the camera says, asked once, with a token by the camera’s clock and a digest', async () => {
    const { onvif, snapshot } = await setUp();
    for (let picture = 0; picture < 3; picture += 1) expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
    expect(onvif.actions).toEqual(DISCOVERY);
    expect(new Set(onvif.gets)).toEqual(new Set(['/onvif-http/snapshot?Profile_1&channel=1']));
  });

  it('of the second channel is that of the second source, not of the second profile', async () => {
    const { onvif, snapshot } = await setUp({ channel: 2 });
    await snapshot();
    expect(onvif.actions).toEqual(DISCOVERY);
    const { fault } = await setUp({ channel: 3 });
    expect(await fault()).toBe('unexpected: the camera has 2 channels');
  });

  it('that has moved is asked for again, within the same picture', async () => {
    const { onvif, snapshot } = await setUp();
    await snapshot();
    onvif.path = '/onvif/snapshot.jpg';
    expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
    expect(onvif.actions).toEqual([...DISCOVERY, ...DISCOVERY]);
    expect(onvif.gets.slice(-2)).toEqual(['/onvif-http/snapshot?Profile_1&channel=1', '/onvif/snapshot.jpg']);
  });

  it('at an address of no known form is fetched only when a person has confirmed just this one', async () => {
    const odd = '/of/this/make?x=1';
    const { onvif: unasked, fault: refusal } = await setUp();
    unasked.path = odd;
    expect(await refusal()).toMatch(/^unconfirmed: /);
    expect(unasked.gets).toEqual([]);
    const confirmed = { sha256: digestOf(odd), by: 'li', at: '2026-05-01T12:00:00Z' };
    const { onvif, snapshot, fault } = await setUp({ confirmed });
    onvif.path = odd;
    expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
    onvif.path = '/of/this/make?x=2';
    expect(await fault()).toMatch(/^unconfirmed: /);
    expect(new Set(onvif.gets)).toEqual(new Set([odd]));
  });

  it('is not asked for again and again when it leads nowhere at all', async () => {
    const { onvif, fault } = await setUp();
    onvif.path = '/a?&amp;';
    onvif.answer = (action) =>
      action === 'GetSnapshotUri'
        ? `<MediaUri><Uri>http://127.0.0.1:${onvif.port}/snap.jpg</Uri></MediaUri>`
        : undefined;
    expect(await fault()).toContain('notFound');
    expect(onvif.actions).toEqual(DISCOVERY);
  });

  it.each(['169.254.169.254', '192.168.1.108', 'example.org', 'localhost'])(
    'that is said to be at %s is fetched from the camera itself, and that is said',
    async (host) => {
      const named: string[] = [];
      const { onvif, snapshot } = await setUp({}, systemClock(), (other) => void named.push(other));
      onvif.host = host;
      // The port of the other address means nothing here either.
      onvif.answer = (action) =>
        action === 'GetSnapshotUri'
          ? `<MediaUri><Uri>http://admin:admin@${host}:8899${onvif.path}</Uri></MediaUri>`
          : undefined;
      expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
      expect(named).toEqual([host]);
    },
  );

  it('that is said to be elsewhere still needs a known form', async () => {
    const { onvif, fault } = await setUp();
    onvif.host = '192.168.1.108';
    onvif.path = '/cgi-bin/open';
    expect(await fault()).toMatch(/^unconfirmed: /);
    expect(onvif.gets).toEqual([]);
  });

  it.each(['fault', 'basic'] as const)('of a camera that tells its time only with a login (%s)', async (how) => {
    const { onvif, snapshot } = await setUp();
    onvif.timeNeedsLogin = how;
    expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
    expect(onvif.actions).toEqual(['GetSystemDateAndTime', ...DISCOVERY]);
    expect(onvif.logins).toBe(4);
  });

  it('of such a camera costs one bad login with a wrong password', async () => {
    const { onvif, fault } = await setUp();
    onvif.timeNeedsLogin = 'fault';
    onvif.password = 'another';
    expect(await fault()).toMatch(/^denied: .*NotAuthorized/);
    expect(await fault()).toMatch(/^denied: .*not asked again/);
    expect(onvif.logins).toBe(1);
  });

  it.each(['rtsp://127.0.0.1/x', 'file:///etc/passwd', 'nonsense', ''])('with the address %j is none', async (uri) => {
    const { onvif, fault } = await setUp();
    onvif.answer = (action) => (action === 'GetSnapshotUri' ? `<MediaUri><Uri>${uri}</Uri></MediaUri>` : undefined);
    expect(await fault()).toMatch(/^unexpected: /);
    expect(onvif.gets).toEqual([]);
  });

  it('with a wrong password is asked again at once when a person wants it, and once only', async () => {
    const { onvif, camera, snapshot, fault } = await setUp();
    onvif.password = 'another';
    expect(await fault()).toMatch(/^denied: .*NotAuthorized/);
    camera.tryNow?.();
    expect(await fault()).toMatch(/^denied: .*NotAuthorized/);
    expect(await fault()).toMatch(/^denied: .*not asked again/);
    onvif.password = PASSWORD;
    camera.tryNow?.();
    expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
  });

  it('with a wrong password is refused once and left alone for five minutes', async () => {
    let nowMs = 0;
    const clock: Clock = { ...systemClock(), nowMs: () => nowMs };
    const { onvif, fault } = await setUp({}, clock);
    onvif.password = 'another';
    expect(await fault()).toMatch(/^denied: .*NotAuthorized/);
    expect(await fault()).toMatch(/^denied: .*not asked again/);
    expect(onvif.actions).toEqual(DISCOVERY.slice(0, 2));
    nowMs = 5 * 60_000 + 1;
    expect(await fault()).toMatch(/^denied: /);
    expect(onvif.actions).toHaveLength(4);
    expect(await fault()).not.toContain(PASSWORD);
  });

  it('of a camera that thinks for longer than a picture may take is there at the next', async () => {
    let release = (): void => {};
    let hurried = 1;
    const clock: Clock = {
      ...systemClock(),
      // The three seconds of the first picture pass at once, the ten of the asking do not.
      sleep: (ms, signal) => (ms === 3_000 && hurried-- > 0 ? Promise.resolve() : systemClock().sleep(ms, signal)),
    };
    const { onvif, fault, snapshot } = await setUp({}, clock);
    onvif.hold = new Promise((resolve) => {
      release = resolve;
    });
    expect(await fault()).toMatch(/^timeout: /);
    release();
    await expect.poll(() => onvif.actions).toEqual(DISCOVERY);
    expect(Buffer.from((await snapshot()).bytes)).toEqual(JPEG);
    expect(onvif.actions).toEqual(DISCOVERY);
  });

  it('of a camera without ONVIF, without a clock, or with an answer beyond all measure', async () => {
    const none = await setUp();
    none.onvif.answer = () =>
      '<s:Fault><s:Code><s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code></s:Fault>';
    expect(await none.fault()).toMatch(/^refused: .* answered ActionNotSupported to GetSystemDateAndTime/);
    const clockless = await setUp();
    clockless.onvif.answer = (action) => (action === 'GetSystemDateAndTime' ? '<x/>' : undefined);
    // By our own time the token is two years in its future.
    expect(await clockless.fault()).toMatch(/^denied: /);
    const endless = await setUp();
    endless.onvif.answer = () => '<Media>'.repeat(200_000);
    expect(await endless.fault()).toMatch(/^frame: /);
  });
});

describe('answers that are not as expected', () => {
  it('give no time and no profile, and take no time to say so', () => {
    expect(readTime('<UTCDateTime><Year>2026</Year></UTCDateTime>')).toBeUndefined();
    expect(readTime('<LocalDateTime><Year>2026</Year></LocalDateTime>')).toBeUndefined();
    expect(() => readProfileToken('<Profiles token="a"></Profiles>', 1)).toThrow('0 channels');
    for (const hostile of ['<Profiles ', '<Profiles token="', '<a:Profiles token="x"><VideoSourceConfiguration', '&#x'])
      expect(() => readProfileToken(hostile.repeat(50_000), 1)).toThrow();
  });
});
