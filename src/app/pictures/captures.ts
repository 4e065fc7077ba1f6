/**
 * Pictures that a lane requested and whose verdicts are open, each with the frames around it, until the release takes them. It must not
 * know what a picture is for; number and bytes are limited.
 */
import { type Clock, type Frame, LinkError, ProtocolError } from '../../driver.ts';
import type { Ring } from './frame-ring.ts';

/** Longest time a release waits for its picture. */
export const PICTURE_WAIT_MS = 3_000;
/** Captures held; the oldest is dropped first. */
const CAPTURES_KEPT = 16;
/**
 * Bytes of the frames around the pictures; those of the oldest capture are dropped first. The pictures themselves are limited by number.
 */
const AROUND_BYTES_MAX = 8 * 1024 * 1024;

export type Picture = Frame | { readonly none: string };
export type FramesAround = Awaited<ReturnType<Ring['around']>> & {
  /** Of the lane's other camera. */
  readonly second?: Frame;
};
/** The part of a camera's ring that a lane uses, or of two cameras' (`two-cameras.ts`). */
export type LaneFrames = Pick<Ring, 'present' | 'nearest' | 'held'> & {
  around(frame: Frame): Promise<FramesAround>;
};

export interface Capture {
  readonly picture: Promise<Picture>;
  /** Settles shortly after the picture; empty without a ring or without room. */
  readonly around: Promise<FramesAround>;
}

export interface CapturesOptions {
  readonly pictures: LaneFrames;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

export class Captures {
  readonly #options: CapturesOptions;
  readonly #open = new Map<string, Capture & { held: FramesAround }>();

  constructor(options: CapturesOptions) {
    this.#options = options;
  }

  /** `atMs`: Clock.nowMs of the moment to be shown. */
  begin(id: string, atMs: number): void {
    const [oldest] = this.#open.keys();
    if (this.#open.size >= CAPTURES_KEPT && oldest !== undefined) this.#open.delete(oldest);
    const picture = this.#nearest(atMs);
    const capture: Capture & { held: FramesAround } = {
      picture,
      around: this.#around(picture).then((around) => {
        capture.held = around;
        this.#trim();
        return capture.held;
      }),
      held: {},
    };
    this.#open.set(id, capture);
  }

  /** Removes the capture and returns it. */
  take(id: string): Capture | undefined {
    const capture = this.#open.get(id);
    this.#open.delete(id);
    return capture && { picture: capture.picture, around: capture.around.then(() => capture.held) };
  }

  async #nearest(atMs: number): Promise<Picture> {
    const { pictures, clock, failed } = this.#options;
    const timer = new AbortController();
    const late = clock.sleep(PICTURE_WAIT_MS, timer.signal).then((): Frame => {
      throw new LinkError('timeout', 'no picture in time');
    });
    try {
      return await Promise.race([pictures.nearest(atMs), late]);
    } catch (error) {
      failed(error);
      const atHand = pictures.held(atMs);
      if (atHand !== undefined) return atHand;
      return { none: error instanceof LinkError || error instanceof ProtocolError ? error.code : 'unexpected' };
    } finally {
      timer.abort();
    }
  }

  async #around(picture: Promise<Picture>): Promise<FramesAround> {
    const frame = await picture;
    return 'none' in frame ? {} : this.#options.pictures.around(frame);
  }

  #trim(): void {
    const bytesOf = ({ before, after, second }: FramesAround): number =>
      [before, after, second].reduce((sum, frame) => sum + (frame?.bytes.length ?? 0), 0);
    let bytes = [...this.#open.values()].reduce((sum, { held }) => sum + bytesOf(held), 0);
    for (const capture of this.#open.values()) {
      if (bytes <= AROUND_BYTES_MAX) return;
      bytes -= bytesOf(capture.held);
      capture.held = {};
    }
  }
}
