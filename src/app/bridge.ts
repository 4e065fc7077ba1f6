/**
 * One lane's loop: readings → runner → effects, with one timer. It journals every event before the engine sees it, so that the engine's state is the
 * fold of the journal. It knows no device, no wire and no cloud.
 */
import type { Reading } from '../driver.ts';
import { type GrantWord, grantWord } from '../lane/grant-word.ts';
import { type LaneState, STATE_VERSION } from '../lane/lane.ts';
import { LaneRunner } from '../lane/lane-runner.ts';
import type { SignalInput } from '../lane/signals.ts';
import type { Grant, LaneEffect, LaneEvent, Release, Role } from '../lane/types.ts';
import type { BridgeOptions } from './bridge-options.ts';
import { type Capture, Captures, type FramesAround, PICTURE_WAIT_MS } from './pictures/captures.ts';

/** Why a record has no picture, in addition to the codes of LinkError and ProtocolError; texts in `src/text/store.ts`. */
export type NoPicture = 'noCamera' | 'notTaken' | 'late' | 'unexpected';
/** Pictures in progress get this long at shutdown. */
const STOP_WAIT_MS = 800;
/** Switched on, these roles show that a vehicle is present; so does `down` switched off. */
const SIGNS: readonly Role[] = ['approach', 'barrier', 'exit', 'up'];
/** A point without a reading for this long is lost, whatever its driver reports. */
const STALE_MS = 2_000;
/** Nothing is acted on so late, and a picture not named by then is nobody's. */
const UNNAMED_MS = 10_000;
/** A timer has a longest time. */
const LONGEST_SLEEP_MS = 3_600_000;
/**
 * Events between two snapshots of the engine's state (tens of kilobytes): rare, to spare the card; folding as many takes some 20 ms. Those of a quiet
 * lane lie far apart, so it is also a matter of time.
 */
const SNAPSHOT_EVERY = 5_000;
const SNAPSHOT_EVERY_MS = 60 * 60_000;

interface Snapshot {
  readonly version: number;
  readonly generation: string;
  readonly state: LaneState;
  readonly account?: unknown;
}

export class Bridge {
  readonly #options: BridgeOptions;
  readonly #captures: Captures | undefined;
  readonly #signs = new Set<Role>();
  readonly #lookedMs = new Map<Role, number>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #runner: LaneRunner;
  /** Distinguishes release ids of engine states that do not descend from each other. */
  #generation = '';
  #sinceSnapshot = 0;
  #keptMs = 0;
  #awakeMs = 0;
  /** Aborts the wait for pictures. */
  readonly #hurry = new AbortController();
  #timer: { readonly dueMs: number; readonly wake: AbortController } | undefined;
  /** What lanes that start before this one say; undefined: it has started. */
  #early: LaneEvent[] | undefined = [];

  constructor(options: BridgeOptions) {
    this.#options = options;
    const { pictures, clock, on } = options;
    const failed = (error: unknown): void => on.pictureFailed?.(error);
    this.#captures = pictures && new Captures({ pictures, clock, failed });
    const { settings, signals, journal, laneId } = options;
    this.#runner = new LaneRunner({
      ...{ settings, signals },
      before: (event) => {
        if (!journal.append(laneId, event)) on.notJournalled?.(event);
      },
      after: (event, effects) => this.#acted(event, effects),
    });
  }

  get state(): LaneState {
    return this.#runner.state;
  }

  /** Lane time of a Clock.nowMs: continued over reboots, in whole milliseconds. */
  laneMs(clockMs: number): number {
    return Math.round(clockMs + this.#options.boot.laneOffsetMs);
  }

  nowMs(): number {
    return this.laneMs(this.#options.clock.nowMs());
  }

  /** Folds the journal, feeds `start` to the engine, and stores the records that a crash kept from being stored. */
  async start(): Promise<void> {
    const { journal, laneId, settings, boot, account, clock } = this.#options;
    const { state, rows } = await journal.load(laneId);
    const kept = state as Snapshot | undefined;
    this.#keptMs = this.nowMs();
    this.#sinceSnapshot = rows.length;
    account?.restore(kept?.account, kept?.version === STATE_VERSION);
    if (kept?.version === STATE_VERSION) {
      this.#runner.restart(kept.state);
      // Heard before the state was kept, and not judged yet.
      for (const event of kept.state.inbox.pending) this.#options.on.folded?.(event, []);
      this.#generation = kept.generation;
      for (const { event } of rows) {
        const effects = this.#runner.fold(event);
        this.#options.on.folded?.(event, effects);
        for (const effect of effects) if (effect.kind !== 'capture') this.#act(this.#gated(effect));
      }
    } else {
      this.#generation = this.nowMs().toString(36);
      this.keep();
    }
    journal.epoch(laneId, settings);
    // A box that never watched this lane has no observation gap.
    const missed =
      kept === undefined
        ? ({ blindMs: 0, powerCut: false, first: true } as const)
        : { blindMs: Math.round(boot.blindMs + clock.nowMs() - boot.startMs), powerCut: boot.newBoot };
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#begin(missed);
    for (const event of early) this.feed({ ...event, atMs: this.nowMs() });
  }

  #begin(missed: Omit<Extract<LaneEvent, { kind: 'start' }>, 'kind' | 'atMs'>): void {
    this.feed({ kind: 'start', ...missed, atMs: this.nowMs() });
    for (const role of this.#options.settings.roles) this.#lookedMs.set(role, this.nowMs());
  }

  /** One reading of the point that has this role here. */
  reading(role: Role, reading: Reading): void {
    const atMs = this.laneMs(reading.atMs);
    const uncertaintyMs = Math.ceil(reading.uncertaintyMs);
    this.#lookedMs.set(role, atMs);
    this.#signal(
      reading.kind === 'level'
        ? { kind: 'level', role, value: reading.value, atMs, uncertaintyMs }
        : { kind: 'pulses', role, count: reading.count, atMs, uncertaintyMs },
    );
  }

  /** The point of this role cannot be read any more. */
  lost(role: Role): void {
    this.#signal({ kind: 'lost', role, atMs: this.nowMs() });
  }

  /** The only path into the engine: deadlines before the event, the journal, the engine, its effects. */
  feed(event: LaneEvent): void {
    if (this.#early !== undefined) return void this.#early.push(event);
    this.#wake();
    this.#runner.feed(event.kind === 'plate' ? this.#withKnown(event) : event);
    this.#arm();
  }

  /** Feeds a grant received now. Returns what the engine makes of it. */
  hear(grant: Grant): GrantWord {
    const event = { kind: 'grant', grant, atMs: this.#wake() } as const;
    this.#runner.tickUntil(event.atMs);
    const word = grantWord(this.state, this.#options.settings, event);
    this.feed(event);
    return word;
  }

  /** The one timer of the lane. Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    signal.addEventListener('abort', () => this.#timer?.wake.abort(), { once: true });
    while (!signal.aborted) {
      const dueMs = this.#dueMs();
      const wake = new AbortController();
      this.#timer = { dueMs, wake };
      await clock.sleep(dueMs - this.nowMs(), wake.signal);
      if (!signal.aborted) this.#beat();
      this.#timer = undefined;
    }
  }

  /** `sent`: the record is about to leave the box and cannot be withdrawn any more. `unsent`: it did not leave after all. */
  leaves(recordId: string, kind: 'sent' | 'unsent'): void {
    const mine = `${this.#generation}-`;
    if (recordId.startsWith(mine)) this.feed({ kind, releaseId: recordId.slice(mine.length), atMs: this.nowMs() });
  }

  /** Resolves when every record in progress is stored with its picture settled, within STOP_WAIT_MS. The state is kept. */
  async stop(): Promise<void> {
    const waited = new AbortController();
    void this.#options.clock.sleep(STOP_WAIT_MS, waited.signal).then(() => this.#hurry.abort());
    await Promise.allSettled([...this.#pending]);
    waited.abort();
    this.keep();
  }

  #withKnown(event: Extract<LaneEvent, { kind: 'plate' }>): LaneEvent {
    const vehicle = this.#options.known?.(event.plate.text);
    return vehicle === undefined ? event : { ...event, known: vehicle };
  }

  /** The timer is long overdue: the program was stopped, or starved. Nothing was seen or heard meanwhile, as after a start. */
  #wake(): number {
    const nowMs = this.nowMs();
    const blindMs = nowMs - this.#awakeMs;
    this.#awakeMs = nowMs;
    if (nowMs - (this.#timer?.dueMs ?? nowMs) <= STALE_MS) return nowMs;
    this.#timer = undefined;
    this.#runner.restart(this.state);
    this.#begin({ blindMs, powerCut: false });
    return nowMs;
  }

  #signal(input: SignalInput): void {
    this.#wake();
    if (this.#runner.signal(input)) this.#arm();
  }

  #acted(event: LaneEvent, effects: readonly LaneEffect[]): void {
    const { on } = this.#options;
    on.event?.(event);
    for (const each of effects) {
      const effect = this.#gated(each);
      on.effect?.(effect);
      this.#act(effect);
    }
    // Not before: a release among them no longer stands in the state.
    if (effects.some(({ kind }) => kind === 'capture')) this.#forget();
    this.#trackPresence(event);
    this.#sinceSnapshot += 1;
    if (this.#sinceSnapshot >= SNAPSHOT_EVERY || event.atMs - this.#keptMs >= SNAPSHOT_EVERY_MS) this.keep();
  }

  #beat(): void {
    const nowMs = this.#wake();
    for (const [role, lookedMs] of this.#lookedMs) {
      if (nowMs - lookedMs < STALE_MS) continue;
      this.#lookedMs.delete(role);
      this.#signal({ kind: 'lost', role, atMs: nowMs });
    }
    this.#runner.beat(nowMs);
  }

  #dueMs(): number {
    return Math.min(
      this.#runner.dueMs,
      Math.min(...this.#lookedMs.values()) + STALE_MS,
      this.nowMs() + LONGEST_SLEEP_MS,
    );
  }

  #arm(): void {
    if (this.#timer !== undefined && this.#dueMs() < this.#timer.dueMs) this.#timer.wake.abort();
  }

  /** Stores a snapshot of the engine's state now. */
  keep(): void {
    this.#sinceSnapshot = 0;
    this.#keptMs = this.nowMs();
    const { journal, laneId, account } = this.#options;
    const kept = { state: this.state, ...(account && { account: account.state }) };
    const snapshot: Snapshot = { version: STATE_VERSION, generation: this.#generation, ...kept };
    journal.snapshot(laneId, snapshot);
  }

  #gated(effect: LaneEffect): LaneEffect {
    return this.#options.gate?.(effect) ?? effect;
  }

  #act(effect: LaneEffect): void {
    this.#options.account?.take(effect);
    if (effect.kind === 'capture')
      this.#captures?.begin(effect.captureId, effect.atMs - this.#options.boot.laneOffsetMs);
    else if (effect.kind === 'release') this.#track(this.#release(effect.release));
    else if (effect.kind === 'gap') this.#track(this.#options.observe?.(effect.gap) ?? Promise.resolve());
    else if (effect.kind === 'withdraw' || effect.kind === 'correct')
      this.#track(this.#options.outbox.withdraw(this.#options.laneId, this.#recordId(effect.releaseId), effect.why));
  }

  /** Drops the pictures that the lane no longer names: it names one when it acts on its moment, or never. Releases under way get theirs first. */
  #forget(): void {
    const { inbox, lane } = this.state;
    const mayLose = lane.kept.past.flatMap(({ unpaidAs }) => unpaidAs?.counted ?? []);
    const naming = [...lane.bodies, ...lane.openings, ...lane.kept.fakeExits, ...mayLose];
    const named = new Set(naming.map(({ captureId }) => captureId));
    const over = inbox.captures.filter(({ id, atMs }) => !named.has(id) && atMs < lane.actedMs - UNNAMED_MS);
    void Promise.allSettled(this.#pending).then(() => over.forEach(({ id }) => void this.#captures?.take(id)));
  }

  #recordId(releaseId: string): string {
    return `${this.#generation}-${releaseId}`;
  }

  #track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => this.#options.on.failed(error))
      .finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  /** Frames are buffered while a vehicle is on a loop or the arm is not down. Each edge renews it: a stuck loop has none. */
  #trackPresence(event: LaneEvent): void {
    if (event.kind !== 'edge' && event.kind !== 'lost') return;
    const isSign =
      event.kind === 'edge' && (event.role === 'down' ? !event.on : event.on && SIGNS.includes(event.role));
    if (isSign) this.#signs.add(event.role);
    else this.#signs.delete(event.role);
    this.#options.pictures?.present(this.#signs.size > 0, this.#options.laneId);
  }

  async #release(release: Release): Promise<void> {
    const { boot, outbox, clock, record, wallMsAt, pictures } = this.#options;
    const releaseWallMs = wallMsAt(release.releaseAtMs - boot.laneOffsetMs);
    const stored = await outbox.submit(record({ ...release, id: this.#recordId(release.id) }, releaseWallMs));
    this.#options.on.kept?.(stored.id);
    stored.kept?.then(this.#options.on.kept).catch(() => undefined);
    if (stored.picture !== 'pending') return;
    const capture = release.captureId === undefined ? undefined : this.#captures?.take(release.captureId);
    const picture = await Promise.race([
      capture?.picture ?? { none: pictures === undefined ? 'noCamera' : 'notTaken' },
      clock.sleep(PICTURE_WAIT_MS, this.#hurry.signal).then(() => ({ none: 'late' satisfies NoPicture })),
    ]);
    await outbox.attach(stored.id, picture);
    this.#options.on.kept?.(stored.id);
    if (capture !== undefined && 'bytes' in picture) await this.#storeFramesAround(stored.id, capture);
  }

  /** Stores the frames beside the picture; blocks nothing, and is dropped at shutdown. */
  async #storeFramesAround(recordId: number, capture: Capture): Promise<void> {
    const { outbox } = this.#options;
    const done = new AbortController();
    const ended = new Promise<FramesAround>((resolve) => {
      if (this.#hurry.signal.aborted) resolve({});
      this.#hurry.signal.addEventListener('abort', () => resolve({}), { once: true, signal: done.signal });
    });
    const frames = await Promise.race([capture.around, ended]);
    done.abort();
    for (const where of ['before', 'after', 'second'] as const) {
      const frame = frames[where];
      if (frame !== undefined) await outbox.beside(recordId, where, frame);
    }
  }
}
