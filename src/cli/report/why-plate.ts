/**
 * What the lanes made of a plate in a stretch of time: its payments, its passages and its records, also why nothing was reported and why a payment
 * covered nobody. It folds the journal again, and prints nothing.
 */
import { type LaneState, STATE_VERSION } from '../../lane/lane.ts';
import { LaneRunner } from '../../lane/lane-runner.ts';
import { normalPlate } from '../../lane/plates.ts';
import { DEFAULT_SETTINGS } from '../../lane/settings.ts';
import type { Fact, LaneEffect, LaneEvent, LaneSettings, Release } from '../../lane/types.ts';
import type { ReplaySource } from '../replay/replay-run.ts';
import type { TimeRange } from '../time-range.ts';

/** One thing that was said of it. */
export interface PlateMoment {
  readonly laneId: string;
  readonly atWallMs: number;
  readonly what:
    | { readonly kind: 'told'; readonly grantId: string; readonly grantKind: string }
    | { readonly kind: 'fact'; readonly fact: Fact }
    | { readonly kind: 'passed'; readonly how: string }
    | { readonly kind: 'release'; readonly release: Release };
}

/** A verdict follows its event by so much at most. */
const VERDICT_MS = 15 * 60_000;

/** Oldest first. */
export function plateMoments(source: ReplaySource, plate: string, range: TimeRange): readonly PlateMoment[] {
  const wanted = normalPlate(plate);
  const moments = source.lanes().flatMap((laneId) => ofLane(source, laneId, wanted, range));
  return moments
    .filter(({ atWallMs }) => atWallMs >= range.fromWallMs && atWallMs < range.toWallMs)
    .sort((one, other) => one.atWallMs - other.atWallMs);
}

function ofLane(source: ReplaySource, laneId: string, wanted: string, range: TimeRange): readonly PlateMoment[] {
  const begin = source.snapshot(laneId, range.fromWallMs);
  const kept = begin?.state as { readonly version?: unknown; readonly state?: LaneState } | undefined;
  const from = kept?.version === STATE_VERSION ? kept.state : undefined;
  const epochs = source.epochs(laneId);
  const moments: PlateMoment[] = [];
  const runner = new LaneRunner({ settings: DEFAULT_SETTINGS, ...(from && { state: from }) });
  for (const { seq, event, wallMs } of source.rows(
    laneId,
    from === undefined ? 0 : (begin?.seq ?? 0),
    range.toWallMs + VERDICT_MS,
  )) {
    const inForce = epochs.findLast((epoch) => epoch.seq < seq) ?? epochs[0];
    runner.settings = { ...DEFAULT_SETTINGS, ...(inForce?.settings as LaneSettings | undefined) };
    const effects = runner.fold(event);
    const add = (atMs: number, said: readonly PlateMoment['what'][]): void => {
      moments.push(...said.map((what) => ({ laneId, atWallMs: wallMs + atMs - event.atMs, what })));
    };
    add(event.atMs, toldOf(event, wanted));
    for (const effect of effects) add(atMsOf(effect), saidOf(effect, wanted));
  }
  return moments;
}

const isOf = (text: unknown, wanted: string): boolean => typeof text === 'string' && normalPlate(text) === wanted;

function toldOf(event: LaneEvent, wanted: string): readonly PlateMoment['what'][] {
  if (event.kind !== 'grant' || !isOf(event.grant.plate, wanted)) return [];
  return [{ kind: 'told', grantId: event.grant.id, grantKind: event.grant.kind }];
}

const atMsOf = (effect: LaneEffect): number => (effect.kind === 'release' ? effect.release.releaseAtMs : effect.atMs);

function saidOf(effect: LaneEffect, wanted: string): readonly PlateMoment['what'][] {
  if (effect.kind === 'release') return saidByRelease(effect.release, wanted);
  if (effect.kind === 'note')
    return isOf(effect.fact.values?.plate, wanted) ? [{ kind: 'fact', fact: effect.fact }] : [];
  if (effect.kind !== 'count' || effect.counted.of !== 'passage' || !isOf(effect.counted.plate, wanted)) return [];
  return [{ kind: 'passed', how: effect.counted.how }];
}

/** A record of that plate, or one on which its payment bears; with the payment that took the accusation back, and the other vehicle in question. */
function saidByRelease(release: Release, wanted: string): readonly PlateMoment['what'][] {
  const isOwn = isOf(release.plate?.text, wanted);
  const bearing = release.facts.filter(
    ({ kind, values }) => (kind === 'mayBePaid' || kind === 'oneOfTwo') && (isOwn || isOf(values?.granted, wanted)),
  );
  if (!isOwn && bearing.length === 0) return [];
  return [{ kind: 'release', release }, ...bearing.map((fact) => ({ kind: 'fact', fact }) as const)];
}
