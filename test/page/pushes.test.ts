/** What cameras pushed, through the whole box: on the page, in the metrics, and by the command, which asks the running program. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { camerasCommand } from '../../src/cli/status/cameras.ts';
import { commandRun } from '../cli/program-run.ts';
import { type PageBox, pageBox } from './page-box.ts';

let page: PageBox;
let cookie: string;
beforeAll(async () => {
  page = await pageBox({
    prepare: (file) =>
      writeFileSync(
        file,
        readFileSync(file, 'utf8')
          .replace(
            /^cameras:\n/m,
            'cameras:\n  - { id: cam9, kind: json-push, url: "http://127.0.0.1", fields: { plate: plate } }\n',
          )
          .replace(
            'intake:\n',
            'intake:\n  systems: [{ name: booth, profile: bolink-pay-notice, secrets: { ckey: { secret: intake.pms } } }]\n',
          ),
      ),
  });
  cookie = await page.as('operator');
});
afterAll(() => page.close());

const push = async (path: string, body: string): Promise<number> => {
  const url = page.box.host.app?.intakePorts.urls[0] ?? '';
  return (await fetch(url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).status;
};

test('a push to no camera stands on the page, in the metrics and in the command', async () => {
  expect(await push('/api/v1/cameras/nowhere', '{}')).toBe(404);
  const seen = (await page.ask('GET', '/api/v1/pushes', { cookie })).json;
  expect(seen.cameras.find(({ id }: { id: string }) => id === '?')).toMatchObject({
    counts: { refused: 1 },
    rows: [{ outcome: 'refused', why: 'unknownCamera', what: { en: expect.stringContaining('/cameras/nowhere') } }],
  });
  const { text } = await page.ask('GET', '/metrics', { cookie });
  expect(text).toContain('lanewarden_camera_pushes_total{camera="?",outcome="refused"} 1');
  const one = (await page.ask('GET', '/api/v1/pushes?camera=cam1', { cookie })).json;
  expect(one.cameras.find(({ id }: { id: string }) => id === '?').rows).toEqual([]);
});

test('a push is given as a capture without its plate, to an operator only', async () => {
  const id = 'cam9';
  const body = JSON.stringify({ plate: '粤B88888', password: 'secret of it', ipaddr: '198.51.100.7' });
  const url = page.box.host.app?.intakePorts.urls[0] ?? '';
  await fetch(`${url}/api/v1/cameras/${id}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const rows = async () =>
    (await page.ask('GET', `/api/v1/pushes?camera=${id}`, { cookie })).json.cameras.find(
      (each: { id: string }) => each.id === id,
    ).rows;
  const row = (await rows()).find((each: { capture?: number }) => each.capture !== undefined);
  const given = await page.ask('GET', `/api/v1/pushes/${row.capture}/capture`, { cookie });
  expect(given.status, given.text).toBe(200);
  expect(given.json).toMatchObject({ path: '/', headers: { 'Content-Type': 'application/json' } });
  const bytes = Buffer.from(given.json.body, 'base64').toString();
  expect(bytes).toContain('粤A');
  for (const gone of ['88888', 'secret of it', '198.51.100.7']) expect(bytes).not.toContain(gone);
  expect(
    (await page.ask('GET', `/api/v1/pushes/${row.capture}/capture`, { cookie: await page.as('viewer') })).status,
  ).toBe(403);
  expect((await page.ask('GET', '/api/v1/pushes/999999/capture', { cookie })).status).toBe(404);
});

test('a push that an intake profile refuses stands there with its reason, and is given as a capture', async () => {
  const body = JSON.stringify({ plate_number: '粤B88888', sign: '0123456789abcdef' });
  await push('/api/v1/systems/booth/notify', body);
  const of = async () =>
    (await page.ask('GET', '/api/v1/pushes?camera=booth', { cookie })).json.cameras.find(
      ({ id }: { id: string }) => id === 'booth',
    );
  const { rows, counts } = await of();
  expect(counts).toMatchObject({ refused: 1, read: 0 });
  expect(rows).toMatchObject([
    { outcome: 'refused', way: 'push', path: '/notify', what: { zh: expect.any(String), en: expect.any(String) } },
  ]);
  const given = await page.ask('GET', `/api/v1/pushes/${rows[0].capture}/capture`, { cookie });
  expect(given.json).toMatchObject({ kind: 'bolink-pay-notice', expect: { plate: null } });
  const bytes = Buffer.from(given.json.body, 'base64').toString();
  expect(bytes).toContain('plate_number');
  expect(bytes).not.toContain('88888');
});

const cameras = (...words: string[]) =>
  commandRun(camerasCommand, { store: join(page.folder, 'state') }, words, { LANG: 'en' });

test('the command prints it, as text and as JSON, and says when nothing runs', async () => {
  expect(statSync(join(page.folder, 'state/cameras.sock')).mode & 0o777).toBe(0o600);
  const all = await cameras();
  expect(all).toMatchObject({ code: 0, err: '' });
  expect(all.out).toContain('Unknown senders: Refused 1');
  expect(JSON.parse((await cameras('?', '--json')).out).cameras).toMatchObject([{ id: '?', counts: { refused: 1 } }]);
  expect(await cameras('cam99')).toMatchObject({ code: 66, err: expect.stringContaining('there is no camera cam99') });
  expect(await cameras('--store', join(page.folder, 'elsewhere'))).toMatchObject({
    code: 69,
    err: expect.stringContaining('no program runs'),
  });
});
