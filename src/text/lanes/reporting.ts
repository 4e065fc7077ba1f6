/** Whether a lane may report that nobody paid, and what it still has to prove. Chinese first. */
import { joined, type Text } from '../text.ts';
import * as table from './reporting.made.ts';
import { NO_PROOF } from './reporting.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

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

/** `count`: how far it has come, or how many it takes. */
const PROOF: Readonly<Record<ProofWay, (count: Text, wordMissing: boolean) => Text>> = {
  messages: ({ zh, en }) => both(`缴费消息对上 ${zh} 次通行`, `${en} passages joined with their payment message`),
  relay: ({ zh, en }, wordMissing) =>
    wordMissing
      ? both(
          `开闸继电器 ${zh} 次，还要有人确认脉冲就是已缴费`,
          `${en} openings by the relay, and a person’s word that its pulse means paid`,
        )
      : both(`开闸继电器 ${zh} 次`, `${en} openings by the relay`),
  list: ({ zh, en }, wordMissing) =>
    wordMissing
      ? both(
          `通行 ${zh} 次、名单认得出其中一些，还要有人签字`,
          `${en} passages of which the list explains some, and a person’s signature`,
        )
      : both(`通行 ${zh} 次、名单认得出其中一些`, `${en} passages of which the list explains some`),
};

/** How far it has come. */
const proofText = ({ way, have, need, wordMissing }: ReportingProof): Text =>
  PROOF[way](both(`${have}/${need}`, `${have} of ${need}`), wordMissing === true);

const wholeText = ({ way, need, wordMissing }: ReportingProof): Text =>
  PROOF[way](both(`${need}`, `${need}`), wordMissing === true);

const HOW: Readonly<Record<EarnedHow, Text>> = table.HOW;

export function earnedText({ how, by, reason }: { how: EarnedHow; by?: string; reason?: string }): Text {
  const who = [by, reason].filter((each) => each !== undefined);
  if (who.length === 0) return HOW[how];
  return both(`${HOW[how].zh}（${who.join('：')}）`, `${HOW[how].en} (${who.join(': ')})`);
}

/** How far each has come, one a line; never empty. */
export const proofTexts = (proofs: readonly ReportingProof[]): readonly Text[] =>
  proofs.length === 0 ? [NO_PROOF] : proofs.map(proofText);

const soFar = (proofs: readonly ReportingProof[]): Text => joined(proofTexts(proofs));

export const reportingText = {
  ...table.reportingText,
  kept: (lane: string, proofs: readonly ReportingProof[]) => ({
    text: both(
      `${lane}：还没有证明收得到缴费，凭“没有缴费”的先不上报`,
      `${lane}: not proved to receive payments: “nobody paid” is kept back`,
    ),
    todo: soFar(proofs),
  }),
  before: (lane: string, proofs: readonly ReportingProof[]) => ({
    text: both(
      `${lane}：照以前的版本继续上报，还没有证明收得到缴费`,
      `${lane}: goes on reporting as before, though not proved to receive payments`,
    ),
    todo: soFar(proofs),
  }),
  /** On the acceptance sheet. */
  notYet: (proofs: readonly ReportingProof[]): Text => {
    const { zh, en } = soFar(proofs);
    return both(`还不上报：${zh}。`, `Not reported yet: ${en}.`);
  },
  /** What would do: one of them is enough. */
  toEarn: (proofs: readonly ReportingProof[]): Text => {
    const sign = both('由安装员签字：每次开闸都是人工', 'an installer’s signature that every opening is by hand');
    const { zh, en } = joined([...proofs.map(wholeText), sign], '；或', '; or ');
    return both(
      `新装的车道先不上报“没有缴费”，要先有：${zh}（lanes.reporting）`,
      `a new lane reports “nobody paid” only after: ${en} (lanes.reporting)`,
    );
  },
} as const;
