/**
 * A day of four exit lanes as their engines are told of it, played by the simulated park once and told again for each day that follows. In the first
 * two lanes one vehicle in ten leaves without payment, in the others hardly any: their rows are needed by no record.
 */
import { playPark } from '../../dist/src/sim/worlds/park.js';
import { WORLDS } from '../../dist/src/sim/worlds/worlds.js';
import { watchPark } from '../../dist/src/simulate/detection/detection-park.js';

export const DAY_MS = 86_400_000;
export const LANES = ['1001', '1002', '1003', '1004'];
const WIRE = { pollMs: 25, baudRate: 38_400, boards: 1 };
const UNPAID = ['button', 'remote', 'key', 'software', 'follower', 'fakeExit', 'nobody', 'hold', 'slip'];
/** Hours in which they come. */
const OPEN_HOURS = 16;

/** The events of each lane, in order; times from the beginning of the day. `vehicles`: of all lanes. */
export function playDay(vehicles, settings) {
  const { ordinary } = WORLDS;
  const honest = Object.fromEntries(UNPAID.map((kind) => [kind, kind === 'button' ? 0.1 : 0]));
  const manners = { ...ordinary.manners, perHour: vehicles / LANES.length / OPEN_HOURS };
  const manner = { ...ordinary, lanes: 2, outages: {}, manners };
  const days = [manner, { ...manner, mix: { ...manner.mix, ...honest } }].flatMap((each, at) => {
    const park = playPark(each, vehicles / 2, 26_000 + at);
    if (park.endMs - park.startMs > DAY_MS) throw new Error('a day of the park is longer than a day');
    const boxes = watchPark(park, { settings, wire: WIRE, cameras: 1, beam: false, feed: true });
    // What left is said by the store that is filled.
    return [...boxes.values()].map(({ journal }) =>
      journal.filter(({ kind }) => kind !== 'sent').map((event) => moved(event, -park.startMs, '')),
    );
  });
  return new Map(LANES.map((lane, at) => [lane, days[at]]));
}

/** The same at another time, with ids of its own. */
export function moved(event, byMs, mark) {
  const { grant, grantId } = event;
  return {
    ...event,
    atMs: event.atMs + byMs,
    ...(grantId !== undefined && { grantId: grantId + mark }),
    ...(grant !== undefined && {
      grant: { ...grant, id: grant.id + mark, issuedAtMs: grant.issuedAtMs + byMs },
    }),
  };
}
