/** Records of the store for the page: a row of the list, and all details of one. */

import type { App } from '../app/app.ts';
import { recordReason } from '../app/record-reason.ts';
import type { Config } from '../config/types.ts';
import { factsToSend, momentNow, requestOfRecord } from '../delivery/platform-client.ts';
import { hintedComparison } from '../delivery/request/platform-comparison.ts';
import { comparisonText } from '../delivery/request/receipt-text.ts';
import type { SignedRequest } from '../delivery/request/request.ts';
import { MASK } from '../delivery/request/sign.ts';
import type { ReleaseDesc } from '../lane/types.ts';
import type { ReleaseDetail, ReleaseList, ReleaseListRow, TryRow } from '../page/api/api.ts';
import type { RecordList, ReleaseFilter } from '../page/box.ts';
import { isForPerson, OPEN_STATES, RECORD_STATES } from '../store/record-states.ts';
import type { Attempt, OutboxRecord } from '../store/record-types.ts';
import type { RecordFilter } from '../store/types.ts';
import { whyText } from '../text/cloud.ts';
import { given } from '../text/given.ts';
import { descText, factText, RELEASE_DESCS } from '../text/lanes/lane.ts';
import { timeErrorText, timeWithinText } from '../text/page/overview.ts';
import { noPictureText } from '../text/store.ts';
import type { Text } from '../text/text.ts';
import { BEIJING_OFFSET_MS } from '../written-time.ts';
import { type WaitingReason, waitingReason } from './queue/waiting-reason.ts';

const DAY_MS = 86_400_000;
/** What was reported earlier and nobody has looked at is not asked for any more. */
export const INBOX_DAYS = 30;
/** A longer list is not counted to its end. */
const COUNTED_MAX = 10_000;
/** Records a request looks at, when all are asked for: as many as the lanes' thread makes lines of between two polls. */
const SLICE = 16;

/** The value names a kind of release in filters and corrections. */
const METHODS = RELEASE_DESCS.map((value) => ({ value, text: descText(value) }));

export function releaseRow(record: OutboxRecord, waiting: WaitingReason = {}): ReleaseListRow {
  const {
    id,
    serial,
    laneId,
    gateName: laneName,
    picture,
    attempts,
    timeQuality,
    release,
    settledWallMs,
    lastWhy,
  } = record;
  const { state, seqno, operator, operatorBy, mark, answer } = record;
  const { plate, score, confidence } = release;
  const isDelivered = state === 'delivered';
  return {
    ...{ id, serial, laneId, laneName, state, picture, attempts, timeQuality, confidence },
    ...given({ score, seqno, operator, operatorBy, mark, answer, plate: plate?.text, plateColor: plate?.color }),
    ...given({ beside: record.beside?.map(({ place }) => place) }),
    releaseWallMs: Math.round(record.releaseWallMs),
    method: release.desc,
    desc: { ...descText(release.desc), zh: record.methodDesc },
    reason: reasonOf(record),
    ...(lastWhy !== undefined && !isDelivered && { lastWhy: whyText(lastWhy) }),
    ...waiting,
    ...(settledWallMs !== undefined && isDelivered && { deliveredWallMs: Math.round(settledWallMs) }),
    ...owedOf(record),
    ...wishedAwayOf(record),
  };
}

function reasonOf(record: OutboxRecord): Text {
  const { en } = recordReason(record.release, record.releaseWallMs, record.known);
  return { zh: record.reason, en: record.turnedOut === undefined ? en : `${whyText(record.turnedOut.why).en}; ${en}` };
}

/** Of the plate it was told for: of no meaning for a corrected one. */
function owedOf({ release, known }: OutboxRecord): Pick<ReleaseListRow, 'owed'> {
  const owed = known?.owed;
  if (owed === undefined || owed.plate !== release.plate?.text) return {};
  return { owed: { by: owed.by, amount: owed.amount, wallMs: Math.round(owed.wallMs) } };
}

export function recordFilter(filter: ReleaseFilter, nowWallMs: number): RecordFilter {
  const { day, to = day, lane, own, method, state, plate, marked, inbox, before, limit } = filter;
  const beginOf = (date: string) => Date.parse(`${date}T00:00:00Z`) - BEIJING_OFFSET_MS;
  const states = state === undefined ? undefined : RECORD_STATES.filter((each) => state.split(',').includes(each));
  return {
    ...(inbox && { inbox: { ...inbox, ...(day === undefined && { fromWallMs: nowWallMs - INBOX_DAYS * DAY_MS }) } }),
    ...(day !== undefined && { fromWallMs: beginOf(day) }),
    ...(to !== undefined && { toWallMs: beginOf(to) + DAY_MS }),
    ...(method !== undefined && { desc: descFromMethod(method) ?? 'unknown' }),
    ...given({ laneId: lane, laneIds: own, states, plateContains: plate, marked, beforeId: before }),
    limit,
  };
}

const wallMsOf = ({ store, clock }: Pick<App, 'store' | 'clock'>): number =>
  Math.round(store.time.wallMsAt(clock.nowMs()));

export const descFromMethod = (method: string): ReleaseDesc | undefined =>
  RELEASE_DESCS.find((each) => each === method);

export async function recordList(app: Pick<App, 'store' | 'clock'>, filter: ReleaseFilter): Promise<RecordList> {
  const { review } = app.store;
  const wanted = recordFilter(filter, wallMsOf(app));
  const { beforeId: _, ...whole } = wanted;
  // One more than shown reveals whether there is a next page.
  const [records, total] = await Promise.all([
    review.list({ ...wanted, limit: filter.limit + 1 }),
    review.count({ ...whole, limit: COUNTED_MAX }),
  ]);
  const items = records.slice(0, filter.limit);
  const last = items.at(-1);
  const next = records.length > filter.limit && last && { next: last.id };
  return { items, ...next, total, ...(total >= COUNTED_MAX && { more: true }) };
}

export async function releaseList(
  app: Pick<App, 'store' | 'uploads' | 'clock'>,
  filter: ReleaseFilter,
): Promise<ReleaseList> {
  const { items, ...page } = await recordList(app, filter);
  return { items: items.map((record) => releaseRow(record, waitingReason(record, app))), ...page, methods: METHODS };
}

/** All that the filter lets through, newest first: a slice of the records at a time, so that a long list holds up neither the store nor the memory. */
export async function* releaseSlices(
  app: Pick<App, 'store' | 'uploads' | 'clock'>,
  filter: Omit<ReleaseFilter, 'limit'>,
): AsyncGenerator<readonly ReleaseListRow[]> {
  const { review } = app.store;
  const whole = recordFilter({ ...filter, limit: SLICE }, wallMsOf(app));
  const [newest] = await review.list({ limit: 1 });
  for (let beforeId = whole.beforeId ?? (newest?.id ?? 0) + 1; beforeId > 1; beforeId -= SLICE) {
    const records = await review.list({ ...whole, beforeId, fromId: Math.max(1, beforeId - SLICE) });
    yield records.map((record) => releaseRow(record, waitingReason(record, app)));
  }
}

export async function releaseDetail(
  app: Pick<App, 'store' | 'config' | 'uploads' | 'clock'>,
  id: number,
): Promise<ReleaseDetail | undefined> {
  const { store, config } = app;
  const found = await store.review.get(id);
  if (found === undefined) return undefined;
  const { record, attempts } = found;
  const kept = record.picture === 'attached' ? await store.outbox.picture(id) : undefined;
  const { cloud } = config;
  const sent = { facts: factsToSend(cloud, record), picture: kept };
  const signed = record.damaged
    ? undefined
    : await requestOfRecord(cloud, sent, { ...momentNow(app.clock), mask: MASK });
  const tries = attempts.map(tryRow);
  const comparison = signed && (await comparisonOf(record, attempts, config, signed));
  return {
    row: releaseRow(record, waitingReason(record, app)),
    facts: factsOf(record),
    beside: {
      before: record.beside?.some(({ place }) => place === 'before') ?? false,
      after: record.beside?.some(({ place }) => place === 'after') ?? false,
      second: record.beside?.some(({ place }) => place === 'second') ?? false,
    },
    ...(record.picture === 'none' && { pictureWhy: noPictureText(record.pictureWhy) }),
    request: signed === undefined ? [] : requestOf(signed),
    tries,
    ...(comparison && { comparison }),
    can: actionsOf(record),
    ...wishedAwayOf(record),
  };
}

function wishedAwayOf({ state, corrections = [] }: OutboxRecord): Pick<ReleaseListRow, 'wishedAway'> {
  const wish = corrections.findLast(({ dismissal }) => dismissal);
  if (wish === undefined || !OPEN_STATES.some((each) => each === state)) return {};
  const { who, why, atWallMs } = wish;
  return { wishedAway: { who, why, atWallMs: Math.round(atWallMs) } };
}

function factsOf({ release, releaseWallMs, timeErrorMs, timeWithinMs }: OutboxRecord): ReleaseDetail['facts'] {
  const dated = release.facts.map((fact) => ({
    ...(fact.atMs !== undefined && { atWallMs: Math.round(releaseWallMs + fact.atMs - release.releaseAtMs) }),
    text: factText(fact, release.direction),
  }));
  if (timeErrorMs !== undefined) dated.push({ atWallMs: Math.round(releaseWallMs), text: timeErrorText(timeErrorMs) });
  if (timeWithinMs !== undefined)
    dated.push({ atWallMs: Math.round(releaseWallMs), text: timeWithinText(timeWithinMs) });
  return dated.sort((a, b) => (a.atWallMs ?? 0) - (b.atWallMs ?? 0));
}

export function tryRow({ atWallMs, why, answer }: Attempt): TryRow {
  return { atWallMs: Math.round(atWallMs), why: whyText(why), ...answer };
}

function requestOf({ fields, picture }: SignedRequest): ReleaseDetail['request'] {
  return [
    ...Object.entries(fields).flatMap(([name, value]) => (name === 'sign' ? [] : { name, value })),
    ...(picture === undefined ? [] : [{ name: picture.name, value: `JPEG, ${picture.bytes.length} B` }]),
    { name: 'sign', value: `MD5(… app_secret=${MASK})` },
  ];
}

/** Where our signed text differs from the one in the platform's last hint. */
async function comparisonOf(
  record: OutboxRecord,
  attempts: readonly Attempt[],
  { cloud }: Config,
  signed: SignedRequest,
): Promise<Text | undefined> {
  const { signature } = cloud.profile.request;
  const found = await hintedComparison(record, attempts, signature, async () => signed, MASK);
  if (found === undefined) return undefined;
  const lines = comparisonText(found.comparison);
  return { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') };
}

export function actionsOf({ state, damaged }: OutboxRecord): ReleaseDetail['can'] {
  if (damaged) return OPEN_STATES.some((each) => each === state) ? ['dismiss'] : [];
  if (isForPerson(state)) return ['report', 'dismiss', 'correct'];
  return OPEN_STATES.some((each) => each === state) ? ['retry', 'dismiss', 'correct'] : [];
}
