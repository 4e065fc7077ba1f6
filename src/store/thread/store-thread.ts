/**
 * The store thread: takes requests in order, commits all that have arrived as one transaction, answers after the commit. When the disk refuses it
 * keeps them, reports it, and retries at every watchdog tick; it is the only place that decides what to do about disk faults.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { StoreError } from '../error.ts';
import {
  GLANCES,
  LAZY,
  LOOKS,
  type Reply,
  type ThreadOptions,
  type ThreadRequest,
  WHILE_STALLED,
} from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { Stall, StoreNotice } from '../notice.ts';
import { Housekeeping } from '../repair/housekeeping.ts';
import { OpenLedger } from '../repair/open-ledger.ts';
import { pendingRecovery, type Recovery } from '../repair/quarantine.ts';
import { InDoubt } from '../repair/uncertain-commit.ts';
import { diskFault, widenWal } from './database.ts';
import type { Ledger } from './ledger.ts';
import { transferable, unavailable, withWords } from './replies.ts';

/** Requests in one transaction: bounds how long one commit delays the rest. */
const BATCH = 64;
/** Lazy requests in one transaction; a group of journal entries commits them sooner, unless a drain is very fast. */
const LAZY_MAX = 512;

class StoreThread {
  readonly #port: MessagePort;
  readonly #options: ThreadOptions;
  readonly #pending: ThreadRequest[] = [];
  readonly #open: OpenLedger;
  readonly #inDoubt = new InDoubt();
  #recovery: Recovery | undefined;
  #isStepDue = false;
  #house: Housekeeping | undefined;
  #stalled: { readonly why: Stall; readonly sinceMs: number } | undefined;
  readonly #notice = (notice: StoreNotice) => this.#reply({ kind: 'notice', notice });
  /** Lazy requests in the open transaction, answered already: after a rollback they are executed again. */
  #uncommitted: ThreadRequest[] = [];
  #commits = 0;

  constructor(port: MessagePort, options: ThreadOptions) {
    this.#port = port;
    this.#options = options;
    this.#open = new OpenLedger(options, this.#notice);
  }

  /** false: the disk refuses, which may pass. */
  start(): boolean {
    const { moment } = this.#options;
    let ledger: Ledger;
    try {
      ledger = this.#open.begin(moment);
      ledger.beat(moment, 'started');
      if (!this.#options.tool) this.#goOnSalvaging(moment);
    } catch (error) {
      this.#close();
      const word = unavailable(error, this.#options.tool);
      this.#reply(word);
      if (word.why === undefined) this.#port.close();
      return word.why === undefined;
    }
    const { offsetMs: wallOffsetMs, quality, source } = ledger.timeline.knownWall;
    const isConfirmed = quality !== 'unknown' || source !== 'system';
    const notBeforeMs = ledger.timeline.notBeforeMs();
    this.#reply({ kind: 'ready', ...ledger.identity, wallOffsetMs, quality, isConfirmed, notBeforeMs });
    this.#port.on('message', (requests: readonly ThreadRequest[]) => withWords(() => this.#receive(requests)));
    return true;
  }

  /** Takes all that has arrived: one fsync for all of it. */
  #receive(first: readonly ThreadRequest[]): void {
    this.#pending.push(...first);
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port))
      this.#pending.push(...(next.message as readonly ThreadRequest[]));
    const beat = this.#pending.findLast((request) => request.name === 'beat' || request.name === 'close');
    if (this.#stalled === undefined || beat !== undefined) this.#drain();
    if (this.#stalled !== undefined) this.#answerMeanwhile(this.#stalled.why);
    else if (beat !== undefined) {
      this.#keepHouse(beat.moment);
      // The disk may have refused a step of it.
      this.#recoverInBackground(beat.moment);
    }
  }

  /** The thread is alive although the disk refuses, and answers people and the uploader: neither waits for the disk. */
  #answerMeanwhile(why: Stall): void {
    const isNow = ({ name }: ThreadRequest) => WHILE_STALLED.has(name);
    const now = this.#pending.filter(isNow);
    if (now.length === 0) return;
    this.#pending.splice(0, this.#pending.length, ...this.#pending.filter((request) => !isNow(request)));
    const replies = now.map((request) => this.#answerNow(request, why));
    this.#reply(...replies, { kind: 'alive', stalled: why });
  }

  #answerNow(request: ThreadRequest, why: Stall): Reply {
    const { id, name } = request;
    if (name === 'beat') return { kind: 'result', id, value: undefined };
    try {
      if (GLANCES.has(name) && this.#open.ledger !== undefined) return this.#execute(this.#open.ledger, request);
    } catch (error) {
      if (diskFault(error) === undefined) throw error;
    }
    return { kind: 'error', id, code: 'unavailable', message: `the disk refuses: ${why}` };
  }

  #drain(): void {
    let relieved = false;
    while (this.#pending.length > 0) {
      const batch = this.#pending.slice(0, BATCH);
      const { moment } = batch.at(-1) as ThreadRequest;
      try {
        const ledger = this.#open.ledger;
        if (ledger === undefined) {
          this.#reopen(moment);
          continue;
        }
        const replies = this.#commit(ledger, batch);
        this.#pending.splice(0, batch.length);
        this.#recovered(moment);
        const last = batch.some((request) => request.name === 'close');
        if (last) this.#end(ledger, moment);
        this.#reply(...replies);
        if (last) this.#port.close();
      } catch (error) {
        const outcome = this.#afterFault(error, moment, relieved);
        if (outcome === 'stop') return;
        relieved ||= outcome === 'relieved';
      }
    }
  }

  /** `again`: the batch may be tried once more, or was refused. `stop`: it waits. */
  #afterFault(error: unknown, moment: Moment, relieved: boolean): 'again' | 'relieved' | 'stop' {
    const fault = diskFault(error);
    if (fault === undefined) throw error;
    if (fault === 'corrupt') {
      if (!this.#options.tool) return this.#giveUp(moment, error) ? 'again' : 'stop';
      this.#refuse(error, 'damaged');
      return 'again';
    }
    // Often that is enough: nothing else is removed unless the disk refuses again.
    if (fault === 'full' && this.#open.ledger?.space.ballast.releaseIfLet() === true) return 'again';
    if (fault === 'full' && !relieved) {
      this.#relieve();
      return 'relieved';
    }
    if (this.#options.tool && fault !== 'busy') {
      this.#refuse(error, 'unavailable');
      return 'again';
    }
    this.#stall(fault, error, moment);
    return 'stop';
  }

  #commit(ledger: Ledger, batch: readonly ThreadRequest[]): Reply[] {
    // Reads among lazy writes see them, on the same connection.
    if (batch.some((request) => !LOOKS.has(request.name))) ledger.begin();
    try {
      const replies = batch.map((request) => this.#execute(ledger, request));
      // Detects a disk that has become read-only although nothing happens in the lanes.
      const beat = batch.findLast((request) => request.name === 'beat');
      if (beat !== undefined) ledger.beat(beat.moment, 'running', beat.arguments[0] as number | undefined);
      const isUrgent = batch.some((request) => !LAZY.has(request.name) && !LOOKS.has(request.name));
      const lazy = batch.filter((request) => LAZY.has(request.name));
      if (isUrgent || (lazy.length > 0 && this.#uncommitted.length + lazy.length >= LAZY_MAX)) {
        this.#inDoubt.begin(ledger, [...this.#uncommitted, ...batch], replies);
        ledger.commit();
        this.#commits += 1;
        this.#inDoubt.end();
        this.#uncommitted = [];
      } else this.#uncommitted.push(...lazy);
      return replies;
    } catch (error) {
      this.#rollback(ledger);
      throw error;
    }
  }

  /** Requests answered already have no caller left to repeat them, so they go before the rest, without a second answer. */
  #rollback(ledger: Ledger): void {
    // A frame beside a picture may be lost, and is too large to be kept for this.
    this.#pending.unshift(...this.#uncommitted.splice(0).filter(({ name }) => name !== 'beside'));
    try {
      ledger.rollback();
    } catch {
      // On the same disk; the handle is closed and opened again.
      this.#close();
    }
  }

  #execute(ledger: Ledger, request: ThreadRequest): Reply {
    try {
      const value = ledger.execute(request);
      return { kind: 'result', id: request.id, value: request.name === 'beat' ? this.#commits : value };
    } catch (error) {
      if (error instanceof StoreError)
        return { kind: 'error', id: request.id, code: error.code, message: error.message };
      throw error;
    }
  }

  #reopen(moment: Moment): void {
    const { left, replies } = this.#inDoubt.settle(this.#open.reopen(moment), this.#pending);
    this.#pending.splice(0, this.#pending.length, ...left);
    this.#reply(...replies);
    if (!this.#options.tool) this.#goOnSalvaging(moment);
  }

  #relieve(): void {
    if (this.#open.ledger === undefined) return;
    const ledger = this.#open.ledger;
    try {
      ledger.space.relieve(this.#options.limits.ballastBytes, (work) => {
        const together = (isOwing: boolean): void => {
          ledger.begin('diskFull');
          work();
          ledger.commit(isOwing);
        };
        try {
          together(false);
        } catch (error) {
          if (diskFault(error) !== 'full') throw error;
          // Not even room for what the chain says of it: that follows, and a power cut before it leaves these rows as gone.
          ledger.rollback();
          together(true);
        }
      });
    } catch (error) {
      // The request that met the full disk meets it again.
      if (diskFault(error) === undefined) throw error;
      this.#rollback(ledger);
    }
  }

  /**
   * A tool moves nothing: the database may be open in the bridge, which quarantines it when it finds the damage itself. Nor does it wait for a
   * disk, because a person waits for it.
   */
  #refuse(error: unknown, code: 'damaged' | 'unavailable'): void {
    const { message } = error as Error;
    this.#reply(...this.#pending.splice(0).map(({ id }): Reply => ({ kind: 'error', id, code, message })));
  }

  /** false: the disk accepts no new database either, even with all of the reserve released. */
  #giveUp(moment: Moment, error: unknown): boolean {
    this.#close();
    try {
      this.#open.replace(moment, (error as Error).message);
    } catch (refused) {
      const fault = diskFault(refused);
      if (fault === undefined || fault === 'corrupt') throw refused;
      this.#stall(fault, refused, moment);
      return false;
    }
    this.#goOnSalvaging(moment);
    return true;
  }

  #stall(why: Stall, error: unknown, moment: Moment): void {
    if (why !== 'full' && why !== 'busy') this.#close();
    if (this.#stalled?.why === why) return;
    this.#stalled = { why, sinceMs: this.#stalled?.sinceMs ?? moment.nowMs };
    this.#notice({ kind: 'stalled', why, detail: (error as Error).message });
    this.#reply({ kind: 'alive', stalled: why });
  }

  #recovered(moment: Moment): void {
    if (this.#stalled === undefined) return;
    this.#notice({ kind: 'recovered', afterMs: moment.nowMs - this.#stalled.sinceMs });
    this.#stalled = undefined;
  }

  #keepHouse(moment: Moment): void {
    const { ledger } = this.#open;
    if (this.#options.tool || ledger === undefined) return;
    try {
      const { lowWaterBytes } = this.#options.limits;
      ledger.space.ballast.restore(lowWaterBytes);
      if (ledger.frames.freeBytes() > lowWaterBytes) widenWal(ledger.database);
      this.#house?.tick(moment);
    } catch (error) {
      if (diskFault(error) === undefined) throw error;
      this.#rollback(ledger);
      // Another fault meets the next request, which handles it; of a damaged part this may be the only access.
      if (diskFault(error) === 'corrupt') this.#giveUp(moment, error);
    }
  }

  /** Continues what the last process left unfinished as well; files without a row are known when nothing is left to be read. */
  #goOnSalvaging(moment: Moment): void {
    const { path } = this.#options;
    this.#recovery = pendingRecovery(path, this.#notice, moment, () => this.#recoverInBackground(moment));
    this.#house?.end();
    const ledger = this.#recovery === undefined ? this.#open.ledger : undefined;
    this.#house = ledger && new Housekeeping(path, ledger, this.#notice);
    if (this.#recovery !== undefined) this.#recoverInBackground(moment);
  }

  /** Reads a damaged database between the requests, a few rows at a time. */
  #recoverInBackground(moment: Moment): void {
    if (this.#isStepDue) return;
    this.#isStepDue = true;
    const step = (): void => {
      this.#isStepDue = false;
      const [recovery, ledger] = [this.#recovery, this.#open.ledger];
      if (recovery === undefined || ledger === undefined || this.#stalled !== undefined) return;
      try {
        const more = recovery.step(ledger);
        if (more === true) this.#recoverInBackground(moment);
        else if (more === false) this.#goOnSalvaging(moment);
      } catch (error) {
        // Also when no transaction was begun for it: the requests in the open one are executed again.
        this.#rollback(ledger);
        const fault = diskFault(error);
        // This may be the only access to the damaged part of the new database.
        if (fault === 'corrupt') this.#giveUp(moment, error);
        if (fault !== undefined) return;
        // A bug must not end every start from now on.
        recovery.end();
        throw error;
      }
    };
    setImmediate(() => withWords(step));
  }

  #end(ledger: Ledger, moment: Moment): void {
    this.#recovery?.close();
    // No housekeeping on a closed database, although a tick may have come with the close.
    this.#open.close();
    ledger.beat(moment, 'clean');
  }

  #close(): void {
    const recovery = this.#recovery;
    this.#recovery = undefined;
    try {
      this.#open.close();
      recovery?.close();
    } catch {
      // A handle that cannot even be closed is left to the end of the process.
    }
  }

  /** In one message, because a message costs more than most requests. A picture is transferred instead of copied. */
  #reply(...replies: readonly Reply[]): void {
    this.#port.postMessage(replies, replies.flatMap(transferable));
  }
}

export function serveOn(from: MessagePort): void {
  from.once('message', (options: ThreadOptions) => {
    if (!withWords(() => new StoreThread(from, options).start())) serveOn(from);
  });
}
