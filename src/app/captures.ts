/**
 * Pictures that a lane asked for and whose verdicts are open: each with the frames beside it, until its release comes for it.
 * It must not know what a picture is for; what it holds is bounded by number and by bytes.
 */
import { type Clock, type Frame, LinkError, ProtocolError } from '../driver.ts';
import type { Ring } from './frame-ring.ts';

/** A release never waits longer for its picture. */
export const PICTURE_WAIT_MS = 3_000;
/** The oldest goes first. */
const CAPTURES_KEPT = 16;
/** Bytes of the frames beside them; those of the oldest go first. The pictures themselves are bounded by their number. */
const BESIDE_BYTES_MAX = 8 * 1024 * 1024;

export type Picture = Frame | { readonly none: string };
export type Beside = Awaited<ReturnType<Ring['around']>>;
/** What a lane needs of its camera. */
export type LaneFrames = Pick<Ring, 'present' | 'nearest' | 'held' | 'around'>;

export interface Capture {
  readonly picture: Promise<Picture>;
  /** Settles a little after the picture; with nothing when there is no ring or no room. */
  readonly beside: Promise<Beside>;
}

export interface CapturesOptions {
  readonly pictures: LaneFrames;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
}

export class Captures {
  readonly #options: CapturesOptions;
  readonly #open = new Map<string, Capture & { held: Beside }>();

  constructor(options: CapturesOptions) {
    this.#options = options;
  }

  /** `atMs`: Clock.nowMs of the moment that is to be seen. */
  begin(id: string, atMs: number): void {
    const [oldest] = this.#open.keys();
    if (this.#open.size >= CAPTURES_KEPT && oldest !== undefined) this.#open.delete(oldest);
    const picture = this.#nearest(atMs);
    const capture: Capture & { held: Beside } = {
      picture,
      beside: this.#around(picture).then((beside) => {
        capture.held = beside;
        this.#trim();
        return capture.held;
      }),
      held: {},
    };
    this.#open.set(id, capture);
  }

  /** Hands it over: it is not held here any more. */
  take(id: string): Capture | undefined {
    const capture = this.#open.get(id);
    this.#open.delete(id);
    return capture && { picture: capture.picture, beside: capture.beside.then(() => capture.held) };
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

  async #around(picture: Promise<Picture>): Promise<Beside> {
    const frame = await picture;
    return 'none' in frame ? {} : this.#options.pictures.around(frame);
  }

  #trim(): void {
    const bytesOf = ({ before, after }: Beside): number => (before?.bytes.length ?? 0) + (after?.bytes.length ?? 0);
    let bytes = [...this.#open.values()].reduce((sum, { held }) => sum + bytesOf(held), 0);
    for (const capture of this.#open.values()) {
      if (bytes <= BESIDE_BYTES_MAX) return;
      bytes -= bytesOf(capture.held);
      capture.held = {};
    }
  }
}
