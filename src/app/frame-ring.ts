/**
 * The last frames of one camera, in memory while a vehicle is present, so that a later request gets the frame that shows it. It knows
 * neither lanes nor the use of a frame; its bytes are limited.
 */
import type { Camera, Clock, Frame } from '../driver.ts';

/** Bytes of a ring at most, whatever is configured; the oldest frame is dropped first. */
export const RING_BYTES_MAX = 16 * 1024 * 1024;
/** A frame further from the requested moment may show another vehicle. */
const NEAR_MS = 2_000;
/** A vehicle is assumed present for this long after its last sign: a stuck loop must not keep a camera busy for ever. */
const PRESENT_MOST_MS = 5 * 60_000;
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
  readonly onPicture?: () => void;
}

export interface Ring {
  /** A vehicle is present, or no longer; to be repeated with every sign of one. `who`: the lane, for a camera shared by two. */
  present(on: boolean, who?: string): void;
  /**
   * The frame nearest to `atMs` (Clock.nowMs), of those held and the first one requested from then on; a pushed frame only when there is
   * no other. Rejects with the camera's error when that request fails and no held frame is near.
   */
  nearest(atMs: number): Promise<Frame>;
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
  const { camera, clock } = options;
  const everyMs = options.framesPerSecond > 0 ? 1_000 / options.framesPerSecond : Number.POSITIVE_INFINITY;
  const closed = new AbortController();
  const here = new Map<string, number>();
  /** Oldest first; `offered`: pushed by the camera. */
  let held: readonly { readonly frame: Frame; readonly offered: boolean }[] = [];
  let shot: { readonly atMs: number; readonly frame: Promise<Frame> } | undefined;
  let faultsInARow = 0;
  let isRunning = false;
  let runs = 0;

  const bytesOf = (list: typeof held): number => list.reduce((sum, { frame }) => sum + frame.bytes.length, 0);

  function keep(frame: Frame, offered: boolean): void {
    if (closed.signal.aborted) return;
    const fromMs = clock.nowMs() - Math.max(options.seconds * 1_000, NEAR_MS);
    held = [...held, { frame, offered }]
      .filter((each) => each.frame.atMs >= fromMs)
      .sort((a, b) => a.frame.atMs - b.frame.atMs);
    while (bytesOf(held) > options.bytesMax) held = held.slice(1);
  }

  /** One request at a time: two at once would both be late. */
  function take(): Promise<Frame> {
    if (shot !== undefined) return shot.frame;
    const frame = camera.snapshot(closed.signal).finally(() => {
      shot = undefined;
    });
    shot = { atMs: clock.nowMs(), frame };
    return frame.then((taken) => {
      keep(taken, false);
      options.onPicture?.();
      return taken;
    });
  }

  function isPresent(): boolean {
    const nowMs = clock.nowMs();
    return [...here.values()].some((untilMs) => untilMs > nowMs);
  }

  async function run(): Promise<void> {
    isRunning = true;
    runs += 1;
    while (isPresent() && !closed.signal.aborted) {
      const beganMs = clock.nowMs();
      await take().then(
        () => {
          faultsInARow = 0;
        },
        (error: unknown) => {
          faultsInARow += 1;
          if (faultsInARow === 1 && !closed.signal.aborted) options.onFault(error);
        },
      );
      const waitMs = Math.min(everyMs * 2 ** Math.min(faultsInARow, 16), Math.max(everyMs, FAULT_WAIT_MOST_MS));
      await clock.sleep(beganMs + waitMs - clock.nowMs(), closed.signal);
    }
    isRunning = false;
    if (closed.signal.aborted) return;
    // Frames stay for a request that arrives a moment later.
    const run = runs;
    await clock.sleep(options.seconds * 1_000 + NEAR_MS, closed.signal);
    if (run === runs) held = [];
  }

  const own = (): readonly Frame[] => held.flatMap(({ frame, offered }) => (offered ? [] : [frame]));
  const nearestOf = (frames: readonly Frame[], atMs: number): Frame | undefined =>
    frames
      .filter((frame) => Math.abs(frame.atMs - atMs) <= NEAR_MS)
      .toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0];

  const atHand = (atMs: number): Frame | undefined =>
    nearestOf(own(), atMs) ??
    nearestOf(
      held.map((each) => each.frame),
      atMs,
    );

  return {
    present(on, who = '') {
      if (on) here.set(who, clock.nowMs() + PRESENT_MOST_MS);
      else here.delete(who);
      if (on && !isRunning && options.framesPerSecond > 0 && !closed.signal.aborted) void run();
    },
    async nearest(atMs) {
      try {
        const wasUnderWay = shot !== undefined;
        const first = await take().catch((error: unknown) => {
          if (wasUnderWay) return undefined;
          throw error;
        });
        // A request already in progress may predate the moment.
        const frame = first !== undefined && first.atMs >= atMs ? first : await take();
        return nearestOf(own(), atMs) ?? frame;
      } catch (error) {
        const frame = atHand(atMs);
        if (frame !== undefined) return frame;
        throw error;
      }
    },
    held: atHand,
    async around(frame) {
      const limitMs = frame.atMs + 2 * everyMs;
      const after = (): Frame | undefined => own().find(({ atMs }) => atMs > frame.atMs);
      while (after() === undefined && isRunning && clock.nowMs() < limitMs && !closed.signal.aborted)
        await clock.sleep(Math.min(everyMs / 2, 250), closed.signal);
      const before = own().findLast(({ atMs }) => atMs < frame.atMs);
      const later = after();
      return { ...(before && { before }), ...(later && { after: later }) };
    },
    offer: (frame) => keep(frame, true),
    get bytes() {
      return bytesOf(held);
    },
    close() {
      closed.abort();
      held = [];
    },
  };
}
