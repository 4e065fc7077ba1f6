/** Fates of payments on their way to the broker: in memory only, so what waits when the program ends is asked for over HTTP. It knows no connection. */

/** The oldest is dropped first. */
const WAITING_MOST = 1_000;

type Publish = (payload: string) => Promise<unknown>;

export class FateQueue {
  readonly #waiting: string[] = [];
  #publish: Publish | undefined;
  #isDraining = false;

  add(payload: string): void {
    this.#waiting.push(payload);
    if (this.#waiting.length > WAITING_MOST) this.#waiting.shift();
    void this.#drain();
  }

  /** A connection is up; undefined: it is down. What the broker has not acknowledged is sent again over the next. */
  connected(publish: Publish | undefined): void {
    this.#publish = publish;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let publish = this.#publish; publish !== undefined && this.#waiting.length > 0; publish = this.#publish) {
        const [first = ''] = this.#waiting;
        await publish(first);
        if (this.#waiting[0] === first) this.#waiting.shift();
      }
    } catch {
      // The connection has ended: the next one goes on.
    } finally {
      this.#isDraining = false;
    }
  }
}
