/** Entries, known vehicles and shifts on the intake's socket: the same answers and errors as for grants. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { mqtt, mqttConfig } from '../../src/config/schema/mqtt.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { IntakeEvent } from '../../src/intake/events.ts';
import { createMessageHandler } from '../../src/intake/mqtt-message.ts';
import { type Gate, LANE_EPOCH_MS, openGate, PARK } from './gate.ts';

let gate: Gate;
beforeEach(async () => {
  gate = await openGate();
});
afterEach(() => gate.close());

const ENTRIES = '/api/v1/entries';
const CHARGES = '/api/v1/charges';
const VEHICLES = '/api/v1/vehicles';
const SHIFTS = '/api/v1/shifts';
const wall = (iso: string) => Date.parse(iso);
const laneTime = (iso: string) => wall(iso) - LANE_EPOCH_MS;

describe('entries', () => {
  const entry = { id: 'E-1', plate: '粤B·12345', lane: '2001', at: '2024-05-01T06:47:00+08:00', carType: 2 };

  test('one, with everything it can say; the lane may be another box’s', async () => {
    const answer = await gate.post(ENTRIES, { ...entry, entryRecord: 'R-9', carDesc: '月卡A', plateColor: 'blue' });
    expect(answer).toMatchObject({ status: 202, body: { id: 'E-1', status: 'accepted' } });
    expect(gate.events).toEqual([
      {
        kind: 'entry',
        entry: {
          ...{ id: 'E-1', plate: '粤B12345', plateColor: 'blue', lane: '2001', serial: 'R-9' },
          ...{ carType: '2', carDesc: '月卡A', source: 'pms' },
          wallMs: wall('2024-04-30T22:47:00Z'),
          atMs: laneTime('2024-04-30T22:47:00Z'),
        },
      },
    ]);
  });

  test('counts once, conflicts under its id, and has ids of its own', async () => {
    await gate.post(ENTRIES, entry);
    expect(await gate.post(ENTRIES, entry)).toMatchObject({ body: { status: 'duplicate' } });
    const other = await gate.post(ENTRIES, { ...entry, plate: '粤B99999' });
    expect(other).toMatchObject({ status: 409, body: { errors: [{ field: 'plate' }] } });
    expect(await gate.post('/api/v1/grants', { id: 'E-1', lane: '1001' })).toMatchObject({
      body: { status: 'accepted' },
    });
    expect(await gate.post(ENTRIES, { id: 'E-2', plate: '无牌车' })).toMatchObject({ body: { status: 'ignored' } });
  });

  test.each([
    [{ plate: '粤B12345' }, 'id'],
    [{ id: 'a' }, 'plate'],
    [{ id: 'a', plate: '/etc/passwd:x' }, 'plate'],
    [{ id: 'a', plate: '粤B12345', carType: 7 }, 'carType'],
    [{ id: 'a', plate: '粤B12345', at: 'yesterday' }, 'at'],
    [{ id: 'a', plate: '粤B12345', plait: 1 }, 'plait'],
  ])('%j is refused and names %j', async (body, field) => {
    expect(await gate.post(ENTRIES, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect(gate.events).toEqual([]);
  });

  test('the platform’s own messages are understood as they are, before and after the gate opened', async () => {
    const direct = {
      ...{ service: 'service.parking.direct.enter', version: '1.0', sign: 'x', park_uuid: PARK, gate_id: '1002' },
      ...{
        passport: '无A123456',
        plate: '无A123456',
        parking_serial: 'S-7',
        enter_time: '20240501064700',
        car_type: 1,
      },
    };
    expect(await gate.post(ENTRIES, direct)).toMatchObject({ body: { id: 'S-7', status: 'accepted' } });
    const after = {
      park_uuid: PARK,
      plate: '无A123456',
      parking_serial: 'S-7',
      enter_time: '2024-04-30T22:47:00.000Z',
    };
    expect(await gate.post(ENTRIES, { ...after, car_desc: '临停' })).toMatchObject({ body: { status: 'duplicate' } });
    const known = { lane: '1002', serial: 'S-7', carType: '1', wallMs: wall('2024-04-30T22:47:00Z') };
    expect(gate.events).toMatchObject([{ kind: 'entry', entry: { plate: '无A123456', ...known } }]);
    const before = { service: 'service.parking.enter.before', park_uuid: PARK, enter_gate_id: '1002', sign: 'x' };
    await gate.post(ENTRIES, { ...before, plate: '粤B55555', parking_serial: 'S-8', enter_time: '20240501064700' });
    expect(gate.events.pop()).toMatchObject({ entry: { plate: '粤B55555', lane: '1002', serial: 'S-8' } });
    const milliseconds = { park_uuid: PARK, plate: '粤B660PP', enter_time: 1563242533431, plate_color: '5' };
    await gate.post(ENTRIES, milliseconds);
    expect(gate.events[1]).toMatchObject({ entry: { wallMs: 1563242533431, plateColor: 'green' } });
    const wrong = await gate.post(ENTRIES, { ...direct, park_uuid: 'x', enter_time: 'noon' });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: 'park_uuid' }, { field: 'enter_time' }] } });
  });
});

describe('charges', () => {
  const charge = { id: 'C-1', plate: '粤B·12345', lane: '1001', amount: 1500, at: '2024-05-01T06:47:00+08:00' };

  test('one, which is the price for an hour unless it says until when', async () => {
    expect(await gate.post(CHARGES, charge)).toMatchObject({ status: 202, body: { id: 'C-1', status: 'accepted' } });
    await gate.post(CHARGES, { ...charge, id: 'C-2', expiresAt: '2024-05-01T07:00:00+08:00', currency: 'CNY' });
    const said = { plate: '粤B12345', lane: '1001', amount: 1500, source: 'pms', wallMs: wall('2024-04-30T22:47:00Z') };
    expect(gate.events).toMatchObject([
      { kind: 'charge', charge: { id: 'C-1', ...said, untilWallMs: wall('2024-04-30T23:47:00Z') } },
      { kind: 'charge', charge: { id: 'C-2', ...said, untilMs: laneTime('2024-04-30T23:00:00Z') } },
    ]);
  });

  test('counts once, conflicts under its id, and has ids of its own', async () => {
    await gate.post(CHARGES, charge);
    expect(await gate.post(CHARGES, charge)).toMatchObject({ body: { status: 'duplicate' } });
    const other = await gate.post(CHARGES, { ...charge, amount: 2000 });
    expect(other).toMatchObject({ status: 409, body: { errors: [{ field: 'amount' }] } });
    expect(await gate.post(ENTRIES, { id: 'C-1', plate: '粤B12345' })).toMatchObject({ body: { status: 'accepted' } });
    expect(await gate.post(CHARGES, { id: 'C-2', plate: '无牌车', amount: 5 })).toMatchObject({
      body: { status: 'ignored' },
    });
  });

  test('one that is over when it comes says so, each time', async () => {
    gate.accept = async () => ({ kind: 'expired', endedWallMs: 0, receivedWallMs: 1 });
    for (const _ of [1, 2]) expect(await gate.post(CHARGES, charge)).toMatchObject({ body: { status: 'expired' } });
  });

  test.each([
    [{ plate: '粤B12345', amount: 5 }, 'id'],
    [{ id: 'a', amount: 5 }, 'plate'],
    [{ id: 'a', plate: '粤B12345' }, 'amount'],
    [{ id: 'a', plate: '粤B12345', amount: 1.5 }, 'amount'],
    [{ id: 'a', plate: '粤B12345', amount: -5 }, 'amount'],
    [{ id: 'a', plate: '粤B12345', amount: 5, currency: 'USD' }, 'currency'],
    [{ id: 'a', plate: '/etc/passwd:x', amount: 5 }, 'plate'],
    [
      { id: 'a', plate: '粤B12345', amount: 5, at: '2024-05-01T08:00:00Z', expiresAt: '2024-05-01T07:00:00Z' },
      'expiresAt',
    ],
    [{ id: 'a', plate: '粤B12345', amount: 5, price: 1 }, 'price'],
    [{ service: 'service.parking.payment.result', parking_order: 'x', pay_value: 5 }, 'service'],
  ])('%j is refused and names %j', async (body, field) => {
    expect(await gate.post(CHARGES, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect(gate.events).toEqual([]);
  });

  test('what was answered to the platform’s payment.billing is understood as it is', async () => {
    const answer = {
      ...{
        service: 'service.parking.payment.billing',
        version: '1.0',
        charset: 'UTF-8',
        result_code: '1001',
        sign: 'x',
      },
      ...{ plate: '粤B660PP', parking_serial: 'S-7', parking_order: '2018113010535820', enter_time: '20181130100904' },
      ...{ parking_time: '2694', total_value: '900', paid_value: '400', free_value: 0, pay_value: '500' },
    };
    expect(await gate.post(CHARGES, answer)).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(await gate.post(CHARGES, answer)).toMatchObject({ body: { status: 'duplicate' } });
    expect(await gate.post(CHARGES, { ...answer, pay_value: 700 })).toMatchObject({ body: { status: 'accepted' } });
    expect(gate.events).toMatchObject([
      { kind: 'charge', charge: { id: '2018113010535820', plate: '粤B660PP', amount: 500 } },
      { kind: 'charge', charge: { id: '2018113010535820', plate: '粤B660PP', amount: 700 } },
    ]);
    const none = { ...answer, result_code: '1002', pay_value: undefined, parking_order: undefined };
    expect(await gate.post(CHARGES, none)).toMatchObject({ body: { status: 'ignored' } });
    const wrong = await gate.post(CHARGES, { ...answer, park_uuid: 'x', pay_value: '5.00', parking_order: '' });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'park_uuid' }, { field: 'parking_order' }, { field: 'pay_value' }] },
    });
  });
});

describe('known vehicles', () => {
  test('one, a list, and one that is no longer known', async () => {
    const one = { plate: '粤B12345', description: '月卡A', from: '2024-05-01', to: '2024-05-31' };
    expect(await gate.post(VEHICLES, one)).toMatchObject({ status: 202, body: { status: 'accepted' } });
    await gate.post(VEHICLES, [
      { plate: '粤B11111', kind: 'free', to: '2024-05-01T09:59:00+08:00' },
      { plate: '粤B12345', removed: true },
    ]);
    expect(gate.events.map((event) => event.kind === 'vehicle' && event.vehicle)).toEqual([
      {
        ...{ plate: '粤B12345', kind: 'season', carType: '2', description: '月卡A' },
        ...{ fromWallMs: wall('2024-04-30T16:00:00Z'), untilWallMs: wall('2024-05-31T16:00:00Z') },
      },
      { plate: '粤B11111', kind: 'free', carType: '3', untilWallMs: wall('2024-05-01T01:59:00Z') },
      { plate: '粤B12345', kind: 'season', carType: '2', removed: true },
    ]);
  });

  test.each([
    [{ plate: '无牌车' }, 'plate'],
    [{ plate: '粤B12345', from: '2024-05-02', to: '2024-05-01' }, 'to'],
    [{ plate: '粤B12345', from: '1 May' }, 'from'],
    [{ plate: '粤B12345', kind: 'vip' }, 'kind'],
  ])('%j is refused and names %j', async (body, field) => {
    expect(await gate.post(VEHICLES, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

describe('shifts', () => {
  test('on and off, for lanes or all of them', async () => {
    await gate.post(SHIFTS, { id: 's1', operator: '张三', lanes: ['1001'], at: '2024-05-01T08:00:00+08:00' });
    await gate.post(SHIFTS, { id: 's2', operator: '张三', on: false });
    expect(gate.events).toMatchObject([
      {
        kind: 'shift',
        shift: { id: 's1', operator: '张三', on: true, lanes: ['1001'], atMs: laneTime('2024-05-01T00:00:00Z') },
      },
      { kind: 'shift', shift: { on: false, lanes: ['1001', '1002'], source: 'pms' } },
    ]);
  });

  test.each([
    [{ operator: '张三' }, 'id'],
    [{ id: 'a' }, 'operator'],
    [{ id: 'a', operator: '张三', lanes: ['9'] }, 'lanes'],
    [{ id: 'a', operator: '张三', booth: '南门' }, 'booth'],
    [{ id: 'a', operator: '张三', at: '2024-05-01T08:00:00Z', until: '2024-05-01T07:00:00Z' }, 'until'],
  ])('%j is refused and names %j', async (body, field) => {
    expect(await gate.post(SHIFTS, body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
  });
});

test('over MQTT they are the same', async () => {
  const events: IntakeEvent[] = [];
  const said: string[] = [];
  const write = ({ en }: { en: string }) => void said.push(en);
  const written = mqtt.parse({
    ...{
      enabled: true,
      url: 'mqtt://192.0.2.7:1883',
      entries: 'park/entries',
      charges: 'park/charges',
      vehicles: 'park/vehicles',
      shifts: 'park/shifts',
    },
  });
  const context = { secret: () => new Secret(''), beside: (path: string) => path, parkUuid: PARK, laneId: '1001' };
  const handler = createMessageHandler({
    config: mqttConfig(written, context) as NonNullable<ReturnType<typeof mqttConfig>>,
    clock: systemClock(),
    lanes: [{ id: '1001', name: '通道A' }],
    booths: [{ name: '南门', lanes: ['1001'] }],
    parkUuid: PARK,
    laneTimeMs: (wallMs) => wallMs - LANE_EPOCH_MS,
    laneNowMs: () => Date.now() - LANE_EPOCH_MS,
    accept: async (event) => {
      events.push(event);
      return 'accepted';
    },
    log: { debug: write, info: write, warn: write, error: write },
  });
  const send = (topic: string, value: unknown) =>
    handler.take({ topic, payload: Buffer.from(JSON.stringify(value)), retained: false });
  expect(await send('park/entries', { id: 'E-1', plate: '粤B12345' })).toBe(true);
  expect(await send('park/charges', { id: 'C-1', plate: '粤B12345', amount: 500 })).toBe(true);
  expect(await send('park/vehicles', [{ plate: '粤B12345' }, { plate: '粤B54321', kind: 'free' }])).toBe(true);
  expect(await send('park/shifts', { id: 's', operator: '张三', booth: '南门' })).toBe(true);
  expect(events.map(({ kind }) => kind)).toEqual(['entry', 'charge', 'vehicle', 'vehicle', 'shift']);
  expect(events.at(-1)).toMatchObject({ shift: { lanes: ['1001'], source: 'mqtt' } });
  expect(said).toEqual([]);
  expect(await send('park/shifts', { id: 's2' })).toBe(true);
  expect(said.join()).toContain('operator');
});

test('all are in the description for programs', async () => {
  const { paths } = (await (await fetch(`${gate.url}/api/openapi.json`)).json()) as { paths: Record<string, object> };
  const own = ['/api/v1/grants', '/api/v1/grants/{id}', '/api/v1/plates', ENTRIES, CHARGES, VEHICLES, SHIFTS];
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(own));
});
