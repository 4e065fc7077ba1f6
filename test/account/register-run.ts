/** The register of a box over a simulated run: it is told what the park tells, restarts where the box does, and says of each record who and what. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Tariff } from '../../src/account/tariff.ts';
import { ParkRegister, type RecordKnowledge } from '../../src/app/register/park-register.ts';
import { systemClock } from '../../src/clock.ts';
import type { Release } from '../../src/lane/types.ts';
import type { ParkRecording } from '../../src/sim/worlds/truth.ts';
import type { BoxRun } from '../../src/simulate/detection/detection-box.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from '../store/open.ts';
import { type ChargeTold, type EntryTold, rosterOf, type Saying, type Staff } from './staff.ts';

export interface Known {
  readonly lane: string;
  readonly release: Release;
  readonly knowledge: RecordKnowledge;
}

/** A fee that was asked for is the price for an hour. */
export const CHARGE_LIFE_MS = 3_600_000;

/** The register looks at its roster this often. */
const ROSTER_EVERY_MS = 15_000;

type Deed =
  | { readonly atMs: number; readonly kind: 'say'; readonly saying: Saying }
  | { readonly atMs: number; readonly kind: 'entry'; readonly entry: EntryTold }
  | {
      readonly atMs: number;
      readonly kind: 'grant';
      readonly message: Extract<ParkRecording['messages'][number], { kind: 'grant' }>;
    }
  | { readonly atMs: number; readonly kind: 'charge'; readonly charge: ChargeTold }
  | { readonly atMs: number; readonly kind: 'restart' }
  | { readonly atMs: number; readonly kind: 'record'; readonly lane: string; readonly release: Release };

interface Parts {
  readonly park: ParkRecording;
  readonly boxes: ReadonlyMap<string, BoxRun>;
  readonly staff: Staff;
  readonly entries: readonly EntryTold[];
  readonly charges: readonly ChargeTold[];
  readonly tariff: readonly Tariff[];
  readonly wallOf: (laneMs: number) => number;
}

export async function runRegister({
  park,
  boxes,
  staff,
  entries,
  charges,
  tariff,
  wallOf,
}: Parts): Promise<readonly Known[]> {
  const lanes = park.lanes.map(({ lane }) => lane);
  const { startMs } = park;
  const clock = handClock(startMs, wallOf(startMs));
  // Its watchdog lives in real time.
  const patient = { ...clock, sleep: systemClock().sleep };
  const store = await open({ path: temporaryFolder(), clock: patient, wallTrusted: true });
  assert.equal(store.boot.laneOffsetMs, 0);
  const config = {
    tariff,
    duty: { booths: [], roster: { entries: rosterOf(lanes), holidays: [] } },
    intake: {
      http: { enabled: false, listen: { host: '', port: 0 }, tokens: [] },
      ...{ tells: [], knownVehicles: [], verifySign: 'mark' as const },
    },
  };
  let stop = new AbortController();
  const begin = async (): Promise<ParkRegister> => {
    stop = new AbortController();
    const opened = await ParkRegister.open(config, store, clock);
    void opened.run(stop.signal);
    await setImmediate();
    return opened;
  };
  let register = await begin();
  const known: Known[] = [];
  // A sender tells again what the box was not there for; who signs on waits until the page is back.
  const heardAt = (atMs: number): number =>
    park.outages.find(({ kind, fromMs, toMs }) => kind !== 'wire' && atMs >= fromMs && atMs < toMs)?.toMs ?? atMs;
  const deeds: Deed[] = [
    ...staff.sayings.map((saying) => ({ atMs: heardAt(saying.atMs), kind: 'say' as const, saying })),
    ...entries.map((entry) => ({ atMs: heardAt(entry.atMs), kind: 'entry' as const, entry })),
    ...charges.map((charge) => ({ atMs: heardAt(charge.atMs), kind: 'charge' as const, charge })),
    ...park.messages.flatMap((message) =>
      message.kind === 'grant' ? [{ atMs: heardAt(message.atMs), kind: 'grant' as const, message }] : [],
    ),
    ...park.outages.flatMap(({ kind, toMs }) => (kind === 'wire' ? [] : [{ atMs: toMs, kind: 'restart' as const }])),
    ...[...boxes].flatMap(([lane, { given }]) =>
      given.map(({ release, atMs }) => ({ atMs, kind: 'record' as const, lane, release })),
    ),
  ].sort((a, b) => a.atMs - b.atMs);
  for (const deed of deeds) {
    clock.jump(Math.max(0, deed.atMs - clock.nowMs()));
    if (deed.kind === 'restart') {
      stop.abort();
      await store.journal.flush();
      register = await begin();
    } else if (deed.kind === 'say') {
      await say(register, deed.saying, lanes, wallOf);
      // What the register waits for is on the disk, and it sleeps until it looks at its roster again.
      await store.journal.flush();
      await setImmediate();
      if (deed.saying.kind === 'look') {
        clock.jump(ROSTER_EVERY_MS);
        await setImmediate();
        await store.journal.flush();
      }
    } else if (deed.kind === 'entry') {
      const { plate, atMs, told } = deed.entry;
      const facts = { source: 'pms', carType: told.type, carDesc: told.desc, wallMs: wallOf(atMs) };
      void register.take({ kind: 'entry', entry: { id: `${plate}-${atMs}`, plate, atMs, ...facts } });
    } else if (deed.kind === 'charge') {
      const { plate, atMs, amount } = deed.charge;
      const until = { untilMs: atMs + CHARGE_LIFE_MS, untilWallMs: wallOf(atMs + CHARGE_LIFE_MS) };
      const charge = { id: `${plate}-${atMs}`, plate, amount, source: 'pms', atMs, wallMs: wallOf(atMs), ...until };
      void register.take({ kind: 'charge', charge });
    } else if (deed.kind === 'grant') register.granted(deed.message.grant, deed.atMs);
    else {
      const { lane, release } = deed;
      known.push({
        lane,
        release,
        knowledge: register.recordKnowledge(lane, release, wallOf(release.releaseAtMs), null),
      });
      if (release.passed && release.direction === 'exit' && release.plate !== undefined)
        register.left(release.plate.text, release.releaseAtMs);
    }
    await setImmediate();
  }
  stop.abort();
  await store.close();
  return known;
}

async function say(
  register: ParkRegister,
  saying: Saying,
  lanes: readonly string[],
  wallOf: (laneMs: number) => number,
): Promise<void> {
  if (saying.kind === 'signOn' || saying.kind === 'signOff')
    return register.signOn(saying.operator, lanes, saying.kind === 'signOn');
  if (saying.kind === 'look') return;
  if (saying.kind === 'affirm') {
    for (const lane of lanes) await register.affirm(lane, 'office');
    return;
  }
  const { id, operator, on, beganMs } = saying;
  const shift = { id, operator, on, lanes, source: 'pms', atMs: beganMs, wallMs: wallOf(beganMs) };
  await register.take({ kind: 'shift', shift });
}
