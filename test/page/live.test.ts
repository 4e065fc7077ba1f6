/** The live stream: what happens in the lane, resumed where it broke off, bounded for those who cannot keep up. */
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENTS_MAX } from '../../src/page/stream.ts';
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
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
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
  expect(lanes.some(({ levels }) => levels.approach === true)).toBe(true);
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
  await expect.poll(() => second.of('lane').some(({ data }) => data.modes.includes('maintenance'))).toBe(true);
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
  await box.ask('POST', '/api/v1/queue/resume', { cookie, body: {} });
  await expect.poll(() => mine.of('log').some(({ data }) => data.text.en.includes('paused uploads'))).toBe(true);
  await expect.poll(() => theirs.of('queue').length).toBeGreaterThan(0);
  expect(theirs.of('log')).toEqual([]);
  mine.end();
  theirs.end();
});

it('lets a visitor of the demonstration pull the adapter out and put it back', async () => {
  const stream = await listen();
  const fault = (name: string, on: boolean) =>
    box.ask('POST', '/api/v1/demo', { cookie, body: { fault: name, on } }).then(({ status }) => status);
  expect(await fault('unplug', true)).toBe(200);
  const levels = () => stream.of('lane').at(-1)?.data.levels.down;
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
