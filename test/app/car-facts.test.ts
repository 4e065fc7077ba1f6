/** What was told of a vehicle, put together for a record, and the reason that begins with it. */
import { describe, expect, it } from 'vitest';
import { recordReason } from '../../src/app/record-reason.ts';
import { carFacts, type EnteredCar, type GrantedCar, grantedCar } from '../../src/app/register/car-facts.ts';
import type { Release } from '../../src/lane/types.ts';
import type { OutboxRecord, RecordFacts } from '../../src/store/record-types.ts';
import { fieldsOf } from '../delivery/by-hand.ts';
import { record, release } from '../store/open.ts';

const PLATE = '粤B12345';
const now = { atMs: 10_000_000, wallMs: Date.parse('2026-11-25T10:13:00+08:00') };
const paid: GrantedCar = { grantId: 'p', kind: 'paid', atMs: 9_000_000, carType: '1' };
const entered: EnteredCar = { id: 'e', atMs: 8_000_000, wallMs: 0, carType: '2', carDesc: '月卡B' };
const vehicle = { plate: PLATE, kind: 'season', carType: '2', description: '月卡A', plateColor: 'green' } as const;

describe('car type and description', () => {
  it('come of the payment, then the entry record, then the known vehicle; a description of another type is none', () => {
    expect(carFacts(PLATE, { granted: paid, entered, vehicle }, now)).toEqual({
      plate: PLATE,
      carType: '1',
      plateColor: 'green',
    });
    expect(carFacts(PLATE, { entered, vehicle }, now)).toMatchObject({ carType: '2', carDesc: '月卡B' });
    expect(carFacts(PLATE, { vehicle }, now)).toMatchObject({ carType: '2', carDesc: '月卡A' });
    expect(carFacts(PLATE, {}, now)).toBeUndefined();
  });

  it('a payment of an earlier stay says less than the record of this one', () => {
    const earlier = { ...paid, atMs: 7_000_000 };
    expect(carFacts(PLATE, { granted: earlier, entered }, now)).toMatchObject({ carType: '2', carDesc: '月卡B' });
  });

  it('of a command its reason is no description', () => {
    const grant = {
      id: 'g',
      scope: 'lane',
      plate: PLATE,
      count: 1,
      kind: 'remoteOpen',
      issuedAtMs: 1,
      source: 'pms',
      carDesc: '设备故障',
      operator: '张三',
    } as const;
    expect(grantedCar(grant, 1)).toEqual({ grantId: 'g', kind: 'remoteOpen', atMs: 1, operator: '张三' });
  });
});

describe('the reason', () => {
  const shown: Release = release('r', { plate: { text: PLATE, confidence: 0.9 }, facts: [] });
  const reason = (known: RecordFacts) => recordReason(shown, now.wallMs, known);
  it.each<[RecordFacts, string, string]>([
    [
      { car: { plate: PLATE, carType: '2', carDesc: '月卡A', endedWallMs: Date.parse('2026-11-25T09:59:00+08:00') } },
      '月卡A 已于 09:59 到期',
      '月卡A ended at 09:59',
    ],
    [
      { car: { plate: PLATE, carType: '2', endedWallMs: Date.parse('2026-11-21T00:00:00+08:00') } },
      '月卡 已于 11-20 到期',
      'season ticket ended at 11-20',
    ],
    [
      { entry: { wallMs: now.wallMs - 192 * 60_000, unpaid: true } },
      '入场 3 小时 12 分，未缴费',
      'in for 3 h 12 min, not paid',
    ],
    [{ quietMs: 14 * 60_000 }, '缴费消息已 14 分钟没有来过', 'no payment message for 14 min'],
    [{ car: { plate: PLATE, carType: '2' }, entry: { wallMs: 0, unpaid: true } }, '', ''],
    [{ car: { plate: '粤B99999', endedWallMs: 1 } }, '', ''],
  ])('of %j is %s', (known, zh, en) => {
    expect(reason(known)).toEqual({ zh, en });
  });
});

describe('the request', () => {
  const sent = (of: Release, known?: RecordFacts) => {
    const kept = {
      ...record('r', { release: of }),
      id: 1,
      serial: 'S',
      timeQuality: 'synced',
      ...(known && { known }),
    };
    return fieldsOf(kept as unknown as OutboxRecord, { parkUuid: 'p', picture: 'none', noPlate: '无牌车' }, undefined);
  };
  const car = { plate: PLATE, carType: '2', carDesc: '月卡A', plateColor: 'green' } as const;

  it('has the car of exactly this plate, and -1 for a plate without a colour', () => {
    const read = release('r', { plate: { text: PLATE, confidence: 0.9 } });
    expect(sent(read, { car })).toMatchObject({ car_type: '2', car_desc: '月卡A', plate_color: '5' });
    expect(sent(read)).toMatchObject({ plate_color: '-1' });
    expect(sent(release('r'))).not.toHaveProperty('plate_color');
    const corrected = release('r', { plate: { text: '粤B99999', confidence: 1 } });
    expect(sent(corrected, { car })).not.toHaveProperty('car_type');
    expect(sent(corrected, { car })).toMatchObject({ plate_color: '-1' });
  });
});
