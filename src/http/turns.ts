/**
 * In each turn of the event loop a handshake, the beginning of a request, the end of its body, or a few items of a list: however many come at once, the lanes
 * have their turn between. What waits is as much as there are connections, and as their requests hold.
 */
class Turns {
  readonly #waiting: (() => void)[] = [];

  take(work: () => void, atOnce = 1): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) setImmediate(() => this.#next(atOnce));
  }

  #next(atOnce: number): void {
    if (this.#waiting.length > atOnce) setImmediate(() => this.#next(atOnce));
    for (const work of this.#waiting.splice(0, atOnce)) work();
  }
}

/** Of all servers of the program, since they share its thread; and of what their requests bring. */
export const [loopTurns, itemTurns] = [new Turns(), new Turns()];
