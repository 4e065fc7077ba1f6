/** The boxes of one park in virtual time, and what each lane is told of the other, as the program tells it. It must not know what is true. */
import { confusableKey, confusedPlate } from '../../lane/plates.ts';
import type { KnownVehicle, LaneEffect, LaneSettings } from '../../lane/types.ts';
import type { Message, ParkRecording } from '../../sim/worlds/truth.ts';
import { type BoxRun, createLaneBox, type LaneBox, type OutsideEvent, type WireTiming } from './detection-box.ts';

export interface ParkWiring {
  readonly settings: LaneSettings;
  readonly wire: WireTiming;
  readonly cameras: 0 | 1 | 2;
  readonly beam: boolean;
  readonly feed: boolean;
}

const INTAKE = 'pms';
/** How far one lane runs ahead of the other. */
const SLICE_MS = 250;

export function watchPark(
  park: ParkRecording,
  { settings, wire, cameras, beam, feed }: ParkWiring,
): ReadonlyMap<string, BoxRun> {
  const boxes = new Map<string, LaneBox>();
  const isKnown = knownVehicles(park.seasonPlates);
  let sliceMs = park.startMs;
  const elsewhere = (
    lane: string,
    event: Omit<Extract<OutsideEvent, { kind: 'elsewhere' }>, 'kind' | 'lane' | 'atMs'>,
    atMs: number,
  ): void => {
    for (const [name, box] of boxes)
      if (name !== lane) box.tell({ kind: 'elsewhere', lane, ...event, atMs: Math.max(atMs, sliceMs) });
  };
  const onEffect = (lane: string, effect: LaneEffect): void => {
    if (boxes.size < 2) return;
    if (effect.kind === 'release' && effect.release.passed && effect.release.plate)
      elsewhere(lane, { plate: effect.release.plate.text, what: 'passed' }, effect.atMs);
    if (effect.kind !== 'note') return;
    const { kind, values } = effect.fact;
    if (kind === 'paidPassage' && typeof values?.plate === 'string')
      elsewhere(lane, { plate: values.plate, what: 'passed' }, effect.atMs);
    if (kind !== 'grantUsed' || effect.grantId === undefined) return;
    for (const [name, box] of boxes)
      if (name !== lane)
        box.tell({
          kind: 'revoke',
          grantId: effect.grantId,
          why: 'usedElsewhere',
          atMs: Math.max(effect.atMs, sliceMs),
        });
  };
  for (const { lane } of park.lanes) {
    const intake = feed ? { intake: INTAKE } : {};
    boxes.set(
      lane,
      createLaneBox({ park, lane, settings, wire, beam, ...intake, onEffect: (effect) => onEffect(lane, effect) }),
    );
  }
  const tell = (message: Message): void => {
    if (message.kind === 'plate') {
      const { lane, atMs, plate, camera, side, unrated } = message;
      if (camera > cameras) return;
      const known = isKnown(plate.text);
      const more = { ...(known && { known }), ...(side && { side }), ...(unrated && { unrated }) };
      boxes.get(lane)?.tell({ kind: 'plate', plate, ...more, atMs });
      if (boxes.get(lane)?.occupied === true) elsewhere(lane, { plate: plate.text, what: 'onA' }, atMs);
    } else if (message.kind === 'mode') {
      const { lane, ...event } = message;
      boxes.get(lane)?.tell(event);
    } else if (!feed) return;
    else if (message.kind === 'feed')
      for (const box of boxes.values())
        box.tell({ kind: 'feed', intake: INTAKE, state: message.up ? 'up' : 'down', atMs: message.atMs });
    else tellGrant(message);
  };
  const tellGrant = ({ lane, grant, atMs }: Extract<Message, { kind: 'grant' }>): void => {
    if (lane === undefined) for (const box of boxes.values()) box.tell({ kind: 'grant', grant, atMs });
    else {
      boxes.get(lane)?.tell({ kind: 'grant', grant, atMs });
      if (grant.plate !== undefined) elsewhere(lane, { plate: grant.plate, what: 'granted', grantId: grant.id }, atMs);
    }
  };
  const { messages, endMs } = park;
  if (boxes.size === 1) {
    for (const message of messages) tell(message);
    for (const box of boxes.values()) box.advance(endMs);
  } else {
    let next = 0;
    for (sliceMs = park.startMs; sliceMs < endMs; sliceMs += SLICE_MS) {
      for (let message = messages[next]; message && message.atMs < sliceMs + SLICE_MS; message = messages[next]) {
        next += 1;
        tell(message);
      }
      for (const box of boxes.values()) box.advance(sliceMs + SLICE_MS);
    }
  }
  return new Map([...boxes].map(([lane, box]) => [lane, box.run()]));
}

/** The list of known vehicles: a plate as it is, or the only one that it may have been misread from. */
function knownVehicles(plates: readonly string[]): (text: string) => KnownVehicle | undefined {
  const byKey = new Map<string, Set<string>>();
  for (const plate of plates)
    byKey.set(confusableKey(plate), (byKey.get(confusableKey(plate)) ?? new Set()).add(plate));
  const all = new Set(plates);
  const isOnly = (text: string): boolean =>
    [...(byKey.get(confusableKey(text)) ?? [])].filter((one) => confusedPlate(one, text)).length === 1;
  return (text) => (all.has(text) || isOnly(text) ? { kind: 'season' } : undefined);
}
