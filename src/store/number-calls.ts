/** Numbers of a destination, as calls of the store thread. */
import type { Numbers } from './numbers.ts';
import type { Line } from './thread-client.ts';

export const numbersOf = (line: Line, destination: string): Numbers => ({
  open: () => line.call('numbering', destination),
  facts: (place, limit) => line.call('outboundFacts', place, limit),
  keep: (batch) => line.call('keepNumbered', destination, batch),
  arrived: ({ series, n }) => line.call('numberedArrived', destination, series, n),
  count: () => line.call('outboundCount', destination),
});
