/**
 * In each turn of the event loop a handshake, the beginning of a request, the end of its body, or a few items of a list: however many come at once, the lanes
 * have their turn between. What waits is as much as there are connections, and as their requests hold.
 */
function turnsOf(atOnce: number) {
  const waiting: (() => void)[] = [];
  const next = (): void => {
    if (waiting.length > atOnce) setImmediate(next);
    for (const work of waiting.splice(0, atOnce)) work();
  };
  return {
    take: (work: () => void): void => void (waiting.push(work) === 1 && setImmediate(next)),
  };
}

/** Of all servers of the program, since they share its thread. */
export const loopTurns = turnsOf(1);
/** Of what requests and messages bring: five hundred items come in one, and a payment among hundreds takes the lane 1 to 2 ms. */
export const itemTurns = turnsOf(4);
