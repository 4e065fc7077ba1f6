/**
 * The number beside the word: of 100 verdicts with the same word and the same set of evidence so many were right in simulated truth.
 * A row is read from the facts, so that whoever has the record can find it. The table belongs to the version of the engine; to make it
 * again: `npm run build && node test/bench/publish-detection.mjs --only scores` (all worlds, three seeds; `simulate --vehicles N` prints
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

/** Rows of fewer verdicts than `LEAST` are left out; a row of verdict and word stands for all of these together. */
const MEASURED: Readonly<Record<string, number>> = {
  // measured: scores
  // end of scores
};

export function rowOf({ verdict, confidence, facts }: Pick<Release, 'verdict' | 'confidence' | 'facts'>): string {
  const seen = Object.keys(EVIDENCE).filter((kind) => facts.some((fact) => fact.kind === kind));
  return [verdict, confidence, ...seen.map((kind) => EVIDENCE[kind])].join(' ');
}

export const scoreOf = (release: Pick<Release, 'verdict' | 'confidence' | 'facts'>): number =>
  MEASURED[rowOf(release)] ?? MEASURED[`${release.verdict} ${release.confidence}`] ?? UNMEASURED[release.confidence];
