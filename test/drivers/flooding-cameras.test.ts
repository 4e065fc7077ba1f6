/** Cameras that say more on their event stream than a lane has vehicles: nothing is held up, nothing comes faster than a push may, nothing is lost. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Camera, CameraEvent, Clock } from '../../src/driver.ts';
import { createTurnMeter } from '../turn-meter.ts';
import { cameraOf } from './cameras/camera-of.ts';
import { endSenders, serveBytes } from './cameras/processes.ts';
import { vzenithPacket } from './cameras/shapes.ts';

/** Of one turn. Hundreds of thousands of messages in one took a second and more. */
const TURN_MS = 300;
const clock = systemClock();
let server: Server | undefined;
afterEach(() => {
  endSenders();
  server?.closeAllConnections();
  server?.close();
});

const times = (count: number, of: (index: number) => string | Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => Buffer.from(of(index))));
const multipart = (parts: Buffer): Buffer =>
  Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'), parts]);
const part = (text: string): string => `--b\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}\r\n`;

const hikvision = (index: number): string =>
  part(
    `<EventNotificationAlert><eventType>ANPR</eventType><licensePlate>HELLO ${index}</licensePlate></EventNotificationAlert>`,
  );
const dahua = (index: number): string =>
  part(`Code=TrafficJunction;action=Pulse;index=0;data={"TrafficCar":{"PlateNumber":"HELLO ${index}"}}\n`);
const vzenith = (index: number): Buffer =>
  vzenithPacket(0, Buffer.from(JSON.stringify({ PlateResult: { license: `HELLO ${index}`, plateid: index } })));

const STREAMS = {
  hikvision: { config: { receive: 'stream' }, of: (count: number) => multipart(times(count, hikvision)) },
  dahua: { config: { receive: 'events' }, of: (count: number) => multipart(times(count, dahua)) },
  vzenith: { config: { receive: 'stream' }, of: (count: number) => times(count, vzenith) },
} as const;
const kinds = Object.keys(STREAMS) as (keyof typeof STREAMS)[];

async function streaming(kind: keyof typeof STREAMS, bytes: Buffer, at: Clock): Promise<Camera> {
  const { port } = await serveBytes(bytes, 65_536);
  const url = `http://127.0.0.1:${kind === 'vzenith' ? 80 : port}`;
  return cameraOf(kind, { url, ...STREAMS[kind].config, ...(kind === 'vzenith' && { port }) }, at);
}

/** A second of it is a tenth of one. */
const SPEED = 10;
const quick = (): Clock => {
  const startMs = clock.nowMs();
  return {
    ...clock,
    nowMs: () => startMs + (clock.nowMs() - startMs) * SPEED,
    sleep: (ms, signal) => clock.sleep(ms / SPEED, signal),
  };
};

/** Its plates, and how long the second hundred took. */
async function twoHundred(camera: Camera, at: Clock): Promise<{ plates: readonly string[]; secondMs: number }> {
  const ended = new AbortController();
  const plates: string[] = [];
  let hundredthMs = 0;
  await camera.events?.((event: CameraEvent) => {
    if (event.kind === 'read') plates.push(event.plate);
    if (plates.length === 100) hundredthMs = at.nowMs();
    if (plates.length === 200) ended.abort();
  }, ended.signal);
  return { plates, secondMs: at.nowMs() - hundredthMs };
}

it.each(kinds)('a burst of %s comes at once, and what is beyond it at ten a second', async (kind) => {
  const at = quick();
  const camera = await streaming(kind, STREAMS[kind].of(200), at);
  const { plates, secondMs } = await twoHundred(camera, at);
  expect(plates).toEqual(Array.from({ length: 200 }, (_, index) => `HELLO ${index}`));
  expect(secondMs).toBeGreaterThan(9_000);
});

const FLOODS: readonly (readonly [keyof typeof STREAMS, string, () => Buffer])[] = [
  ['vzenith', 'heartbeats', () => times(500_000, () => vzenithPacket(1, Buffer.alloc(0)))],
  ['vzenith', 'texts', () => STREAMS.vzenith.of(40_000)],
  ['hikvision', 'empty parts', () => multipart(times(600_000, () => '--b\n\n'))],
  ['hikvision', 'texts', () => STREAMS.hikvision.of(20_000)],
  ['dahua', 'texts', () => STREAMS.dahua.of(20_000)],
];

it.each(FLOODS)('%s with %s at the speed of the network holds nothing up', async (kind, _, bytes) => {
  const camera = await streaming(kind, bytes(), clock);
  const ended = new AbortController();
  const meter = createTurnMeter();
  let count = 0;
  const add = (): void => {
    count += 1;
    if (count === 110) ended.abort();
  };
  await camera.events?.(add, ended.signal, add);
  expect(meter.worstMs()).toBeLessThan(TURN_MS);
  expect(count).toBe(110);
  meter.end();
});

it('a pull point of ONVIF with as many messages as an answer has, again and again', async () => {
  let number = 0;
  const message = (): string => {
    number += 1;
    return `<NotificationMessage><SimpleItem Name="PlateNumber" Value="HELLO ${number}"/></NotificationMessage>`;
  };
  const ours = createServer((request, response) => {
    let asked = '';
    request.on('data', (bytes) => {
      asked += bytes;
    });
    request.on('end', () => {
      const { port } = ours.address() as AddressInfo;
      const address = `http://127.0.0.1:${port}/onvif/events`;
      const answer = asked.includes('GetSystemDateAndTime')
        ? '<UTCDateTime><Hour>1</Hour><Minute>1</Minute><Second>1</Second><Year>2026</Year><Month>1</Month><Day>1</Day></UTCDateTime>'
        : asked.includes('GetCapabilities')
          ? `<Events><XAddr>${address}</XAddr></Events>`
          : asked.includes('CreatePullPoint')
            ? `<SubscriptionReference><Address>${address}</Address></SubscriptionReference>`
            : `<PullMessagesResponse>${Array.from({ length: 100 }, message).join('')}</PullMessagesResponse>`;
      response.end(answer);
    });
  });
  server = ours;
  await new Promise<void>((resolve) => ours.listen(0, '127.0.0.1', resolve));
  const { port } = ours.address() as AddressInfo;
  const at = quick();
  const camera = cameraOf('onvif', { url: `http://127.0.0.1:${port}`, receive: 'stream' }, at);
  const { plates, secondMs } = await twoHundred(camera, at);
  expect(plates).toEqual(Array.from({ length: 200 }, (_, index) => `HELLO ${index + 1}`));
  expect(secondMs).toBeGreaterThan(8_000);
});
