/**
 * Brings waiting records to the platform: oldest first, and beside them at once whatever has just happened. It decides when to try again
 * and what a receipt does to a record; it knows no HTTP, no SQL and no lane.
 */
import type { Clock } from '../clock.ts';
import type { LentPicture } from '../store/lent.ts';
import type { Outbox, OutboxRecord } from '../store/types.ts';
import type { CloudClient } from './client.ts';
import { Pace, type PaceSettings } from './pace.ts';
import type { Receipt } from './types.ts';

export interface UploaderOptions {
  readonly outbox: Outbox;
  readonly client: Pick<CloudClient, 'send'>;
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

interface Picked {
  readonly record: OutboxRecord;
  readonly picture: Promise<LentPicture | undefined>;
}

/** Looks for work at least so often: another process (the command `queue`) may have added some. */
const POLL_MS = 15_000;
const GRACE_MS = 1_000;
/** So many answers in no table, then the record is parked. */
const UNKNOWN_MAX = 10;
/** Records fetched at a look. Each runner has up to two in hand. */
const LOOK = 16;

export function createUploader(options: UploaderOptions): Uploader {
  const { outbox, client, clock } = options;
  const pace = new Pace(clock, options.settings ?? {});
  const inFlight = new Set<number>();
  /** What the last look found due and nobody has taken yet. */
  const due: Record<Order, readonly OutboxRecord[]> = { oldest: [], newest: [] };
  /** Orders whose last look found nothing: perhaps only because the other had it in hand. */
  const emptyHanded = new Set<Order>();
  let wake = new AbortController();
  let lookedAtMs = clock.nowMs();
  let answeredAtMs: number | undefined;

  const wakeUp = () => {
    wake.abort(null);
    wake = new AbortController();
  };

  /** What was due is known no more: something came, or waits for another moment now. */
  const forgetDue = () => {
    due.oldest = [];
    due.newest = [];
  };
  const lookAgain = () => {
    forgetDue();
    wakeUp();
  };

  /** Picks a record and fetches what it needs; undefined when there is none to pick. Whoever picks must deliver or put back. */
  const pick = async (order: Order, lookedMs: number): Promise<Picked | undefined> => {
    lookedAtMs = lookedMs;
    if (due[order].length === 0) {
      const found = await outbox.due(LOOK, order);
      due[order] = found.filter(({ id }) => !inFlight.has(id));
    }
    const record = due[order][0];
    if (record === undefined) {
      emptyHanded.add(order);
      return undefined;
    }
    emptyHanded.delete(order);
    inFlight.add(record.id);
    for (const each of ['oldest', 'newest'] as const) due[each] = due[each].filter(({ id }) => id !== record.id);
    const picture = options.withPictures === false ? Promise.resolve(undefined) : outbox.lend(record.id);
    // Whoever takes it up hears of a failure; nobody may.
    picture.catch(() => undefined);
    return { record, picture };
  };

  /** The other is woken only if it has nothing: one that waits for its moment would pick this, put it back and wake this one, for ever. */
  const putBack = ({ record, picture }: Picked): void => {
    giveBack(picture);
    inFlight.delete(record.id);
    if (emptyHanded.size > 0) lookAgain();
    else forgetDue();
  };

  const runner = async (order: Order, signal: AbortSignal, cut: AbortSignal): Promise<void> => {
    let ahead: Promise<Picked | undefined> | undefined;
    let keeping: Promise<void> = Promise.resolve();
    while (!signal.aborted) {
      const lookedMs = clock.nowMs();
      const woken = wake.signal;
      const picked = (await ahead) ?? (await pick(order, lookedMs));
      ahead = undefined;
      const waitMs = picked === undefined ? await untilDue(lookedMs) : pace.waitMs(picked.record, order);
      if (picked === undefined) await clock.sleep(Math.min(waitMs, POLL_MS), woken);
      else if (waitMs > 0 || signal.aborted) {
        putBack(picked);
        if (!signal.aborted) await clock.sleep(Math.min(waitMs, POLL_MS), wake.signal);
      } else {
        // While this one is on the wire the next is fetched, so that the wire never waits for the disk.
        ahead = pick(order, lookedMs);
        keeping = (await deliver(picked, keeping, cut)).kept;
      }
    }
    const left = await ahead;
    if (left !== undefined) putBack(left);
    await keeping;
  };

  /** Everything due at the look is in the other runner's hands; it wakes us when it is done. */
  const untilDue = async (lookedMs: number): Promise<number> => {
    const dueMs = await outbox.nextDueMs(lookedMs);
    return dueMs === undefined ? POLL_MS : dueMs - clock.nowMs();
  };

  /**
   * Ends when the answer is there. `kept` ends when it has been kept, while the next record is on the wire already; `before` is that of the
   * record before, so that at most one is outstanding.
   */
  const deliver = async (
    { record, picture }: Picked,
    before: Promise<void>,
    cut: AbortSignal,
  ): Promise<{ readonly kept: Promise<void> }> => {
    const done = () => {
      inFlight.delete(record.id);
      wakeUp();
    };
    try {
      // As it is now: a person may have put it right since it was picked.
      const [current, lent] = await Promise.all([outbox.sending(record.id), picture]);
      if (current !== undefined) {
        options.onSending?.(current);
        pace.leaving(current, lent?.bytes.length ?? 0);
        const receipt = await client.send(current, lent, cut);
        giveBack(picture);
        await before;
        if (!cut.aborted || receipt.kind !== 'retry') return { kept: settle(current, receipt).finally(done) };
      }
    } catch (error) {
      // The record is sent again, with the same serial, when the store has it again.
      if (!isPassing(error)) throw error;
      await clock.sleep(GRACE_MS, cut);
    } finally {
      giveBack(picture);
    }
    done();
    return { kept: before };
  };

  const settle = async (record: OutboxRecord, receipt: Receipt): Promise<void> => {
    if (receipt.answer !== undefined) answeredAtMs = clock.nowMs();
    pace.answered(receipt);
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
        return outbox.retry(id, 0, receipt.why, details);
      case 'retry': {
        const unknownCode = receipt.unknownCode === true;
        if (unknownCode && record.unknownAnswers + 1 >= UNKNOWN_MAX) return outbox.park(id, receipt.why, details);
        const afterMs = Math.max(receipt.afterMs ?? 0, pace.backOffMs(record.attempts));
        return outbox.retry(id, afterMs, receipt.why, { ...details, unknownCode });
      }
    }
  };

  return {
    run: async (signal) => {
      const cut = new AbortController();
      const ended = () => {
        wakeUp();
        void clock.sleep(GRACE_MS, cut.signal).then(() => cut.abort());
      };
      if (signal.aborted) return;
      signal.addEventListener('abort', ended, { once: true });
      const unwatch = outbox.onChange(lookAgain);
      try {
        await Promise.all([runner('oldest', signal, cut.signal), runner('newest', signal, cut.signal)]);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        unwatch();
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

/** As soon as it is there, if it is not yet. More than once does no harm. */
function giveBack(picture: Promise<LentPicture | undefined>): void {
  picture.then(
    (lent) => lent?.giveBack(),
    () => undefined,
  );
}

/** The store has put its database aside, or its disk refuses and too much is waiting: neither ends the uploader. */
function isPassing(error: unknown): boolean {
  const isStoreError = error instanceof Error && error.name === 'StoreError';
  return isStoreError && /^(unknown|full)$/.test((error as { code?: string }).code ?? '');
}
