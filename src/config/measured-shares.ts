/**
 * What each wiring of a lane sees of each class, in the simulator's ordinary and dense worlds (docs/detection.md).
 * Written by `node test/bench/publish-detection.mjs`, to be measured again with each change of the rules.
 */

/** Per cent. `near` and `close`: reported or kept for review; `paid`: paid passages falsely reported. */
export interface MeasuredShares {
  readonly manual: number;
  readonly far: number;
  readonly near: number;
  readonly close: number;
  readonly paid: number;
}

export type Loops = 'ABC' | 'AB' | 'A' | 'B' | 'none';
type Eyes = '' | ' camera' | ' payments' | ' camera payments';
export type WiringKey = `${Loops}${Eyes}`;

const row = (manual: number, far: number, near: number, close: number, paid: number): MeasuredShares => ({
  ...{ manual, far, near, close, paid },
});

export const MEASURED: Readonly<Record<WiringKey, MeasuredShares>> = {
  // measured: wirings
  'ABC camera payments': row(96.8, 97.9, 45.7, 0, 0.17),
  'ABC camera': row(96.8, 97.9, 45.7, 0, 1.68),
  'ABC payments': row(82.5, 93.8, 8.6, 0, 0.25),
  ABC: row(93.7, 93.8, 8.6, 0, 1.42),
  'AB camera payments': row(96.8, 97.9, 45.7, 0, 0.17),
  'AB camera': row(96.8, 95.8, 45.7, 0, 1.68),
  'AB payments': row(82.5, 66.7, 8.6, 0, 0.25),
  AB: row(93.7, 66.7, 8.6, 0, 1.42),
  'B camera payments': row(20.6, 8.3, 5.7, 0, 3.77),
  'B camera': row(31.7, 6.3, 2.9, 0, 9.46),
  'B payments': row(71.4, 4.2, 0, 0, 2.51),
  B: row(88.9, 6.3, 2.9, 0, 6.87),
  'A camera payments': row(95.2, 72.9, 14.3, 0, 0),
  'A camera': row(95.2, 70.8, 14.3, 0, 1.09),
  'A payments': row(93.7, 4.2, 14.3, 0, 0),
  A: row(96.8, 6.3, 14.3, 0, 1.01),
  'none camera payments': row(17.5, 0, 0, 0, 0.42),
  'none camera': row(28.6, 0, 0, 0, 1.76),
  'none payments': row(22.2, 0, 0, 0, 0.17),
  none: row(50.8, 0, 0, 0, 0.67),
  // end of wirings
};

/** What could be added to a lane with both loops, a camera and payments. */
export const MEASURED_WITH = {
  // measured: additions
  overview: row(96.8, 97.9, 85.7, 22.2, 0.17),
  beam: row(96.8, 97.9, 42.9, 0, 0.25),
  // end of additions
} as const;
