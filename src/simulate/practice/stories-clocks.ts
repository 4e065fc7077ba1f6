/** Stories 31 to 34: what the clock of a till wrote, and a date of issue. */
import { BEIJING_OFFSET_MS } from '../../written-time.ts';
import { kindIs, message, open, PATHS, passNow, shows, timeIs } from './expectations.ts';
import type { PracticeLane, PracticeStage } from './stage.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

const beijing = (wallMs: number): string => new Date(wallMs + BEIJING_OFFSET_MS).toISOString().replace('Z', '+08:00');

/** A car pays at a till whose clock writes `paidAt`; `k` of its story. */
async function paysAt(stage: PracticeStage, lane: PracticeLane, till: string, paidAt: string, k = 1): Promise<void> {
  const plate = stage.plate(k);
  await lane.arrive(plate);
  const fields = { order: stage.order(k), plate, till, paidAt };
  shows(await stage.alone(() => passNow(stage, lane, fields)), 'told');
  const { item } = await message(stage, PATHS.grants, { plate, till, issuedAt: paidAt });
  await lane.paid(item.id);
}

async function ahead(stage: PracticeStage): Promise<void> {
  await paysAt(stage, await stage.lane(), 'S31', beijing(stage.site.clock.wallMs() + 2 * MINUTE_MS));
}

async function twoTills(stage: PracticeStage): Promise<void> {
  const lane = await stage.lane();
  await paysAt(stage, lane, 'S32-1', beijing(stage.site.clock.wallMs() + 90_000), 1);
  await paysAt(stage, lane, 'S32-2', beijing(stage.site.clock.wallMs()), 2);
}

/** Beijing time that says it is UTC: eight hours ahead. */
async function beijingWithZ(stage: PracticeStage): Promise<void> {
  const local = new Date(stage.site.clock.wallMs() + BEIJING_OFFSET_MS).toISOString();
  await paysAt(stage, await stage.lane(), 'S33', local);
}

async function seasonByIssue(stage: PracticeStage): Promise<void> {
  const plate = stage.plate();
  const [paidMinutesAgo, minutes] = [30 * DAY_MINUTES, 60 * DAY_MINUTES];
  const event = { event: 'prepaid', order: stage.order(), plate, kind: 'monthly', minutes, paidMinutesAgo };
  shows(await stage.tell(event), 'told');
  const { item, request } = await message(stage, PATHS.grants, { plate, lane: undefined });
  timeIs(item, 'issuedAt', request.wallMs - paidMinutesAgo * MINUTE_MS);
  kindIs(stage, item.id, 'monthly');
  const lane = await stage.lane();
  await lane.arrive(plate);
  await open(stage, lane);
  await lane.paid(item.id);
}

export const CLOCKS = { 31: ahead, 32: twoTills, 33: beijingWithZ, 34: seasonByIssue };
