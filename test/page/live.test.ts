/** The live stream: what happens in the lane, resumed where it broke off, bounded for those who cannot keep up. */
import { get, type IncomingMessage } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Overview } from '../../src/page/api/api.ts';
import type { LiveEvent } from '../../src/page/api/api-live.ts';
import { CLIENTS_MAX } from '../../src/page/stream.ts';
import { withEvent } from '../../src/ui/live-merge.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookie: string;
beforeAll(async () => {
  box = await pageBox({ demo: true, speed: 3 });
  cookie = (await box.ask('GET', '/api/v1/session')).cookie ?? '';
});
afterAll(async () => {
  await box?.close();
});

interface Heard {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test.
  readonly data: any;
}

async function listen(query = '', headers: Record<string, string> = {}, as = cookie) {
  const heard: Heard[] = [];
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${box.url}/api/v1/live${query}`, { agent: false, headers: { cookie: as, ...headers } }, resolve).on(
      'error',
      reject,
    );
  });
  const began = performance.now();
  let bytes = 0;
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    bytes += Buffer.byteLength(chunk);
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const [, id = ''] = /^id: (.*)$/m.exec(block) ?? [];
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data = 'null'] = /^data: (.*)$/m.exec(block) ?? [];
      if (event !== undefined) heard.push({ id, event, data: JSON.parse(data) });
    }
  });
  response.on('error', () => undefined);
  return {
    response,
    heard,
    bytesPerSecond: () => (bytes / (performance.now() - began)) * 1_000,
    of: (event: string) => heard.filter((each) => each.event === event),
    end: () => response.destroy(),
  };
}

it('begins with an overview, and tells of a car until its release', async () => {
  const stream = await listen('?signals=1&frames=rs485-1');
  await expect.poll(() => stream.heard[0]?.event).toBe('overview');
  await box.ask('POST', '/api/v1/demo', { cookie, body: { car: 'manual' } });
  await expect.poll(() => stream.of('release').at(-1)?.data.state).toBe('delivered');
  const lanes = stream.of('lane').map(({ data }) => data);
  expect(lanes.some(({ arm }) => arm === 'open')).toBe(true);
  expect(lanes.some(({ levels }) => levels?.approach === true)).toBe(true);
  expect(stream.of('reading').some(({ data }) => data.point === 'di3' && data.value === 1)).toBe(true);
  expect(stream.of('wire')[0]?.data).toMatchObject({ line: 'rs485-1', hex: expect.stringMatching(/^01 02/) });
  expect(stream.of('told').some(({ data }) => data.kind === 'plate')).toBe(true);
  stream.end();

  const { id } = (stream.of('release').at(-1) as Heard).data;
  const detail = (await box.ask('GET', `/api/v1/releases/${id}`, { cookie })).json;
  expect(detail.row).toMatchObject({
    method: expect.stringMatching(/button|manual/),
    picture: 'attached',
    state: 'delivered',
  });
  expect(detail.facts.length).toBeGreaterThan(0);
  expect(detail.request.find(({ name }: { name: string }) => name === 'sign').value).toContain('***');
  const timeline = (await box.ask('GET', `/api/v1/releases/${id}/timeline?seconds=5`, { cookie })).json;
  const down = timeline.signals.find(({ role }: { role: string }) => role === 'down');
  expect(down.edges.map(({ level }: { level: boolean }) => level)).toContain(false);
  const near = (await box.ask('GET', `/api/v1/releases/${id}/timeline?seconds=2`, { cookie })).json;
  for (const { role, before } of near.signals) expect(typeof before, role).toBe('boolean');
  const picture = await box.ask('GET', `/api/v1/releases/${id}/picture`, { cookie });
  expect(picture.headers['content-type']).toBe('image/jpeg');
  const csv = await box.ask('GET', '/api/v1/releases.csv', { cookie });
  expect(csv.text).toMatch(/^\uFEFF时间（北京）,/);
  expect(csv.text.trim().split('\r\n').length).toBeGreaterThan(1);
});

it('carries what changed, from which a page has the overview as it is now', async () => {
  const stream = await listen();
  await box.ask('POST', '/api/v1/demo', { cookie, body: { car: 'manual' } });
  await expect.poll(() => stream.of('release').at(-1)?.data.state).toBe('delivered');
  const kept = (): Overview => {
    const [first, ...events] = stream.heard;
    return events.reduce<Overview>(
      (overview, { event, data }) => withEvent(overview, { event, data } as LiveEvent) ?? overview,
      first?.data,
    );
  };
  /** Without what a page counts on by itself, and figures that are never the same. */
  const still = ({ lanes, devices, queue: { waiting, delivered }, today, headline, complaints }: Overview) => ({
    ...{ waiting, delivered, today, headline, complaints },
    lanes: lanes.map(({ armForMs: _a, openingForMs: _o, ...lane }) => lane),
    devices: devices.map(({ id, state, faults }) => ({ id, state, faults })),
  });
  const asked = async (): Promise<Overview> => (await box.ask('GET', '/api/v1/overview', { cookie })).json;
  await expect.poll(async () => isDeepStrictEqual(still(await asked()), still(kept()))).toBe(true);
  const now = await asked();
  // Of three times the usual traffic; whole lanes and overviews took twice as much.
  expect(stream.bytesPerSecond()).toBeLessThan(1_500);
  stream.end();

  const [whole, ...parts] = stream.of('overview');
  expect([whole?.data.lanes.length, parts]).toEqual([1, []]);
  const sizes = (event: string) => stream.of(event).map(({ data }) => JSON.stringify(data).length);
  expect(Math.max(...sizes('lane'))).toBeLessThan(JSON.stringify(now.lanes[0]).length / 2);
  // The row comes whole once: its picture and its delivery are changes of it.
  const { id } = stream.of('release').at(-1)?.data ?? {};
  const rows = stream.of('release').filter(({ data }) => data.id === id);
  expect(rows.map(({ data }) => 'method' in data)).toEqual([true, ...rows.slice(1).map(() => false)]);
});

it('goes on from where it broke off, and from another run begins anew', async () => {
  const first = await listen();
  await expect.poll(() => first.heard.length).toBeGreaterThan(0);
  const { id } = first.heard[0] as Heard;
  first.end();
  const maintained = await box.ask('POST', '/api/v1/lanes/1001/maintenance', {
    cookie,
    body: { minutes: 5, reason: 'test' },
  });
  expect(maintained.json.maintenance).toMatchObject({ reason: 'test' });
  const second = await listen('', { 'last-event-id': id });
  await expect.poll(() => second.of('lane').some(({ data }) => data.modes?.includes('maintenance'))).toBe(true);
  expect(second.heard[0]?.event).not.toBe('overview');
  second.end();
  for (const unknown of ['deadbeef-1', `${id.split('-')[0]}-999999`, 'x']) {
    const other = await listen('', { 'last-event-id': unknown });
    await expect.poll(() => other.heard[0]?.event).toBe('overview');
    other.end();
  }
  await box.ask('POST', '/api/v1/lanes/1001/maintenance', { cookie, body: { off: true } });
});

it('has room for so many, and says so to the next', async () => {
  const streams = await Promise.all(Array.from({ length: CLIENTS_MAX }, () => listen()));
  const refused = await listen();
  expect(refused.response.statusCode).toBe(503);
  for (const stream of streams) stream.end();
  await expect
    .poll(async () => {
      const next = await listen();
      next.end();
      return next.response.statusCode;
    })
    .toBe(200);
});

it('shows no log and no jobs to a viewer', async () => {
  await box.ask('POST', '/api/v1/users', {
    cookie,
    body: { user: 'eva', password: 'four unrelated green words', role: 'viewer' },
  });
  const viewer =
    (await box.ask('POST', '/api/v1/login', { body: { user: 'eva', password: 'four unrelated green words' } }))
      .cookie ?? '';
  const [mine, theirs] = [await listen(), await listen('', {}, viewer)];
  await box.ask('POST', '/api/v1/queue/pause', { cookie, body: {} });
  await expect.poll(() => theirs.of('queue').at(-1)?.data.uploader).toBe('paused');
  await box.ask('POST', '/api/v1/queue/resume', { cookie, body: {} });
  await expect.poll(() => mine.of('log').some(({ data }) => data.text.en.includes('paused uploads'))).toBe(true);
  expect(theirs.of('log')).toEqual([]);
  mine.end();
  theirs.end();
});

it('lets a visitor of the demonstration pull the adapter out and put it back', async () => {
  const stream = await listen();
  const fault = (name: string, on: boolean) =>
    box.ask('POST', '/api/v1/demo', { cookie, body: { fault: name, on } }).then(({ status }) => status);
  expect(await fault('unplug', true)).toBe(200);
  const levels = () =>
    stream
      .of('lane')
      .flatMap(({ data }) => data.levels ?? [])
      .at(-1)?.down;
  await expect.poll(levels).toBe(null);
  expect(await fault('unplug', false)).toBe(200);
  await expect.poll(levels).toBe(true);
  const { json: faults } = await box.ask('GET', '/api/v1/demo', { cookie });
  expect(faults).toContainEqual({ name: 'unplug', text: { zh: '拔掉转换器', en: 'adapter pulled out' }, on: false });
  // Each has words of its own.
  expect(faults.filter(({ name, text }: { name: string; text: { zh: string } }) => text.zh === name)).toEqual([]);
  expect(await fault('earthquake', true)).toBe(404);
  stream.end();
});
