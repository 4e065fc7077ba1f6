/** Sends the sheet of the day before to destinations that ask for it, at their hour. A part of the composition root. */
import { setImmediate } from 'node:timers/promises';
import type { Accountant } from '../account/accountant.ts';
import { beginOf, dayOf, daysAfter } from '../account/days.ts';
import { readSheet } from '../account/read-sheet.ts';
import { buildSheet, type DaySheet, type SheetLane } from '../account/sheet.ts';
import { unhurried } from '../account/steps.ts';
import type { Clock } from '../clock.ts';
import type { MessageQueue } from '../delivery/destination/message-queue.ts';
import type { DestinationTransport } from '../delivery/destination/transport.ts';
import { StoreError } from '../store/error.ts';
import type { Store } from '../store/types.ts';

const LOOK_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;

interface DaySheetParts {
  readonly store: Store;
  readonly accounts: Pick<Accountant, 'keep'>;
  readonly lanes: readonly SheetLane[];
  readonly clock: Clock;
}

/** Who wants it, and at which minute of the day in Beijing. */
export interface SheetReader {
  readonly queue: MessageQueue;
  readonly transport: DestinationTransport;
  readonly atMinutes: number;
  /** Called when one was put. */
  readonly wake: () => void;
}

/** Ends when `signal` aborts. A sheet that was missed is sent when the box is back, the newest only. */
export async function sendDaySheets(
  readers: readonly SheetReader[],
  parts: DaySheetParts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && readers.length > 0) {
    for (const reader of readers) await putSheet(reader, parts);
    await parts.clock.sleep(LOOK_EVERY_MS, signal);
  }
}

async function putSheet({ queue, transport, atMinutes, wake }: SheetReader, parts: DaySheetParts): Promise<void> {
  const { store, clock } = parts;
  // A clock that was never set knows no hour.
  if (store.time.quality === 'unknown') return;
  const wallMs = store.time.wallMsAt(clock.nowMs());
  const today = dayOf(wallMs);
  const day = daysAfter(today, -1);
  if (wallMs < beginOf(today) + atMinutes * MINUTE_MS) return;
  if (queue.day === undefined) await queue.next();
  // One of a day that has not begun is of a clock that was wrong.
  if (queue.day === undefined || (queue.day >= day && queue.day <= today)) return;
  try {
    const head = await parts.store.chain.lastSigned();
    const body = transport.sheet?.(await sheetOf(day, parts), head);
    if (body !== undefined) await queue.putSheet(day, body, wallMs);
    wake();
  } catch (error) {
    // It says so itself; the next look tries again.
    if (!(error instanceof StoreError)) throw error;
  }
}

async function sheetOf(day: string, { store, accounts, lanes, clock }: DaySheetParts): Promise<DaySheet> {
  await accounts.keep();
  const nowWallMs = store.time.wallMsAt(clock.nowMs());
  return unhurried(buildSheet(await readSheet(store.accounts, { day, lanes, nowWallMs })), setImmediate);
}
