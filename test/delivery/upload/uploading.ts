/** An uploader at work on a real store and a real server, for tests. */
import { type Clock, systemClock } from '../../../src/clock.ts';
import type { ClientParts } from '../../../src/delivery/platform-client.ts';
import type { DeliveryReceipt } from '../../../src/delivery/request/delivery-receipt.ts';
import type { ScheduleSettings } from '../../../src/delivery/upload/send-schedule.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import type { Store } from '../../../src/store/types.ts';
import { handClock } from '../../sim/hand-clock.ts';
import { frame, open, record, release, temporaryFolder } from '../../store/open.ts';
import { type CloudSettings, createClient } from '../flat-client.ts';
import { settings } from './records.ts';

export const QUICK: ScheduleSettings = { backOffMs: 20, backOffMaxMs: 100, probeMs: 200 };

/** Longer than what is not held up takes on a busy machine; shorter than by another's missing answer, a probe, or the uploader's poll. */
export const HELD_UP_MS = 12_000;

export interface Running {
  /** Each with Clock.nowMs: as it left, and when its answer had been kept. */
  readonly left: { readonly id: number; readonly atMs: number }[];
  readonly receipts: { readonly id: number; readonly receipt: DeliveryReceipt; readonly atMs: number }[];
  readonly uploader: ReturnType<typeof createUploader>;
  stop(): Promise<void>;
}

export function run(
  store: Pick<Store, 'outbox'>,
  platform: { readonly url: string },
  pace: ScheduleSettings = QUICK,
  more: Partial<CloudSettings> = {},
  clock: Clock = systemClock(),
  parts: Partial<ClientParts> = {},
): Running {
  const left: Running['left'] = [];
  const receipts: Running['receipts'] = [];
  const client = createClient(settings(platform.url, more), { clock, ...parts });
  const uploader = createUploader({
    outbox: store.outbox,
    client,
    clock,
    settings: pace,
    onSending: ({ id }) => left.push({ id, atMs: clock.nowMs() }),
    onReceipt: ({ id }, receipt) => receipts.push({ id, receipt, atMs: clock.nowMs() }),
  });
  const stopping = new AbortController();
  const running = uploader.run(stopping.signal);
  return {
    left,
    receipts,
    uploader,
    stop: async () => {
      stopping.abort();
      await running;
      await client.close();
    },
  };
}

/** Their pictures differ: the seed of each is its number. */
export async function putMany(store: Store, from: number, to: number, size = 500): Promise<void> {
  for (let at = from; at <= to; at += 1) {
    const { id } = await store.outbox.put(record(String(at)));
    await store.outbox.attach(id, frame(size, at));
  }
}

export const delivered = (store: Store) => async () => (await store.outbox.counts()).delivered;

/** What the clock should say in `twoDaysBack`. */
export const TRUE_MS = Date.UTC(2026, 10, 24, 12);
export const DAYS_MS = 2 * 86_400_000;

/** A store with one record, on a box whose clock is behind and not known to be right. */
export async function twoDaysBack() {
  const clock = handClock(1_000, TRUE_MS - DAYS_MS);
  const store = await open({ path: temporaryFolder(), clock, wallTrusted: false });
  const releaseAtMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
  const put = await store.outbox.put(
    record('1', { release: release('1', { releaseAtMs }), releaseWallMs: store.time.wallMsAt(clock.nowMs()) }),
  );
  await store.outbox.attach(put.id, { none: 'noCamera' });
  return { clock, store };
}
