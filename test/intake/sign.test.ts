/** The signature of the platform on forwarded messages, and what one message may claim. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { downlinkSign } from '../../src/delivery/request/downlink.ts';
import { IgnoredMessages } from '../../src/intake/ignored-messages.ts';
import type { GrantRules } from '../../src/intake/intake-contract.ts';
import { type Gate, openGate, PARK } from './gate.ts';

const SECRET = 'downlink-secret';
/** As the platform's reference gateway does it, written anew here. */
function signed(message: Record<string, unknown>, keepEmpty = true, secret = SECRET): Record<string, unknown> {
  const names = Object.keys(message).filter((name) => keepEmpty || message[name] !== '');
  const text = names.sort().map((name) => `${name}=${message[name]}`);
  return {
    ...message,
    sign: createHash('md5')
      .update(`${text.join('&')}&key=${secret}`)
      .digest('hex'),
  };
}
const PAYMENT = {
  ...{ service: 'service.parking.payment.result', park_uuid: PARK, gate_id: '1001', plate: '粤B12345' },
  ...{ parking_order: 'O1', pay_origin_desc: '', value: 500 },
};

describe('the signature of a forwarded message', () => {
  it.each([
    ['with its empty members', signed(PAYMENT), 'right'],
    ['without them, as some senders write it', signed(PAYMENT, false), 'right'],
    ['of the next secret', signed(PAYMENT, true, 'next'), 'right'],
    ['of another application', signed(PAYMENT, true, 'other'), 'wrong'],
    ['of another plate', { ...signed(PAYMENT), plate: '粤B99999' }, 'wrong'],
    ['that is not there', PAYMENT, 'missing'],
  ] as const)('%s', (_, message, is) => {
    expect(downlinkSign(message, [SECRET, 'next'])).toBe(is);
  });
});

let gate: Gate | undefined;
afterEach(() => gate?.close());

async function opened(rules: Partial<GrantRules>) {
  const ignored = new IgnoredMessages(() => 0);
  const signOf: GrantRules['signOf'] = (message) => downlinkSign(message, [SECRET]);
  gate = await openGate(systemClock(), undefined, { ignored, rules: { signOf, requireSign: false, ...rules } });
  return { gate, ignored };
}

it('a right one is kept with its grant; a wrong or missing one is kept, shown, and counts all the same', async () => {
  const { gate: box, ignored } = await opened({});
  for (const message of [
    signed(PAYMENT),
    { ...PAYMENT, parking_order: 'O2' },
    { ...PAYMENT, parking_order: 'O3', sign: 'F' },
  ])
    expect((await box.post('/api/v1/grants', message)).body).toMatchObject({ status: 'accepted' });
  expect(box.events.map((event) => event.kind === 'grant' && event.grant.signed)).toEqual([
    'right',
    'missing',
    'wrong',
  ]);
  expect(ignored.rows.map(({ status, id }) => [status, id])).toEqual([
    ['unverified', 'parking_order:O3'],
    ['unverified', 'parking_order:O2'],
  ]);
});

it('where it is required, a message without it is refused by the name of the setting', async () => {
  const { gate: box } = await opened({ requireSign: true });
  expect((await box.post('/api/v1/grants', signed(PAYMENT))).status).toBe(202);
  const { status, body } = await box.post('/api/v1/grants', { ...PAYMENT, parking_order: 'O2' });
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ field: 'sign', message: expect.stringContaining('intake.verifySign') }]);
});

it('more passages, or a longer life, than the settings allow is refused by their name; without them all is as ever', async () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const many = { id: 'g1', lane: '1001', count: 50 };
  const long = { id: 'g2', lane: '1001', expiresAt: at(60) };
  const { gate: strict } = await opened({ maxCount: 5, maxLifetimeMs: 15 * 60_000 });
  const first = await strict.post('/api/v1/grants', many);
  expect([first.status, first.body.errors?.[0]?.message]).toEqual([422, expect.stringContaining('intake.maxCount')]);
  const second = await strict.post('/api/v1/grants', long);
  expect([second.status, second.body.errors?.[0]?.message]).toEqual([
    422,
    expect.stringContaining('intake.maxLifetime'),
  ]);
  expect((await strict.post('/api/v1/grants', { ...long, count: 5, expiresAt: at(14) })).status).toBe(202);
  const early = { ...long, id: 'g3', issuedAt: at(-1) };
  expect((await strict.post('/api/v1/grants', { ...early, expiresAt: at(20) })).status).toBe(422);
  expect(strict.events).toHaveLength(1);
  // The clock of the till is five minutes fast, and says nothing of its own time.
  expect((await strict.post('/api/v1/grants', { ...long, id: 'g4', expiresAt: at(20) })).status).toBe(202);
  // A ticket of a month is told as its car leaves, and has no long life by that.
  const ticket = { ...long, id: 'g5', kind: 'monthly', issuedAt: at(-20_000), expiresAt: at(20_000) };
  expect((await strict.post('/api/v1/grants', ticket)).status).toBe(202);
  expect(strict.events.at(-1)).toMatchObject({ grant: { id: 'g5', kind: 'monthly' } });
  expect(strict.events.at(-1)).not.toHaveProperty('grant.expiresAtMs');
  await strict.close();
  const { gate: old } = await opened({});
  for (const message of [many, long]) expect((await old.post('/api/v1/grants', message)).status).toBe(202);
});
