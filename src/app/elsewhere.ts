/** What one lane of the box tells the others: plates that are there and not here, and payments used up. A part of the composition root. */
import type { LaneEffect, LaneEvent } from '../lane/types.ts';
import type { Bridge } from './bridge.ts';

type Bridges = ReadonlyMap<string, Bridge>;
type Sighting = Pick<Extract<LaneEvent, { kind: 'elsewhere' }>, 'plate' | 'what' | 'lane' | 'grantId'>;

/** `lane` may be none of ours: then every lane is told. */
export function tellOthers(sighting: Sighting, bridges: Bridges): void {
  for (const [id, bridge] of bridges)
    if (id !== sighting.lane) bridge.feed({ kind: 'elsewhere', ...sighting, atMs: bridge.nowMs() });
}

/** A plate read while somebody stands on loop A is that vehicle's. */
export function readElsewhere(lane: string, event: LaneEvent, bridges: Bridges): void {
  if (event.kind !== 'plate' || bridges.get(lane)?.state.lane.levels.approach !== true) return;
  tellOthers({ plate: event.plate.text, what: 'onA', lane }, bridges);
}

export function passedElsewhere(lane: string, effect: LaneEffect, bridges: Bridges): void {
  const plate = passedPlate(effect);
  if (plate !== undefined) tellOthers({ plate, what: 'passed', lane }, bridges);
  if (effect.kind !== 'note' || effect.fact.kind !== 'grantUsed' || effect.grantId === undefined) return;
  // A payment made ahead is good for its passages, whichever lane they are in.
  for (const [id, bridge] of bridges)
    if (id !== lane)
      bridge.feed({ kind: 'revoke', grantId: effect.grantId, why: 'usedElsewhere', atMs: bridge.nowMs() });
}

function passedPlate(effect: LaneEffect): string | undefined {
  if (effect.kind === 'release') return effect.release.passed ? effect.release.plate?.text : undefined;
  if (effect.kind !== 'note' || effect.fact.kind !== 'paidPassage') return undefined;
  const plate = effect.fact.values?.plate;
  return typeof plate === 'string' ? plate : undefined;
}
