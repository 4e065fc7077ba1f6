import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntakeEvent } from '../../src/intake/events.ts';
import { type Gate, LANE_EPOCH_MS, openGate, PARK, TOKEN } from './gate.ts';

let gate: Gate;
beforeEach(async () => {
  gate = await openGate();
});
afterEach(() => gate.close());

const laneTime = (iso: string) => Date.parse(iso) - LANE_EPOCH_MS;
const GRANTS = '/api/v1/grants';
const PLATES = '/api/v1/plates';

describe('grants', () => {
  test('a time in which Java left its seconds out is one of a whole minute', async () => {
    for (const [id, issuedAt] of [
      ['m1', '2024-05-01T12:00+08:00'],
      ['m2', '2024-05-01T04:00Z'],
      ['m3', '2024-05-01T12:00:00.000+08:00'],
    ] as const)
      expect(await gate.post(GRANTS, { id, lane: '1001', issuedAt })).toMatchObject({ body: { status: 'accepted' } });
    expect(gate.events.map((event) => event.kind === 'grant' && event.grant.issuedAtMs)).toEqual(
      Array.from({ length: 3 }, () => laneTime('2024-05-01T04:00:00Z')),
    );
    expect(await gate.post(GRANTS, { id: 'm4', lane: '1001', issuedAt: '2024-05-01T12+08:00' })).toMatchObject({
      status: 422,
    });
  });

  test('one, with everything it can say', async () => {
    const answer = await gate.post(GRANTS, {
      id: 'pay-1',
      lane: '1001',
      plate: '粤Ｂ·12345',
      plateColor: 'blue',
      count: 2,
      kind: 'monthly',
      carDesc: '月卡A',
      parkingSerial: 'E-77',
      issuedAt: '2024-05-01T12:00:00+08:00',
      expiresAt: '2024-05-01T12:15:00+08:00',
      operator: '张三',
    });
    expect(answer).toMatchObject({ status: 202, body: { id: 'pay-1', status: 'accepted' } });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(gate.events).toEqual([
      {
        kind: 'grant',
        laneId: '1001',
        grant: {
          id: 'pay-1',
          scope: 'lane',
          plate: '粤B12345',
          plateColor: 'blue',
          count: 2,
          kind: 'monthly',
          carDesc: '月卡A',
          parkingSerial: 'E-77',
          issuedAtMs: laneTime('2024-05-01T04:00:00Z'),
          expiresAtMs: laneTime('2024-05-01T04:15:00Z'),
          operator: '张三',
          source: 'pms',
          written: {
            issuedWallMs: Date.parse('2024-05-01T04:00:00Z'),
            endsWallMs: Date.parse('2024-05-01T04:15:00Z'),
          },
        },
      },
    ]);
  });

  test('without a lane it is for the park; new energy plates are green; the rest has its defaults', async () => {
    const before = Date.now();
    await gate.post(GRANTS, { id: 'pay-2', plate: '粤BD12345' });
    const [event] = gate.events;
    expect(event).toMatchObject({
      kind: 'grant',
      grant: { scope: 'park', plate: '粤BD12345', plateColor: 'green', count: 1, kind: 'paid' },
    });
    expect(event).not.toHaveProperty('laneId');
    expect((event as { grant: { issuedAtMs: number } }).grant.issuedAtMs).toBeGreaterThanOrEqual(
      before - LANE_EPOCH_MS,
    );
  });

  test('what its sender has nothing to say of may be null or empty, and its colour a word of its own', async () => {
    const empty = { plateColor: null, carDesc: '', parkingSerial: '', issuedAt: null, expiresAt: '', operator: '' };
    for (const [id, plate] of Object.entries({ a: null, b: '', c: '粤B12345' }))
      expect(await gate.post(GRANTS, { id, lane: '1001', plate, ...empty })).toMatchObject({ status: 202 });
    expect(await gate.post(GRANTS, { id: 'd', lane: '', plate: '粤B12345', plateColor: '未知' })).toMatchObject({
      status: 202,
    });
    expect(gate.events).toMatchObject([
      { grant: { id: 'a', scope: 'lane' } },
      { grant: { id: 'b', scope: 'lane' } },
      { grant: { id: 'c', scope: 'lane', plate: '粤B12345' } },
      { grant: { id: 'd', scope: 'park', plate: '粤B12345' } },
    ]);
    for (const field of ['plateColor', 'operator', 'expiresAtMs'])
      for (const event of gate.events) expect(event).not.toHaveProperty(['grant', field]);
    expect(await gate.post(GRANTS, { id: '', lane: '1001' })).toMatchObject({ body: { errors: [{ field: 'id' }] } });
  });

  test('with its direction and what was paid', async () => {
    await gate.post(GRANTS, { id: 'a', lane: '1001', carType: 2, direction: 'entry', amount: 1500, currency: 'CNY' });
    const paid = { direction: 'entry', amount: 1500, currency: 'CNY', carType: '2', kind: 'monthly' };
    expect(gate.events).toMatchObject([{ grant: paid }]);
  });

  test.each([
    [1, 'paid'],
    [2, 'monthly'],
    [3, 'free'],
    [4, 'storedValue'],
    [0, 'other'],
  ])('carType %d is kind %s', async (carType, kind) => {
    await gate.post(GRANTS, { id: 'a', lane: '1001', carType });
    expect(gate.events).toMatchObject([{ grant: { kind } }]);
  });

  test.each([
    [{ lane: '1001' }, 'id', 'is missing'],
    [{ id: 'a', lane: '9' }, 'lane', 'the lanes of this box: 1001, 1002'],
    [{ id: 'a' }, 'plate', 'lane or plate'],
    [{ id: 'a', plate: null }, 'plate', 'lane or plate'],
    [{ id: 'a', lane: '1001', plat: 'x' }, 'plat', 'is not a field'],
    [{ id: 'a', lane: '1001', count: 0 }, 'count', 'cannot be less than 1'],
    [{ id: 'a', lane: '1001', count: 1.5 }, 'count', 'must be a whole number'],
    [{ id: 'a', lane: '1001', count: 51 }, 'count', 'cannot be more than 50'],
    [{ id: 'a', lane: '1001', kind: 'gratis' }, 'kind', 'must be one of paid, monthly'],
    [{ id: 'a', lane: '1001', issuedAt: '2024-05-01 12:00:00' }, 'issuedAt', 'must be a time with its offset'],
    [{ id: 'a', lane: '1001', issuedAt: '2024-05-01T12:00:00' }, 'issuedAt', 'must be a time with its offset'],
    [
      { id: 'a', lane: '1001', issuedAt: '2024-05-01T12:00:00Z', expiresAt: '2024-05-01T11:00:00Z' },
      'expiresAt',
      'cannot be before issuedAt',
    ],
    [{ id: 'a'.repeat(81), lane: '1001' }, 'id', '1 to 80 characters'],
    [{ id: 'a\nb', lane: '1001' }, 'id', 'no control characters'],
    [{ id: 7, lane: '1001' }, 'id', 'must be text'],
    ['a', '', 'must be an object'],
    [null, '', 'must be an object'],
    [{ id: 'a', lane: '1001', constructor: 1 }, 'constructor', 'is not a field'],
  ])('%j is refused and names %j', async (body, field, message) => {
    const answer = await gate.post(GRANTS, JSON.stringify(body));
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid', type: 'urn:lanewarden:problem:invalid' } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.errors).toMatchObject([{ field }]);
    expect(answer.body.errors?.[0]?.message).toContain(message);
    expect(gate.events).toEqual([]);
  });

  test('every field that is wrong is named at once, in Chinese when nothing else is asked for', async () => {
    const answer = await gate.post(GRANTS, { id: '', count: 'x', kind: 1 }, { 'accept-language': 'zh-CN,en;q=0.5' });
    expect(answer.body).toMatchObject({
      title: '内容不符合要求',
      errors: [{ field: 'id' }, { field: 'count' }, { field: 'kind' }],
    });
    expect(answer.body.errors?.[1]?.message).toBe('应当是数字');
  });

  test('"__proto__" is an unknown field and nothing else', async () => {
    const answer = await gate.post(GRANTS, '{"id":"a","lane":"1001","__proto__":{"polluted":true}}');
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: '__proto__' }] } });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('the same id', () => {
  const grant = { id: 'pay-1', lane: '1001', plate: '粤B12345' };

  test('with the same content counts once, however it is written', async () => {
    await gate.post(GRANTS, grant);
    const again = await gate.post(GRANTS, {
      ...grant,
      plate: ' 粤b-12345',
      count: 1,
      issuedAt: '2024-05-01T12:00:00Z',
    });
    expect(again).toMatchObject({ status: 202, body: { id: 'pay-1', status: 'duplicate' } });
    expect(gate.events).toHaveLength(1);
  });

  test.each([{ plate: '粤B54321' }, { lane: '1002' }, { count: 2 }, { operator: '李四' }, { amount: 1_000 }])(
    'with other content %j is for the lane to judge',
    async (change) => {
      await gate.post(GRANTS, grant);
      const answer = await gate.post(GRANTS, { ...grant, ...change });
      expect(answer).toMatchObject({ status: 202, body: { id: 'pay-1', status: 'accepted' } });
      expect(gate.events).toHaveLength(2);
      expect((await gate.post(GRANTS, { ...grant, ...change })).body.status).toBe('duplicate');
      expect(gate.events).toHaveLength(2);
    },
  );

  test('of another day, by its time of issue, is for the lane to judge; a repetition stamped anew is none', async () => {
    const at = (issuedAt: string) => ({ ...grant, issuedAt });
    await gate.post(GRANTS, at('2026-05-01T12:00:00+08:00'));
    expect((await gate.post(GRANTS, at('2026-05-01T20:00:00+08:00'))).body.status).toBe('duplicate');
    expect((await gate.post(GRANTS, at('2026-05-02T12:00:00+08:00'))).body.status).toBe('accepted');
    expect(gate.events).toHaveLength(2);
  });

  test('that a used payment had counts with a warning, which its repetition bears too', async () => {
    await gate.post(GRANTS, grant);
    gate.accept = async () => 'reusedId';
    const other = { ...grant, plate: '粤B54321' };
    const said = { id: 'pay-1', warning: expect.stringContaining('another payment') };
    expect((await gate.post(GRANTS, other)).body).toEqual({ ...said, status: 'accepted' });
    expect((await gate.post(GRANTS, other)).body).toEqual({ ...said, status: 'duplicate' });
    expect(gate.lines.filter((line) => line.includes('its id was used before'))).toHaveLength(1);
  });

  test('told again while the first is still being kept: one answer for both, one event', async () => {
    let release: (outcome: 'accepted') => void = () => {};
    let calls = 0;
    gate.accept = () => {
      calls += 1;
      return new Promise((resolve) => {
        release = resolve;
      });
    };
    const first = gate.post(GRANTS, grant);
    await until(() => calls === 1);
    const second = gate.post(GRANTS, grant);
    release('accepted');
    expect([(await first).body.status, (await second).body.status]).toEqual(['accepted', 'duplicate']);
    expect(calls).toBe(1);
  });

  test('may be sent again when it could not be kept', async () => {
    gate.accept = async () => 'full';
    const full = await gate.post(GRANTS, grant);
    expect(full).toMatchObject({ status: 503, body: { code: 'full' } });
    expect(full.headers.get('retry-after')).toBe('2');
    const kept: IntakeEvent[] = [];
    gate.accept = async (event) => {
      kept.push(event);
      return 'accepted';
    };
    expect((await gate.post(GRANTS, grant)).body.status).toBe('accepted');
    expect(kept).toHaveLength(1);
  });

  test('may be sent again after a mistake of our own, which is logged', async () => {
    gate.accept = () => Promise.reject(new TypeError('no such thing'));
    expect(await gate.post(GRANTS, grant)).toMatchObject({ status: 500, body: { code: 'broken' } });
    expect(gate.lines.join('\n')).toContain('no such thing');
    gate.accept = async () => 'accepted';
    expect((await gate.post(GRANTS, grant)).status).toBe(202);
  });
});

describe('batches', () => {
  test('are understood in order, with a receipt each', async () => {
    await gate.post(GRANTS, { id: 'b', lane: '1001' });
    const answer = await gate.post(GRANTS, [
      { id: 'a', lane: '1001' },
      { id: 'b', lane: '1001' },
      { id: 'c', plate: '粤B12345' },
      { id: 'c', plate: '粤B 12345' },
    ]);
    expect(answer.status).toBe(202);
    expect(answer.body.results?.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'accepted'],
      ['b', 'duplicate'],
      ['c', 'accepted'],
      ['c', 'duplicate'],
    ]);
    expect(gate.events.map((event) => event.kind === 'grant' && event.grant.id)).toEqual(['b', 'a', 'c']);
  });

  test('with one bad item are refused as a whole, and the item is named', async () => {
    const answer = await gate.post(GRANTS, [{ id: 'a', lane: '1001' }, { id: 'b' }, { id: 'c', lane: '7' }]);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: '[1].plate' }, { field: '[2].lane' }] } });
    expect(gate.events).toEqual([]);
  });

  test('that contradict themselves are refused as a whole', async () => {
    const answer = await gate.post(GRANTS, [
      { id: 'a', lane: '1001' },
      { id: 'a', lane: '1002' },
    ]);
    expect(answer).toMatchObject({
      status: 409,
      body: { errors: [{ field: '[1].lane', message: 'was "1001" before' }] },
    });
    expect(gate.events).toEqual([]);
  });

  test('have a limit, and an empty one says nothing', async () => {
    const many = Array.from({ length: 501 }, (_, index) => ({ id: `g${index}`, lane: '1001' }));
    expect(await gate.post(GRANTS, many)).toMatchObject({ status: 413, body: { code: 'tooLarge' } });
    expect(await gate.post(GRANTS, many.slice(1))).toMatchObject({ status: 202 });
    expect(await gate.post(GRANTS, [])).toMatchObject({ status: 422, body: { code: 'invalid' } });
    expect(gate.events).toHaveLength(500);
  });

  test('have a limit of values, said in both languages', async () => {
    const deep = [{ id: 'a', lane: '1001', extra: Array.from({ length: 20_001 }, () => 0) }];
    const detail = async (language: string) =>
      (await gate.post(GRANTS, deep, { 'accept-language': language })) as { status: number; body: unknown };
    expect(await detail('en')).toMatchObject({
      status: 413,
      body: { code: 'tooLarge', detail: expect.stringContaining('more than 20000 values') },
    });
    expect(await detail('zh')).toMatchObject({ body: { detail: expect.stringContaining('内容超过 20000 项') } });
  });
});

describe('plates', () => {
  test('are normalised, with the moment they were read', async () => {
    const answer = await gate.post(PLATES, {
      id: 'r1',
      lane: '1002',
      plate: '蓝粤B12345',
      confidence: 0.7,
      at: '2024-05-01T04:00:00Z',
    });
    expect(answer).toMatchObject({ status: 202, body: { id: 'r1', status: 'accepted' } });
    expect(gate.events).toEqual([
      {
        kind: 'plate',
        laneId: '1002',
        plate: { text: '粤B12345', confidence: 0.7, color: 'blue' },
        readAtMs: laneTime('2024-05-01T04:00:00Z'),
      },
    ]);
  });

  test('without an id each is a read of its own; with one, the second is a duplicate', async () => {
    const read = { lane: '1001', plate: '粤B12345' };
    await gate.post(PLATES, [read, read]);
    expect(gate.events).toHaveLength(2);
    await gate.post(PLATES, { ...read, id: 'r' });
    expect((await gate.post(PLATES, { ...read, id: 'r' })).body.status).toBe('duplicate');
    expect(gate.events).toHaveLength(3);
  });

  test('without a confidence it is unrated; the side goes along', async () => {
    await gate.post(PLATES, { lane: '1001', plate: '粤B12345', side: 'outside' });
    await gate.post(PLATES, { lane: '1001', plate: '粤B12345', confidence: 0.9 });
    expect(gate.events[0]).toMatchObject({ unrated: true, side: 'outside', plate: { confidence: 0.9 } });
    expect(gate.events[1]).not.toHaveProperty('unrated');
  });

  test('a camera that read none is answered and ignored', async () => {
    const answer = await gate.post(PLATES, { lane: '1001', plate: '无牌车' });
    expect(answer).toMatchObject({ status: 202, body: { status: 'ignored', reason: 'no plate was read' } });
    expect(gate.events).toEqual([]);
  });

  test.each([
    [{ plate: '粤B12345' }, 'lane'],
    [{ lane: '1001' }, 'plate'],
    [{ lane: '1001', plate: '粤B12345', confidence: 98 }, 'confidence'],
    [{ lane: '1001', plate: '粤B12345', color: 'red' }, 'color'],
  ])('%j is refused and names %s', async (body, field) => {
    expect(await gate.post(PLATES, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

describe('messages of the platform, forwarded as they are', () => {
  const payment = {
    charset: 'UTF-8',
    park_uuid: PARK.toUpperCase(),
    parking_order: '202405011200000025',
    parking_serial: '8c598afd-2cb8-4cec-8f73-4fd4391d2fc6',
    gate_id: '1001',
    plate: '粤B12345',
    pay_origin: '4',
    pay_origin_desc: '支付宝',
    pay_serial: '20240501120000750001',
    pay_time: '20240501120000',
    service: 'service.parking.payment.result',
    sign: 'E7D7371549C2B4E3AE38C3A028973020',
    value: 500,
    version: '1.0',
  };
  const control = {
    service: 'service.parking.gate.control',
    version: '1.0',
    park_uuid: PARK,
    gate_id: '1002',
    status: 'OPEN',
  };

  test('a payment is a grant of its lane, by Beijing time', async () => {
    expect(await gate.post(GRANTS, payment)).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(gate.events).toEqual([
      {
        kind: 'grant',
        laneId: '1001',
        grant: {
          id: 'parking_order:202405011200000025',
          scope: 'lane',
          kind: 'paid',
          count: 1,
          plate: '粤B12345',
          amount: 500,
          parkingSerial: '8c598afd-2cb8-4cec-8f73-4fd4391d2fc6',
          issuedAtMs: laneTime('2024-05-01T04:00:00Z'),
          source: 'pms',
          written: { issuedWallMs: Date.parse('2024-05-01T04:00:00Z') },
        },
      },
    ]);
  });

  test('told again, even in other words, is one payment', async () => {
    await gate.post(GRANTS, payment);
    const again = await gate.post(GRANTS, { ...payment, pay_time: '20240501120001', plate: '', sign: 'X' });
    expect(again).toMatchObject({ status: 202, body: { status: 'duplicate' } });
    expect(gate.events).toHaveLength(1);
  });

  test('without a gate it is paid ahead, for the plate', async () => {
    await gate.post(GRANTS, { ...payment, gate_id: '' });
    expect(gate.events).toMatchObject([{ kind: 'grant', grant: { scope: 'park', plate: '粤B12345' } }]);
    expect(gate.events[0]).not.toHaveProperty('laneId');
  });

  test("for another box's gate it is answered and ignored, and not remembered", async () => {
    expect(await gate.post(GRANTS, { ...payment, gate_id: '77' })).toMatchObject({
      status: 202,
      body: { status: 'ignored' },
    });
    expect((await gate.post(GRANTS, payment)).body.status).toBe('accepted');
  });

  test.each([
    [{ gate_id: '', plate: '' }, 'plate'],
    [{ parking_order: '' }, 'parking_order'],
    [{ parking_order: undefined }, 'parking_order'],
    [{ pay_time: '20240231120000' }, 'pay_time'],
    [{ pay_time: 'yesterday' }, 'pay_time'],
    [{ park_uuid: '00000000-0000-0000-0000-000000000000' }, 'park_uuid'],
    [{ service: 'service.parking.payment.billing' }, 'service'],
    [{ service: 'constructor' }, 'service'],
  ])('with %j is refused and names %s', async (change, field) => {
    expect(await gate.post(GRANTS, { ...payment, ...change })).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
    expect(gate.events).toEqual([]);
  });

  test('OPEN is a grant of one remote opening; told twice within seconds, one', async () => {
    await gate.post(GRANTS, { ...control, plate: '粤B·54321', plate_color: '2', reason: '远程开闸' });
    expect((await gate.post(GRANTS, { ...control, plate: '粤B54321' })).body.status).toBe('duplicate');
    expect(gate.events).toMatchObject([
      {
        kind: 'grant',
        laneId: '1002',
        grant: { kind: 'remoteOpen', count: 1, plate: '粤B54321', plateColor: 'yellow', scope: 'lane' },
      },
    ]);
    await gate.post(GRANTS, { ...control, gate_id: '1001' });
    expect(gate.events).toHaveLength(2);
  });

  test('KEEP_OPEN begins, CLOSE ends, and each is heard as often as it is told', async () => {
    for (const status of ['KEEP_OPEN', 'CLOSE', 'KEEP_OPEN', 'KEEP_OPEN']) {
      await gate.post(GRANTS, { ...control, status, reason: '节假日' });
    }
    const on = (value: boolean) => ({ kind: 'keepOpen', laneId: '1002', on: value, reason: '节假日' });
    expect(gate.events).toEqual([on(true), on(false), on(true), on(true)]);
  });

  test.each([
    [{ status: 'SHUT' }, 'status'],
    [{ status: undefined }, 'status'],
    [{ gate_id: '' }, 'gate_id'],
  ])('a control message with %j names %s', async (change, field) => {
    expect(await gate.post(GRANTS, { ...control, ...change })).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
  });
});

describe('the description for programs', () => {
  test('needs no token and covers every path', async () => {
    const response = await fetch(`${gate.url}/api/openapi.json`);
    const description = (await response.json()) as { openapi: string; info: { version: string }; paths: object };
    expect(description).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    expect(Object.keys(description.paths).slice(0, 3)).toEqual([GRANTS, `${GRANTS}/{id}`, PLATES]);
    expect(JSON.stringify(description)).not.toContain(TOKEN);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
}

test('what says no time is told now by the program, even when the wall clock is wrong', async () => {
  const events: IntakeEvent[] = [];
  const { understandGrant } = await import('../../src/intake/grants.ts');
  const clock = { nowMs: () => 5_000, wallMs: () => 0, sleep: async () => {} };
  const context = {
    clock,
    lanes: [{ id: '1001', name: '' }],
    laneTimeMs: (wallMs: number) => wallMs - 1_000_000.25,
    laneNowMs: () => 5_000.4,
  };
  for (const issuedAt of [undefined, '1970-01-01T00:16:44Z', '2024-01-01T00:00:00Z']) {
    const understood = understandGrant({ id: 'a', lane: '1001', ...(issuedAt && { issuedAt }) }, 'pms', context);
    if ('data' in understood && understood.data.event !== undefined) events.push(understood.data.event);
  }
  expect(events.map((event) => event.kind === 'grant' && event.grant.issuedAtMs)).toEqual([
    5000,
    4000,
    Date.parse('2024-01-01T00:00:00Z') - 1_000_000,
  ]);
});
