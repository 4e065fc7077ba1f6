/** The inbox and its three verbs through the page's server: what waits for whom, what follows for the platform, and that it takes two where it took two. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Release } from '../../src/lane/types.ts';
import type { UserRole } from '../../src/page/api/api.ts';
import { record, release } from '../store/open.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
let cookies: Record<'operator' | 'auditor' | 'installer' | 'viewer' | 'booth', string>;
let lane = '';
let number = 0;
beforeAll(async () => {
  box = await pageBox();
  cookies = {} as typeof cookies;
  for (const role of ['operator', 'auditor', 'installer', 'viewer', 'booth'] as const)
    cookies[role] = await box.as(role);
  // Nothing leaves by itself.
  expect((await ask('POST', 'queue/pause', 'operator', {})).status).toBe(200);
});
afterAll(async () => {
  await box?.close();
});
beforeEach(() => {
  number += 1;
  lane = `lane ${number}`;
});

const ask = (method: string, path: string, role: UserRole, body?: unknown) =>
  box.ask(method, `/api/v1/${path}`, { cookie: cookies[role], ...(body !== undefined && { body }) });
const store = () => {
  const found = box.box.host.app?.store;
  if (found === undefined) throw new Error('the box does not run');
  return found;
};
async function put(id: string, more: Partial<Release> = {}, ageDays = 0): Promise<number> {
  const nowMs = (box.box.host.app?.clock.nowMs() ?? 0) + store().boot.laneOffsetMs;
  const releaseAtMs = Math.round(nowMs - ageDays * 86_400_000);
  return (await store().outbox.put(record(id, { laneId: lane, release: release(id, { releaseAtMs, ...more }) }))).id;
}
const inbox = async (role: UserRole): Promise<readonly number[]> => {
  const { json } = await ask('GET', `releases?marked=inbox&lane=${encodeURIComponent(lane)}&limit=200`, role);
  expect(json.total).toBe(json.items.length);
  return json.items.map(({ id }: { id: number }) => id);
};
const decide = async (role: UserRole, ids: readonly number[], verdict: string, reason?: string) =>
  (await ask('POST', 'releases/decide', role, { ids, verdict, ...(reason !== undefined && { reason }) })).json;
const stateOf = async (id: number) => (await store().review.get(id))?.record.state;

it('holds what the box is not sure of, what it keeps back however old, and what nobody has looked at; each leaves it for everybody', async () => {
  const unsure = await put('unsure', { reported: false });
  const kept = await put('kept', { reported: false, group: 'unproven' }, 90);
  const reported = await put('reported');
  const told = await put('told');
  await put('forgotten', {}, 31);
  await store().outbox.delivered(told, {});
  const all = [told, reported, kept, unsure];
  for (const role of ['operator', 'installer', 'viewer'] as const) expect(await inbox(role), role).toEqual(all);
  expect(await inbox('auditor')).toEqual([]);

  expect(await decide('operator', [unsure, reported], 'owed')).toEqual({
    decided: [
      { id: unsure, sending: 'reported' },
      { id: reported, sending: 'unchanged' },
    ],
  });
  expect(await decide('operator', [kept, told], 'checked', '业主')).toEqual({
    decided: [
      { id: kept, sending: 'dropped' },
      { id: told, sending: 'unchanged' },
    ],
  });
  expect(await Promise.all([unsure, reported, kept, told].map(stateOf))).toEqual([
    ...['waiting', 'waiting', 'dropped', 'delivered'],
  ]);
  for (const role of ['operator', 'installer', 'viewer'] as const) expect(await inbox(role), role).toEqual([]);
  expect(await store().review.marks(kept)).toMatchObject([{ kind: 'checked', reason: '业主', who: 'operator' }]);
});

it('brings back what the one concerned answered, until somebody decides anew', async () => {
  const id = await put('answered');
  await decide('operator', [id], 'owed');
  expect(await inbox('operator')).toEqual([]);
  await ask('POST', 'releases/mark', 'operator', { ids: [id], kind: 'answer', words: '当时道闸坏了' });
  const { json } = await ask('GET', `releases?marked=inbox&lane=${encodeURIComponent(lane)}`, 'operator');
  expect(json.items).toMatchObject([{ id, mark: { kind: 'owed' }, answer: { words: '当时道闸坏了' } }]);
  await decide('operator', [id], 'checked', '设备故障');
  expect(await inbox('operator')).toEqual([]);
  expect((await ask('GET', `releases/${id}`, 'operator')).json.row).not.toHaveProperty('answer');
});

it('wrong of what is to go: sent with the name of one, dropped by two, and never by the same one twice', async () => {
  const id = await put('wrong');
  expect(await decide('operator', [id], 'wrong', '已经缴费')).toEqual({ decided: [{ id, sending: 'goesOut' }] });
  expect((await store().review.get(id))?.record).toMatchObject({
    state: 'waiting',
    reason: expect.stringMatching(/operator.*已经缴费/),
  });
  // It waits for those who may be the second one; not for whoever asked, nor for another operator.
  expect([await inbox('operator'), await inbox('installer'), await inbox('auditor')]).toEqual([[], [id], [id]]);
  expect(
    (await ask('POST', 'users', 'installer', { user: 'colleague', password: PASSWORD, role: 'operator' })).status,
  ).toBe(201);
  const { cookie = '' } = await box.ask('POST', '/api/v1/login', { body: { user: 'colleague', password: PASSWORD } });
  for (const who of [cookies.operator, cookie]) {
    const body = { ids: [id], verdict: 'wrong', reason: '拖挂车' };
    const { json } = await box.ask('POST', '/api/v1/releases/decide', { cookie: who, body });
    expect(json).toEqual({ decided: [{ id, sending: 'goesOut' }] });
    expect(await stateOf(id)).toBe('waiting');
  }
  const marks = await store().review.marks(id);
  expect(await decide('auditor', [id], 'wrong', '看过录像')).toEqual({ decided: [{ id, sending: 'agreed' }] });
  expect(await store().review.get(id)).toMatchObject({ record: { state: 'dropped' }, droppedBy: 'operator, auditor' });
  // Who only agrees marks nothing.
  expect(await store().review.marks(id)).toEqual(marks);
  expect(await inbox('auditor')).toEqual([]);
  const { json } = await ask('GET', 'audit', 'installer');
  const said = (json as { what: { en: string } }[])
    .map(({ what }) => what.en)
    .filter((what) => what.includes(`record ${id}:`));
  expect(said).toEqual(
    expect.arrayContaining([
      `asked to drop record ${id}: 已经缴费`,
      `agreed to drop record ${id}: 看过录像`,
      `reviewed record ${id}: box was wrong`,
    ]),
  );
});

it('a second one who disagrees settles it: it leaves the inbox and goes out', async () => {
  const id = await put('disputed');
  await decide('operator', [id], 'wrong', '已经缴费');
  expect(await inbox('installer')).toEqual([id]);
  expect(await decide('installer', [id], 'owed')).toEqual({ decided: [{ id, sending: 'unchanged' }] });
  expect(await inbox('installer')).toEqual([]);
  expect(await stateOf(id)).toBe('waiting');
});

it('an installer alone is one person, as ever', async () => {
  const id = await put('alone');
  for (const time of [1, 2])
    expect(await decide('installer', [id], 'wrong', '拖挂车'), String(time)).toEqual({
      decided: [{ id, sending: 'goesOut' }],
    });
  expect(await stateOf(id)).toBe('waiting');
  expect(await inbox('installer')).toEqual([]);
});

it('what cannot be is refused by name, and nothing of it is kept', async () => {
  const id = await put('refused', { reported: false });
  const other = await put('other');
  const refused = async (role: UserRole, body: object) => {
    const { json } = await ask('POST', 'releases/decide', role, body);
    return [json.status, json.code];
  };
  expect(await refused('viewer', { ids: [id], verdict: 'owed' })).toEqual([403, 'forbidden']);
  expect(await refused('booth', { ids: [id], verdict: 'wrong', reason: 'x' })).toEqual([403, 'forbidden']);
  expect(await refused('auditor', { ids: [id], verdict: 'owed' })).toEqual([403, 'forbidden']);
  // Nothing to agree to: neither what is kept back nor what is on its way.
  expect(await refused('auditor', { ids: [id, other], verdict: 'wrong', reason: 'x' })).toEqual([409, 'conflict']);
  for (const verdict of ['checked', 'wrong'])
    expect(await refused('operator', { ids: [id], verdict })).toEqual([422, 'invalid']);
  expect(await refused('operator', { ids: [999_999], verdict: 'owed' })).toEqual([404, 'notFound']);
  expect(await refused('operator', { ids: [], verdict: 'owed' })).toEqual([422, 'invalid']);
  expect([await stateOf(id), await stateOf(other)]).toEqual(['review', 'waiting']);
  expect(await store().review.marks(id)).toEqual([]);
});
