/** The upload queue for the page: how much waits, for how long, why, and when it is next tried. */
import type { App } from '../../app/app.ts';
import type { UploaderStatus } from '../../delivery/upload/upload-control.ts';
import type { DestinationRow, QueueBrief, QueueView } from '../../page/api/api.ts';
import { isForPerson, OPEN_STATES } from '../../store/record-states.ts';
import { foldedWhy } from '../../text/cloud.ts';
import { waitsText } from '../../text/cloud-waits.made.ts';
import { releaseRow } from '../record-view.ts';
import { waitingReason } from './waiting-reason.ts';

const ITEMS_MAX = 100;

type QueueParts = Pick<App, 'store' | 'uploads' | 'clock'>;

/** Before the first poll. */
export const NO_QUEUE: QueueBrief = {
  waiting: 0,
  held: 0,
  parked: 0,
  review: 0,
  kept: 0,
  delivered: 0,
  uploader: 'idle',
};

export async function queueBrief(parts: QueueParts): Promise<QueueBrief> {
  const { store, uploads, clock } = parts;
  const [counts, causes, nextMs] = await Promise.all([
    store.outbox.counts(),
    store.review.causes(),
    store.outbox.nextDueMs(clock.nowMs()),
  ]);
  const waiting = causes.filter(({ state }) => state === 'waiting');
  const status = uploads.status();
  const state = uploads.state();
  const oldestWallMs = Math.min(...waiting.map((cause) => cause.oldestWallMs));
  const why = status.paused?.why ?? status.failing?.why;
  const inMs = (atMs: number) => Math.max(0, Math.round(atMs - clock.nowMs()));
  return {
    waiting: counts.waiting,
    held: counts.held,
    parked: counts.parked,
    review: counts.review,
    kept: counts.kept,
    delivered: counts.delivered,
    ...(waiting.length > 0 && {
      oldestForMs: Math.max(0, Math.round(store.time.wallMsAt(clock.nowMs()) - oldestWallMs)),
    }),
    ...(counts.waiting > 0 && nextMs !== undefined && nextTry(status, inMs(nextMs), clock.nowMs())),
    uploader: state,
    ...(state === 'offline' &&
      status.failing !== undefined && { offlineForMs: Math.round(clock.nowMs() - status.failing.sinceMs) }),
    ...(status.stopped?.untilMs !== undefined && {
      paused: { who: status.stopped.who, untilWallMs: Math.round(store.time.wallMsAt(status.stopped.untilMs)) },
    }),
    ...(why !== undefined && state !== 'idle' && foldedWhy(why)),
  };
}

export async function queueView(
  parts: QueueParts,
  destinationsOf: (brief: QueueBrief) => Promise<readonly DestinationRow[]>,
): Promise<QueueView> {
  const { store, uploads, clock } = parts;
  const [brief, causes, records] = await Promise.all([
    queueBrief(parts),
    store.review.causes(),
    store.review.list({ states: OPEN_STATES, limit: ITEMS_MAX }),
  ]);
  return {
    brief,
    causes: causes.map(({ state, why, count, oldestWallMs, nextTryMs }) => ({
      state,
      ...(why === undefined ? { why: isForPerson(state) ? waitsText.person : waitsText.notTried } : foldedWhy(why)),
      count,
      oldestWallMs: Math.round(oldestWallMs),
      ...(nextTryMs !== undefined &&
        nextTry(uploads.status(), Math.max(0, Math.round(nextTryMs - clock.nowMs())), clock.nowMs())),
    })),
    items: records.map((record) => releaseRow(record, waitingReason(record, parts))),
    destinations: await destinationsOf(brief),
  };
}

/** `ownMs`: until the record's own turn. A pause has no next try of its own accord, and a refused signature the next probe. */
function nextTry({ stopped, paused }: UploaderStatus, ownMs: number, nowMs: number): { readonly nextTryInMs?: number } {
  if (stopped !== undefined) return {};
  return { nextTryInMs: Math.max(ownMs, Math.round((paused?.nextMs ?? nowMs) - nowMs)) };
}
