/** Event streams and pictures of makers' cameras over real sockets, from a process of its own, in pieces. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import { type Camera, type CameraEvent, type Clock, LinkError } from '../../src/driver.ts';
import { cameraOf } from './cameras/camera-of.ts';
import { inPlate } from './cameras/plates.ts';
import { endSenders, type Served, serveBytes } from './cameras/processes.ts';
import { CANARY, dahuaStream, hikvisionStream, jpeg, vzenithPacket, vzenithResultPacket } from './cameras/shapes.ts';

const clock = systemClock();
let server: Server | undefined;
afterEach(() => {
  endSenders();
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Listens until `count` events have come (or it fails), then stops. */
async function listen(camera: Camera, count: number): Promise<readonly CameraEvent[]> {
  const stop = new AbortController();
  const events: CameraEvent[] = [];
  const ended = camera.events?.((event) => {
    events.push(event);
    if (events.length === count) stop.abort();
  }, stop.signal);
  await ended;
  return events;
}

const heardBy = ({ heard }: Served): string => Buffer.concat(heard).toString('latin1');
const picture = (events: readonly CameraEvent[]): Buffer =>
  Buffer.concat(events.flatMap((event) => (event.kind === 'picture' ? [event.bytes] : [])));
const fault = (work: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.resolve(work).then(
    () => 'fine',
    (error: unknown) => error,
  );

describe('an event stream', () => {
  it.each([
    [1, 0],
    [700, 1],
    [100_000, 0],
  ])('of Hikvision arrives in pieces of %i bytes', async (piece, pauseMs) => {
    const served = await serveBytes(hikvisionStream({}, piece !== 700), piece, pauseMs);
    const events = await listen(
      cameraOf('hikvision', { url: `http://127.0.0.1:${served.port}`, receive: 'stream' }),
      2,
    );
    expect(events[0]).toMatchObject({ kind: 'read', plate: inPlate(1), color: 'blue' });
    expect(picture(events).equals(jpeg(1))).toBe(true);
    await expect.poll(() => heardBy(served)).toMatch(/^GET \/ISAPI\/Event\/notification\/alertStream HTTP\/1.1\r\n/);
  });

  it.each(['lines', 'json'] as const)('of Dahua arrives as %s', async (kind) => {
    const served = await serveBytes(dahuaStream(kind), 300, 1);
    const events = await listen(
      cameraOf('dahua', { url: `http://127.0.0.1:${served.port}`, receive: 'stream', channel: 2 }),
      2,
    );
    expect(events[0]).toMatchObject({ kind: 'read', plate: inPlate(2) });
    expect(picture(events).equals(jpeg(2))).toBe(true);
    await expect
      .poll(() => heardBy(served))
      .toContain('GET /cgi-bin/snapManager.cgi?action=attachFileProc&channel=2&heartbeat=5&');
  });

  describe('of Dahua at eventManager', () => {
    const data = { RealUTC: 1_777_608_000, UTC: 1_777_636_800, TrafficCar: { PlateNumber: inPlate(2) } };
    const event = (index: number) =>
      `Code=TrafficJunction;action=Pulse;index=${index};data=${JSON.stringify(data, null, 3)}\n`;
    const parts = ['Heartbeat', event(1), 'Code=VideoMotion;action=Start;index=0', event(0)].map(
      (text) =>
        `--myboundary\r\nContent-Type: text/plain\r\nContent-Length:${Buffer.byteLength(text)}\r\n\r\n${text}\r\n`,
    );

    async function serve(snapManager: (response: ServerResponse) => void) {
      const asked: string[] = [];
      server = createServer((request, response) => {
        asked.push((request.url ?? '').replace(/\?.*/, ''));
        if (request.url?.includes('snapManager')) return snapManager(response);
        response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=myboundary' });
        response.write(parts.join(''));
      });
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked };
    }
    const [SNAP, EVENTS] = ['/cgi-bin/snapManager.cgi', '/cgi-bin/eventManager.cgi'];
    const wanted = [{ kind: 'read', plate: inPlate(2), stampedMs: 1_777_608_000_000 }];

    it.each([400, 403, 404, 501])('is heard where snapManager is refused with %i', async (status) => {
      const { url, asked } = await serve((response) => void response.writeHead(status).end());
      expect(await listen(cameraOf('dahua', { url, receive: 'stream' }), 1)).toMatchObject(wanted);
      expect(asked).toEqual([SNAP, EVENTS]);
    });

    it('is heard where snapManager answers with a page', async () => {
      const { url, asked } = await serve((response) => void response.end('<html>'));
      expect(await listen(cameraOf('dahua', { url, receive: 'stream' }), 1)).toMatchObject(wanted);
      expect(asked).toEqual([SNAP, EVENTS]);
    });

    it('is heard at once by choice, each channel for itself', async () => {
      const { url, asked } = await serve((response) => void response.writeHead(500).end());
      expect(await listen(cameraOf('dahua', { url, receive: 'events', channel: 2 }), 1)).toMatchObject(wanted);
      expect(asked).toEqual([EVENTS]);
    });

    it('is not asked for where the camera only hung up', async () => {
      const { url, asked } = await serve((response) => void response.destroy());
      const camera = cameraOf('dahua', { url, receive: 'stream' });
      expect(await fault(camera.events?.(() => {}, new AbortController().signal))).toMatchObject({ code: 'gone' });
      expect(asked).toEqual([SNAP]);
    });
  });

  it('of Vzenith arrives over its own protocol, on which nothing is said but what reads', async () => {
    const served = await serveBytes(Buffer.concat([vzenithResultPacket(), vzenithResultPacket({ id: '78' })]), 900, 1);
    const camera = cameraOf('vzenith', { url: 'http://127.0.0.1', port: served.port, receive: 'stream' });
    const events = await listen(camera, 4);
    expect(events.map(({ kind }) => kind)).toEqual(['read', 'picture', 'read', 'picture']);
    expect(events[2]).toMatchObject({ plate: inPlate(3), id: expect.stringMatching(/^-78-/) });
    await expect.poll(() => heardBy(served)).toContain('}');
    const wire = Buffer.concat(served.heard);
    const length = wire.readUInt32BE(4);
    expect(wire.subarray(0, 3).toString('hex')).toBe('565a00');
    expect(JSON.parse(wire.subarray(8, 8 + length).toString())).toEqual({
      cmd: 'ivsresult',
      enable: true,
      format: 'json',
      image: true,
      image_type: 0,
    });
    expect(wire.length, 'and that was all').toBe(8 + length);
  });

  it('of Vzenith is kept alive, asked when silent, and given up when silent still', async () => {
    const served = await serveBytes(Buffer.alloc(0));
    const quick: Clock = { ...clock, sleep: (ms, signal) => clock.sleep(ms / 200, signal) };
    const camera = cameraOf('vzenith', { url: 'http://127.0.0.1', port: served.port, receive: 'stream' }, quick);
    expect(await fault(camera.events?.(() => {}, new AbortController().signal))).toMatchObject({ code: 'timeout' });
    await expect.poll(() => heardBy(served)).toContain('VZ\x01\0\0\0\0\0');
    await expect.poll(() => heardBy(served)).toContain('{"cmd":"get_gpio_value","gpio":0}');
  });

  it.each([
    ['hikvision', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi', 'unexpected'],
    ['hikvision', 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n', 'unexpected'],
    ['dahua', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', 'notFound'],
    ['dahua', 'HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary=b\r\nContent-Length: 3\r\n\r\n--b', 'gone'],
    [
      'hikvision',
      `HTTP/1.1 200 OK\r\nContent-Type: multipart/x; boundary=b\r\n\r\n--b\r\n${'x'.repeat(20_000)}`,
      'frame',
    ],
    ['vzenith', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'frame'],
    ['vzenith', 'VZ\0\0\x7f\x7f\x7f\x7f', 'frame'],
  ])('of %s that says %j ends with an error', async (kind, answer, code) => {
    const served = await serveBytes(Buffer.from(answer, 'latin1'));
    const url = `http://127.0.0.1:${served.port}`;
    const camera = cameraOf(kind, { url, receive: 'stream', ...(kind === 'vzenith' && { port: served.port }) });
    expect(await fault(camera.events?.(() => {}, new AbortController().signal))).toMatchObject({ code });
  });

  it.each(['hikvision', 'dahua', 'vzenith'])(
    'of %s ends when it is told to, and says that nobody is there',
    async (kind) => {
      const served = await serveBytes(Buffer.alloc(0));
      const config = {
        url: `http://127.0.0.1:${served.port}`,
        receive: 'stream',
        ...(kind === 'vzenith' && { port: served.port }),
      };
      const stop = new AbortController();
      const ended = cameraOf(kind, config).events?.(() => {}, stop.signal);
      stop.abort();
      await ended;
      endSenders();
      await expect
        .poll(() => fault(cameraOf(kind, config).events?.(() => {}, new AbortController().signal)))
        .toMatchObject({ code: 'refused' });
    },
  );
});

describe('a picture of Vzenith', () => {
  const answer = (value: object): Buffer => vzenithPacket(0, Buffer.from(JSON.stringify(value)));
  const good = answer({ cmd: 'get_snapshot', state_code: 200, imgformat: 'jpg', imgdata: jpeg(8).toString('base64') });

  it('comes over its own protocol', async () => {
    const served = await serveBytes(Buffer.concat([vzenithPacket(1, Buffer.alloc(0)), good]), 1_000);
    const camera = cameraOf('vzenith', { url: 'http://127.0.0.1', port: served.port });
    const frame = await camera.snapshot(new AbortController().signal);
    expect(Buffer.from(frame.bytes).equals(jpeg(8))).toBe(true);
    await expect.poll(() => heardBy(served)).toContain('{"cmd":"get_snapshot","id":"lanewarden"}');
  });

  it.each([
    ['is refused', answer({ cmd: 'get_snapshot', state_code: 500 }), 'exception'],
    ['is none', answer({ cmd: 'get_snapshot', state_code: 200, imgdata: 'AAAAAAAAAAAAAAAAAAAAAAAA' }), 'frame'],
    ['does not come', Buffer.alloc(0), 'timeout'],
  ])('that %s is an error', async (_, bytes, code) => {
    const served = await serveBytes(bytes);
    const quick: Clock = { ...clock, sleep: (ms, signal) => clock.sleep(ms / 10, signal) };
    const camera = cameraOf('vzenith', { url: 'http://127.0.0.1', port: served.port }, quick);
    expect(await fault(camera.snapshot(new AbortController().signal))).toMatchObject({ code });
  });
});

describe('one login for pictures and events', () => {
  async function refusing(
    status: (path: string) => number,
  ): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    server = createServer((request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      asked.push(path);
      response.setHeader('www-authenticate', [
        'Basic realm="x"',
        'Digest realm="cam", qop="auth", nonce="n", algorithm=SHA-256',
        'Digest realm="cam", qop="auth", nonce="m", algorithm=MD5',
      ]);
      const code = status(path);
      if (code === 200) response.end(jpeg(1));
      else response.writeHead(code).end();
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked };
  }
  const login = { user: 'snapshot', password: new Secret(CANARY), receive: 'stream' };
  const never = new AbortController().signal;

  it.each(['hikvision', 'dahua'])(
    'of %s: refused for one, no more asked by the other; and the password is in no error',
    async (kind) => {
      const { url, asked } = await refusing(() => 401);
      const camera = cameraOf(kind, { url, ...login });
      const errors = [
        await fault(camera.events?.(() => {}, never)),
        await fault(camera.snapshot(never)),
        await fault(camera.events?.(() => {}, never)),
      ];
      expect(errors.map((error) => error instanceof LinkError && error.code)).toEqual(['denied', 'denied', 'denied']);
      // One request to learn the challenge, one wrong login.
      expect(asked).toHaveLength(2);
      for (const error of errors) expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
    },
  );

  it('takes pictures all the same when only events are forbidden to this user', async () => {
    const { url, asked } = await refusing((path) => (path.includes('Event') ? 403 : 200));
    const camera = cameraOf('hikvision', { url, ...login });
    expect(await fault(camera.events?.(() => {}, never))).toMatchObject({ code: 'denied' });
    expect(await fault(camera.events?.(() => {}, never))).toMatchObject({ code: 'denied' });
    expect((await camera.snapshot(never)).bytes.length).toBe(jpeg(1).length);
    expect(asked).toHaveLength(2);
  });
});
