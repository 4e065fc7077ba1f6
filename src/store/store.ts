/**
 * The store as the rest of the program sees it: promises on this side, one thread with the database on the other. It counts calls in flight and
 * enforces the limits of memory; it knows no SQL and no file.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Frame } from '../driver.ts';
import { thrownText } from '../text/thrown.ts';
import { accountsOf } from './days/accounts-client.ts';
import { StoreError } from './error.ts';
import type { Limits, Reply, ThreadOptions } from './messages.ts';
import type { StoreNotice } from './notice.ts';
import { numbersOf } from './number-calls.ts';
import type { OutboxRecord } from './record-types.ts';
import { reviewOf } from './review.ts';
import { Serials } from './serial.ts';
import { parsed } from './thread/json.ts';
import { LendingDesk, newLendingMemory } from './thread/picture-buffers.ts';
import { startStoreThread } from './thread.ts';
import { Line } from './thread-client.ts';
import { TimeKeeper } from './time-keeper.ts';
import type { AnswerDetails, Journal, JournalRow, Looks, Outbox, SendingRecord, Store, StoreStatus } from './types.ts';
import { UnkeptRecords } from './unkept-records.ts';
import { Urgencies } from './urgency.ts';

export interface StoreOptions extends Partial<Limits> {
  /** The state folder; created 0700. */
  readonly path: string;
  readonly clock: Clock;
  /** The system clock is synchronised now (`systemIsSynced` of clock-watch.ts). When left out it is not, until a source confirms it. */
  readonly wallTrusted?: boolean;
  /** Of the program; the chain names it. */
  readonly version?: string;
  /** The boot of the machine; read from the kernel when left out. */
  readonly bootId?: string;
  /** A tool beside a running bridge: reads and changes records, begins no run. */
  readonly tool?: boolean;
  /** A thread that was started early and has no store yet. */
  readonly thread?: Worker | undefined;
  /** Who shows that the disk refuses the opening. With it the opening waits until the disk lets it; without, for START_WITHIN_MS. */
  readonly onRefused?: OnRefused | undefined;
  /** Ends an opening that waits. */
  readonly signal?: AbortSignal | undefined;
}

export type StallReason = NonNullable<StoreStatus['stalled']>;
/** Called with each new reason, and without one when the disk lets the store open. */
export type OnRefused = (why: StallReason | undefined, detail: string) => void;

const DAY_MS = 86_400_000;

export const LIMITS: Limits = {
  attachWithinMs: 10_000,
  clockHoldMs: 0,
  framesMaxBytes: 4_000_000_000,
  keepFramesMs: 7 * DAY_MS,
  keepRecordsMs: 30 * DAY_MS,
  keepJournalMs: 30 * DAY_MS,
  journalMaxBytes: 100_000_000,
  journalMaxRows: 20_000_000,
  ballastBytes: 8_000_000,
  lowWaterBytes: 32_000_000,
};

const BEAT_MS = 1_000;
const CLOSE_WITHIN_MS = 5_000;
/** How long a disk that refuses at the start is awaited where nobody would be told. */
const START_WITHIN_MS = 25_000;

/** Opens or creates the store. Rejects with StoreError `unavailable`, `newer` or, a tool, `damaged`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { clock } = options;
  const lending = newLendingMemory();
  const worker = options.thread ?? startStoreThread();
  const told = (): ThreadOptions => ({
    lending,
    path: options.path,
    limits: limitsOf(options),
    version: options.version ?? '',
    bootId: options.bootId ?? kernelBootId(),
    moment: { nowMs: clock.nowMs(), wallMs: clock.wallMs() },
    wallTrusted: options.wallTrusted === true,
    tool: options.tool === true,
  });
  const early: StoreNotice[] = [];
  const ready = await startedStore(worker, told, early, options);
  return assemble(worker, { clock, ready, early, lending, limits: limitsOf(options) });
}

function limitsOf(options: Partial<Limits>): Limits {
  const names = Object.keys(LIMITS) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, options[name] ?? LIMITS[name]])) as unknown as Limits;
}

type Ready = Extract<Reply, { kind: 'ready' }>;
type Unavailable = Extract<Reply, { kind: 'unavailable' }>;

async function startedStore(
  worker: Worker,
  told: () => ThreadOptions,
  early: StoreNotice[],
  { clock, onRefused, signal }: StoreOptions,
): Promise<Ready> {
  const begunAtMs = clock.nowMs();
  const withinMs = onRefused === undefined ? START_WITHIN_MS : Number.POSITIVE_INFINITY;
  let stalled: Unavailable['why'];
  for (;;) {
    const heard = firstWord(worker, early);
    worker.postMessage(told());
    const word = await heard;
    const afterMs = clock.nowMs() - begunAtMs;
    if (word.kind === 'ready') {
      if (stalled !== undefined) {
        early.push({ kind: 'recovered', afterMs });
        onRefused?.(undefined, '');
      }
      return word;
    }
    if (word.why === undefined || afterMs >= withinMs || signal?.aborted) {
      await worker.terminate();
      throw new StoreError(word.code, word.message);
    }
    if (word.why !== stalled) {
      early.push({ kind: 'stalled', why: word.why, detail: word.message });
      onRefused?.(word.why, word.message);
    }
    stalled = word.why;
    await clock.sleep(BEAT_MS, signal);
  }
}

function firstWord(worker: Worker, early: StoreNotice[]): Promise<Ready | Unavailable> {
  return new Promise((resolve, reject) => {
    const died = (error: Error) => reject(new StoreError('died', thrownText(error), { cause: error }));
    const listen = (replies: readonly Reply[]) => {
      for (const reply of replies) {
        if (reply.kind === 'notice') early.push(reply.notice);
        if (reply.kind !== 'ready' && reply.kind !== 'unavailable') continue;
        worker.off('message', listen);
        worker.off('error', died);
        resolve(reply);
      }
    };
    worker.on('message', listen);
    worker.once('error', died);
  });
}

interface Assembly {
  readonly clock: Clock;
  readonly ready: Ready;
  readonly early: readonly StoreNotice[];
  readonly lending: SharedArrayBuffer;
  readonly limits: Limits;
}

function assemble(worker: Worker, { clock, ready, early, lending, limits }: Assembly): Store {
  const line = new Line(worker, clock, early);
  const time = new TimeKeeper(clock, ready, line);
  const { boot } = ready;
  const unkept = new UnkeptRecords({ line, clock, time, boot, limits, serials: new Serials(ready.boxId, ready.boots) });
  const stop = new AbortController();
  void beat(line, clock, stop.signal);
  void readPlates(line, clock, stop.signal);
  return {
    boot,
    watched: () => line.call('flush').then(() => line.call('watched')),
    journal: journalOf(line, clock),
    outbox: outboxOf(line, new LendingDesk(lending), unkept),
    review: reviewOf(line),
    looks: looksOf(line),
    parkFacts: {
      keep: (fact, changes) => line.call('keepFact', fact, changes),
      along: (changes) => line.along(changes),
      rows: (kind) => line.call('parkFacts', kind),
    },
    accounts: accountsOf(line),
    chain: line.calls('seal', 'signed', 'left', 'compare', 'lastSigned'),
    numbers: (destination) => numbersOf(line, destination),
    destinations: () => line.call('outboundDestinations'),
    addAlarm: (alarm) => line.call('addAlarm', alarm),
    time,
    status: () => ({ ...line.status(), unkept: unkept.status() }),
    onNotice: (listener) => line.onNotice(listener),
    failed: line.failed,
    close: async () => {
      stop.abort();
      const limit = new AbortController();
      const late = clock.sleep(CLOSE_WITHIN_MS, limit.signal).then(() => {
        if (!limit.signal.aborted) line.fail(new StoreError('stuck', 'the disk refuses; what was not written is lost'));
      });
      try {
        await line.close();
      } finally {
        limit.abort();
        await late;
        await worker.terminate();
      }
    },
  };
}

async function beat(line: Line, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(BEAT_MS, signal);
    if (!signal.aborted) line.beat();
  }
}

/** Once, a slice at a time, so that the first search finds them read: a million in a minute. What this did not read, a search does. No plate holds a `?`. */
async function readPlates(line: Line, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    await clock.sleep(BEAT_MS / 4, signal);
    after = signal.aborted ? undefined : (await line.call('plateSlice', '?', after).catch(() => undefined))?.next;
  }
}

function journalOf(line: Line, clock: Clock): Journal {
  const urgencies = new Urgencies();
  return {
    append: (laneId, event) =>
      line.append(
        {
          kind: 'event',
          laneId,
          atMs: Math.floor(event.atMs),
          wallMs: Math.round(clock.wallMs()),
          event: JSON.stringify(event),
        },
        urgencies.of(laneId, event),
      ),
    epoch: (laneId, settings) => void line.append({ kind: 'epoch', laneId, settings: JSON.stringify(settings) }),
    snapshot: (laneId, state) => void line.append({ kind: 'snapshot', laneId, state: JSON.stringify(state) }),
    flush: () => line.call('flush'),
    load: async (laneId) => {
      const { state, rows } = await line.call('load', laneId);
      return {
        state: state === undefined ? undefined : parsed<unknown>(state),
        rows: rows.flatMap((row) => {
          const event = parsed<JournalRow['event']>(row.event);
          return event === undefined ? [] : [{ seq: row.seq, event }];
        }),
      };
    },
  };
}

function outboxOf(line: Line, desk: LendingDesk, unkept: UnkeptRecords): Outbox {
  const changed = <Value>(value: Value): Value => {
    line.changed();
    return value;
  };
  const settle = (id: number, state: 'held' | 'parked', why: string, details: AnswerDetails) => {
    const post = (rowId: number) => line.call('settle', rowId, state, why, details);
    return unkept.ended(id, state, post) ?? post(id);
  };
  return {
    ...line.calls('picture', 'besidePicture', 'counts'),
    put: (record) => unkept.put(record, false).then(changed),
    submit: (record) => unkept.put(record, true).then(changed),
    attach: (id, picture) => {
      const given = 'none' in picture ? picture : plain(picture);
      return unkept.attach(id, given) ?? line.attach(id, given).then(changed);
    },
    beside: (id, place, frame) => {
      const rowId = unkept.rowIdOf(id);
      return rowId === undefined ? Promise.resolve(false) : line.beside(rowId, place, plain(frame));
    },
    due: async (limit, order = 'oldest', afterId = 0) => {
      if (unkept.isActive) return unkept.due(limit, order, afterId);
      const due = await line.call('due', limit, order, afterId);
      return due.filter(({ id }) => !unkept.isOnWire(id));
    },
    nextDueMs: async (laterThanMs) =>
      unkept.isActive ? unkept.nextDueMs(laterThanMs ?? 0) : line.call('nextDueMs', laterThanMs),
    sending: async (id, withPicture = true) => {
      const own = unkept.sending(id, withPicture);
      if (own !== undefined) return own.found;
      // In one transaction with the mark, or before it.
      line.group();
      if (withPicture) return sendingInto(line, desk, id);
      const found = await line.call('sending', id, 'none');
      return found && { record: found.record };
    },
    unsent: (id) => unkept.unsent(id) ?? line.call('unsent', id),
    delivered: (id, { seqno, warning, dateMs }) => {
      const told = UnkeptRecords.warning(id, warning);
      const answer = {
        ...(seqno !== undefined && { seqno }),
        ...(told !== undefined && { warning: told }),
        ...(dateMs !== undefined && { dateMs }),
      };
      const post = (rowId: number) => line.call('delivered', rowId, answer);
      return unkept.ended(id, 'delivered', post) ?? post(id);
    },
    retry: (id, afterMs, why, details = {}) => {
      const post = (rowId: number) => line.call('retry', rowId, afterMs, why, details).then(changed);
      return unkept.retry(id, afterMs, why, details, post) ?? post(id);
    },
    hold: (id, why, details = {}) => settle(id, 'held', why, details),
    park: (id, why, details = {}) => settle(id, 'parked', why, details),
    withdraw: (laneId, releaseId, why) => {
      line.changed();
      if (unkept.wasSent(laneId, releaseId)) return Promise.resolve(false);
      unkept.withdraw(laneId, releaseId);
      return line.call('withdraw', laneId, releaseId, why);
    },
    onChange: (listener) => line.onChange(listener),
  };
}

async function sendingInto(line: Line, desk: LendingDesk, id: number): Promise<SendingRecord | undefined> {
  let record: OutboxRecord | undefined;
  const picture = await desk.lend(async (place) => {
    const found = await line.call('sending', id, place);
    record = found?.record;
    return found?.picture;
  });
  if (record === undefined) picture?.giveBack();
  return record && { record, ...(picture && { picture }) };
}

function looksOf(line: Line): Looks {
  const events = (rows: readonly string[]) => rows.flatMap((row) => parsed<JournalRow['event']>(row) ?? []);
  return {
    ...line.calls('room', 'observe', 'report', 'observations', 'unpublished', 'published'),
    around: async (laneId, fromMs, toMs) => {
      const found = await line.call('around', laneId, fromMs, toMs);
      return found && { before: events(found.before), rows: events(found.rows) };
    },
  };
}

/** A view on a pool of Node's would send the whole pool to the thread. */
function plain(frame: Frame): Frame {
  const { bytes } = frame;
  return bytes.byteLength === bytes.buffer.byteLength ? frame : { ...frame, bytes: bytes.slice() };
}

function kernelBootId(): string {
  const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  assert(id.length > 0, 'the kernel gives no boot id');
  return id;
}
