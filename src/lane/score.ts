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
  'fakeExit likely': 99, // of 1064
  'heldOpen likely': 98, // of 240
  'manual likely': 99, // of 1147
  'manual likely button': 99, // of 530
  'manual likely button feedDown': 100, // of 168
  'manual likely noCommand': 100, // of 63
  'manual likely noCommand feedDown': 100, // of 31
  'manual likely raised': 100, // of 38
  'manual likely remote': 100, // of 176
  'manual likely remote feedDown': 100, // of 84
  'manual possible': 93, // of 60
  'manual possible button': 91, // of 37
  'manual sure': 99, // of 4570
  'manual sure button': 100, // of 2945
  'manual sure button nobody': 100, // of 108
  'manual sure noCommand': 99, // of 444
  'manual sure remote': 100, // of 1042
  'manual sure remote nobody': 100, // of 31
  'systemUnpaid likely': 90, // of 1123
  'systemUnpaid possible': 3, // of 7112
  'systemUnpaid possible unverified feedDown': 3, // of 7091
  'tailgating likely': 98, // of 3015
  'tailgating likely feedDown': 97, // of 36
  'tailgating likely plates': 99, // of 1568
  'tailgating likely plates falls length': 98, // of 208
  'tailgating likely plates feedDown': 99, // of 167
  'tailgating likely plates length': 95, // of 92
  'tailgating possible': 59, // of 1370
  'tailgating possible falls length': 62, // of 353
  'tailgating possible length': 53, // of 732
  'tailgating possible length feedDown': 58, // of 39
  'tailgating sure': 100, // of 1156
  'tailgating sure plates': 100, // of 1063
  // end of scores
};

export function rowOf({ verdict, confidence, facts }: Pick<Release, 'verdict' | 'confidence' | 'facts'>): string {
  const seen = Object.keys(EVIDENCE).filter((kind) => facts.some((fact) => fact.kind === kind));
  return [verdict, confidence, ...seen.map((kind) => EVIDENCE[kind])].join(' ');
}

export const scoreOf = (release: Pick<Release, 'verdict' | 'confidence' | 'facts'>): number =>
  MEASURED[rowOf(release)] ?? MEASURED[`${release.verdict} ${release.confidence}`] ?? UNMEASURED[release.confidence];
