/** `page.maskPlates`: what a viewer gets has no whole plate and no picture, over every way out of the page; others see all. */
import { appendFileSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withoutPlates } from '../../src/page/access/plate-mask.ts';
import { type PageBox, pageBox } from './page-box.ts';

const PLATE = /\p{Script=Han}[A-Z][A-Z0-9]{5,6}/u;
let box: PageBox;

beforeAll(async () => {
  box = await pageBox({ speed: 10, prepare: (file) => appendFileSync(file, '\npage: { maskPlates: true }\n') });
});
afterAll(async () => {
  await box?.close();
});

it('takes the middle out of plates as they are written, and of nothing else', () => {
  for (const [plate, shown] of [
    ['粤B12345', '粤B***45'],
    ['粤BD12345', '粤B***45'],
    ['粤B1234学', '粤B***4学'],
    ['AB12', '***'],
  ] as const)
    expect(withoutPlates(`{"plate":"${plate}"}`)).toBe(`{"plate":"${shown}"}`);
  expect(withoutPlates('1001-00000B7QABGRV3AV26048SSAZH 2026-11-24 通道A 京港澳')).toBe(
    '1001-00000B7QABGRV3AV26048SSAZH 2026-11-24 通道A 京港澳',
  );
});

it('a viewer gets no whole plate and no picture; an operator gets both', async () => {
  const [viewer, operator] = [await box.as('viewer'), await box.as('operator')];
  const ask = (path: string, cookie: string) => box.ask('GET', `/api/v1/${path}`, { cookie });
  box.park.controls.send('manual');
  await expect.poll(async () => (await ask('releases', operator)).json.items[0]?.picture).toBe('attached');
  const { id } = (await ask('releases', operator)).json.items[0];
  for (const path of ['overview', 'releases', `releases/${id}`, `releases/${id}/timeline`, 'releases.csv', 'intake']) {
    const { status, text } = await ask(path, viewer);
    expect([path, status, PLATE.exec(text)]).toEqual([path, 200, null]);
  }
  expect((await ask('releases', viewer)).text).toContain('***');
  expect((await ask(`releases/${id}`, operator)).text).toMatch(PLATE);
  expect((await ask(`releases/${id}/picture`, viewer)).status).toBe(403);
  expect((await ask('releases?plate=1', viewer)).status).toBe(403);
  expect((await ask(`releases/${id}/picture`, operator)).status).toBe(200);
});

/** Of no form that a text would be looked through for. */
const ODD = [
  'VA12345',
  '军A12345',
  'AB1234',
  'WJ0112345',
  '粤B1234567',
  '粤B-12345',
  'XQ12345678',
  '7ABC123',
  'AB12',
  'あ1234',
];

it.each(ODD)('a viewer is never given %s, wherever a field is a plate', async (plate) => {
  const [viewer, operator] = [await box.as('viewer'), await box.as('operator')];
  const ask = (path: string, cookie: string) => box.ask('GET', `/api/v1/${path}`, { cookie });
  const url = `http://${/listen: "?([\d.:]+)/.exec(readFileSync(box.configFile, 'utf8'))?.[1]}/api/v1`;
  const secrets = readFileSync(join(box.folder, 'secrets.yaml'), 'utf8');
  const headers = {
    authorization: `Bearer ${/intake.pms: "(.*)"/.exec(secrets)?.[1]}`,
    'content-type': 'application/json',
  };
  const tell = (path: string, body: object) =>
    fetch(`${url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const heard = await listening(viewer, async () => {
    const id = `odd-${ODD.indexOf(plate)}`;
    const ended = { issuedAt: new Date(Date.now() - 7_200_000), expiresAt: new Date(Date.now() - 3_600_000) };
    expect((await tell('grants', { id, plate, kind: 'paid', ...ended })).status).toBeLessThan(300);
    expect((await tell('plates', { plate, lane: '1001' })).status).toBeLessThan(300);
    box.park.controls.send('manual');
    await expect.poll(async () => (await ask('overview', operator)).text).toContain(plate.replace('-', ''));
  });
  const forms = [plate, plate.replace('-', '')];
  const whole = (text: string) => forms.filter((each) => text.includes(each));
  expect(whole(heard), 'live').toEqual([]);
  const { items } = (await ask('releases', operator)).json;
  const paths = ['overview', 'releases', 'releases.csv', 'intake', 'payments.csv?day=today', 'account'];
  for (const path of [...paths, `releases/${items[0].id}`, `releases/${items[0].id}/review`]) {
    const { status, text } = await ask(path, viewer);
    expect([path, status, whole(text)]).toEqual([path, 200, []]);
  }
  const forPrograms = await box.ask('GET', '/api/v2/releases', { cookie: viewer });
  expect([forPrograms.status, whole(forPrograms.text)]).toEqual([200, []]);
  const picture = `/api/v2/releases/${items[0].id}/picture`;
  expect((await box.ask('GET', picture, { cookie: viewer })).status).toBe(403);
});

/** What a viewer's stream has until then. */
async function listening(cookie: string, until: () => Promise<void>): Promise<string> {
  let text = '';
  const asked = request(`${box.url}/api/v1/live`, { agent: false, headers: { cookie } }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  });
  asked.on('error', () => undefined).end();
  await expect.poll(() => text).toContain('event: overview');
  await until();
  asked.destroy();
  return text;
}

it('the live stream of a viewer has none either', async () => {
  const cookie = await box.as('viewer');
  const heard = await new Promise<string>((resolve, reject) => {
    let text = '';
    const asked = request(`${box.url}/api/v1/live`, { agent: false, headers: { cookie } }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        // Of the first overview, and of what happens in the lane.
        if (!text.includes('event: overview') || !text.includes('***')) return;
        asked.destroy();
        resolve(text);
      });
    });
    asked.on('error', reject);
    asked.end();
    box.park.controls.send('manual');
  });
  expect(PLATE.exec(heard)).toBeNull();
});
