/** What could show that a lane hears of payments, by its wiring and what its park has; `counts`: how far each has come. Pure. */
import type { ProofWay, ReportingProof } from '../text/lanes/reporting.ts';
import type { Config, LaneConfig } from './types.ts';

/** Of each way. */
export const PROOFS_NEEDED = 20;

/** `listed`: of the passages, those that a list explained. */
export interface ProofCounts {
  readonly messages: number;
  readonly pulses: number;
  readonly passages: number;
  readonly listed: number;
}

export const NO_COUNTS: ProofCounts = { messages: 0, pulses: 0, passages: 0, listed: 0 };

/** Payments, or the plates that pay, may arrive by message, or as rows that are read. */
export const receivesMessages = ({ http, https, mqtt, systems = [] }: Config['intake']): boolean =>
  http.enabled || https !== undefined || (mqtt?.grants ?? mqtt?.plates) !== undefined || systems.length > 0;

type Parts = Pick<Config, 'intake' | 'lines'>;

export function paymentProofs(
  { intake, lines }: Parts,
  { points, settings, reporting }: Pick<LaneConfig, 'points' | 'settings' | 'reporting'>,
  counts: ProofCounts,
): readonly ReportingProof[] {
  const proof = (way: ProofWay, have: number, hasWord: boolean): ReportingProof => ({
    ...{ way, have: Math.min(have, PROOFS_NEEDED), need: PROOFS_NEEDED },
    ...(!hasWord && { wordMissing: true as const }),
  });
  const hasTerminal = lines.some(({ devices }) =>
    devices.some(({ kind, config }) => kind.grantsFor?.(config) !== undefined),
  );
  const hasListWord = reporting?.payments === 'list';
  const hasList = hasListWord || intake.knownVehicles.length > 0 || counts.listed > 0;
  // The last passage waits for the first that the list explains.
  const listed = counts.listed > 0 ? counts.passages : Math.min(counts.passages, PROOFS_NEEDED - 1);
  return [
    ...(receivesMessages(intake) || hasTerminal || counts.messages > 0
      ? [proof('messages', counts.messages, true)]
      : []),
    ...(points.auto === undefined ? [] : [proof('relay', counts.pulses, settings.autoCommandIsGrant === true)]),
    ...(hasList ? [proof('list', listed, hasListWord)] : []),
  ];
}

export const isProved = ({ have, need, wordMissing }: ReportingProof): boolean => have >= need && !wordMissing;
