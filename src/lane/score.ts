/**
 * The number beside the word: how often such evidence was right in simulated truth, from 0 to 100. One row for each verdict and set of
 * evidence; the table belongs to the version of the engine and is measured by `lanewarden simulate --vehicles` over all its worlds.
 */
import type { Verdict } from './types.ts';

const OTHERWISE = 'otherwise';

const SCORES: Readonly<Record<Verdict, Readonly<Record<string, number>>>> = {
  manual: {
    button: 99,
    remote: 99,
    none: 97,
    unwatched: 90,
    mismatch: 40,
    sure: 98,
    likely: 90,
    possible: 50,
    otherwise: 90,
  },
  automatic: { otherwise: 99 },
  tailgating: {
    'order plate sure': 99,
    'order C sure': 98,
    'order plate C sure': 99,
    'order likely': 95,
    'held plate likely': 90,
    'held plate C sure': 98,
    'chain likely': 90,
    'chain possible': 50,
    mismatch: 50,
    otherwise: 50,
  },
  heldOpen: { sure: 97, likely: 90, possible: 50, 'chain likely': 88, 'chain possible': 40, otherwise: 50 },
  systemUnpaid: { none: 95, unverified: 5, otherwise: 90 },
  fakeExit: { otherwise: 95 },
  wrongWay: { sure: 97, possible: 50, otherwise: 60 },
  ranBarrier: { sure: 97, possible: 30, otherwise: 60 },
  unknown: { otherwise: 60 },
};

export const scoreOf = (verdict: Verdict, evidence: string): number =>
  SCORES[verdict][evidence] ?? SCORES[verdict][OTHERWISE] ?? 50;
