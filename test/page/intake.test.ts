/** How payments come in, through the whole box: what is over is said to be over, shown on the page, and still counts for a passage of then. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PageBox, pageBox } from './page-box.ts';

let page: PageBox;
let cookie: string;
beforeAll(async () => {
  page = await pageBox({ prepare: withTwoLanes });
  cookie = await page.as('viewer');
});
afterAll(() => page.close());

/** A second lane beside the one of the demonstration, on the input that it leaves free. */
function withTwoLanes(file: string): void {
  const lane =
    '  - { id: "1002", name: 通道B, direction: exit, reporting: { by: tester, reason: nothing drives here }, points: { down: io1.di8 } }\n';
  writeFileSync(file, readFileSync(file, 'utf8').replace('intake:\n', `${lane}intake:\n`));
}

interface Receipt {
  readonly status: string;
  readonly warning?: string;
  readonly expiredAt: string;
  readonly receivedAt: string;
}

interface Fates {
  readonly toldAt: string;
  readonly lines: readonly object[];
  readonly notCounted: readonly { readonly id: string }[];
}

const listen = (): string => /listen: "?([\d.:]+)/.exec(readFileSync(page.configFile, 'utf8'))?.[1] ?? '';

const tokenOf = (): string =>
  /intake.pms: "(.*)"/.exec(readFileSync(join(page.folder, 'secrets.yaml'), 'utf8'))?.[1] ?? '';

async function pay(grant: object): Promise<{ status: number; body: Receipt }> {
  const token = tokenOf();
  const answer = await fetch(`http://${listen()}/api/v1/grants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(grant),
  });
  return { status: answer.status, body: (await answer.json()) as Receipt };
}
/** What lanes hold unused under an id. */
const held = (id: string): readonly string[] =>
  [...(page.box.host.app?.bridges ?? [])].flatMap(([lane, { state }]) =>
    state.lane.kept.grants.flatMap(({ grant }) => (grant.id === id ? [`${lane} ${grant.plate}`] : [])),
  );
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const seen = async () => (await page.ask('GET', '/api/v1/intake', { cookie })).json;

describe('a payment that is dead on arrival', () => {
  test('by its own end is answered expired, again the same, and stands on the page', async () => {
    const paid = { id: 'dead-1', plate: '粤B12345', issuedAt: ago(3_600_000), expiresAt: ago(1_800_000) };
    const first = await pay(paid);
    expect(first).toMatchObject({ status: 202, body: { status: 'expired' } });
    expect(Date.parse(first.body.expiredAt), 'to the millisecond').toBe(Date.parse(paid.expiresAt));
    expect(Math.abs(Date.parse(first.body.receivedAt) - Date.now())).toBeLessThan(60_000);
    expect((await pay(paid)).body).toEqual(first.body);
    const { uncounted, uncountedCount } = await seen();
    expect(uncounted).toMatchObject([{ status: 'expired', sender: 'pms', id: 'dead-1', plate: '粤B12345' }]);
    expect(uncountedCount).toBe(1);
    const { headline, complaints } = (await page.ask('GET', '/api/v1/overview', { cookie })).json;
    expect(JSON.stringify([headline, ...complaints])).toContain('1 payment had expired on arrival');
    expect(headline.page, 'where something can be done about it').toBeDefined();
  });

  test('not by its time of issue, hours ago, while the clock of its till is not known', async () => {
    const paid = { id: 'old-1', lane: '1001', till: '1', plate: '粤B88888', issuedAt: ago(8 * 3_600_000) };
    expect((await pay(paid)).body.status).toBe('accepted');
  });

  test('a corrected plate or lane replaces what was told under its id: no second free exit', async () => {
    const paid = { id: 'corrected', lane: '1001', plate: '粤B11111' };
    expect((await pay(paid)).body.status).toBe('accepted');
    expect((await pay({ ...paid, plate: '粤B22222' })).body.status).toBe('accepted');
    expect((await pay({ ...paid, plate: '粤B22222' })).body.status).toBe('duplicate');
    await expect.poll(() => held('corrected')).toEqual(['1001 粤B22222']);
    expect((await pay({ ...paid, lane: '1002' })).body.status).toBe('accepted');
    // Tried again by a sender that had no answer to its first message.
    expect((await pay(paid)).body.status).toBe('duplicate');
    await pay({ id: 'after it', lane: '1002', plate: '粤B22223' });
    await expect.poll(() => held('after it')).toEqual(['1002 粤B22223']);
    expect(held('corrected')).toEqual(['1002 粤B11111']);
  });

  test.each<[string, object, object?]>([
    ['of the park', {}],
    ['of one lane', { lane: '1001' }],
    ['of another lane', { lane: '1001' }, { lane: '1002' }],
  ])(
    'a number of yesterday that comes again is another payment, with a warning, and the unused one of yesterday still counts: %s',
    async (name, where, again = where) => {
      const id = `daily ${name}`;
      const day = 24 * 3_600_000;
      const plates = ['粤B44441', '粤B44442'] as const;
      const [yesterday, today] = [
        { id, ...where, plate: plates[0], issuedAt: ago(day), expiresAt: ago(-day) },
        { id, ...again, plate: plates[1], issuedAt: ago(0), expiresAt: ago(-day) },
      ];
      const said = { status: 'accepted', warning: expect.stringContaining('另一天') };
      expect((await pay(yesterday)).body).not.toHaveProperty('warning');
      expect((await pay(today)).body).toMatchObject(said);
      expect((await pay(today)).body).toMatchObject({ ...said, status: 'duplicate' });
      // A sender that tells all of its payments anew.
      expect((await pay(yesterday)).body.status).toBe('duplicate');
      const counting = [...(page.box.host.app?.bridges.values() ?? [])].flatMap(({ state }) =>
        state.lane.kept.grants.flatMap(({ grant }) => (grant.id.startsWith(id) ? [grant.plate] : [])),
      );
      expect([...new Set(counting)].sort()).toEqual(plates);
      const asked = async (path: string): Promise<Fates> => {
        const headers = { authorization: `Bearer ${tokenOf()}` };
        return (await (await fetch(`http://${listen()}/api/v1/grants${path}`, { headers })).json()) as Fates;
      };
      const fate = await asked(`/${encodeURIComponent(id)}`);
      expect(fate).toMatchObject({ status: 'waiting', plate: plates[1] });
      // And has a fate of its own.
      for (const bridge of page.box.host.app?.bridges.values() ?? []) {
        const former = bridge.state.lane.kept.grants.find(({ grant }) => grant.plate === plates[0]);
        if (former !== undefined)
          bridge.feed({ kind: 'revoke', grantId: former.grant.id, why: 'cancelled', atMs: bridge.nowMs() });
      }
      const named = async () =>
        (await asked(`?day=${fate.toldAt.slice(0, 10)}`)).notCounted.filter((one) => one.id === id);
      await expect.poll(named).toMatchObject([{ plate: plates[0], status: 'cancelled' }]);
      expect(await asked(`/${encodeURIComponent(id)}`)).toMatchObject({ status: 'waiting', plate: plates[1] });
    },
  );

  test('sums of under a yuan throughout are worth a word, in the overview', async () => {
    const paid = (id: number, amount: number) => pay({ id: `sum-${id}`, lane: '1001', plate: '粤B33333', amount });
    for (let index = 0; index < 10; index += 1) await paid(index, 15);
    expect(await seen()).toMatchObject({ smallSums: ['pms'] });
    const { headline, complaints } = (await page.ask('GET', '/api/v1/overview', { cookie })).json;
    expect(JSON.stringify([headline, ...complaints])).toContain('under ¥1');
    await paid(10, 1_500);
    expect(await seen()).toMatchObject({ smallSums: [] });
  });

  test('what became of a payment is told by its id, and on the sheet of its day', async () => {
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${tokenOf()}`, 'accept-language': 'en' };
      const answer = await fetch(`http://${listen()}/api/v1/grants${path}`, { headers });
      return { status: answer.status, body: (await answer.json()) as Fates };
    };
    const fate = async (id: string) => (await ask(`/${encodeURIComponent(id)}`)).body;
    await pay({ id: 'PAY/1 甲', lane: '1001', till: '3', plate: '粤B77777', amount: 500 });
    await pay({ id: 'over', plate: '粤B77778', till: '3', amount: 700, expiresAt: ago(3_600_000) });
    await expect.poll(() => fate('PAY/1 甲')).toMatchObject({ status: 'waiting', sender: 'pms', till: '3', left: 1 });
    await expect.poll(() => fate('over')).toMatchObject({ status: 'expired', why: expect.stringContaining('clock') });
    const bridge = page.box.host.app?.bridges.get('1001');
    bridge?.feed({ kind: 'revoke', grantId: 'PAY/1 甲', why: 'cancelled', atMs: bridge.nowMs() });
    await expect.poll(() => fate('PAY/1 甲')).toMatchObject({ status: 'cancelled', left: 0 });
    const { toldAt } = await fate('over');
    const { body } = await ask(`?day=${toldAt.slice(0, 10)}`);
    expect(body.lines).toContainEqual(
      expect.objectContaining({ sender: 'pms', till: '3', told: { count: 2, amount: 1_200 } }),
    );
    expect(body.notCounted.map(({ id }) => id)).toEqual(expect.arrayContaining(['over', 'PAY/1 甲']));
    expect((await ask('/unheard-of')).status).toBe(404);
    expect(await ask('?day=today')).toMatchObject({ status: 422, body: { errors: [{ field: 'day' }] } });
  });

  test('the page shows the same sheet and the same fates, in the language asked for', async () => {
    const told = async (path: string) => {
      const headers = { authorization: `Bearer ${tokenOf()}`, 'accept-language': 'en' };
      return (await fetch(`http://${listen()}/api/v1/grants${path}`, { headers })).json();
    };
    const shown = (path: string, as = cookie) => page.ask('GET', `/api/v1/payments${path}`, { cookie: as });
    const over = (await told('/over')) as { readonly toldAt: string };
    expect((await shown('/over?lang=en')).json).toEqual(over);
    expect((await shown('/over?lang=zh')).json.why).toContain('时钟');
    const day = over.toldAt.slice(0, 10);
    expect((await shown(`?day=${day}&lang=en`)).json).toEqual(await told(`?day=${day}`));
    expect((await shown('?day=today&lang=en')).json).toEqual(await told(`?day=${day}`));
    expect((await shown('')).json).toMatchObject({ lines: [], notCounted: [] });
    const { text, headers } = await shown('.csv?day=today&lang=zh');
    expect(headers['content-type']).toContain('text/csv');
    expect(text).toMatch(/^\uFEFF收到时间,发送方,收费电脑,缴费编号,/);
    expect(text).toMatch(/,pms,3,over,粤B77778,全部车道,7\.00,收到已过期,/);
    for (const path of ['?day=tomorrow', '.csv?day=tomorrow', '/unheard-of'])
      expect((await shown(path)).status, path).toBe(404);
    expect((await shown('?lang=fr')).status).toBe(422);
    // Money of every lane.
    for (const path of ['?day=today', '.csv?day=today', '/over'])
      expect((await shown(path, await page.as('booth'))).status, path).toBe(403);
  });

  test('a good one counts', async () => {
    expect((await pay({ id: 'good-1', plate: '粤B12345' })).body.status).toBe('accepted');
  });
});

test('the channel is up, and has been heard', async () => {
  const { channels } = await seen();
  expect(channels).toMatchObject([{ id: 'pms', up: true }]);
  expect(channels[0].heardAgoMs).toBeLessThan(60_000);
});

describe('a management system with the wrong token', () => {
  const stranger = (headers: Record<string, string>, path = '/api/v1/grants') =>
    fetch(`http://${listen()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id: 'refused-1', plate: '粤B12345' }),
    });
  const wrong = { authorization: 'Bearer some-other-token-of-the-vendor' };
  const complaints = async () => {
    const { headline, complaints: rest } = (await page.ask('GET', '/api/v1/overview', { cookie })).json;
    return [headline, ...rest].map(({ text }) => text.en).join('\n');
  };

  test('is on the status page, in the payments, the diagnosis and the pushes, with address, reason and remedy', async () => {
    expect((await stranger(wrong)).status).toBe(401);
    expect((await stranger(wrong)).status).toBe(401);
    const [refused] = (await seen()).refused;
    expect(refused).toMatchObject({ from: '127.0.0.1', path: '/api/v1/grants', why: { en: 'wrong token' }, count: 2 });
    expect(refused.todo.en).toContain('the token entered in the management system');
    expect(Math.abs(refused.firstWallMs - Date.now())).toBeLessThan(60_000);
    expect(await complaints()).toContain('Payments from 127.0.0.1 refused 2 times: wrong token');
    const operator = await page.as('operator');
    const job = (await page.ask('POST', '/api/v1/jobs', { cookie: operator, body: { kind: 'diagnose' } })).json;
    const { result } = await page.ended(job, operator);
    expect(JSON.stringify(result)).toContain('refused messages from 127.0.0.1: wrong token, 2 times');
    const pushes = (await page.ask('GET', '/api/v1/pushes', { cookie })).json;
    const strangers = pushes.cameras.find(({ id }: { id: string }) => id === '?');
    expect(strangers.rows).toMatchObject([
      { why: 'unauthorized', from: '127.0.0.1', path: '/api/v1/grants', count: 2 },
    ]);
  });

  test('no token and a wrong path are told apart from it', async () => {
    await stranger({});
    await stranger(wrong, '/api/grants');
    expect((await seen()).refused.map(({ why }: { why: { en: string } }) => why.en)).toEqual([
      'wrong path',
      'no token',
      'wrong token',
    ]);
  });

  test('with the right one is no longer complained of', async () => {
    expect((await pay({ id: 'mended-1', plate: '粤B12345' })).status).toBe(202);
    expect((await seen()).refused).toEqual([]);
    expect(await complaints()).not.toContain('refused');
  });

  test('a message that its own token does not help stays, under its name', async () => {
    expect((await pay({ id: 'bad', plate: '' })).status).toBe(422);
    expect((await pay({ id: 'mended-2', plate: '粤B12345' })).status).toBe(202);
    expect((await seen()).refused).toMatchObject([{ holder: 'pms', from: '127.0.0.1', count: 1 }]);
  });
});

test('a sender that tells all its payments anew after a start of the box has told each once', async () => {
  const paid = Array.from({ length: 300 }, (_, at) => ({
    ...{ id: `again-${at}`, lane: '1001', till: '7', plate: `粤C${10_000 + at}`, amount: 100 },
    issuedAt: ago(1_000),
  }));
  const tell = async (from = 0) => {
    const { results } = (await pay(paid.slice(from))).body as unknown as { readonly results: readonly Receipt[] };
    return [...new Set(results.map(({ status }) => status))];
  };
  const sum = async () => {
    const headers = { authorization: `Bearer ${tokenOf()}` };
    const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const { lines } = (await (await fetch(`http://${listen()}/api/v1/grants?day=${day}`, { headers })).json()) as Fates;
    return lines.find((line) => 'till' in line && line.till === '7');
  };
  expect(await tell()).toEqual(['accepted']);
  const bridge = page.box.host.app?.bridges.get('1001');
  for (const { id } of paid) bridge?.feed({ kind: 'revoke', grantId: id, why: 'cancelled', atMs: bridge.nowMs() });
  await expect.poll(sum).toMatchObject({ told: { count: 300 }, by: { cancelled: { count: 300 } } });
  const before = await sum();
  page = await page.restart();
  expect(await tell(1)).toEqual(['duplicate']);
  expect(await sum()).toEqual(before);
  // Numbers that begin again with the shift: the same flat sum under the same number is another vehicle's.
  const others = [{ issuedAt: ago(30_000) }, { operator: '李四' }, { till: '8' }, { plate: '粤D10000' }];
  for (const [index, other] of others.entries()) {
    const { status } = (await pay({ ...paid[index], ...other })).body;
    expect(status, JSON.stringify(other)).toBe('accepted');
  }
});
