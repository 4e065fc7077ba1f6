/** A text where a plate should be: a grant with one is refused in words, a read with one is evidence of nothing and kept aside. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantFromDevice } from '../../src/app/device-grant.ts';
import { type Gate, openGate, PARK } from './gate.ts';

const GARBAGE = ['=1+1', '粤B\u202e12345', 'http://example.test/pay', '粤B1234567890'];
let gate: Gate;
beforeEach(async () => {
  gate = await openGate();
});
afterEach(() => gate.close());

describe.each(GARBAGE)('%j', (plate) => {
  it('in a grant is refused, with the field and what a plate is', async () => {
    for (const more of [{ lane: '1001' }, {}]) {
      const { status, body } = await gate.post('/api/v1/grants', { id: 'g1', plate, ...more });
      expect(status).toBe(422);
      expect(body.errors).toEqual([{ field: 'plate', message: expect.stringContaining('one to ten letters, digits') }]);
    }
    const chinese = await gate.post('/api/v1/grants', { id: 'g1', plate }, { 'accept-language': 'zh' });
    expect(chinese.body.errors?.[0]?.message).toContain('一到十个字母、数字、汉字');
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
