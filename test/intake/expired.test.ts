/** What a payment is answered that is over when it arrives, and what becomes of one for a lane that is none of ours. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntakeEvent } from '../../src/intake/events.ts';
import { IgnoredMessages } from '../../src/intake/ignored-messages.ts';
import { type Gate, LANE_EPOCH_MS, openGate } from './gate.ts';

const GRANTS = '/api/v1/grants';
const PLATES = '/api/v1/plates';

let arrivals: IgnoredMessages;
let gate: Gate;
beforeEach(async () => {
  arrivals = new IgnoredMessages(() => 0);
  gate = await openGate(undefined, undefined, { ignored: arrivals });
});
afterEach(() => gate.close());

const grantOf = (event: IntakeEvent | undefined) => (event as Extract<IntakeEvent, { kind: 'grant' }>).grant;

describe('a payment that is over when it arrives', () => {
  const over = {
    kind: 'expired',
    endedWallMs: Date.parse('2026-05-01T12:15:00+08:00'),
    receivedWallMs: Date.parse('2026-05-01T20:00:02.5+08:00'),
  } as const;
  const paid = { id: 'P1', plate: '粤B12345', expiresAt: '2026-05-01T12:15:00+08:00' };
  beforeEach(() => {
    gate.accept = async (event) => {
      gate.events.push(event);
      return over;
    };
  });

  test('is answered 202 expired, with a reason and both times', async () => {
    const answer = await gate.post(GRANTS, paid);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: 'P1',
      status: 'expired',
      reason: expect.stringMatching(/clock and the time zone of the sender/),
      expiredAt: '2026-05-01T12:15:00.000+08:00',
      receivedAt: '2026-05-01T20:00:02.500+08:00',
    });
    expect(answer.body.reason).toContain('12:15:00');
    expect(answer.body.reason).toContain('20:00:02');
  });

  test('without an end of its own it ended so long after its time of issue, to the millisecond', async () => {
    gate.accept = async () => ({ ...over, endedWallMs: Date.parse('2026-05-01T04:01:00Z') - 0.7, lifeMs: 60_000 });
    const answer = await gate.post(GRANTS, { id: 'P3', lane: '1001', issuedAt: '2026-05-01T12:00:00.123+08:00' });
    expect(answer.body.expiredAt).toBe('2026-05-01T12:01:00.123+08:00');
  });

  test('the same id again: the same answer, and it is told once', async () => {
    const first = await gate.post(GRANTS, paid);
    const again = await gate.post(GRANTS, { ...paid, issuedAt: '2026-05-01T12:00:00+08:00' });
    expect(again.body).toEqual(first.body);
    expect(gate.events).toHaveLength(1);
  });

  test('in a batch it does not hold up the others', async () => {
    gate.accept = async (event) => (grantOf(event).id === 'P1' ? over : 'accepted');
    const answer = await gate.post(GRANTS, [paid, { id: 'P2', lane: '1001' }]);
    expect(answer).toMatchObject({ status: 202, body: { results: [{ status: 'expired' }, { status: 'accepted' }] } });
  });

  test('is kept for the page and said in the log, once each', async () => {
    await gate.post(GRANTS, paid);
    await gate.post(GRANTS, paid);
    await gate.post(PLATES, { lane: '1001', plate: '无牌车' });
    expect(arrivals.rows).toMatchObject([
      { status: 'ignored', sender: 'pms' },
      {
        status: 'expired',
        sender: 'pms',
        id: 'P1',
        plate: '粤B12345',
        reason: { en: expect.stringContaining('12:15') },
      },
    ]);
    expect(gate.lines.filter((line) => line.includes('it had expired on arrival'))).toHaveLength(1);
  });

  test('no more than fifty are kept, the newest', () => {
    for (let count = 0; count < 60; count += 1)
      arrivals.add({ status: 'ignored', sender: 'pms', id: String(count), reason: { zh: '', en: '' } });
    expect(arrivals.rows).toHaveLength(50);
    expect(arrivals.rows[0]?.id).toBe('59');
    expect(arrivals.count).toBe(60);
  });
});

test('a payment that only repeats one of before under another id is a duplicate', async () => {
  gate.accept = async () => 'repeated';
  expect(await gate.post(GRANTS, { id: 'P1', lane: '1001' })).toMatchObject({
    status: 202,
    body: { id: 'P1', status: 'duplicate' },
  });
});

describe('a payment for a lane that is none of this box', () => {
  const told = { kind: 'elsewhere', laneId: '9', plate: '粤B12345' };

  test('is refused, and the lanes are told of its plate', async () => {
    const answer = await gate.post(GRANTS, { id: 'P1', lane: '9', plate: '粤B·12345' });
    expect(answer.status).toBe(422);
    expect(gate.events).toEqual([{ ...told, grantId: 'P1' }]);
  });

  test('as a message of the platform it is ignored, and the lanes are told of its plate', async () => {
    const message = { service: 'service.parking.payment.result', parking_order: '77', gate_id: '9', plate: '粤B12345' };
    expect(await gate.post(GRANTS, message)).toMatchObject({ status: 202, body: { status: 'ignored' } });
    expect(gate.events).toEqual([{ ...told, grantId: 'parking_order:77' }]);
  });

  test('without a plate there is nothing to tell', async () => {
    expect((await gate.post(GRANTS, { id: 'P1', lane: '9' })).status).toBe(422);
    expect(gate.events).toEqual([]);
  });
});

test("when it was paid goes to the lane as its sender says: the lane learns the sender's clock from it", async () => {
  const ahead = new Date(Date.now() + 7 * 60_000).toISOString();
  await gate.post(GRANTS, { id: 'P1', lane: '1001', issuedAt: ahead });
  expect(grantOf(gate.events[0]).issuedAtMs).toBe(Date.parse(ahead) - LANE_EPOCH_MS);
});

describe('while nobody has confirmed our clock', () => {
  let isConfirmed = false;
  let box: Gate;
  beforeEach(async () => {
    isConfirmed = false;
    const isUndated = (wallMs: number) => !isConfirmed && wallMs > Date.now() - 4 * DAY_MS;
    const rules = { maxLifetimeMs: 60_000, signOf: () => 'missing' as const, requireSign: false };
    box = await openGate(undefined, undefined, { rules, isUndated });
  });
  afterEach(() => box.close());
  const DAY_MS = 86_400_000;
  const ofOurDay = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

  test('a payment is marked so, and told again after it a repetition', async () => {
    const paid = { id: 'P1', lane: '1001', issuedAt: ofOurDay(-3), expiresAt: ofOurDay(-3) };
    expect(await box.post(GRANTS, paid)).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(grantOf(box.events[0])).toMatchObject({ undated: true, expiresAtMs: expect.any(Number) });
    isConfirmed = true;
    expect(await box.post(GRANTS, paid)).toMatchObject({ status: 202, body: { status: 'duplicate' } });
  });

  test('but for what was over when the box last knew the time', async () => {
    await box.post(GRANTS, { id: 'P1', lane: '1001', expiresAt: ofOurDay(-5) });
    expect(grantOf(box.events[0])).toMatchObject({ expiresAtMs: expect.any(Number) });
    expect(grantOf(box.events[0])).not.toHaveProperty('undated');
  });

  test('an end without a time of issue is not gone by', async () => {
    const paid = { lane: '1001', expiresAt: ofOurDay(3) };
    expect(await box.post(GRANTS, { id: 'P1', ...paid })).toMatchObject({ status: 202, body: { status: 'accepted' } });
    expect(grantOf(box.events[0])).not.toHaveProperty('expiresAtMs');
    isConfirmed = true;
    expect(await box.post(GRANTS, { id: 'P2', ...paid })).toMatchObject({ status: 422 });
  });
});
