/**
 * Brings waiting records to the platform: oldest first, and beside them at once whatever has just happened. It decides when to try again
 * and what a receipt does to a record; it knows no HTTP, no SQL and no lane.
 */
import type { Clock } from '../clock.ts';
import type { Outbox, OutboxRecord } from '../store/types.ts';
import type { CloudClient } from './client.ts';
import { Pace, type PaceSettings } from './pace.ts';
import type { Receipt } from './types.ts';

export interface UploaderOptions {
  readonly outbox: Outbox;
  readonly client: Pick<CloudClient, 'send'>;
  readonly clock: Clock;
  readonly settings?: PaceSettings;
  /** The first byte is about to leave: the record can no longer be withdrawn. */
  readonly onSending?: (record: OutboxRecord) => void;
  /** After the receipt has been kept. */
  readonly onReceipt?: (record: OutboxRecord, receipt: Receipt) => void;
}

export interface UploaderStatus {
  /** Signature or access refused: one record is tried now and then, the others wait. */
  readonly paused?: { readonly why: string; readonly hint?: string; readonly sinceMs: number };
  /** Tries without an answer in a row. */
  readonly failures: number;
  readonly inFlight: number;
  /** Clock.nowMs of the last look for work: the heartbeat for a watchdog. */
  readonly lookedAtMs: number;
  /** Clock.nowMs of the last answer that was one, whatever it said. */
  readonly answeredAtMs?: number;
}

export interface Uploader {
  /** Until `signal` aborts; a request under way then has a second to end. Rejects when the store cannot be used any more. */
  run(signal: AbortSignal): Promise<void>;
  /** Credentials changed, or a person is impatient: forget every wait that is not a record's own. */
  resume(): void;
  status(): UploaderStatus;
}

type Order = 'oldest' | 'newest';

/** Looks for work at least so often: another process (the command `queue`) may have added some. */
const POLL_MS = 15_000;
const GRACE_MS = 1_000;
/** So many answers in no table, then the record is parked. */
const UNKNOWN_MAX = 10;
/** Both runners may find the other's record at the head. */
const LOOK = 2;

export function createUploader(options: UploaderOptions): Uploader {
  const { outbox, client, clock } = options;
  const pace = new Pace(clock, options.settings ?? {});
  const inFlight = new Set<number>();
  let wake = new AbortController();
  let lookedAtMs = clock.nowMs();
  let answeredAtMs: number | undefined;

  const wakeUp = () => {
    wake.abort();
    wake = new AbortController();
  };

  const runner = async (order: Order, signal: AbortSignal, cut: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const lookedMs = clock.nowMs();
      lookedAtMs = lookedMs;
      const woken = wake.signal;
      const record = (await outbox.due(LOOK, order)).find(({ id }) => !inFlight.has(id));
      const waitMs = record === undefined ? await untilDue(lookedMs) : pace.waitMs(record, order);
      if (record === undefined || waitMs > 0) await clock.sleep(Math.min(waitMs, POLL_MS), woken);
      else if (!signal.aborted) await deliver(record, cut);
    }
  };

  /** Everything due at the look is in the other runner's hands; it wakes us when it is done. */
  const untilDue = async (lookedMs: number): Promise<number> => {
    const dueMs = await outbox.nextDueMs(lookedMs);
    return dueMs === undefined ? POLL_MS : dueMs - clock.nowMs();
  };

  const deliver = async (record: OutboxRecord, cut: AbortSignal): Promise<void> => {
    inFlight.add(record.id);
    try {
      const [mayGo, picture] = await Promise.all([outbox.sending(record.id), outbox.picture(record.id)]);
      if (!mayGo) return;
      options.onSending?.(record);
      pace.leaving(record, picture?.length ?? 0);
      const receipt = await client.send(record, picture, cut);
      if (cut.aborted && receipt.kind === 'retry') return;
      if (receipt.answer !== undefined) answeredAtMs = clock.nowMs();
      await keep(record, receipt);
      options.onReceipt?.(record, receipt);
    } catch (error) {
      if (!isPassing(error)) throw error;
      // The record is sent again, with the same serial, when the store has it again.
      await clock.sleep(GRACE_MS, cut);
    } finally {
      inFlight.delete(record.id);
      wakeUp();
    }
  };

  const keep = (record: OutboxRecord, receipt: Receipt): Promise<void> => {
    const { id } = record;
    const details = receipt.answer === undefined ? {} : { answer: receipt.answer };
    pace.answered(receipt);
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
      const unwatch = outbox.onChange(wakeUp);
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
    resume: () => {
      pace.resume();
      wakeUp();
    },
    status: () => ({
      ...(pace.paused === undefined ? {} : { paused: pace.paused }),
      failures: pace.failures,
      inFlight: inFlight.size,
      lookedAtMs,
      ...(answeredAtMs === undefined ? {} : { answeredAtMs }),
    }),
  };
}

/** The store has put its database aside, or its disk refuses and too much is waiting: neither ends the uploader. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'StoreError' &&
    /^(unknown|full)$/.test((error as { code?: string }).code ?? '')
  );
}
