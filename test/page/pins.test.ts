/** The PIN of a colleague, set by somebody else: for one use, told everywhere, and no sign-on with it is the colleague's own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { BoxReport } from '../../src/store/observation.ts';
import { type Answered, PASSWORD, type PageBox, pageBox } from './page-box.ts';

const boxes: PageBox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.close();
});

async function opened(): Promise<PageBox> {
  const box = await pageBox();
  boxes.push(box);
  return box;
}

const setPin = async (box: PageBox, pin: string, as: 'operator' | 'installer' = 'operator'): Promise<Answered> =>
  box.ask('PUT', '/api/v1/duty/pins', { cookie: await box.as(as), body: { operator: '李四', pin } });
const signOn = async (box: PageBox, body: object, as: 'operator' | 'booth' = 'operator'): Promise<Answered> =>
  box.ask('POST', '/api/v1/duty/sign-on', { cookie: await box.as(as), body: { operator: '李四', ...body } });
const reports = async (box: PageBox, why: BoxReport['why']): Promise<readonly BoxReport[]> =>
  ((await box.box.host.app?.store.looks.observations(100)) ?? [])
    .map(({ seen }) => seen)
    .filter((seen): seen is BoxReport => seen.why === why)
    .reverse();

it('is for one use: without a new one it signs nobody on', async () => {
  const box = await opened();
  expect((await setPin(box, '831972')).status).toBe(200);
  const refused = await signOn(box, { pin: '831972' }, 'booth');
  expect([refused.status, refused.json.code]).toEqual([409, 'pinToChange']);
  expect((await signOn(box, { pin: '831972', newPin: '831972' }, 'booth')).json.code).toBe('weakPin');
  expect((await signOn(box, { pin: '831972', newPin: '740265' }, 'booth')).json.lanes[0].operator).toBe('李四');
  // Nobody else knows the new one, and the one that was set is over.
  expect((await signOn(box, { pin: '831972' }, 'booth')).json.code).toBe('wrongPin');
  expect((await signOn(box, { pin: '740265' }, 'booth')).status).toBe(200);
});

it('is told at once, and so is each sign-on with it, also after the one who set it has chosen the new one', async () => {
  const box = await opened();
  await setPin(box, '831972');
  await signOn(box, { pin: '831972', newPin: '740265' });
  await signOn(box, { pin: '740265' });
  expect(await reports(box, 'pin')).toMatchObject([
    { who: 'operator', detail: { operator: '李四', done: 'set' } },
    { detail: { operator: '李四', done: 'changed' } },
  ]);
  const signed = {
    who: expect.stringMatching(/^operator \(.*127\.0\.0\.1\)$/),
    detail: { operator: '李四', setBy: 'operator' },
  };
  expect(await reports(box, 'signOn')).toMatchObject([signed, signed]);
});

it('of its own, chosen in another session, needs no report any more; one of 1.0.0-rc.1 is its owner’s', async () => {
  const box = await opened();
  await setPin(box, '831972');
  await signOn(box, { pin: '831972', newPin: '740265' }, 'booth');
  await signOn(box, { pin: '740265' }, 'booth');
  expect(await reports(box, 'signOn')).toHaveLength(1);
  const file = join(box.folder, 'state', 'page', 'pins.json');
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  expect(kept.pins.李四).toMatch(/^scrypt\$/);
  boxes.splice(0);
  const again = await box.restart(() =>
    writeFileSync(file, JSON.stringify({ version: 1, pins: { 王五: kept.pins.李四 } })),
  );
  boxes.push(again);
  const signed = await again.ask('POST', '/api/v1/duty/sign-on', {
    cookie: (
      await again.ask('POST', '/api/v1/login', { body: { user: 'booth', password: 'four unrelated green words' } })
    ).cookie as string,
    body: { operator: '王五', pin: '740265' },
  });
  expect(signed.status, signed.text).toBe(200);
});

it('is guessed no faster by signing in again', async () => {
  const box = await opened();
  await setPin(box, '831972');
  const codes: string[] = [];
  for (let at = 0; at < 6; at += 1) {
    const login = { user: 'operator', password: PASSWORD };
    const { cookie = '' } = await box.ask('POST', '/api/v1/login', { body: login });
    const body = { operator: '李四', pin: '404142' };
    codes.push((await box.ask('POST', '/api/v1/duty/sign-on', { cookie, body })).json.code);
  }
  expect(codes).toEqual([...Array.from({ length: 5 }, () => 'wrongPin'), 'tooManyRequests']);
});

it('makes records say in whose session their operator was signed on', async () => {
  const box = await opened();
  await setPin(box, '831972');
  await signOn(box, { pin: '831972', newPin: '740265' });
  const register = box.box.host.app?.register;
  const { laneOffsetMs } = box.box.host.app?.store.boot ?? { laneOffsetMs: 0 };
  const nowMs = (box.box.host.app?.clock.nowMs() ?? 0) + laneOffsetMs + 1_000;
  const lane = box.box.host.config?.lanes[0]?.id ?? '';
  const release = { releaseAtMs: nowMs, facts: [], direction: 'exit' } as never;
  const knowledge = register?.recordKnowledge(lane, release, Date.now(), nowMs);
  expect(knowledge).toMatchObject({
    operator: '李四',
    operatorBy: 'pin',
    known: { signedOnBy: expect.stringContaining('operator (') },
  });
});

it('users, tokens and known vehicles are told too', async () => {
  const box = await opened();
  const cookie = await box.as('installer');
  await box.as('viewer');
  await box.ask('POST', '/api/v1/tokens', { cookie, body: { name: 'till2', scopes: ['grants'] } });
  await box.ask('DELETE', '/api/v1/tokens/till2', { cookie });
  await box.ask('PUT', '/api/v1/vehicles', { cookie, raw: '粤B12345,free\n', headers: { 'content-type': 'text/csv' } });
  await expect
    .poll(() => reports(box, 'vehicles'))
    .toMatchObject([{ who: 'installer', detail: { taken: 1, removed: 0 } }]);
  expect(await reports(box, 'user')).toMatchObject([{ who: 'installer', detail: { user: 'viewer', done: 'added' } }]);
  expect(await reports(box, 'token')).toMatchObject([
    { who: 'installer', detail: { name: 'till2', done: 'added', scopes: ['grants'] } },
    { detail: { done: 'removed' } },
  ]);
});
