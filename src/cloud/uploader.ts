/**
 * Brings waiting records to the platform: oldest first, and beside them at once whatever has just happened. It decides when to try again
 * and what a receipt does to a record; it knows no HTTP, no SQL and no lane.
 */
import type { Clock } from '../clock.ts';
import type { Outbox, OutboxRecord } from '../store/types.ts';
import type { CloudClient } from './client.ts';
import { Deadlines } from './deadlines.ts';
import { type Fetched, FRESH_MS, giveBack, Hand } from './prefetch.ts';
import { Pace, type PaceSettings } from './send-schedule.ts';
import { isPassing, unlessPassing } from './transient-errors.ts';
import type { Receipt } from './types.ts';
import { Sleepers } from './wake-ups.ts';

export interface UploaderOptions {
  readonly outbox: Outbox;
  readonly client: Pick<CloudClient, 'prepare' | 'post' | 'tellTime'>;
  readonly clock: Clock;
  readonly settings?: PaceSettings;
  /** false: records go without the bytes of their pictures, which are not read then. */
  readonly withPictures?: boolean;
  /** The first byte is about to leave: the record can no longer be withdrawn. */
  readonly onSending?: (record: OutboxRecord) => void;
  /** After the receipt has been kept. */
  readonly onReceipt?: (record: OutboxRecord, receipt: Receipt) => void;
}

export interface UploaderStatus {
  /** Signature or access refused: one record is tried now and then, the others wait. */
  readonly paused?: { readonly why: string; readonly hint?: string; readonly sinceMs: number };
  /** A person stopped sending. */
  readonly stopped?: { readonly who: string; readonly sinceMs: number };
  /** Tries in a row that did not bring a record to the platform, though nothing was wrong with the record. */
  readonly failures: number;
  /** Of these: what the last one was, and when the first was. */
  readonly failing?: { readonly why: string; readonly sinceMs: number };
  readonly inFlight: number;
  /** Clock.nowMs of the last look for work: the heartbeat for a watchdog. */
  readonly lookedAtMs: number;
  /** Clock.nowMs of the last answer that was one, whatever it said. */
  readonly answeredAtMs?: number;
}

/**
 * In a word: `paused` by a person, `refused` by the platform's 401 or 403 (one record probes), `offline`: nothing gets through, `working`:
 * a record is on the wire, `idle`.
 */
export type UploaderState = 'paused' | 'refused' | 'offline' | 'working' | 'idle';

/** What a person may do to sending as a whole. */
export interface UploadControl {
  /**
   * Nothing leaves from here on; what is on the wire ends. Until `resume`, or until the program starts again: a pause that somebody forgot
   * must not hold records for ever.
   */
  pause(who: string): void;
  /** Ends a pause. Credentials changed, or a person is impatient: also forgets every wait that is not a record's own. */
  resume(): void;
  state(): UploaderState;
  status(): UploaderStatus;
}

export interface Uploader extends UploadControl {
  /** Until `signal` aborts; a request under way then has a second to end. Rejects when the store cannot be used any more. */
  run(signal: AbortSignal): Promise<void>;
}

type Order = 'oldest' | 'newest';

/** One record after the other, with the next in hand. */
interface Runner {
  readonly order: Order;
  readonly signal: AbortSignal;
  /** A request under way ends. */
  readonly cut: AbortSignal;
  /** With a backlog, and only while all is well; with news, only while one of them gets no answer. */
  readonly helps?: boolean;
}

interface Picked {
  readonly id: number;
  readonly fetched?: Fetched;
}

/** Looks for work at least so often: another process (the command `queue`) may have added some. */
const POLL_MS = 15_000;
const GRACE_MS = 1_000;
/** So many answers in no table, then the record is parked. */
const UNKNOWN_MAX = 10;
/** With `CONNECTIONS` of client.ts: who sends a backlog beside its oldest record while the line is fast. */
const HELPERS = 3;
/** Records fetched at a look. Each runner has up to two in hand. */
const LOOK = 16;

export function createUploader(options: UploaderOptions): Uploader {
  const { outbox, client, clock } = options;
  const pace = new Pace(clock, options.settings ?? {});
  const hand = new Hand({ outbox, client, clock, withPictures: options.withPictures !== false });
  const deadlines = new Deadlines(clock);
  const inFlight = new Set<number>();
  /** What the last look found due and nobody has taken yet. */
  const due: Record<Order, readonly number[]> = { oldest: [], newest: [] };
  /** Orders whose last look found nothing: perhaps only because the other had it in hand. */
  const emptyHanded = new Set<Order>();
  const sleepers = new Sleepers<Order>(clock);
  /** What has just happened gets no answer for now: the next of it must not wait for that. */
  let newsHangs = false;
  let lookedAtMs = clock.nowMs();
  let answeredAtMs: number | undefined;

  const sleep = (order: Order, ms: number, seen: number): Promise<void> =>
    sleepers.sleep(order, Math.min(ms, POLL_MS), seen);

  /** What was due is known no more: something came, or waits for another moment now. */
  const forgetDue = () => {
    due.oldest = [];
    due.newest = [];
  };
  const lookAgain = () => {
    forgetDue();
    sleepers.wake('oldest', 'newest');
  };

  const dueIds = (order: Order, limit = LOOK, afterId = 0): Promise<readonly number[]> =>
    unlessPassing(outbox.dueIds(limit, order, afterId), []);

  /** The next of it; when everybody has had a turn it begins again. */
  const backlog = async (): Promise<readonly number[]> => {
    const found = await dueIds('oldest', LOOK, pace.afterId);
    if (found.length > 0 || pace.afterId === 0) return found;
    pace.beginRound();
    return dueIds('oldest');
  };

  /** Picks a record; undefined when there is none. Whoever picks must deliver or put back. */
  const pick = async (order: Order, lookedMs: number): Promise<Picked | undefined> => {
    lookedAtMs = lookedMs;
    if (due[order].length === 0) {
      const found = order === 'oldest' ? await backlog() : await dueIds(order);
      // On a slow line a backlog would be in front of what has just happened: one runner takes nothing else.
      due[order] = found.filter((id) => !inFlight.has(id) && (order === 'oldest' || pace.isNews(id)));
    }
    // A probe may be news as well, and goes with the oldest.
    const news = pace.paused === undefined ? due.newest.at(-1) : undefined;
    const id = order === 'oldest' ? pace.next(due.oldest) : news;
    if (id === undefined) {
      emptyHanded.add(order);
      return undefined;
    }
    emptyHanded.delete(order);
    inFlight.add(id);
    for (const each of ['oldest', 'newest'] as const) due[each] = due[each].filter((other) => other !== id);
    return { id };
  };

  /** While a record is on the wire the next is fetched, so that the wire never waits for the disk; not if it could not leave yet. */
  const pickAhead = async (order: Order, lookedMs: number): Promise<Picked | undefined> => {
    const picked = await pick(order, lookedMs);
    if (picked === undefined || pace.waitMs(picked.id, order) > 0) return picked;
    return { ...picked, fetched: hand.fetch(picked.id) };
  };

  /** The other is woken only if it has nothing: one that waits for its moment would pick this, put it back and wake this one, for ever. */
  const putBack = ({ id, fetched }: Picked): void => {
    if (fetched !== undefined) giveBack(fetched);
    inFlight.delete(id);
    if (emptyHanded.size > 0) lookAgain();
    else forgetDue();
  };

  const runner = async ({ order, signal, cut, helps = false }: Runner): Promise<void> => {
    let ahead: Promise<Picked | undefined> | undefined;
    let keeping: Promise<void> = Promise.resolve();
    const putAheadBack = async () => {
      const left = ahead;
      ahead = undefined;
      const picked = await left;
      if (picked !== undefined) putBack(picked);
    };
    const mayHelp = () => (order === 'newest' ? newsHangs : pace.flows && pace.waitMs(0, order) <= 0);
    const isLongOnWire = () => {
      // Behind it the one in hand would only wait: whoever is free may have it.
      putAheadBack().catch(() => undefined);
      if (order !== 'newest' || helps) return;
      newsHangs = true;
      sleepers.wake('newest');
    };
    while (!signal.aborted) {
      const lookedMs = clock.nowMs();
      const seen = sleepers.woken(order);
      if (helps && !mayHelp()) {
        await putAheadBack();
        await sleep(order, POLL_MS, seen);
        continue;
      }
      const picked = (await ahead) ?? (await pick(order, lookedMs));
      ahead = undefined;
      const waitMs = picked === undefined ? await untilDue(lookedMs) : pace.waitMs(picked.id, order);
      if (picked === undefined) await sleep(order, waitMs, seen);
      else if (waitMs > 0 || signal.aborted) {
        putBack(picked);
        if (!signal.aborted) await sleep(order, waitMs, sleepers.woken(order));
      } else {
        let unwatch = () => {};
        const leaves = () => {
          ahead = pickAhead(order, lookedMs);
          unwatch = deadlines.watch(FRESH_MS, isLongOnWire);
        };
        keeping = (await deliver(picked, { before: keeping, cut, leaves })).kept;
        unwatch();
        if (order === 'newest' && !helps) newsHangs = false;
      }
    }
    await putAheadBack();
    await keeping;
  };

  /** Everything due at the look is in the other runner's hands; it wakes us when it is done. */
  const untilDue = async (lookedMs: number): Promise<number> => {
    const dueMs = await unlessPassing(outbox.nextDueMs(lookedMs), undefined);
    return dueMs === undefined ? POLL_MS : dueMs - clock.nowMs();
  };

  /**
   * Ends when the answer is there. `leaves` is called when the record is on the wire. `kept` ends when the answer has been kept, while the next
   * record is on the wire already; `before` is that of the record before, so that at most one is outstanding.
   */
  const deliver = async (
    { id, fetched = hand.fetch(id) }: Picked,
    { before, cut, leaves }: { readonly before: Promise<void>; readonly cut: AbortSignal; readonly leaves: () => void },
  ): Promise<{ readonly kept: Promise<void> }> => {
    const done = () => {
      inFlight.delete(id);
      // It is no news to whoever waits for some.
      sleepers.wake('oldest');
    };
    try {
      const inHand = await hand.takeUp(id, fetched, cut);
      if (inHand !== undefined) {
        const { record, picture, prepared } = inHand;
        options.onSending?.(record);
        pace.leaving(id, picture?.bytes.length ?? 0);
        const leftMs = clock.nowMs();
        const answered = client.post(prepared, cut);
        leaves();
        const receipt = await answered;
        const tookMs = clock.nowMs() - leftMs;
        giveBack(fetched);
        await before;
        if (!cut.aborted || receipt.kind !== 'retry') return { kept: settle(record, receipt, tookMs).finally(done) };
      }
    } catch (error) {
      // The record is sent again, with the same serial, when the store has it again.
      if (!isPassing(error)) throw error;
      await clock.sleep(GRACE_MS, cut);
    } finally {
      giveBack(fetched);
    }
    done();
    return { kept: before };
  };

  const settle = async (record: OutboxRecord, receipt: Receipt, tookMs: number): Promise<void> => {
    if (receipt.answer !== undefined) answeredAtMs = clock.nowMs();
    const was = pace.paused;
    pace.answered(record, receipt, tookMs);
    if (was !== undefined && pace.paused === undefined) lookAgain();
    try {
      await keep(record, receipt);
    } catch (error) {
      if (!isPassing(error)) throw error;
      return;
    }
    options.onReceipt?.(record, receipt);
  };

  const keep = (record: OutboxRecord, receipt: Receipt): Promise<void> => {
    const { id } = record;
    const details = receipt.answer === undefined ? {} : { answer: receipt.answer };
    switch (receipt.kind) {
      case 'accepted':
        return outbox.delivered(id, receipt);
      case 'held':
        return outbox.hold(id, receipt.why, details);
      case 'rejected':
        return outbox.park(id, receipt.why, details);
      case 'paused':
        return outbox.retry(id, pace.refusedMs(record), receipt.why, details);
      case 'retry': {
        const unknownCode = receipt.unknownCode === true;
        if (unknownCode && record.unknownAnswers + 1 >= UNKNOWN_MAX) return outbox.park(id, receipt.why, details);
        const afterMs = Math.max(receipt.afterMs ?? 0, pace.backOffMs(record.attempts));
        return outbox.retry(id, afterMs, receipt.why, { ...details, unknownCode, unsent: receipt.unsent === true });
      }
    }
  };

  return {
    run: async (signal) => {
      const cut = new AbortController();
      const ended = () => {
        sleepers.wake('oldest', 'newest');
        void clock.sleep(GRACE_MS, cut.signal).then(() => cut.abort());
      };
      if (signal.aborted) return;
      signal.addEventListener('abort', ended, { once: true });
      const unwatch = outbox.onChange(() => {
        hand.changed();
        lookAgain();
      });
      try {
        for (const id of await dueIds('newest', 1)) pace.knows(id);
        await Promise.all([
          runner({ order: 'oldest', signal, cut: cut.signal }),
          runner({ order: 'newest', signal, cut: cut.signal }),
          runner({ order: 'newest', signal, cut: cut.signal, helps: true }),
          ...Array.from({ length: HELPERS }, () => runner({ order: 'oldest', signal, cut: cut.signal, helps: true })),
        ]);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        unwatch();
        deadlines.close();
        cut.abort();
        signal.removeEventListener('abort', ended);
      }
    },
    pause: (who) => pace.stop(who),
    state: () => {
      if (pace.stopped !== undefined) return 'paused';
      if (pace.paused !== undefined) return 'refused';
      if (pace.failures > 0) return 'offline';
      return inFlight.size > 0 ? 'working' : 'idle';
    },
    resume: () => {
      pace.resume();
      lookAgain();
    },
    status: () => ({
      ...(pace.paused === undefined ? {} : { paused: pace.paused }),
      ...(pace.stopped === undefined ? {} : { stopped: pace.stopped }),
      failures: pace.failures,
      ...(pace.failing === undefined ? {} : { failing: pace.failing }),
      inFlight: inFlight.size,
      lookedAtMs,
      ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
    }),
  };
}
