/**
 * The last frames of one camera, in memory while a vehicle is present, so that a later request gets the frame that shows it. It knows
 * neither lanes nor the use of a frame; its bytes are limited.
 */
import type { Camera, Clock, Frame } from '../../driver.ts';

/** Bytes of a ring at most, whatever is configured; the oldest frame is dropped first. */
export const RING_BYTES_MAX = 16 * 1024 * 1024;
/** A frame further from the requested moment may show another vehicle. */
const NEAR_MS = 2_000;
/** A vehicle is assumed present for this long after its last sign: a stuck loop must not keep a camera busy for ever. */
const PRESENT_MOST_MS = 5 * 60_000;
/** Of a picture's memory to the last one's bytes. */
const ROOM_SHARE = 1.125;
/** After a fault the interval between frames doubles, up to this. */
const FAULT_WAIT_MOST_MS = 30_000;

export interface RingOptions {
  readonly camera: Pick<Camera, 'snapshot'>;
  readonly clock: Clock;
  /** 0: frames on demand only. */
  readonly framesPerSecond: number;
  readonly seconds: number;
  readonly bytesMax: number;
  /** A frame of the ring failed. Reported for the first fault of a row. */
  readonly onFault: (error: unknown) => void;
  /** A picture was received. */
  readonly onPicture?: (frame: Frame) => void;
  /** A request to the camera ended: with a picture, or with `error`. */
  readonly onAnswer?: (error?: unknown) => void;
}

export interface Ring {
  /** A vehicle is present, or no longer; to be repeated with every sign of one. `who`: the lane, for a camera shared by two. */
  present(on: boolean, who?: string): void;
  /**
   * The frame nearest to `atMs` (Clock.nowMs), of those held and the first one requested from then on; a pushed frame only when there is
   * no other. Rejects with the camera's error when that request fails and no held frame is near.
   */
  nearest(atMs: number): Promise<Frame>;
  /** A picture requested from the camera now; none that it pushed stands in for it. */
  take(): Promise<Frame>;
  /** The same without a request to the camera: the fallback when it is late. */
  held(atMs: number): Frame | undefined;
  /** The frames before and after one of `nearest`; waits for the later one while the ring runs. */
  around(frame: Frame): Promise<{ readonly before?: Frame; readonly after?: Frame }>;
  /** A pushed picture, with the camera's report of a vehicle. */
  offer(frame: Frame): void;
  /** Bytes held now. */
  readonly bytes: number;
  close(): void;
}

export function createRing(options: RingOptions): Ring {
  return new FrameRing(options);
}

/** Oldest first; `offered`: pushed by the camera. */
type HeldFrames = readonly { readonly frame: Frame; readonly offered: boolean }[];

class FrameRing implements Ring {
  readonly #options: RingOptions;
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #closed = new AbortController();
  readonly #presentUntilMs = new Map<string, number>();
  #held: HeldFrames = [];
  /** Memory for the next frames: that of earlier ones would be the garbage collector's for minutes, and most of what the program has. */
  #rooms: Uint8Array[] = [];
  /** Of a frame that nobody outside has; with its frame's memory the next one is read. */
  readonly #roomOf = new WeakMap<Frame, Uint8Array>();
  #lastBytes = 0;
  #request: Promise<Frame> | undefined;
  #faultsInARow = 0;
  #isRunning = false;
  #runs = 0;

  constructor(options: RingOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#everyMs = options.framesPerSecond > 0 ? 1_000 / options.framesPerSecond : Number.POSITIVE_INFINITY;
  }

  present(on: boolean, who = ''): void {
    if (on) this.#presentUntilMs.set(who, this.#clock.nowMs() + PRESENT_MOST_MS);
    else this.#presentUntilMs.delete(who);
    if (on && !this.#isRunning && this.#options.framesPerSecond > 0 && !this.#closed.signal.aborted) void this.#run();
  }

  async nearest(atMs: number): Promise<Frame> {
    try {
      const wasUnderWay = this.#request !== undefined;
      const first = await this.#take().catch((error: unknown) => {
        if (wasUnderWay) return undefined;
        throw error;
      });
      // A request already in progress may predate the moment.
      const frame = first !== undefined && first.atMs >= atMs ? first : await this.#take();
      return this.#give(nearestOf(this.#own(), atMs) ?? frame);
    } catch (error) {
      const frame = this.held(atMs);
      if (frame !== undefined) return frame;
      throw error;
    }
  }

  async take(): Promise<Frame> {
    return this.#give(await this.#take());
  }

  held(atMs: number): Frame | undefined {
    const all = this.#held.map(({ frame }) => frame);
    const found = nearestOf(this.#own(), atMs) ?? nearestOf(all, atMs);
    return found && this.#give(found);
  }

  async around(frame: Frame): Promise<{ readonly before?: Frame; readonly after?: Frame }> {
    const clock = this.#clock;
    const { signal } = this.#closed;
    const limitMs = frame.atMs + 2 * this.#everyMs;
    const after = (): Frame | undefined => this.#own().find(({ atMs }) => atMs > frame.atMs);
    while (after() === undefined && this.#isRunning && clock.nowMs() < limitMs && !signal.aborted)
      await clock.sleep(Math.min(this.#everyMs / 2, 250), signal);
    const before = this.#own().findLast(({ atMs }) => atMs < frame.atMs);
    const later = after();
    return { ...(before && { before: this.#give(before) }), ...(later && { after: this.#give(later) }) };
  }

  offer(frame: Frame): void {
    this.#keep(frame, true);
  }

  get bytes(): number {
    return bytesOf(this.#held);
  }

  close(): void {
    this.#closed.abort();
    this.#held = [];
  }

  /** From now on its bytes are somebody else's, and stay as they are. */
  #give(frame: Frame): Frame {
    this.#roomOf.delete(frame);
    return frame;
  }

  /** Of an unusually large picture nothing stays. */
  #leave(left: HeldFrames): void {
    const rooms = left.flatMap(({ frame }) => this.#roomOf.get(frame) ?? []);
    this.#rooms.push(...rooms.filter(({ length }) => length < 2 * this.#lastBytes));
  }

  #own(): readonly Frame[] {
    return this.#held.flatMap(({ frame, offered }) => (offered ? [] : [frame]));
  }

  #keep(frame: Frame, offered: boolean): void {
    if (this.#closed.signal.aborted) return;
    const fromMs = this.#clock.nowMs() - Math.max(this.#options.seconds * 1_000, NEAR_MS);
    const all = [...this.#held, { frame, offered }].sort((a, b) => a.frame.atMs - b.frame.atMs);
    this.#held = all.filter((each) => each.frame.atMs >= fromMs);
    while (bytesOf(this.#held) > this.#options.bytesMax) this.#held = this.#held.slice(1);
    // Whoever waits for the new one has not got it yet.
    this.#leave(all.filter((each) => each.frame !== frame && !this.#held.includes(each)));
  }

  /** One request at a time: two at once would both be late. */
  #take(): Promise<Frame> {
    if (this.#request !== undefined) return this.#request;
    // The next picture is about as large as the last; one that does not fit gets memory of its own, and this room is lost.
    const room = this.#rooms.pop() ?? new Uint8Array(this.#lastBytes * ROOM_SHARE);
    const frame = this.#options.camera.snapshot(this.#closed.signal, room).finally(() => {
      this.#request = undefined;
    });
    this.#request = frame;
    return frame.then(
      (taken) => {
        if (taken.bytes.buffer === room.buffer) this.#roomOf.set(taken, room);
        this.#lastBytes = taken.bytes.length;
        this.#keep(taken, false);
        this.#options.onPicture?.(taken);
        this.#options.onAnswer?.();
        return taken;
      },
      (error: unknown) => {
        if (!this.#closed.signal.aborted) this.#options.onAnswer?.(error);
        throw error;
      },
    );
  }

  #isPresent(): boolean {
    const nowMs = this.#clock.nowMs();
    return [...this.#presentUntilMs.values()].some((untilMs) => untilMs > nowMs);
  }

  async #run(): Promise<void> {
    const clock = this.#clock;
    const { signal } = this.#closed;
    this.#isRunning = true;
    this.#runs += 1;
    while (this.#isPresent() && !signal.aborted) {
      const beganMs = clock.nowMs();
      await this.#take().then(
        () => {
          this.#faultsInARow = 0;
        },
        (error: unknown) => {
          this.#faultsInARow += 1;
          if (this.#faultsInARow === 1 && !signal.aborted) this.#options.onFault(error);
        },
      );
      const everyMs = this.#everyMs;
      const waitMs = Math.min(everyMs * 2 ** Math.min(this.#faultsInARow, 16), Math.max(everyMs, FAULT_WAIT_MOST_MS));
      await clock.sleep(beganMs + waitMs - clock.nowMs(), signal);
    }
    this.#isRunning = false;
    if (signal.aborted) return;
    // Frames stay for a request that arrives a moment later.
    const run = this.#runs;
    await clock.sleep(this.#options.seconds * 1_000 + NEAR_MS, signal);
    if (run !== this.#runs) return;
    this.#leave(this.#held);
    this.#held = [];
  }
}

const bytesOf = (held: HeldFrames): number => held.reduce((sum, { frame }) => sum + frame.bytes.buffer.byteLength, 0);

const nearestOf = (frames: readonly Frame[], atMs: number): Frame | undefined =>
  frames
    .filter((frame) => Math.abs(frame.atMs - atMs) <= NEAR_MS)
    .toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0];
