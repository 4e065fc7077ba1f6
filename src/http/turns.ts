/**
 * A handshake, the beginning of a request or the end of its body in each turn of the event loop: however many clients come at once, the lanes have their turn between any two.
 * What waits is as much as there are connections.
 */
class Turns {
  readonly #waiting: (() => void)[] = [];

  take(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) setImmediate(() => this.#next());
  }

  #next(): void {
    if (this.#waiting.length > 1) setImmediate(() => this.#next());
    this.#waiting.shift()?.();
  }
}

/** Of all servers of the program, since they share its thread. */
export const loopTurns = new Turns();
