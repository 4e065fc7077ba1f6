/**
 * The store thread: takes requests in order, commits all that have come in as one transaction, answers after the commit. When the disk
 * refuses it keeps them, says so, and tries again at every beat; it is the only place that decides what to do about disk trouble.
 */
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { StoreError } from '../error.ts';
import {
  GLANCES,
  LAZY,
  LOOKS,
  type Moment,
  type Reply,
  type ThreadOptions,
  type ThreadRequest,
  WHILE_STALLED,
} from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import { OpenLedger } from '../repair/open-ledger.ts';
import { pendingRecovery, type Recovery, sweep } from '../repair/quarantine.ts';
import { InDoubt } from '../repair/uncertain-commit.ts';
import { type DiskFault, diskFault, loadDatabase } from './database.ts';
import type { Ledger } from './ledger.ts';
import { transferable, unavailable, withWords } from './replies.ts';

/** Requests in one transaction at most: a bound on how long one commit holds the rest. */
const BATCH = 64;
/** Lazy requests in one transaction at most; a group of journal entries commits them sooner, unless a drain is very fast. */
const LAZY_MAX = 512;
/** Retention and shrinking, in beats. */
const HOUSEKEEPING_BEATS = 600;

type Stall = Exclude<DiskFault, 'corrupt'>;

class StoreThread {
  readonly #port: MessagePort;
  readonly #options: ThreadOptions;
  readonly #pending: ThreadRequest[] = [];
  readonly #open: OpenLedger;
  readonly #inDoubt = new InDoubt();
  #recovery: Recovery | undefined;
  #isStepDue = false;
  #stalled: { readonly why: Stall; readonly sinceMs: number } | undefined;
  #beats = 0;
  /** Lazy requests in the transaction that is still open, answered already: after a rollback they are carried out again. */
  #uncommitted: ThreadRequest[] = [];

  constructor(port: MessagePort, options: ThreadOptions) {
    this.#port = port;
    this.#options = options;
    this.#open = new OpenLedger(options, (notice) => this.#notice(notice));
  }

  get #ledger(): Ledger | undefined {
    return this.#open.ledger;
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
    const vouched = quality !== 'unknown' || source !== 'system';
    this.#reply({ kind: 'ready', ...ledger.identity, wallOffsetMs, quality, vouched });
    this.#port.on('message', (requests: readonly ThreadRequest[]) => withWords(() => this.#receive(requests)));
    return true;
  }

  /** Takes everything that has arrived: one fsync for all of it. */
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

  /** The thread lives although the disk refuses, and people and the uploader are answered: neither is kept with what waits for it. */
  #answerMeanwhile(why: Stall): void {
    const isNow = ({ name }: ThreadRequest) => WHILE_STALLED.has(name);
    const now = this.#pending.filter(isNow);
    if (now.length === 0) return;
    const rest = this.#pending.filter((request) => !isNow(request));
    this.#pending.splice(0, this.#pending.length, ...rest);
    const replies = now.map((request) => this.#answerNow(request, why));
    this.#reply(...replies, { kind: 'alive', stalled: why });
  }

  #answerNow(request: ThreadRequest, why: Stall): Reply {
    const { id, name } = request;
    if (name === 'beat') return { kind: 'result', id, value: undefined };
    try {
      if (GLANCES.has(name) && this.#ledger !== undefined) return this.#execute(this.#ledger, request);
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
        const ledger = this.#ledger;
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
        const fault = diskFault(error);
        if (fault === undefined) throw error;
        if (fault === 'corrupt' && this.#options.tool) this.#refuse(error, 'damaged');
        else if (fault === 'corrupt') {
          if (!this.#giveUp(moment, error)) return;
        } else if (fault === 'full' && this.#ledger?.space.ballast.releaseIfLet() === true) {
          // Often that is enough: nothing else goes unless the disk refuses again.
        } else if (fault === 'full' && !relieved) {
          relieved = true;
          this.#relieve();
        } else if (this.#options.tool && fault !== 'busy') this.#refuse(error, 'unavailable');
        else {
          this.#stall(fault, error, moment);
          return;
        }
      }
    }
  }

  #commit(ledger: Ledger, batch: readonly ThreadRequest[]): Reply[] {
    // Looks among lazy writes see them, on the same connection.
    if (batch.some((request) => !LOOKS.has(request.name))) ledger.begin();
    try {
      const replies = batch.map((request) => this.#execute(ledger, request));
      // A disk that has become read-only is noticed although nothing happens in the lanes.
      const beat = batch.findLast((request) => request.name === 'beat');
      if (beat !== undefined) ledger.beat(beat.moment);
      const isUrgent = batch.some((request) => !LAZY.has(request.name) && !LOOKS.has(request.name));
      const lazy = batch.filter((request) => LAZY.has(request.name));
      if (isUrgent || (lazy.length > 0 && this.#uncommitted.length + lazy.length >= LAZY_MAX)) {
        this.#inDoubt.begin(ledger, [...this.#uncommitted, ...batch], replies);
        ledger.commit();
        this.#inDoubt.end();
        this.#uncommitted = [];
      } else this.#uncommitted.push(...lazy);
      return replies;
    } catch (error) {
      this.#rollback(ledger);
      throw error;
    }
  }

  /** What has been answered is not asked again by anybody, so it goes before the rest; nobody waits for a second answer. */
  #rollback(ledger: Ledger): void {
    // A frame beside a picture may be lost, and is too large to be kept for this.
    this.#pending.unshift(...this.#uncommitted.filter(({ name }) => name !== 'beside'));
    this.#uncommitted = [];
    try {
      ledger.rollback();
    } catch {
      // On the same disk; the handle is closed and opened again.
      this.#close();
    }
  }

  #execute(ledger: Ledger, request: ThreadRequest): Reply {
    try {
      return { kind: 'result', id: request.id, value: ledger.execute(request) };
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
    if (this.#ledger === undefined) return;
    const ledger = this.#ledger;
    try {
      ledger.space.relieve(this.#options.limits.ballastBytes, (work) => {
        ledger.begin();
        work();
        ledger.commit();
      });
    } catch (error) {
      // The request that found the disk full meets it again.
      if (diskFault(error) === undefined) throw error;
      this.#rollback(ledger);
    }
  }

  /** A tool moves nothing: the database may be open in the bridge, which puts it aside when it finds the damage itself. Nor does it wait for a disk: a person waits for it. */
  #refuse(error: unknown, code: 'damaged' | 'unavailable'): void {
    const { message } = error as Error;
    this.#reply(...this.#pending.splice(0).map(({ id }): Reply => ({ kind: 'error', id, code, message })));
  }

  /** false: the disk does not take a new database either, whatever of the reserve is given up. */
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
    if (this.#options.tool || this.#ledger === undefined) return;
    const { space } = this.#ledger;
    try {
      space.ballast.restore(this.#options.limits.lowWaterBytes);
      this.#beats += 1;
      // A record that goes now would be brought over once more, as it was before it was delivered.
      if (this.#beats % HOUSEKEEPING_BEATS !== 1 || this.#recovery !== undefined) return;
      this.#ledger.begin();
      space.retain(moment);
      this.#ledger.commit();
      space.shrink();
    } catch (error) {
      // Whatever it is, the next request meets it too and deals with it.
      if (diskFault(error) === undefined) throw error;
      this.#rollback(this.#ledger);
    }
  }

  /** Goes on with what the last process could not finish as well; files without a row are known when nothing is left to be read. */
  #goOnSalvaging(moment: Moment): void {
    const { path } = this.#options;
    this.#recovery = pendingRecovery(path, (notice) => this.#notice(notice), moment);
    if (this.#recovery === undefined) sweep(path, this.#ledger, (notice) => this.#notice(notice));
    else this.#recoverInBackground(moment);
  }

  /** Reads a damaged database between the requests, a few rows at a time. */
  #recoverInBackground(moment: Moment): void {
    if (this.#isStepDue) return;
    this.#isStepDue = true;
    const step = (): void => {
      this.#isStepDue = false;
      const [recovery, ledger] = [this.#recovery, this.#ledger];
      if (recovery === undefined || ledger === undefined || this.#stalled !== undefined) return;
      try {
        if (recovery.step(ledger)) this.#recoverInBackground(moment);
        else this.#goOnSalvaging(moment);
      } catch (error) {
        // Also when it never came to a transaction of its own: the requests in the open one are carried out again.
        this.#rollback(ledger);
        const fault = diskFault(error);
        // It may be the only one that comes where the new database is damaged.
        if (fault === 'corrupt') this.#giveUp(moment, error);
        if (fault !== undefined) return;
        // A mistake of ours must not meet every start from now on.
        recovery.end();
        throw error;
      }
    };
    setImmediate(() => withWords(step));
  }

  #end(ledger: Ledger, moment: Moment): void {
    this.#recovery?.close();
    // No housekeeping on what is closed, although a beat may have come with the close.
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

  #notice(notice: StoreNotice): void {
    this.#reply({ kind: 'notice', notice });
  }

  /** In one message, because a message costs more than most of what is asked. A picture changes hands instead of being copied. */
  #reply(...replies: readonly Reply[]): void {
    this.#port.postMessage(replies, replies.flatMap(transferable));
  }
}

const port = parentPort;
if (port !== null) {
  listen(port);
  loadDatabase();
}

function listen(from: MessagePort): void {
  from.once('message', (options: ThreadOptions) => {
    if (!withWords(() => new StoreThread(from, options).start())) listen(from);
  });
}
