/**
 * The number beside the word: of 100 verdicts with the same word and the same set of evidence so many were right in simulated truth.
 * A row is read from the facts, so that it can be found again from the record. The table belongs to the version of the engine; to make it
 * again: `npm run build && node test/bench/publish-detection.mjs --only scores --vehicles 3000` (all worlds, four seeds, none of them published;
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
  'fakeExit likely': 98, // of 1618
  'heldOpen likely': 98, // of 330
  'manual likely': 98, // of 1271
  'manual likely button': 97, // of 476
  'manual likely button feedDown': 100, // of 236
  'manual likely button nobody': 95, // of 70
  'manual likely noCommand': 98, // of 74
  'manual likely noCommand feedDown': 100, // of 35
  'manual likely raised': 98, // of 53
  'manual likely remote': 98, // of 166
  'manual likely remote feedDown': 100, // of 117
  'manual possible': 93, // of 82
  'manual possible button': 92, // of 54
  'manual sure': 99, // of 7255
  'manual sure button': 99, // of 4698
  'manual sure button nobody': 100, // of 160
  'manual sure noCommand': 100, // of 673
  'manual sure remote': 100, // of 1662
  'manual sure remote nobody': 100, // of 62
  'systemUnpaid likely': 91, // of 1676
  'systemUnpaid possible': 3, // of 9284
  'systemUnpaid possible unverified feedDown': 3, // of 9248
  'tailgating likely': 97, // of 4219
  'tailgating likely feedDown': 90, // of 55
  'tailgating likely plates': 99, // of 2071
  'tailgating likely plates falls length': 98, // of 269
  'tailgating likely plates feedDown': 92, // of 180
  'tailgating likely plates length': 95, // of 161
  'tailgating possible': 50, // of 2506
  'tailgating possible falls length': 59, // of 515
  'tailgating possible feedDown': 46, // of 30
  'tailgating possible length': 51, // of 1141
  'tailgating possible length feedDown': 58, // of 56
  'tailgating possible plates': 13, // of 44
  'tailgating sure': 99, // of 2017
  'tailgating sure plates': 99, // of 1904
  // end of scores
};

export function rowOf({ verdict, confidence, facts }: Pick<Release, 'verdict' | 'confidence' | 'facts'>): string {
  const seen = Object.keys(EVIDENCE).filter((kind) => facts.some((fact) => fact.kind === kind));
  return [verdict, confidence, ...seen.map((kind) => EVIDENCE[kind])].join(' ');
}

export const scoreOf = (release: Pick<Release, 'verdict' | 'confidence' | 'facts'>): number =>
  MEASURED[rowOf(release)] ?? MEASURED[`${release.verdict} ${release.confidence}`] ?? UNMEASURED[release.confidence];
