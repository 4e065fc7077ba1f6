/** Putting a release together: what all verdicts have in common. Which verdict it is, is decided in `verdicts.ts` and `modes.ts`. */

import { VERDICT_ROWS } from '../kinds.ts';
import { asPlate, type Press, type Read } from './body.ts';
import { pulsesAreUnverified } from './complete-feed.ts';
import { entryRecordOf } from './entry-record.ts';
import { feedIsDown, mayHaveMissed } from './feed.ts';
import { sickSense } from './health.ts';
import { scoreOf } from './score.ts';
import { fact, isWired, keep, type StepContext } from './step-context.ts';
import {
  type Confidence,
  type Direction,
  type Fact,
  FIELD_ROLES,
  type LaneSettings,
  type Release,
  type ReleaseDesc,
  type Role,
} from './types.ts';

export const descOfPress = (press: Press | null): ReleaseDesc =>
  press === null || press.role === 'hand' ? 'manual' : press.role;

const RANK: Readonly<Record<Confidence, number>> = { possible: 0, likely: 1, sure: 2 };
export const isAtLeast = (confidence: Confidence, least: Confidence): boolean => RANK[confidence] >= RANK[least];
export const lower = (one: Confidence, other: Confidence): Confidence => (RANK[one] < RANK[other] ? one : other);

/** A two-way lane's loop A lies inside: coming over it first is leaving. */
export const forwardOf = (settings: LaneSettings): Direction =>
  settings.direction === 'both' ? 'exit' : settings.direction;
export const reverseOf = (settings: LaneSettings): Direction => (forwardOf(settings) === 'exit' ? 'entry' : 'exit');

/** The points of arm and loops that are not good now. */
export const badRoles = (work: StepContext): readonly Role[] =>
  FIELD_ROLES.filter(
    (role) =>
      isWired(work.settings, role) &&
      (work.state.levels[role] === null || work.state.kept.stuck[role as keyof typeof work.state.kept.stuck] === true),
  );

/** A point that mattered was not good at some time since. */
export function isDegraded(work: StepContext, sinceMs: number): boolean {
  const { badUntilMs } = work.state.kept;
  return (badUntilMs !== null && badUntilMs >= sinceMs) || badRoles(work).length > 0;
}

/** What a verdict rests on: that no message came, a command or the lack of one, or neither. */
export type Rests = 'messages' | 'command' | 'nothing';

/** What a verdict decides of its release. */
export interface Judgement
  extends Pick<Release, 'verdict' | 'desc' | 'confidence' | 'reported' | 'group' | 'facts'>,
    Partial<Pick<Release, 'releaseAtMs'>> {
  readonly rests: Rests;
  /** The entry record of the grant that the passage used, if it used one. */
  readonly parkingSerial?: string | undefined;
}

export interface Draft extends Omit<Judgement, 'releaseAtMs'>, Pick<Release, 'direction' | 'releaseAtMs' | 'passed'> {
  readonly plate: Read | null;
  readonly degraded?: boolean;
  readonly maintenance: boolean;
  readonly captureId: string | null;
  readonly openingId: number | null;
}

/** Gives a release out and returns its id. */
export function release(work: StepContext, draft: Draft): string {
  const { state } = work;
  keep(work).releaseCount += 1;
  const id = `r${state.kept.releaseCount}`;
  const {
    plate,
    captureId,
    openingId,
    maintenance,
    rests,
    degraded = false,
    parkingSerial = entryRecordOf(work, draft.plate),
    ...rest
  } = draft;
  const facts = [...draft.facts];
  const { maintenance: mode } = state.kept;
  if (maintenance) facts.push(fact('maintenance', mode?.sinceMs, mode?.reason ? { reason: mode.reason } : undefined));
  if (degraded) facts.push(pointsFact(work));
  const isPatchy = pulsesAreUnverified(state, work.settings);
  const isDoubtful = draft.verdict === 'systemUnpaid' && isPatchy;
  const aboutMs = facts.find(({ kind }) => kind === 'noGrant')?.atMs ?? draft.releaseAtMs;
  const isUnheard = feedIsDown(state) || mayHaveMissed(state, aboutMs - work.settings.laneGrantTtlMs);
  const isDown = rests !== 'nothing' && (isDoubtful || isUnheard);
  if (isDown) facts.push(fact('feedDown', work.atMs));
  const isSilenced = isDown && rests === 'messages';
  const sick = sickSense(work, draft);
  if (sick !== undefined) facts.push(sick.told);
  const group = draft.group ?? (isSilenced ? 'feedDown' : sick?.excuses === true ? 'senseSick' : undefined);
  // A message that did not come proves nothing: the best feed loses one in some hundreds. Behind a covered vehicle the loops speak as well.
  const isSilent = rests === 'messages' && draft.verdict !== 'tailgating' && draft.verdict !== 'ranBarrier';
  // Where so many messages are missing, one that paid may pass under an arm that a hand holds.
  const isUnsure = degraded || isDown || sick !== undefined || isSilent || (isPatchy && rests !== 'nothing');
  const confidence = isUnsure ? lower(draft.confidence, 'likely') : draft.confidence;
  const made: Release = {
    id,
    ...rest,
    degraded,
    method: VERDICT_ROWS[draft.verdict].method,
    confidence,
    score: scoreOf({ verdict: draft.verdict, confidence, facts }),
    reported: draft.reported && !maintenance && !isSilenced && sick?.excuses !== true,
    ...(group === undefined ? {} : { group }),
    ...(plate === null ? {} : { plate: asPlate(plate) }),
    ...(parkingSerial === undefined ? {} : { parkingSerial }),
    ...(captureId === null ? {} : { captureId }),
    ...(openingId === null ? {} : { openingId: `o${openingId}` }),
    facts,
  };
  work.effects.push({ kind: 'release', release: made, atMs: work.atMs });
  return id;
}

function pointsFact(work: StepContext): Fact {
  const bad = badRoles(work);
  if (bad.length > 0) return fact('pointsBad', work.atMs, { roles: bad.join(' ') });
  return fact('pointsWereBad', work.state.kept.badUntilMs);
}
