/**
 * The last requests of cameras as they came, so that a person can give one away as a capture (`capture.ts`). In memory only, and few: their bytes are
 * limited over all cameras, the oldest go first. They may hold a password, and leave this room redacted only.
 */
import { type CapturedPush, captureOf, type PushCapture } from './capture.ts';

/** A read with three pictures is some two megabytes. */
const BYTES_MAX = 4_000_000;
/** Small ones, such as heartbeats, would be thousands. */
const REQUESTS_MAX = 200;

export class KeptRequests {
  readonly #requests = new Map<number, CapturedPush>();
  #bytes = 0;
  #last = 0;

  /** Returns the number under which it is kept. */
  keep(request: CapturedPush): number {
    this.#last += 1;
    this.#requests.set(this.#last, request);
    this.#bytes += request.body.length;
    for (const [oldest, { body }] of this.#requests) {
      if (this.#bytes <= BYTES_MAX && this.#requests.size <= REQUESTS_MAX) break;
      this.#requests.delete(oldest);
      this.#bytes -= body.length;
    }
    return this.#last;
  }

  has(number: number): boolean {
    return this.#requests.has(number);
  }

  /** undefined: it is no longer kept. */
  capture(number: number, of: Parameters<typeof captureOf>[1]): PushCapture | undefined {
    const request = this.#requests.get(number);
    return request && captureOf(request, of);
  }
}
