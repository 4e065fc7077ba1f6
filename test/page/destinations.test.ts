/** Destinations on the page and in the interface of a whole box: their rows, their complaints, and a pause of one of them. */
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmConfigured } from '../confirmed-peers.ts';
import { receiver, SECRET, type TestReceiver } from '../delivery/destination/receivers.ts';
import { record } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let far: TestReceiver;
beforeAll(async () => {
  far = await receiver('--plan', '200,410');
  box = await pageBox({
    prepare: async (file) => {
      appendFileSync(join(dirname(file), 'secrets.yaml'), `office.signing: "${SECRET}"\n`);
      appendFileSync(
        file,
        `destinations:
  - { name: office, kind: webhook, url: "http://127.0.0.1:${far.port}/", secret: { secret: office.signing }, takes: { facts: [release] } }
  - { name: alive, kind: ping, url: "http://127.0.0.1:1/" }
`,
      );
      await confirmConfigured(file);
    },
  });
});
afterAll(async () => {
  await box?.close();
  far.stop();
});

const rows = async (cookie: string) => (await box.ask('GET', '/api/v1/queue', { cookie })).json.destinations;

it('has a row for the platform and each destination, complains of one that wants nothing more, and lets it be resumed', async () => {
  const cookie = await box.as('operator');
  await expect
    .poll(() => rows(cookie))
    .toMatchObject([
      { name: '4pyun', kind: '4pyun', state: expect.any(String) },
      { name: 'office', kind: 'webhook', state: 'idle', waiting: 0, arrived: 0 },
      { name: 'alive', kind: 'ping', state: 'failing', lastError: { en: expect.stringContaining('refused') } },
    ]);
  await box.box.host.app?.store.outbox.put(record('r1'));
  await expect.poll(() => rows(cookie)).toMatchObject([{}, { name: 'office', arrived: 1 }, {}]);
  await box.box.host.app?.store.outbox.put(record('r2'));
  await expect.poll(() => rows(cookie)).toMatchObject([{}, { state: 'stopped', waiting: expect.any(Number) }, {}]);
  const { json } = await box.ask('GET', '/api/v1/overview', { cookie });
  const texts = JSON.stringify([json.headline, ...json.complaints]);
  expect(texts).toContain('Destination office wants nothing more');
  expect(texts).toContain('HTTP 410');
  expect(texts).toContain('Destination alive fails');
  expect(json.destinations).toHaveLength(3);

  // An operator resumes and pauses it; nobody pauses what is not there.
  const viewer = await box.as('viewer');
  const send = (what: string, destination: string, who = cookie) =>
    box.ask('POST', `/api/v1/queue/${what}`, { cookie: who, body: { destination } });
  expect((await send('resume', 'office', viewer)).status).toBe(403);
  expect((await send('resume', 'office')).status).toBe(200);
  await expect.poll(() => rows(cookie)).toMatchObject([{}, { state: 'idle', arrived: 2, waiting: 0 }, {}]);
  expect((await send('pause', 'office')).json.destinations).toMatchObject([{}, { state: 'paused' }, {}]);
  // The platform goes on.
  expect((await rows(cookie))[0].state).not.toBe('paused');
  for (const name of ['alive', 'nothing']) expect((await send('pause', name)).status).toBe(404);
  expect(box.lines.join('\n')).toContain('paused the destination office');
  await send('resume', 'office');
});
