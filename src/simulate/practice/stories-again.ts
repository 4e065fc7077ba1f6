/** Stories 35 to 40: a number told again, and what became of what was told. */

import { practiceText as text } from '../../text/commands/practice.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import type { CounterAnswer } from './counter.ts';
import { isField, message, open, PATHS, pass, payment, shows } from './expectations.ts';
import { ensure, type PracticeLane, type PracticeStage } from './stage.ts';

const DAY_MINUTES = 24 * 60;
const AHEAD = { minutes: 15 };
/** From the verdict to what is asked for. */
const KNOWN_WITHIN_MS = 3_000;

/** The payment of the order is told again under its own id, for another plate. */
async function rewrites(
  stage: PracticeStage,
  plate: string,
  id: unknown,
  ahead: { readonly minutes?: number } = AHEAD,
): Promise<CounterAnswer> {
  const answer = await stage.tell({ event: 'rewrite', order: stage.order(), plate, ...ahead });
  shows(answer, 'told');
  const { item } = await payment(stage, { plate });
  isField('id', id, item.id);
  return answer;
}

const warns = ({ warning }: CounterAnswer): void => ensure(warning === true, () => text.warningNotShown);

async function leaves(stage: PracticeStage, lane: PracticeLane, plate: string): Promise<void> {
  await lane.arrive(plate);
  await open(stage, lane);
}

async function whileUnused(stage: PracticeStage): Promise<void> {
  const [mistyped, plate] = [stage.plate(2), stage.plate(1)];
  const event = { event: 'prepaid', order: stage.order(), plate: mistyped, amount: 500, ...AHEAD };
  shows(await stage.tell(event), 'told');
  const { item } = await payment(stage, { plate: mistyped });
  await rewrites(stage, plate, item.id);
  const lane = await stage.lane();
  await leaves(stage, lane, plate);
  await lane.paid(item.id);
  await leaves(stage, lane, mistyped);
  await lane.unpaid();
}

async function afterUse(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const [first, second] = [stage.plate(1), stage.plate(2)];
  await lane.arrive(first);
  shows(await pass(stage, lane, { plate: first, amount: 500 }), 'told');
  const { item } = await payment(stage, { plate: first });
  await lane.paid(item.id);
  await lane.arrive(second);
  warns(await rewrites(stage, second, item.id, {}));
  await open(stage, lane);
  await lane.paid();
}

async function theNextDay(stage: PracticeStage): Promise<void> {
  const [yesterday, today] = [stage.plate(1), stage.plate(2)];
  const times = { paidMinutesAgo: DAY_MINUTES, ...AHEAD };
  const event = { event: 'prepaid', order: stage.order(), plate: yesterday, amount: 500, ...times };
  shows(await stage.tell(event), 'expired');
  const { item } = await message(stage, PATHS.grants, { plate: yesterday });
  const lane = await stage.lane();
  await lane.arrive(today);
  warns(await rewrites(stage, today, item.id));
  await open(stage, lane);
  await lane.paid();
}

async function underAnotherId(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const plate = stage.plate();
  await lane.arrive(plate);
  shows(await pass(stage, lane, { plate, amount: 500 }), 'told');
  const first = await payment(stage, { plate });
  await lane.paid(first.item.id);
  shows(await stage.tell({ event: 'retell', order: stage.order() }), 'told');
  const second = stage.sent(PATHS.grants, (item) => item.plate === plate && item.id !== first.item.id).at(-1);
  ensure(second !== undefined, () => text.sameId);
  isField('issuedAt', first.item.issuedAt, second.item.issuedAt);
  isField('status', 'duplicate', (second.request.answer as { readonly status?: unknown }).status);
}

async function fate(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  const [used, waiting] = [stage.plate(1), stage.plate(2)];
  await lane.arrive(used);
  shows(await pass(stage, lane, { plate: used, amount: 500 }), 'told');
  await lane.paid();
  const event = { event: 'prepaid', order: stage.order(2), plate: waiting, amount: 500, ...AHEAD };
  shows(await stage.tell(event), 'told');
  await stage.site.clock.sleep(KNOWN_WITHIN_MS);
  for (const [k, wanted] of [
    [1, 'used'],
    [2, 'waiting'],
  ] as const)
    isField('fate', wanted, (await stage.tell({ event: 'fate', order: stage.order(k) })).fate);
}

type Sums = Readonly<Record<string, { readonly count: number }>>;

/** Told, and counted as used, late or waiting: by the answer that went to the program. */
async function sheet(stage: PracticeStage): Promise<void> {
  const { clock, proxy } = stage.site;
  const event = { event: 'prepaid', order: stage.order(), plate: stage.plate(), amount: 500, ...AHEAD };
  shows(await stage.tell(event), 'told');
  await clock.sleep(KNOWN_WITHIN_MS);
  const day = new Date(clock.wallMs() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
  const answer = await stage.tell({ event: 'sheet', day });
  const asked = proxy.sent.findLast(
    ({ path, status, items }) => path === PATHS.grants && items.length === 0 && status === 200,
  );
  ensure(asked !== undefined, () => text.notAsked(`GET ${PATHS.grants}?day=${day}`));
  const { lines } = asked.answer as { readonly lines: readonly { readonly told: Sums[string]; readonly by: Sums }[] };
  const sum = (of: (line: (typeof lines)[number]) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const wanted = {
    told: sum(({ told }) => told.count),
    counted: sum(({ by }) => ['used', 'late', 'waiting'].reduce((all, one) => all + (by[one]?.count ?? 0), 0)),
  };
  for (const field of ['told', 'counted'] as const) isField(field, wanted[field], answer[field]);
}

export const AGAIN = { 35: whileUnused, 36: afterUse, 37: theNextDay, 38: underAnotherId, 39: fate, 40: sheet };
