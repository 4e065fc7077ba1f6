/** Numbers of a destination, as calls of the store thread. */
import type { Numbers } from './numbers.ts';
import type { Line } from './thread-client.ts';

export const numbersOf = (line: Line, destination: string): Numbers => ({
  open: () => line.call('numbering', destination),
  reserve: () => line.call('reserveNumbers', destination),
  keep: (message, record = 0) => line.call('keepNumbered', destination, message, record),
  arrived: ({ series, n }) => line.call('numberedArrived', destination, series, n),
  giveBack: (last) => line.call('giveNumbersBack', destination, last),
});
