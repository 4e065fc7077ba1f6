/** What a person decides about a record while it is on its way to the platform: refused, with the reason that it has. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { record, release } from '../store/open.ts';
import { ageUsers } from './age-users.ts';
import { PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
beforeAll(async () => {
  box = await pageBox();
});
afterAll(async () => {
  await box?.close();
});

it('a record on the wire is neither dismissed nor corrected, and that is said; one that is delivered is', async () => {
  const cookie = await box.as('operator');
  box.park.platform.behave({ kind: 'stall' }, Number.POSITIVE_INFINITY);
  const store = box.box.host.app?.store;
  const put = await store?.outbox.put(record('1'));
  const id = put?.id as number;
  await store?.outbox.attach(id, { none: 'noCamera' });
  await expect.poll(async () => (await store?.review.get(id))?.record.sent).toBe(true);
  const act = (what: string, body: object) =>
    box.ask('POST', `/api/v1/releases/${id}/${what}`, { cookie, body, headers: { 'accept-language': 'en' } });
  for (const [what, body] of [
    ['dismiss', { why: 'test' }],
    ['correct', { plate: '粤B99999', why: 'test' }],
  ] as const) {
    const { json } = await act(what, body);
    expect(json).toMatchObject({ status: 409, code: 'busy', detail: expect.stringContaining('is being uploaded') });
  }
  expect((await store?.review.get(id))?.record).toMatchObject({ state: 'waiting' });
  await store?.outbox.delivered(id, {});
  expect((await act('dismiss', { why: 'test' })).json).toMatchObject({ status: 409, code: 'conflict' });
});

it('an auditor agrees to drop what somebody else asked to, and begins nothing', async () => {
  const [operator, auditor] = [await box.as('operator'), await box.as('auditor')];
  const send = (cookie: string, path: string, body: object) => box.ask('POST', `/api/v1/${path}`, { cookie, body });
  expect((await send(operator, 'queue/pause', {})).status).toBe(200);
  const store = box.box.host.app?.store;
  const [id = 0, review = 0] = await Promise.all(
    ['2', '3'].map(async (name) => {
      const put = await store?.outbox.put(record(name, { release: { ...release(name), reported: name === '2' } }));
      return put?.id;
    }),
  );
  const dismiss = async (cookie: string, which: number) =>
    (await send(cookie, `releases/${which}/dismiss`, { why: 'an ambulance' })).json;
  // Nobody is another person who was made a moment ago.
  expect(await dismiss(auditor, id)).toMatchObject({ status: 403 });
  ageUsers(box.folder);
  await box.ask('POST', '/api/v1/login', { body: { user: 'auditor', password: PASSWORD } });
  for (const which of [id, review]) expect(await dismiss(auditor, which)).toMatchObject({ status: 409 });
  expect((await store?.review.get(id))?.record).toMatchObject({ state: 'waiting' });
  expect(await dismiss(operator, id)).toMatchObject({
    row: { state: 'waiting' },
    wishedAway: { who: 'operator', why: 'an ambulance' },
  });
  // Nor does the colleague in the booth make two of them.
  const installer = await box.as('installer');
  expect((await send(installer, 'users', { user: 'colleague', password: PASSWORD, role: 'operator' })).status).toBe(
    201,
  );
  const login = { body: { user: 'colleague', password: PASSWORD } };
  const { cookie: colleague = '' } = await box.ask('POST', '/api/v1/login', login);
  expect(await dismiss(colleague, id)).toMatchObject({ row: { state: 'waiting' } });
  expect((await send(installer, 'users', { user: 'puppet', password: PASSWORD, role: 'installer' })).status).toBe(201);
  const puppet = await box.ask('POST', '/api/v1/login', { body: { user: 'puppet', password: PASSWORD } });
  expect(await dismiss(puppet.cookie ?? '', id)).toMatchObject({ row: { state: 'waiting' } });
  expect(await dismiss(auditor, id)).toMatchObject({ row: { state: 'dropped' } });
  const seen = await box.ask('GET', `/api/v1/releases/${id}/review`, { cookie: operator });
  expect(seen.json).toMatchObject({ droppedBy: 'operator, auditor' });
  const { json } = await box.ask('GET', '/api/v1/audit', { cookie: installer });
  const said = (json as { user: string; what: { en: string } }[]).filter(({ what }) =>
    what.en.includes(`record ${id}:`),
  );
  expect(said.map(({ user, what }) => `${user} ${what.en}`).sort()).toEqual([
    `auditor agreed to drop record ${id}: an ambulance`,
    `colleague asked to drop record ${id}: an ambulance`,
    `operator asked to drop record ${id}: an ambulance`,
    `puppet asked to drop record ${id}: an ambulance`,
  ]);
  expect((await store?.review.get(id))?.droppedBy).toBe('operator, auditor');
  // What only waits for review needs one person, who is not the auditor.
  expect(await dismiss(operator, review)).toMatchObject({ row: { state: 'dropped' } });
});

it('maintenance lasts eight hours at most', async () => {
  const cookie = await box.as('operator');
  const send = (minutes: number) =>
    box.ask('POST', '/api/v1/lanes/1001/maintenance', { cookie, body: { minutes, reason: 'loop' } });
  expect((await send(481)).json).toMatchObject({ status: 422, errors: [{ field: 'minutes' }] });
});

it('an auditor takes evidence and reads who did what, the settings and the users', async () => {
  const cookie = await box.as('auditor');
  const get = (path: string) => box.ask('GET', `/api/v1/${path}`, { cookie });
  expect((await get('audit')).json).toContainEqual(
    expect.objectContaining({
      user: 'operator',
      what: expect.objectContaining({ en: expect.stringContaining('an ambulance') }),
    }),
  );
  expect((await get('config')).json.yaml).toContain('lanes:');
  expect((await get('users')).json).toContainEqual(expect.objectContaining({ user: 'auditor', role: 'auditor' }));
  const put = await box.box.host.app?.store.review.list({ limit: 1 });
  const bundle = await get(`releases/${put?.[0]?.id}/evidence`);
  expect(bundle).toMatchObject({
    status: 200,
    headers: expect.objectContaining({ 'content-type': 'application/zip' }),
  });
});
