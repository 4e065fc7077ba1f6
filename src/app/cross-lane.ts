/** What lanes of one box share: plates seen in another lane, and grants used up. A part of the composition root. */
import type { LaneConfig } from '../config/types.ts';
import type { LaneEffect, LaneEvent } from '../lane/types.ts';
import type { Bridge } from './bridge.ts';
import type { ParkRegister } from './register/park-register.ts';

type Bridges = ReadonlyMap<string, Bridge>;
type Sighting = Pick<Extract<LaneEvent, { kind: 'elsewhere' }>, 'plate' | 'what' | 'lane' | 'grantId'>;

/** `lane` may be unknown to this box: then every lane is notified. */
export function notifyOtherLanes(sighting: Sighting, bridges: Bridges): void {
  for (const [id, bridge] of bridges)
    if (id !== sighting.lane) bridge.feed({ kind: 'elsewhere', ...sighting, atMs: bridge.nowMs() });
}

/** A plate read while loop A is occupied is that vehicle's. */
export function reportPlateRead(lane: string, event: LaneEvent, bridges: Bridges): void {
  if (event.kind !== 'plate' || bridges.get(lane)?.state.lane.levels.approach !== true) return;
  notifyOtherLanes({ plate: event.plate.text, what: 'onA', lane }, bridges);
}

export function reportPassage(lane: string, effect: LaneEffect, bridges: Bridges): void {
  const plate = passedPlate(effect);
  if (plate !== undefined) notifyOtherLanes({ plate, what: 'passed', lane }, bridges);
  if (effect.kind !== 'note' || effect.fact.kind !== 'grantUsed' || effect.grantId === undefined) return;
  // A prepaid grant counts its passages across all lanes.
  for (const [id, bridge] of bridges)
    if (id !== lane)
      bridge.feed({ kind: 'revoke', grantId: effect.grantId, why: 'usedElsewhere', atMs: bridge.nowMs() });
}

/** In a two-way lane only a record says which way. */
export function reportExit(lane: LaneConfig, effect: LaneEffect, register: Pick<ParkRegister, 'left'>): void {
  const plate = passedPlate(effect);
  if (plate === undefined) return;
  if (effect.kind === 'release') {
    const { direction, releaseAtMs } = effect.release;
    if (direction === 'exit') register.left(plate, releaseAtMs);
  } else if (effect.kind === 'note' && lane.direction === 'exit') register.left(plate, effect.fact.atMs ?? effect.atMs);
}

function passedPlate(effect: LaneEffect): string | undefined {
  if (effect.kind === 'release') return effect.release.passed ? effect.release.plate?.text : undefined;
  if (effect.kind !== 'note' || effect.fact.kind !== 'paidPassage') return undefined;
  const plate = effect.fact.values?.plate;
  return typeof plate === 'string' ? plate : undefined;
}
