/** Whether a lane may report that nobody paid, and what it still has to prove. Chinese first. */
import { joined, type Text } from '../text.ts';
import * as table from './reporting.made.ts';
import { PROOF, reportingFaults } from './reporting.made.ts';

/** What shows that the lane hears of payments. */
export type ProofWay = 'messages' | 'relay' | 'list';

export interface ReportingProof {
  readonly way: ProofWay;
  readonly have: number;
  readonly need: number;
  /** A person has to say so as well: that each pulse is a payment; that the list is all there is. */
  readonly wordMissing?: true;
}

/** By what a lane earned it. `before`: it reported under an earlier version. */
export type EarnedHow = ProofWay | 'signed' | 'before';

export interface ReportingView {
  /** Absent: what rests on "no payment heard" is kept back. */
  readonly earned?: { readonly how: EarnedHow; readonly by?: string; readonly reason?: string };
  /** What is still missing, or was never shown (`before`); any one is enough. Empty: proved, or signed. */
  readonly missing: readonly ReportingProof[];
}

/** How far each has come, one a line; never empty. */
export const proofTexts = (proofs: readonly ReportingProof[]): readonly Text[] =>
  proofs.length === 0
    ? [PROOF.none()]
    : proofs.map(({ way, have, need, wordMissing }) => PROOF[way]({ have: String(have), need, wordMissing }));

const soFar = (proofs: readonly ReportingProof[]): Text => joined(proofTexts(proofs));

export const reportingText = {
  ...table.reportingText,
  kept: (lane: string, proofs: readonly ReportingProof[]) => reportingFaults.kept(lane, soFar(proofs)),
  before: (lane: string, proofs: readonly ReportingProof[]) => reportingFaults.before(lane, soFar(proofs)),
  notYet: (proofs: readonly ReportingProof[]): Text => table.reportingText.notYet(soFar(proofs)),
  toEarn: (proofs: readonly ReportingProof[]): Text => {
    const whole = proofs.map(({ way, need, wordMissing }) => PROOF[way]({ need, wordMissing }));
    return table.reportingText.toEarn(joined([...whole, PROOF.sign()], '；或', '; or '));
  },
} as const;
