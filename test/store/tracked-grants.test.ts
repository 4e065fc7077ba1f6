/** What became of payments: followed through a lane, kept over a restart, and put together for the one who told them. */
import { expect, it } from 'vitest';
import { TrackedGrants } from '../../src/app/register/tracked-grants.ts';
import type { TrackedGrant } from '../../src/intake/grant-fate.ts';
import { grantFateAnswer, paymentSheet } from '../../src/intake/payment-fates.ts';
import { LaneRunner } from '../../src/lane/lane-runner.ts';
import type { Grant, LaneEvent } from '../../src/lane/types.ts';
import type { Store } from '../../src/store/types.ts';
import { edge, START_MS } from '../lane/arbitrary.ts';
import { passage, settings } from '../lane/tills.ts';
import { open, temporaryFolder } from './open.ts';

const WALL_MS = Date.parse('2026-11-25T10:00:00+08:00') - START_MS;
const DAY = '2026-11-25';

async function tracked(store: Store, changed: (grant: TrackedGrant) => void = () => {}): Promise<TrackedGrants> {
  const { parkFacts } = store;
  return TrackedGrants.open({ parkFacts, wallOf: (laneMs) => laneMs + WALL_MS, changed });
}

/** Lanes that get these events, each with what it makes of them. */
function run(grants: TrackedGrants, lanes: Readonly<Record<string, readonly LaneEvent[]>>): void {
  for (const [lane, events] of Object.entries(lanes)) {
    const runner = new LaneRunner({
      settings,
      before: (event) => {
        if (event.kind === 'grant') grants.heard(event.grant);
      },
      after: (_, effects) => {
        for (const effect of effects) grants.take(lane, effect);
      },
    });
    for (const role of settings.roles) runner.feed(edge(role, role === 'down', START_MS));
    for (const event of [...events].sort((one, other) => one.atMs - other.atMs)) runner.feed(event);
    runner.tickUntil(START_MS + 7_200_000);
  }
}

const grant = (id: string, plate: string, more: Partial<Grant> = {}): Grant => ({
  ...{ id, scope: 'lane', plate, count: 1, kind: 'paid', amount: 1_500, source: 'pms', till: '1' },
  issuedAtMs: START_MS + 1_000,
  ...more,
});
const paid = (told: Grant, atMs = START_MS + 1_000): LaneEvent => ({ kind: 'grant', grant: told, atMs });

it('says of each payment what became of it, in which lane and way, and after a restart too', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const changes: string[] = [];
  const grants = await tracked(store, ({ id }) => changes.push(id));
  const ahead = grant('ahead', '粤B22222', { scope: 'park', till: '2' });
  run(grants, {
    1001: [
      paid(grant('used', '粤B11111')),
      ...passage('粤B11111', START_MS + 5_000),
      ...passage('粤B33333', START_MS + 60_000),
      paid(grant('late', '粤B33333'), START_MS + 90_000),
      paid(grant('never', '粤B44444', { issuedAtMs: START_MS + 200_000 }), START_MS + 200_000),
      paid(grant('over', '粤B55555', { expiresAtMs: START_MS - 3_600_000 }), START_MS + 300_000),
      paid(grant('taken back', '粤B66666', { issuedAtMs: START_MS + 400_000 }), START_MS + 400_000),
      { kind: 'revoke', grantId: 'taken back', why: 'cancelled', atMs: START_MS + 401_000 },
      paid(ahead),
    ],
    1002: [paid(ahead), ...passage('粤B22222', START_MS + 30_000)],
  });
  const status = (from: TrackedGrants) =>
    Object.fromEntries(
      ['used', 'late', 'never', 'over', 'taken back', 'ahead'].map((id) => {
        const found = from.get(id);
        return [id, found && grantFateAnswer(found, 'en').status];
      }),
    );
  const expected = {
    used: 'used',
    late: 'late',
    never: 'unused',
    over: 'expired',
    'taken back': 'cancelled',
    ahead: 'used',
  };
  expect(status(grants)).toEqual(expected);
  expect(new Set(changes)).toEqual(new Set(Object.keys(expected)));
  expect(grantFateAnswer(grants.get('used') as TrackedGrant, 'en')).toMatchObject({
    ...{ sender: 'pms', till: '1', lane: '1001', plate: '粤B11111', amount: 1_500, count: 1, left: 0 },
    ...{ why: 'it covered a vehicle in lane 1001 (by its plate)', toldAt: '2026-11-25T10:00:01.000+08:00' },
    uses: [{ lane: '1001', way: 'exact', at: expect.stringMatching(/^2026-11-25T10:00:1/) }],
  });
  expect(grantFateAnswer(grants.get('ahead') as TrackedGrant, 'en').uses).toMatchObject([{ lane: '1002' }]);

  const sheet = paymentSheet(DAY, await grants.on(DAY), 'en');
  expect(sheet.lines.map(({ sender, till, told }) => [sender, till, told])).toEqual([
    ['pms', '1', { count: 5, amount: 7_500 }],
    ['pms', '2', { count: 1, amount: 1_500 }],
  ]);
  for (const { told, by } of sheet.lines)
    expect(Object.values(by).reduce((sum, { count }) => sum + count, 0)).toBe(told.count);
  expect(sheet.notCounted.map(({ id }) => id)).toEqual(['never', 'over', 'taken back']);
  expect(await grants.on('2026-11-24')).toEqual([]);

  await store.close();
  expect(status(await tracked(await open({ path })))).toEqual(expected);
});

it('follows a corrected payment as the later telling of it', async () => {
  const grants = await tracked(await open({ path: temporaryFolder() }));
  run(grants, {
    1001: [
      paid(grant('p', '粤B11111')),
      paid(grant('p', '粤B22222'), START_MS + 2_000),
      ...passage('粤B22222', START_MS + 5_000),
    ],
  });
  expect(grantFateAnswer(grants.get('p') as TrackedGrant, 'en')).toMatchObject({ status: 'used', plate: '粤B22222' });
});
