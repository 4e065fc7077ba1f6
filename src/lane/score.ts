/**
 * The number beside the word: of 100 verdicts with the same word and the same set of evidence so many were right in simulated truth.
 * A row is read from the facts, so that it can be found again from the record. The table belongs to the version of the engine; to make it
 * again: `npm run build && node test/bench/publish-detection.mjs --only scores --vehicles 2000` (all worlds, four seeds, none of them published;
 * `simulate --vehicles N` prints the rows of one run).
 */
import type { Confidence, Release } from './types.ts';

/** Facts that make a row of their own, in the order of its name. */
const EVIDENCE: Readonly<Record<string, string>> = {
  buttonPressed: 'button',
  remotePressed: 'remote',
  armRaisedAgain: 'raised',
  noCommand: 'noCommand',
  commandsNotSeen: 'unwatched',
  nobodyPassed: 'nobody',
  platesDiffer: 'plates',
  approachFellAgain: 'falls',
  longerThanUsual: 'length',
  plateMismatch: 'mismatch',
  pulsesUnverified: 'unverified',
  feedDown: 'feedDown',
};

/** What a row that was too seldom to be measured gets by its word alone. */
const UNMEASURED: Readonly<Record<Confidence, number>> = { sure: 97, likely: 85, possible: 40 };

/** Rows of fewer than 30 verdicts are left out; a row of verdict and word alone stands for all of these together. */
const MEASURED: Readonly<Record<string, number>> = {
  // measured: scores
  'fakeExit likely': 99, // of 1063
  'heldOpen likely': 98, // of 239
  'manual likely': 99, // of 964
  'manual likely button': 99, // of 401
  'manual likely button feedDown': 98, // of 170
  'manual likely button nobody': 96, // of 31
  'manual likely noCommand': 100, // of 48
  'manual likely noCommand feedDown': 100, // of 31
  'manual likely raised': 100, // of 38
  'manual likely remote': 99, // of 130
  'manual likely remote feedDown': 100, // of 84
  'manual possible': 98, // of 62
  'manual possible button': 97, // of 37
  'manual sure': 99, // of 4744
  'manual sure button': 99, // of 3062
  'manual sure button nobody': 100, // of 108
  'manual sure noCommand': 99, // of 459
  'manual sure remote': 100, // of 1084
  'manual sure remote nobody': 100, // of 31
  'systemUnpaid likely': 89, // of 1113
  'systemUnpaid possible': 4, // of 7109
  'systemUnpaid possible unverified feedDown': 3, // of 7076
  'tailgating likely': 98, // of 2910
  'tailgating likely feedDown': 89, // of 39
  'tailgating likely plates': 99, // of 1439
  'tailgating likely plates falls length': 98, // of 205
  'tailgating likely plates feedDown': 99, // of 168
  'tailgating likely plates length': 95, // of 92
  'tailgating possible': 58, // of 1374
  'tailgating possible falls length': 59, // of 347
  'tailgating possible length': 53, // of 728
  'tailgating possible length feedDown': 57, // of 38
  'tailgating sure': 99, // of 1273
  'tailgating sure plates': 99, // of 1179
  // end of scores
};

export function rowOf({ verdict, confidence, facts }: Pick<Release, 'verdict' | 'confidence' | 'facts'>): string {
  const seen = Object.keys(EVIDENCE).filter((kind) => facts.some((fact) => fact.kind === kind));
  return [verdict, confidence, ...seen.map((kind) => EVIDENCE[kind])].join(' ');
}

export const scoreOf = (release: Pick<Release, 'verdict' | 'confidence' | 'facts'>): number =>
  MEASURED[rowOf(release)] ?? MEASURED[`${release.verdict} ${release.confidence}`] ?? UNMEASURED[release.confidence];
