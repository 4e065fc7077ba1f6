/** What the facts of the store say, as JSON for programs, and which destination takes which. Pure. */

import type { ChainRow } from '../store/chain/chain.ts';
import { isGap, type Observation } from '../store/observation.ts';
import { observationText } from '../store/observation-text.ts';
import type { OutboundFact } from '../store/outbound.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import { CONFIDENCES, type ReleaseBody, type ReportBody } from './contract.ts';
import type { FactKind, TakesConfig } from './settings.ts';

/** `picture` goes with `release`. undefined: its contents are damaged, or it is for platforms only. */
export function factKind({ kind, observation }: OutboundFact): FactKind | 'picture' | undefined {
  if (kind === 'reported') return undefined;
  if (kind !== 'observation') return kind;
  if (observation === undefined) return undefined;
  if (isGap(observation.seen)) return 'blind';
  const { why } = observation.seen;
  return why === 'reviewed' ? 'mark' : why === 'corrected' || why === 'dismissed' ? 'correction' : 'report';
}

/** Whether a destination with this filter is told of it. */
export function isTaken(fact: OutboundFact, { facts, lanes, verdicts, confidence }: TakesConfig): boolean {
  const kind = factKind(fact);
  if (kind === undefined || !facts.includes(kind === 'picture' ? 'release' : kind)) return false;
  const { record } = fact;
  const laneId = record?.laneId ?? fact.observation?.laneId ?? (fact.body as { lane?: string } | undefined)?.lane ?? '';
  // What concerns the whole box concerns each lane.
  if (laneId !== '' && lanes !== undefined && !lanes.includes(laneId)) return false;
  if (record === undefined) return true;
  const { verdict, confidence: own } = record.release;
  return (verdicts?.includes(verdict) ?? true) && CONFIDENCES.indexOf(own) >= CONFIDENCES.indexOf(confidence);
}

const iso = (wallMs: number): string => new Date(wallMs).toISOString();

/** `evidence`: the row of the chain that has it. */
export function releaseBody(record: OutboxRecord, withdrawn: boolean, evidence?: ChainRow): ReleaseBody {
  const { release } = record;
  return {
    ...{ id: record.serial, record: record.id, lane: record.laneId, name: record.gateName },
    ...{ time: iso(record.releaseWallMs), timeQuality: record.timeQuality, method: release.method },
    ...{ methodDesc: record.methodDesc, cause: release.desc, verdict: release.verdict },
    ...{ plate: release.plate?.text ?? null, passed: release.passed, confidence: release.confidence },
    ...{ operator: record.operator ?? null, reason: record.reason, reported: release.reported, withdrawn },
    ...(evidence && { evidence }),
  };
}

/** As the box has it now. */
export const releaseNow = (record: OutboxRecord): ReleaseBody => ({
  ...releaseBody(record, record.state === 'withdrawn' || record.turnedOut !== undefined),
  state: record.state,
});

/** `id` grows by one. `to` is null while it lasts. */
export function observationBody({ id, laneId, fromWallMs, toWallMs, seen }: Observation): ReportBody {
  const { why, ...rest } = seen;
  const { fromMs: _, toMs: __, lasts, ...more } = { fromMs: 0, toMs: 0, lasts: undefined, ...rest };
  const times = { from: iso(fromWallMs), to: lasts ? null : iso(toWallMs) };
  const lane = laneId === '' ? {} : { lane: laneId };
  return { id, ...lane, kind: why, ...times, ...more, text: observationText(seen).what };
}

/** A fact as a webhook has it. undefined: there is nothing to say. */
export function factBody(fact: OutboundFact): object | undefined {
  const { kind, record, observation, row, body } = fact;
  if (kind === 'observation') return observation && observationBody(observation);
  if (kind === 'alarm') return { ...(body as object), time: iso(fact.wallMs) };
  if (record === undefined) return undefined;
  if (kind === 'picture') return { id: record.serial, record: record.id, lane: record.laneId };
  return releaseBody(record, kind === 'withdrawal', row);
}
