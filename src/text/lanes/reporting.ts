/** Whether a lane may report that nobody paid, and what it still has to prove. Chinese first. */
import type { Text } from '../text.ts';

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

const PROOF: Readonly<Record<ProofWay, (proof: ReportingProof) => Text>> = {
  messages: ({ have, need }) =>
    both(`缴费消息对上 ${have}/${need} 次通行`, `${have} of ${need} passages joined with their payment message`),
  relay: ({ have, need, wordMissing }) =>
    wordMissing
      ? both(
          `开闸继电器 ${have}/${need} 次，还要有人确认脉冲就是已缴费`,
          `${have} of ${need} openings by the relay, and a person’s word that its pulse means paid`,
        )
      : both(`开闸继电器 ${have}/${need} 次`, `${have} of ${need} openings by the relay`),
  list: ({ have, need, wordMissing }) =>
    wordMissing
      ? both(
          `通行 ${have}/${need} 次、名单认得出其中一些，还要有人签字`,
          `${have} of ${need} passages of which the list explains some, and a person’s signature`,
        )
      : both(
          `通行 ${have}/${need} 次、名单认得出其中一些`,
          `${have} of ${need} passages of which the list explains some`,
        ),
};

export const proofText = (proof: ReportingProof): Text => PROOF[proof.way](proof);

const HOW: Readonly<Record<EarnedHow, Text>> = {
  messages: both('缴费消息对得上', 'payment messages join its passages'),
  relay: both('开闸继电器就是缴费', 'the relay’s pulse is the payment'),
  list: both('名单认得出', 'the list explains passages'),
  signed: both('签字', 'signed'),
  before: both('以前的版本就在上报', 'it reported under an earlier version'),
};

export function earnedText({ how, by, reason }: { how: EarnedHow; by?: string; reason?: string }): Text {
  const who = [by, reason].filter((each) => each !== undefined);
  if (who.length === 0) return HOW[how];
  return both(`${HOW[how].zh}（${who.join('：')}）`, `${HOW[how].en} (${who.join(': ')})`);
}

/** What would do, one of them is enough. */
export function missingText(proofs: readonly ReportingProof[]): Text {
  const ways = proofs.map(proofText);
  const sign = both('由安装员签字：每次开闸都是人工', 'an installer’s signature that every opening is by hand');
  return both([...ways, sign].map(({ zh }) => zh).join('；或'), [...ways, sign].map(({ en }) => en).join('; or '));
}

export const reportingText = {
  kept: (lane: string, proofs: readonly ReportingProof[]): Text => {
    const { zh, en } = missingText(proofs);
    return both(
      `${lane}：还没有证明收得到缴费，凭“没有缴费”的放行只暂存、不上报。还缺：${zh}`,
      `${lane}: not proved to hear of payments, so releases that rest on “nobody paid” are kept back. Missing: ${en}`,
    );
  },
  before: (lane: string, proofs: readonly ReportingProof[]): Text => {
    const { zh, en } = missingText(proofs);
    return both(
      `${lane}：照以前的版本继续上报，还没有证明收得到缴费。还缺：${zh}`,
      `${lane}: goes on reporting as under an earlier version, though not proved to hear of payments. Missing: ${en}`,
    );
  },
  signed: (by: string): Text =>
    both(`凭 ${by} 的签字上报“没有缴费”`, `reports “nobody paid” on the signature of ${by}`),
  byList: (by: string): Text =>
    both(
      `名单认得出一些通行之后上报“没有缴费”，${by} 签字`,
      `reports “nobody paid” once the list explains some passages, signed by ${by}`,
    ),
  toEarn: (proofs: readonly ReportingProof[]): Text => {
    const { zh, en } = missingText(proofs);
    return both(
      `新装的车道先不上报“没有缴费”，要先有：${zh}（lanes.reporting）`,
      `a new lane reports “nobody paid” only after: ${en} (lanes.reporting)`,
    );
  },
} as const;
