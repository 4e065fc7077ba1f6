/** The inbox and its three verbs through the page's server: what waits for whom, what follows for the platform, and that it takes two where it took two. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Release } from '../../src/lane/types.ts';
import type { UserRole } from '../../src/page/api/api.ts';
import { decide as decideInStore } from '../../src/status/release-actions.ts';
import { record, release } from '../store/open.ts';
import { ageUsers } from './age-users.ts';
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
  ageUsers(box.folder);
  await login('operator');
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

async function login(user: string): Promise<string> {
  const { cookie = '' } = await box.ask('POST', '/api/v1/login', { body: { user, password: PASSWORD } });
  return cookie;
}
async function newcomer(user: string, role: UserRole): Promise<string> {
  expect((await ask('POST', 'users', 'installer', { user, password: PASSWORD, role })).status).toBe(201);
  return login(user);
}
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
    notKept: [],
  });
  expect(await decide('operator', [kept, told], 'checked', '业主')).toEqual({
    decided: [
      { id: kept, sending: 'dropped' },
      { id: told, sending: 'unchanged' },
    ],
    notKept: [],
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
  expect(await decide('operator', [id], 'wrong', '已经缴费')).toEqual({
    decided: [{ id, sending: 'goesOut' }],
    notKept: [],
  });
  expect((await store().review.get(id))?.record).toMatchObject({
    state: 'waiting',
    reason: expect.stringMatching(/operator.*已经缴费/),
  });
  // It waits for those who may be the second one; not for whoever asked, nor for another operator.
  expect([await inbox('operator'), await inbox('installer'), await inbox('auditor')]).toEqual([[], [id], [id]]);
  for (const who of [cookies.operator, await newcomer('colleague', 'operator')]) {
    const body = { ids: [id], verdict: 'wrong', reason: '拖挂车' };
    const { json } = await box.ask('POST', '/api/v1/releases/decide', { cookie: who, body });
    expect(json).toEqual({ decided: [{ id, sending: 'unchanged' }], notKept: [] });
    expect(await stateOf(id)).toBe('waiting');
  }
  const marks = await store().review.marks(id);
  expect(await decide('auditor', [id], 'wrong', '看过录像')).toEqual({
    decided: [{ id, sending: 'agreed' }],
    notKept: [],
  });
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

it('a login made this minute is no second person: an installer’s only asks, an auditor’s is refused', async () => {
  const id = await put('sock puppet');
  await decide('operator', [id], 'wrong', '已经缴费');
  const body = { ids: [id], verdict: 'wrong', reason: '看过录像' };
  const list = `/api/v1/releases?marked=inbox&lane=${encodeURIComponent(lane)}`;
  const puppet = await newcomer('puppet', 'installer');
  const asked = await box.ask('POST', '/api/v1/releases/decide', { cookie: puppet, body });
  expect(asked.json).toMatchObject({ decided: [{ id, sending: 'unchanged' }] });
  expect((await box.ask('GET', list, { cookie: puppet })).json.items).toEqual([]);
  const headers = { 'accept-language': 'en' };
  const cookie = await newcomer('newauditor', 'auditor');
  const refused = await box.ask('POST', '/api/v1/releases/decide', { cookie, body, headers });
  expect(refused.json).toMatchObject({ status: 403, detail: expect.stringContaining('less than an hour') });
  expect(await stateOf(id)).toBe('waiting');
  ageUsers(box.folder);
  const later = await login('newauditor');
  const { json } = await box.ask('POST', '/api/v1/releases/decide', { cookie: later, body });
  expect(json).toMatchObject({ decided: [{ id, sending: 'agreed' }] });
});

it('a second one who disagrees settles it: it leaves the inbox and goes out', async () => {
  const id = await put('disputed');
  await decide('operator', [id], 'wrong', '已经缴费');
  expect(await inbox('installer')).toEqual([id]);
  expect(await decide('installer', [id], 'owed')).toEqual({ decided: [{ id, sending: 'unchanged' }], notKept: [] });
  expect(await inbox('installer')).toEqual([]);
  expect(await stateOf(id)).toBe('waiting');
});

it('an installer alone is one person, as ever', async () => {
  const id = await put('alone');
  for (const sending of ['goesOut', 'unchanged'])
    expect(await decide('installer', [id], 'wrong', '拖挂车')).toEqual({ decided: [{ id, sending }], notKept: [] });
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

it('what somebody has dropped cannot be owed: that is said, and nothing is noted', async () => {
  const dropped = await put('dropped', { reported: false });
  const withdrawn = await put('withdrawn');
  const still = await put('still', { reported: false });
  await store().outbox.withdraw(lane, 'withdrawn', 'paid');
  await decide('operator', [dropped], 'wrong', '没有车过');
  expect(await decide('installer', [dropped, withdrawn, still], 'owed')).toEqual({
    decided: [
      { id: dropped, sending: 'gone' },
      { id: withdrawn, sending: 'gone' },
      { id: still, sending: 'reported' },
    ],
    notKept: [],
  });
  expect((await store().review.marks(dropped)).map(({ kind }) => kind)).toEqual(['wrong']);
  expect(await store().review.marks(withdrawn)).toEqual([]);
  const [newest] = (await ask('GET', 'audit', 'installer')).json;
  expect(newest.what.en).toBe(`reviewed record ${still}: owed`);
});

it('rightful and wrong act on what was kept back, not on what a colleague reports meanwhile', async () => {
  for (const kind of ['checked', 'wrong'] as const) {
    const id = await put(`both ${kind}`, { reported: false });
    const by = { from: '', reason: '业主' };
    const [, { decided }] = await Promise.all([
      decideInStore(store(), [id], { ...by, kind: 'owed', who: 'colleague' }, 'asks'),
      decideInStore(store(), [id], { ...by, kind, who: 'operator' }, 'asks'),
    ]);
    expect(decided, kind).toEqual([{ id, sending: 'unchanged' }]);
    const found = (await store().review.get(id))?.record;
    expect(found, kind).toMatchObject({ state: 'waiting' });
    expect(found?.corrections ?? [], kind).toEqual([]);
  }
});

it('nobody closes a record by marking it a hundred times: others still decide, and what is not kept is said', async () => {
  const id = await put('talked about');
  for (let time = 0; time < 100; time += 1)
    await store().review.mark([id], { kind: 'answer', words: 'x', who: 'operator', from: '' });
  const before = (await ask('GET', 'audit', 'installer')).json.length;
  expect(await decide('operator', [id], 'checked', '业主')).toEqual({
    decided: [{ id, sending: 'unchanged' }],
    notKept: [id],
  });
  expect((await ask('GET', 'audit', 'installer')).json.length).toBe(before);
  expect(await inbox('operator')).toEqual([id]);
  expect(await decide('installer', [id], 'checked', '业主')).toMatchObject({ notKept: [] });
  expect((await store().review.get(id))?.record.mark).toMatchObject({ kind: 'checked', who: 'installer' });
  expect(await inbox('operator')).toEqual([]);
});

it('a bulk decision is one line of the audit log for each kind of sending, however many records', async () => {
  const ids: number[] = [];
  for (let each = 0; each < 25; each += 1) ids.push(await put(`bulk ${each}`, { reported: false }));
  const before = (await ask('GET', 'audit', 'installer')).json.length;
  await decide('operator', ids, 'wrong', '试闸、接线');
  const { json } = await ask('GET', 'audit', 'installer');
  const named = `25 records (${ids.slice(0, 20).join(', ')}, …)`;
  const said = (json as { what: { en: string } }[]).slice(0, json.length - before).map(({ what }) => what.en);
  expect(said.sort()).toEqual([`dropped ${named}: 试闸、接线`, `reviewed ${named}: box was wrong`]);
});
