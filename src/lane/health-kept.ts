/** What is kept of the health of the lane's senses. Plain data; it holds no rule. */

export type Sense = 'approach' | 'barrier' | 'auto' | 'camera';

/** What is compared, and the sense that it is about: how late a loop lets go, how long the relay pulses and the camera takes; the others are yes or no. */
export const MEASURES = {
  approachLate: 'approach',
  approachMissed: 'approach',
  approachDropped: 'approach',
  barrierLate: 'barrier',
  barrierMissed: 'barrier',
  barrierDropped: 'barrier',
  pulseLength: 'auto',
  pulseMissed: 'auto',
  pulseAlone: 'auto',
  readLate: 'camera',
  unread: 'camera',
} as const satisfies Readonly<Record<string, Sense>>;

export type Measure = keyof typeof MEASURES;
export type Usual = 'fall' | 'pulse' | 'read';
/** What some vehicles of a lane show by nature: a trailer, a camera that looks into the sun. */
export const SHARES = ['approachDropped', 'barrierDropped', 'unread'] as const satisfies readonly Measure[];
export type Ratio = (typeof SHARES)[number];

/** How far one measure has left what is usual, since when, and by how much. Absent: not at all. */
export interface Strayed {
  readonly score: number;
  readonly sinceMs: number;
  readonly by: number;
}

export interface SenseHealth {
  /** The roles that were wired as it was learned. */
  readonly wiring: string;
  /** Values of the first passages, until there are enough; then none. */
  readonly seen: Readonly<Record<Usual, readonly number[]>>;
  /** The usual range, least and most; null while it is learned. */
  readonly usual: Readonly<Record<Usual, readonly [number, number] | null>>;
  readonly strayed: Readonly<Partial<Record<Measure, Strayed>>>;
  /** The relay's last pulse. */
  readonly pulseMs: number | null;
  /** When B last let go of a vehicle for a moment. */
  readonly droppedMs: number | null;
  /** The opening, or the vehicle, in which a measure last counted: it counts once there. Absent: none, or in a state of before that was kept. */
  readonly countedIn?: Readonly<Partial<Record<Measure, number>>>;
  /** Of so many of the first vehicles so many were unread or dropped: what is so by nature is not compared. Absent: all are, as before it was kept. */
  readonly first?: Readonly<Record<'passed' | Ratio, number>>;
}
