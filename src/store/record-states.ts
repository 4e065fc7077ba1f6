/** States of a record, written once; other tables and the queries follow from these lists. */

export const RECORD_STATES = [
  'waiting', // to be sent
  'held', // answered with a hint in integration mode: not delivered, shown
  'parked', // refused for good, or too many unknown answers: kept, shown, exportable
  'delivered',
  'withdrawn', // paid for after all, before it was sent
  'review', // not to be reported unless a person says so
  'kept', // the same, because its lane has not earned reporting
  'dropped', // thrown away by a person, who and why are kept
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** Not accepted by the platform, not withdrawn, and not dropped by a person. */
export const OPEN_STATES = ['waiting', 'held', 'parked', 'review', 'kept'] as const satisfies readonly RecordState[];
export type OpenState = (typeof OPEN_STATES)[number];

/** Nothing of it goes out unless a person says so. */
export const FOR_PERSON = ['review', 'kept'] as const satisfies readonly RecordState[];
export const isForPerson = (state: RecordState): boolean => FOR_PERSON.some((each) => each === state);

/** The platform gets it neither now nor later. */
export const isPutAside = (state: RecordState): boolean => state === 'dropped' || state === 'withdrawn';

/** How far a wall time can be trusted. `manual`: a person took it from their phone, with the error of that. */
export const TIME_QUALITIES = ['synced', 'corrected', 'manual', 'estimated', 'unknown'] as const;
export type TimeQuality = (typeof TIME_QUALITIES)[number];

/** For `IN`. */
export const sqlStates = (states: readonly RecordState[]): string =>
  `(${states.map((state) => `'${state}'`).join(', ')})`;

/** Of a record that is new. */
export const firstState = ({
  reported,
  group,
}: {
  readonly reported: boolean;
  readonly group?: string;
}): 'waiting' | 'review' | 'kept' => (reported ? 'waiting' : group === 'unproven' ? 'kept' : 'review');
