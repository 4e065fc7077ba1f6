/**
 * The number beside the word: of 100 verdicts with the same word and the same set of evidence so many were right in simulated truth.
 * A row is read from the facts, so that it can be found again from the record. The table belongs to the version of the engine; to make it
 * again: `npm run build && node test/bench/publish-detection.mjs --only scores` (all worlds, three seeds; the table in use is of seeds 1 and 2; `simulate --vehicles N` prints
 * the rows of one run).
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
  'fakeExit likely': 95, // of 536
  'heldOpen likely': 95, // of 122
  'manual likely': 98, // of 205
  'manual likely button feedDown': 100, // of 91
  'manual likely remote feedDown': 100, // of 50
  'manual sure': 99, // of 2633
  'manual sure button': 99, // of 1675
  'manual sure button nobody': 98, // of 70
  'manual sure noCommand': 100, // of 229
  'manual sure remote': 99, // of 637
  'systemUnpaid likely': 84, // of 523
  'systemUnpaid likely feedDown': 80, // of 40
  'systemUnpaid possible': 4, // of 2221
  'systemUnpaid possible unverified feedDown': 3, // of 2208
  'tailgating likely': 94, // of 1262
  'tailgating likely feedDown': 84, // of 52
  'tailgating likely plates': 97, // of 508
  'tailgating likely plates falls length': 97, // of 97
  'tailgating likely plates feedDown': 89, // of 76
  'tailgating likely plates length': 91, // of 84
  'tailgating possible': 17, // of 1339
  'tailgating possible falls length': 44, // of 266
  'tailgating possible plates length': 14, // of 34
  'tailgating sure': 99, // of 887
  'tailgating sure plates': 99, // of 863
  // end of scores
};

export function rowOf({ verdict, confidence, facts }: Pick<Release, 'verdict' | 'confidence' | 'facts'>): string {
  const seen = Object.keys(EVIDENCE).filter((kind) => facts.some((fact) => fact.kind === kind));
  return [verdict, confidence, ...seen.map((kind) => EVIDENCE[kind])].join(' ');
}

export const scoreOf = (release: Pick<Release, 'verdict' | 'confidence' | 'facts'>): number =>
  MEASURED[rowOf(release)] ?? MEASURED[`${release.verdict} ${release.confidence}`] ?? UNMEASURED[release.confidence];
