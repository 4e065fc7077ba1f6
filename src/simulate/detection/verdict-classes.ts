/** The classes of the goals table: what each vehicle of a world was, and what became of it. It must not know how a verdict came about. */
import type { VehicleTruth } from '../../sim/worlds/truth.ts';
import type { Given } from './detection-box.ts';
import type { Match, Spoken } from './verdict-match.ts';

export const CLASSES = [
  'paid',
  'untold',
  'manual',
  'manualSmall',
  'nobody',
  'held',
  'followFar',
  'followRead',
  'followUnread',
  'followClose',
  'followDeaf',
  'software',
  'softwareUnseen',
  'season',
  'feedLoss',
  'feedHalf',
  'fakeExit',
  'honestBack',
  'turnAway',
  'slip',
] as const;
export type VerdictClass = (typeof CLASSES)[number];

/** `misnamed`: reported, by a wrong `release_method`. */
export type Finding = 'reported' | 'review' | 'misnamed' | 'nothing';

export interface Judged<S extends Spoken = Given> {
  readonly class: VerdictClass;
  readonly match: Match<S>;
  readonly finding: Finding;
  /** What was said is not so. */
  readonly wrong: boolean;
}

/** Nearer than this the loops cannot part two vehicles. */
const TOO_NEAR_M = 0.8;
const FAR_M = 2;
const READ_FROM = 0.8;

/** Which methods of a record name each class rightly. */
const METHODS: Readonly<Partial<Record<VerdictClass, readonly number[]>>> = {
  ...{ manual: [1], manualSmall: [1], nobody: [1], held: [1, 3], software: [1], softwareUnseen: [1] },
  ...{
    followFar: [3, 1],
    followRead: [3, 1],
    followUnread: [3, 1],
    followClose: [3, 1],
    followDeaf: [3, 1],
    fakeExit: [0],
  },
};

const UNSEEN_HAND: readonly number[] = [1, 3];

/** `isComplete`: every payment is told then, and the box can know that it is so. */
export function classOf(
  { item }: Pick<Match, 'item'>,
  isComplete: (atMs: number) => boolean,
  cameras: number,
): VerdictClass | undefined {
  const { vehicle, guilt, opening } = item;
  const feedComplete = vehicle !== undefined && isComplete(vehicle.arrivedMs);
  if (vehicle === undefined) return opening !== undefined && guilt === 'guilty' ? 'nobody' : undefined;
  if (vehicle.means === 'slip') return 'slip';
  if (vehicle.back === 'fake' && vehicle.untold !== undefined) return undefined;
  // Who was on the way in and goes back to the street has not feigned to leave the park.
  if (vehicle.back === 'fake' && vehicle.way === -1) return undefined;
  if (vehicle.back !== undefined) return BACKS[vehicle.back];
  if (vehicle.offBMs === undefined) return undefined;
  if (feedComplete && vehicle.deaf !== undefined && isByRelay(vehicle))
    return vehicle.deaf === 'all' ? 'feedLoss' : 'feedHalf';
  if (guilt === 'guilty') return guiltyClass(vehicle, feedComplete, cameras);
  if (vehicle.untold !== undefined) return 'untold';
  return vehicle.season && feedComplete ? 'season' : 'paid';
}

const BACKS = { fake: 'fakeExit', honest: 'honestBack', turnAway: 'turnAway' } as const;
const isByRelay = ({ means, authorised }: VehicleTruth): boolean => authorised || means === 'software';

function guiltyClass(vehicle: VehicleTruth, feedComplete: boolean, cameras: number): VerdictClass {
  const { means, kind } = vehicle;
  if (means === 'software') return feedComplete ? 'software' : 'softwareUnseen';
  if (means === 'held') return 'held';
  // Without messages nobody can be said to have paid nothing: such a verdict waits for a person.
  if (means === 'follow' && vehicle.deaf !== undefined) return 'followDeaf';
  if (means === 'follow') return followClass(vehicle, cameras);
  return kind === 'motorcycle' || kind === 'ebike' ? 'manualSmall' : 'manual';
}

function followClass({ gapM = 9, reads }: VehicleTruth, cameras: number): VerdictClass {
  if (gapM >= FAR_M) return 'followFar';
  if (gapM < TOO_NEAR_M) return 'followClose';
  return reads.some(({ confidence, camera }) => camera <= cameras && confidence >= READ_FROM)
    ? 'followRead'
    : 'followUnread';
}

export function judgeMatch<S extends Spoken>(
  match: Match<S>,
  isComplete: (atMs: number) => boolean,
  cameras: number,
): Judged<S> | undefined {
  const name = classOf(match, isComplete, cameras);
  const { given, item } = match;
  if (name === undefined && (given === undefined || item.guilt === 'either')) return undefined;
  const finding = findingOf(name ?? 'turnAway', match);
  const accused = item.guilt === 'innocent' && name !== 'fakeExit';
  return {
    ...{ class: name ?? 'turnAway', match, finding },
    wrong: given !== undefined && item.guilt !== 'either' && (accused || finding === 'misnamed'),
  };
}

function findingOf(name: VerdictClass, { given, item }: Match<Spoken>): Finding {
  if (given === undefined) return 'nothing';
  const methods = item.unseenHand ? UNSEEN_HAND : METHODS[name];
  if (methods !== undefined && !methods.includes(given.release.method)) return 'misnamed';
  return given.release.reported ? 'reported' : 'review';
}

/** Whether a correct and confident read of its plate was there as the verdict was given. */
export const wasReadRightly = ({ plate, reads }: VehicleTruth, byMs: number, cameras: number): boolean =>
  reads.some(
    ({ text, confidence, camera, atMs }) =>
      camera <= cameras && text === plate && confidence >= READ_FROM && atMs < byMs,
  );
