/** A text where a plate should be: a grant with one is refused in words, a read with one is evidence of nothing and kept aside. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantFromDevice } from '../../src/app/device-grant.ts';
import { vehiclesFromCsv } from '../../src/intake/park/vehicle-csv.ts';
import { understandMessagePlate, understandPlate } from '../../src/intake/plate-normalization.ts';
import { type Gate, openGate, PARK } from './gate.ts';

const GARBAGE = ['=1+1', '粤B\u202e12345', 'http://example.test/pay', '粤B123456789012345'];
/** Forms that no rule here knows: a payment for them is a payment. */
const NEW_FORMS = ['粤B1234567890', '临时号牌粤B1234567', '粤B★2345', '军字001#'];
let gate: Gate;
beforeEach(async () => {
  gate = await openGate();
});
afterEach(() => gate.close());

it.each(['ﷺ', '粤', '\u{1F600}'])('200,000 times %j is no plate, and is not looked through', (character) => {
  const long = character.repeat(200_000);
  for (const understood of [understandPlate(long), understandMessagePlate(long)])
    expect(understood).toMatchObject({ kind: 'text', text: expect.stringMatching(/^.{1,64}$/su) });
});

it('what is markup or a formula once its characters are normal is none', () => {
  for (const text of ['＝1+1', '＆lt;b＆gt;', '＜b＞']) expect(understandMessagePlate(text).kind).toBe('text');
});

describe.each(GARBAGE)('%j', (plate) => {
  it('in a grant is refused, with the field and what a plate is', async () => {
    for (const more of [{ lane: '1001' }, {}]) {
      const { status, body } = await gate.post('/api/v1/grants', { id: 'g1', plate, ...more });
      expect(status).toBe(422);
      expect(body.errors).toEqual([{ field: 'plate', message: expect.stringContaining('at most 16 characters') }]);
    }
    const chinese = await gate.post('/api/v1/grants', { id: 'g1', plate }, { 'accept-language': 'zh' });
    expect(chinese.body.errors?.[0]?.message).toContain('最多 16 个字符');
    expect(gate.events).toEqual([]);
  });

  it('in a payment of the platform is refused as well, also where it names a gate', async () => {
    const payment = { service: 'service.parking.payment.result', park_uuid: PARK, parking_order: '77', plate };
    for (const more of [{ gate_id: '1001' }, {}]) {
      const { status, body } = await gate.post('/api/v1/grants', { ...payment, ...more });
      expect(status).toBe(422);
      expect(body.errors?.map(({ field }) => field)).toEqual(['plate']);
    }
    expect(gate.events).toEqual([]);
  });

  it('in a read is ignored with the reason, and its text kept', async () => {
    const { status, body } = await gate.post('/api/v1/plates', { id: 'r1', lane: '1001', plate });
    expect(status).toBe(202);
    expect(body).toMatchObject({ id: 'r1', status: 'ignored', reason: expect.stringContaining('no plate') });
    expect(gate.events).toMatchObject([{ kind: 'text', laneId: '1001', source: 'pms' }]);
    expect(JSON.stringify(gate.events)).not.toContain('\u202e');
    await gate.post('/api/v1/plates', { id: 'r1', lane: '1001', plate });
    expect(gate.events).toHaveLength(1);
  });

  it('that a device told with a payment is a grant for nobody, also where the device names its lane', () => {
    const told = { kind: 'paid', plate, atMs: 0 } as const;
    expect(grantFromDevice('pos', told, 0)).toBeUndefined();
    expect(grantFromDevice('pos', { ...told, laneId: '1001' }, 0)).toBeUndefined();
    expect(grantFromDevice('pos', { ...told, laneId: '1001', plate: '粤B12345' }, 0)).toMatchObject({
      plate: '粤B12345',
    });
    expect(grantFromDevice('pos', { ...told, laneId: '1001', plate: '无牌车' }, 0)).not.toHaveProperty('plate');
  });
});

describe.each(NEW_FORMS)('%j', (plate) => {
  it('counts as told: in a payment, an entry, a charge, a list, a message of the platform and of a device', async () => {
    const grant = await gate.post('/api/v1/grants', { id: 'g1', plate });
    expect(grant, grant.body.errors?.[0]?.message).toMatchObject({ status: 202 });
    const payment = { service: 'service.parking.payment.result', park_uuid: PARK, parking_order: '77', plate };
    expect(await gate.post('/api/v1/grants', payment)).toMatchObject({ status: 202 });
    expect(await gate.post('/api/v1/entries', { id: 'e1', plate })).toMatchObject({ status: 202 });
    expect(await gate.post('/api/v1/charges', { id: 'c1', plate, amount: 500 })).toMatchObject({ status: 202 });
    expect(await gate.post('/api/v1/vehicles', { plate, kind: 'free' })).toMatchObject({ status: 202 });
    expect(gate.events.map(({ kind }) => kind)).toEqual(['grant', 'grant', 'entry', 'charge', 'vehicle']);
    const told = { kind: 'paid', plate, atMs: 0 } as const;
    expect(grantFromDevice('pos', told, 0)?.plate).toBeDefined();
    expect(vehiclesFromCsv(Buffer.from(`${plate},free`), 10)).toMatchObject({
      faults: [],
      vehicles: [{ kind: 'free' }],
    });
  });

  it('read by a camera is evidence of nothing', async () => {
    const { body } = await gate.post('/api/v1/plates', { id: 'r1', lane: '1001', plate });
    expect(body).toMatchObject({ status: 'ignored' });
  });
});

it.each(['无牌车', '临牌'])(
  '%s pays for whoever stands in the lane that is named, ahead for one whom nobody reads',
  async (plate) => {
    expect(await gate.post('/api/v1/grants', { id: 'g1', lane: '1001', plate })).toMatchObject({ status: 202 });
    expect(gate.events[0]).not.toHaveProperty('grant.plate');
    expect(await gate.post('/api/v1/grants', { id: 'g2', plate })).toMatchObject({ status: 202 });
    expect(gate.events[1]).toMatchObject({ grant: { scope: 'park', plate: '无牌车' } });
  },
);

it.each([...GARBAGE, '<b>粤B12345</b>', '粤B1&2345'])('%j is refused in every way in', async (plate) => {
  for (const [path, body] of [
    ['entries', { id: 'e1', plate }],
    ['charges', { id: 'c1', plate, amount: 500 }],
    ['grants', { id: 'g1', plate, lane: '1001' }],
    ['vehicles', { plate, kind: 'free' }],
  ] as const)
    expect(await gate.post(`/api/v1/${path}`, body)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'plate' }] },
    });
  expect(vehiclesFromCsv(Buffer.from(`${plate},free`), 10).faults).toMatchObject([{ field: '1: plate' }]);
});

it.each(['till', 'carDesc', 'id', 'operator'])('%s takes no direction characters', async (field) => {
  const { status, body } = await gate.post('/api/v1/grants', { id: 'g1', lane: '1001', [field]: '甲\u202e乙' });
  expect(status).toBe(422);
  expect(body.errors?.map((error) => error.field)).toEqual([field]);
});
