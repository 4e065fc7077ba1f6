/** A booth over HTTP: it sees its own lanes, signs on there, and each way to another lane is refused by name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { record, release } from '../store/open.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

const [OWN, OTHER] = ['1001', '1002'];
let box: PageBox;
let installer: string;
let booth: string;
/** One record of each lane. */
let own: number;
let other: number;
const DAY_MS = 86_400_000;
const at = Date.now() - DAY_MS;
const day = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);

/** A second lane beside the one of the demonstration, on the input that it leaves free. */
function withTwoLanes(file: string): void {
  const lane = `  - { id: "${OTHER}", name: 通道B, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io1.di8 } }\n`;
  writeFileSync(file, readFileSync(file, 'utf8').replace('intake:\n', `${lane}intake:\n`));
}

const ask = (method: string, path: string, cookie: string, body?: unknown) =>
  box.ask(method, `/api/v1/${path}`, { cookie, ...(body !== undefined && { body }) });
const login = async (user: string) =>
  (await box.ask('POST', '/api/v1/login', { body: { user, password: PASSWORD } })).cookie as string;
const addBooth = (user: string, lanes?: readonly string[]) =>
  ask('POST', 'users', installer, { user, password: PASSWORD, role: 'booth', ...(lanes && { lanes }) });
const otherLane = { status: 403, json: { code: 'otherLane' } };

beforeAll(async () => {
  box = await pageBox({ prepare: withTwoLanes });
  installer = await box.as('installer');
  expect(await addBooth('south', [OWN])).toMatchObject({ status: 201 });
  booth = await login('south');
  const { store } = box.box.host.app ?? {};
  // The store dates a record by the steady clock.
  const steadyMs = Math.round(systemClock().nowMs() - (Date.now() - at));
  const put = async (laneId: string, id: string): Promise<number> => {
    const plate = { text: '粤B12345', confidence: 0.9 };
    const kept = await store?.outbox.put(
      record(id, { laneId, release: release(id, { plate, verdict: 'tailgating', releaseAtMs: steadyMs }) }),
    );
    const row = { rows: { [`9\t张三\topening\thand.button\t${at}`]: [laneId === OWN ? 1 : 5, 0] } };
    const text = JSON.stringify({ ...row, questions: [], moreQuestions: 0, corrections: [] });
    await store?.accounts.keep(laneId, day, text, JSON.stringify({ openings: laneId === OWN ? 1 : 5 }));
    return kept?.id as number;
  };
  own = await put(OWN, 'a');
  other = await put(OTHER, 'b');
  for (const id of ['c', 'd']) await put(OTHER, id);
  await ask('PUT', 'duty/pins', installer, { operator: '张三', pin: '482915' });
});
afterAll(async () => {
  await box?.close();
});

describe('of its own lanes', () => {
  it('it sees the state, and nothing of the others', async () => {
    const { json } = await ask('GET', 'overview', booth);
    expect(json.lanes.map(({ id }: { id: string }) => id)).toEqual([OWN]);
    // Not whether its cars are counted, nor anything else of what the box sees now.
    expect(json).toMatchObject({ complaints: [], devices: [], headline: { id: 'box', level: 'ok' } });
    for (const name of ['today', 'destinations']) expect(json).not.toHaveProperty(name);
    expect(json.lanes[0]).toMatchObject({ arm: 'unknown', levels: {}, alarms: [], passages: 0 });
    const now = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    for (const word of ['today', now, '2999-01-01'])
      expect((await ask('GET', `account?day=${word}`, booth)).status).toBe(403);
    expect((await ask('GET', 'overview', installer)).json.lanes).toHaveLength(2);
  });

  it('it sees the records', async () => {
    const { json } = await ask('GET', `releases?day=${day}`, booth);
    expect(json).toMatchObject({ total: 1, items: [{ id: own, laneId: OWN }] });
    for (const path of [`releases/${own}`, `releases/${own}/review`])
      expect((await ask('GET', path, booth)).status).toBe(200);
    // There is no picture here; what matters is that nobody is turned away. The signals would say what the box sees.
    expect((await ask('GET', `releases/${own}/picture`, booth)).status).toBe(404);
    expect((await ask('GET', `releases/${own}/timeline`, booth)).status).toBe(403);
  });

  it('it sees the sheet, with its own sums, plates and trend', async () => {
    const { json } = await ask('GET', `account?day=${day}`, booth);
    expect(json).toMatchObject({
      lanes: [{ id: OWN }],
      openings: { total: 1 },
      byLane: [{ key: OWN, openings: 1 }],
      patterns: [],
    });
    expect(json.trend.at(-1)).toMatchObject({ key: day, openings: 1 });
    expect((await ask('GET', `account/trend.svg?day=${day}`, booth)).status).toBe(200);
    const whole = (await ask('GET', `account?day=${day}`, installer)).json;
    expect(whole).toMatchObject({ openings: { total: 6 }, patterns: [{ kind: 'samePlate', count: 4 }] });
    expect((await ask('GET', `account?day=${day}&lane=${OWN}`, installer)).json.patterns).toEqual([]);
  });

  it('it signs on, and without a lane named in these alone', async () => {
    const { json } = await ask('POST', 'duty/sign-on', booth, { operator: '张三', pin: '482915', newPin: '640291' });
    expect(json.lanes).toMatchObject([{ id: OWN, operator: '张三' }]);
    const all = (await ask('GET', 'duty', installer)).json;
    expect(all.lanes.find(({ id }: { id: string }) => id === OTHER)?.by).not.toBe('pin');
    // The three of the other lane are not counted for the booth.
    expect(all.open - json.open).toBeGreaterThanOrEqual(3);
    expect((await ask('POST', 'duty/affirm', booth, {})).status).toBe(200);
  });

  it('it hears no event of another lane', async () => {
    const heard = await new Promise<string>((resolve, reject) => {
      let text = '';
      const asked = request(
        `${box.url}/api/v1/live?signals=1&frames=rs485-1`,
        { headers: { cookie: booth } },
        (answer) => {
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
            // The overview of now, then the record of the car: nothing of the signals and figures that it changed.
            if (!/event: release\n/.test(text)) return;
            asked.destroy();
            resolve(text);
          });
        },
      );
      asked.on('error', reject);
      asked.end();
      box.park.controls.send('manual');
    });
    expect(heard).toContain(`"id":"${OWN}"`);
    expect(heard).not.toContain(`"id":"${OTHER}"`);
    expect(heard).not.toContain(`"lane":"${OTHER}"`);
    expect(heard).not.toMatch(/event: (reading|wire|told|log|device)/);
    expect(heard).not.toMatch(/^id: /m);
    expect(heard).not.toMatch(/"(today|complaints|destinations|occupiedForMs)":[^[]*[{[][^}\]]/);
  });
});

describe('of another lane', () => {
  it.each([
    `releases?lane=${OTHER}`,
    `account?lane=${OTHER}`,
    `account/trend.svg?lane=${OTHER}`,
    'releases?lane=nowhere',
  ])('%s is refused', async (path) => {
    expect(await ask('GET', path, booth)).toMatchObject(otherLane);
  });

  it('a record is refused by whatever way it is asked for', async () => {
    for (const path of ['', '/review', '/picture'])
      expect(await ask('GET', `releases/${other}${path}`, booth), path).toMatchObject(otherLane);
    expect((await ask('GET', 'releases/999999', booth)).status).toBe(404);
  });

  it('nobody signs on or off there, nor says that they are still there', async () => {
    const who = { operator: '张三', pin: '482915', lanes: [OWN, OTHER] };
    for (const [path, body] of [
      ['duty/sign-on', who],
      ['duty/sign-off', who],
      ['duty/affirm', { lanes: [OTHER] }],
    ] as const)
      expect(await ask('POST', path, booth, body), path).toMatchObject(otherLane);
  });

  it('the answer says it in words', async () => {
    const cookie = { cookie: booth, headers: { 'accept-language': 'en' } };
    const { json } = await box.ask('GET', `/api/v1/releases/${other}`, cookie);
    expect(json).toMatchObject({ title: 'Not a lane of yours', detail: expect.stringContaining('page Users') });
  });
});

describe('it changes and takes out nothing', () => {
  it('marks, decisions, exports and figures are not its business', async () => {
    const mark = { ids: [own], kind: 'checked' };
    expect(await ask('POST', 'releases/mark', booth, mark)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    for (const path of ['releases.csv', 'account.csv', 'account.zip', 'queue', 'signals', 'intake'])
      expect((await ask('GET', path, booth)).json.code, path).toBe('forbidden');
    expect((await box.ask('GET', '/metrics', { cookie: booth })).status).toBe(403);
  });
});

describe('which lanes a booth has', () => {
  it('is for booths alone, and of lanes there are', async () => {
    expect(await addBooth('west', ['9999'])).toMatchObject({ status: 422, json: { errors: [{ field: 'lanes' }] } });
    const viewer = { user: 'west', password: PASSWORD, role: 'viewer', lanes: [OWN] };
    expect(await ask('POST', 'users', installer, viewer)).toMatchObject({ status: 422 });
    await box.as('viewer');
    expect((await ask('PUT', 'users/viewer/lanes', installer, { lanes: [OWN] })).json.code).toBe('conflict');
    expect((await ask('PUT', 'users/nobody/lanes', installer, {})).status).toBe(404);
    expect((await ask('PUT', 'users/south/lanes', booth, {})).status).toBe(403);
  });

  it('changes at once', async () => {
    await ask('PUT', 'users/south/lanes', installer, { lanes: [OTHER] });
    const { items } = (await ask('GET', 'releases', booth)).json;
    expect(items.map(({ id }: { id: number }) => id)).toContain(other);
    expect(new Set(items.map(({ laneId }: { laneId: string }) => laneId))).toEqual(new Set([OTHER]));
    await ask('PUT', 'users/south/lanes', installer, { lanes: [OWN] });
  });

  it('lasts, is all of them for a user of an earlier version, and none that can be used for one that is damaged', async () => {
    await addBooth('old');
    await addBooth('odd', [OWN]);
    const [old, odd] = [await login('old'), await login('odd')];
    box = await box.restart(() => {
      const file = join(box.folder, 'state', 'page', 'users.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/("user": "odd"[^}]*?"lanes": )\[[^\]]*\]/, '$1"1001"'));
    });
    const { json } = await ask('GET', 'users', installer);
    expect(json).toContainEqual(expect.objectContaining({ user: 'south', role: 'booth', lanes: [OWN] }));
    expect(await ask('GET', `releases?lane=${OTHER}`, booth)).toMatchObject(otherLane);
    expect((await ask('GET', 'releases', old)).json.total).toBeGreaterThanOrEqual(4);
    expect((await ask('GET', 'releases', odd)).status).toBe(401);
  });
});
