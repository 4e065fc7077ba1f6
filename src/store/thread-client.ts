/**
 * Client of the store thread: numbers the calls, sends journal entries along with the next message, enforces the limits of memory, detects a thread
 * that hangs. It knows operations only by name.
 */
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Frame } from '../driver.ts';
import { thrownText } from '../text/thrown.ts';
import { CommitAllowance } from './commit-allowance.ts';
import { StoreError } from './error.ts';
import {
  DECISIONS,
  type JournalEntry,
  LAZY,
  LOOKS,
  type OperationName,
  type Operations,
  type Reply,
  type ThreadRequest,
  UPLOADS,
} from './messages.ts';
import type { StoreNotice } from './notice.ts';
import type { ParkFactChange } from './park-facts/park-facts.ts';
import type { BesidePlace } from './record-types.ts';
import type { StoreStatus } from './types.ts';
import type { Urgency } from './urgency.ts';

/** Entries go to the thread when the oldest is this old; with the commit they are on the disk within 250 ms. */
const GROUP_MS = 200;
/** What nothing is decided by goes with what is committed next, or when it is this old: a commit of its own would wear a card more than what it says. */
const ALONG_MS = 10_000;
/** Of facts that wait, as many as a table keeps; the oldest go first. */
const ALONG_MAX = 20_000;
/**
 * Commits that edges may ask for at once after a quiet time: those of a vehicle. One more is allowed every GROUP_MS, which is what groups alone
 * would cost a card at most, so a chattering contact wears it no faster.
 */
const AT_ONCE_MAX = 10;
/** Events not yet durable. About 4 MB; at 40 events a second a disk may refuse for eight minutes. */
const EVENTS_MAX = 20_000;
/** Calls in flight. A watchdog tick is always accepted: without one a thread that waits for the disk would not retry. */
const CALLS_MAX = 2_000;
/** Groups of entries in flight. Further ones wait here, so that they do not displace more important calls while the disk refuses for minutes. */
const GROUPS_MAX = 10;
/** Bytes of pictures in flight to the thread. Above this a record is kept without its picture, and the record says so. */
const BYTES_MAX = 32_000_000;
/** Share of both that frames beside a picture may use: the rest is for what matters more. */
const BESIDE_SHARE = 0.5;
/**
 * Watchdog ticks, one a second, without an answer after which the thread counts as dead. Ticks, not time: after a suspend of the machine the thread
 * has had no chance to answer either.
 */
const SILENT_BEATS_MAX = 20;

interface Call {
  readonly name: OperationName;
  readonly events: number;
  readonly bytes: number;
  readonly sinceMs: number | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

type Calls<Names extends OperationName> = {
  readonly [Name in Names]: (...given: Parameters<Operations[Name]>) => Promise<ReturnType<Operations[Name]>>;
};

export class Line {
  readonly failed: Promise<never>;
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #calls = new Map<number, Call>();
  readonly #noticeListeners = new Set<(notice: StoreNotice) => void>();
  readonly #changeListeners = new Set<() => void>();
  #onStall: () => void = () => undefined;
  #early: readonly StoreNotice[];
  #entries: JournalEntry[] = [];
  /** By kind and key: the newest counts. */
  readonly #along = new Map<string, ParkFactChange>();
  /** Of the oldest that waits. */
  #waitsSinceMs: number | undefined;
  #outgoing: ThreadRequest[] = [];
  #isPosting = false;
  /** When the entries go out at the latest; Infinity: there are none. */
  #groupDueMs = Number.POSITIVE_INFINITY;
  #groups = 0;
  /** An edge among the entries waits for the commit in flight, or for the end of this turn. */
  #isHurried = false;
  readonly #allowance: CommitAllowance;
  /** A request is in flight that nothing has committed yet. */
  #isLazyOpen = false;
  #nextId = 1;
  #events = 0;
  #bytes = 0;
  #lost = 0;
  #commits = 0;
  #lostSinceNote = 0;
  #answeredAtMs: number;
  #silentBeats = 0;
  #stalled: StoreStatus['stalled'];
  #ended: StoreError | undefined;
  #rejectFailed: (error: StoreError) => void = () => undefined;

  /** `early`: messages received before a listener was attached; the first listener gets them. */
  constructor(worker: Worker, clock: Clock, early: readonly StoreNotice[]) {
    this.#worker = worker;
    this.#clock = clock;
    this.#early = early;
    this.#answeredAtMs = clock.nowMs();
    this.#allowance = new CommitAllowance(clock, AT_ONCE_MAX, GROUP_MS);
    this.failed = new Promise((_, reject) => {
      this.#rejectFailed = reject;
    });
    // Without a handler of `failed` the error surfaces through the calls.
    this.failed.catch(() => undefined);
    worker.on('message', (replies: readonly Reply[]) => {
      for (const reply of replies) this.#receive(reply);
      if (this.#outgoing.length > 0) this.#postSoon();
    });
    worker.on('error', (error) => this.fail(new StoreError('died', thrownText(error), { cause: error })));
    worker.on('exit', (code) => this.fail(new StoreError('died', `the store thread ended with ${code}`)));
  }

  /** false: the queue is full. An epoch or a snapshot is always taken: there are few of them. */
  append(entry: JournalEntry, when: Urgency = 'soon'): boolean {
    if (entry.kind === 'event') {
      if (this.#events >= EVENTS_MAX || this.#ended !== undefined) {
        this.#lost += 1;
        this.#lostSinceNote += 1;
        return false;
      }
      this.#events += 1;
      if (this.#lostSinceNote > 0) {
        this.#entries.push({ kind: 'gap', events: this.#lostSinceNote });
        this.#lostSinceNote = 0;
      }
    }
    this.#entries.push(entry);
    if (when === 'now') this.#hurry();
    this.#groupWithin(when === 'along' ? ALONG_MS : GROUP_MS);
    return true;
  }

  /** Goes with the entries of the journal that it follows from. */
  along(changes: readonly ParkFactChange[]): void {
    for (const change of changes) this.#along.set(`${change.kind} ${change.key}`, change);
    for (const oldest of this.#along.keys()) {
      if (this.#along.size <= ALONG_MAX) break;
      this.#along.delete(oldest);
    }
    this.#groupWithin(ALONG_MS);
  }

  call<Name extends OperationName>(
    name: Name,
    ...parameters: Parameters<Operations[Name]>
  ): Promise<ReturnType<Operations[Name]>> {
    return this.#send(name, parameters, 0);
  }

  /** Operations that an interface of the store passes on as they are. */
  calls<Name extends OperationName>(...names: readonly Name[]): Calls<Name> {
    return Object.fromEntries(
      names.map((name) => [name, (...given: readonly unknown[]) => this.#send(name, given, 0)]),
    ) as unknown as Calls<Name>;
  }

  attach(id: number, picture: Frame | { readonly none: string }): Promise<void> {
    if ('none' in picture || this.#bytes + picture.bytes.length <= BYTES_MAX) {
      return this.#send('attach', [id, picture], 'none' in picture ? 0 : picture.bytes.length);
    }
    return this.#send('attach', [id, { none: 'storeBusy' }], 0);
  }

  /** Resolves false when the disk is behind. */
  beside(id: number, place: BesidePlace, frame: Frame): Promise<boolean> {
    const isBehind =
      this.#bytes + frame.bytes.length > BYTES_MAX * BESIDE_SHARE || this.#calls.size >= CALLS_MAX * BESIDE_SHARE;
    return isBehind ? Promise.resolve(false) : this.#send('beside', [id, place, frame], frame.bytes.length);
  }

  /** Once a second: the watchdog tick, on which the thread retries what the disk refused. */
  beat(): void {
    if (this.#silentBeats >= SILENT_BEATS_MAX) {
      this.fail(new StoreError('stuck', `the store thread has not answered for ${SILENT_BEATS_MAX} s`));
      return;
    }
    this.#silentBeats += 1;
    this.#send('beat', [this.#notKeptSinceMs()], 0).then(
      (commits) => {
        // None from a thread whose disk refuses.
        if (commits !== undefined) this.#commits = commits;
      },
      () => undefined,
    );
  }

  /** Of the oldest entry. In the thread's hands is not on the disk: it may refuse for minutes. */
  #notKeptSinceMs(): number | undefined {
    for (const { sinceMs } of this.#calls.values()) if (sinceMs !== undefined) return sinceMs;
    return this.#waitsSinceMs;
  }

  close(): Promise<void> {
    return this.call('close');
  }

  fail(error: StoreError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    this.#rejectFailed(error);
  }

  status(): StoreStatus {
    return {
      ...(this.#stalled === undefined ? {} : { stalled: this.#stalled }),
      answeredAtMs: this.#answeredAtMs,
      queuedEvents: this.#events,
      queuedCalls: this.#calls.size,
      queuedBytes: this.#bytes,
      eventsNotJournalled: this.#lost,
      commits: this.#commits,
    };
  }

  onNotice(listener: (notice: StoreNotice) => void): () => void {
    this.#noticeListeners.add(listener);
    for (const notice of this.#early) listener(notice);
    this.#early = [];
    return () => this.#noticeListeners.delete(listener);
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Calls `listener` while the disk refuses, with every message of the thread. */
  onStall(listener: () => void): void {
    this.#onStall = listener;
  }

  changed(): void {
    for (const listener of this.#changeListeners) listener();
  }

  group(): void {
    if (this.#entries.length > 0) this.#send('flush', [], 0).catch(() => undefined);
  }

  /** A slow card gets one commit after the other: edges that come meanwhile share the next. */
  #hurry(): void {
    if (this.#isHurried) return;
    this.#isHurried = true;
    if (this.#groups === 0) process.nextTick(() => this.#sendHurried());
  }

  #sendHurried(): void {
    this.#isHurried = false;
    if (this.#isGroupDue() && this.#allowance.isLeft) this.#sendGroup();
  }

  #groupWithin(ms: number): void {
    const nowMs = this.#clock.nowMs();
    this.#waitsSinceMs ??= nowMs;
    const dueMs = nowMs + ms;
    if (dueMs >= this.#groupDueMs) return;
    this.#groupDueMs = dueMs;
    void this.#clock.sleep(ms).then(() => {
      // Otherwise they went out meanwhile, or others have to go sooner.
      if (this.#groupDueMs !== dueMs) return;
      this.#groupDueMs = Number.POSITIVE_INFINITY;
      if (this.#isGroupDue() && this.#groups < GROUPS_MAX) this.#sendGroup();
    });
  }

  #sendGroup(): void {
    this.#groups += 1;
    this.#allowance.spend();
    const done = () => {
      this.#groups -= 1;
      if (this.#ended !== undefined) return;
      if (this.#isHurried && this.#groups === 0) this.#sendHurried();
      // Too many were in flight when these were due.
      if (this.#isGroupDue() && this.#groupDueMs === Number.POSITIVE_INFINITY) this.#groupWithin(GROUP_MS);
    };
    this.#send('flush', [], 0).then(done, done);
  }

  #isGroupDue(): boolean {
    return this.#entries.length > 0 || this.#along.size > 0 || this.#isLazyOpen;
  }

  #send<Name extends OperationName>(
    name: Name,
    parameters: readonly unknown[],
    bytes: number,
  ): Promise<ReturnType<Operations[Name]>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    if (this.#calls.size >= CALLS_MAX && name !== 'close' && name !== 'beat') {
      const why = `${CALLS_MAX} calls are waiting for the disk`;
      return Promise.reject(new StoreError('full', why));
    }
    // A lazy call would leave the entries uncommitted, and some may be refused; the entries have a timer of their own.
    const mayBeRefused = DECISIONS.has(name) || UPLOADS.has(name);
    const takesEntries = name !== 'beat' && !LAZY.has(name) && !LOOKS.has(name) && !mayBeRefused;
    const journal = takesEntries ? this.#entries : [];
    const sinceMs = takesEntries ? this.#waitsSinceMs : undefined;
    if (takesEntries) {
      if (this.#along.size > 0) journal.push({ kind: 'facts', changes: [...this.#along.values()] });
      this.#entries = [];
      this.#along.clear();
      this.#waitsSinceMs = undefined;
      this.#isLazyOpen = false;
      this.#groupDueMs = Number.POSITIVE_INFINITY;
    } else if (LAZY.has(name)) {
      this.#isLazyOpen = true;
      this.#groupWithin(GROUP_MS);
    }
    const request: ThreadRequest = {
      id: this.#nextId,
      name,
      arguments: parameters,
      moment: { nowMs: this.#clock.nowMs(), wallMs: this.#clock.wallMs() },
      journal,
    };
    this.#nextId += 1;
    this.#bytes += bytes;
    const events = journal.reduce((sum, entry) => sum + (entry.kind === 'event' ? 1 : 0), 0);
    return new Promise((resolve, reject) => {
      this.#calls.set(request.id, { name, events, bytes, sinceMs, resolve, reject });
      this.#post(request);
    });
  }

  /**
   * Waking the thread costs more than most requests: requests of one turn share one message, and lazy ones, while an answer is outstanding, wait
   * for the next message or that answer.
   */
  #post(request: ThreadRequest): void {
    this.#outgoing.push(request);
    const isOutstanding = this.#calls.size > this.#outgoing.length;
    if (!LAZY.has(request.name) || !isOutstanding) this.#postSoon();
  }

  #postSoon(): void {
    if (this.#isPosting) return;
    this.#isPosting = true;
    // After all promises of this turn, which may add requests.
    process.nextTick(() => {
      this.#isPosting = false;
      this.#worker.postMessage(this.#outgoing);
      this.#outgoing = [];
    });
  }

  #receive(reply: Reply): void {
    this.#answeredAtMs = this.#clock.nowMs();
    this.#silentBeats = 0;
    if (reply.kind === 'notice') this.#noticed(reply.notice);
    if (reply.kind === 'alive') {
      this.#stalled = reply.stalled;
      this.#onStall();
      return;
    }
    if (reply.kind !== 'result' && reply.kind !== 'error') return;
    const call = this.#calls.get(reply.id);
    if (call === undefined) return;
    this.#stalled = undefined;
    this.#calls.delete(reply.id);
    this.#events -= call.events;
    this.#bytes -= call.bytes;
    // Now, and not when whoever called hears of it: the end of the thread may come with this answer.
    if (call.name === 'close' && reply.kind === 'result') this.#ended = new StoreError('closed', 'the store is closed');
    if (reply.kind === 'result') call.resolve(reply.value as never);
    else call.reject(new StoreError(reply.code, reply.message));
  }

  #noticed(notice: StoreNotice): void {
    if (this.#noticeListeners.size === 0) this.#early = [...this.#early, notice].slice(-100);
    for (const listener of this.#noticeListeners) listener(notice);
  }
}
