/**
 * What the box was told of the park beside its lanes: entries, known vehicles, what grants say of cars, who is on duty. All of it is in the store
 * first; here it is in memory, bounded, because a record is made at once and even while the disk refuses.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import { rosterAt } from '../../duty/roster.ts';
import { onDutyAt, SHIFT_LONGEST_MS, type Shift, withShift } from '../../duty/shifts.ts';
import type { FieldError } from '../../http/problem.ts';
import type { EntryMessage, IntakeEvent, ShiftMessage, VehicleMessage } from '../../intake/events.ts';
import { vehiclesFromCsv } from '../../intake/park/vehicle-csv.ts';
import { normalPlate } from '../../lane/plates.ts';
import type { Grant, Release } from '../../lane/types.ts';
import type { BoxFact } from '../../store/chain/chain.ts';
import { StoreError } from '../../store/error.ts';
import { PARK_FACTS_MOST, type ParkFactChange } from '../../store/park-facts/park-facts.ts';
import type { OperatorSource, RecordFacts } from '../../store/record-types.ts';
import type { Store } from '../../store/types.ts';
import { carFacts, type EnteredCar, type GrantedCar, grantedCar } from './car-facts.ts';
import { KnownVehicles } from './known-vehicles.ts';
import { PlateTable } from './plate-table.ts';

export type ParkEvent = Extract<IntakeEvent, { kind: 'entry' | 'vehicle' | 'shift' }>;

/** A row of the roster counts from its beginning; it is looked for this often. */
const ROSTER_EVERY_MS = 15_000;
/** A payment feed that is silent for less is no news. */
const QUIET_MS = 10 * 60_000;
const QUIET_LONGEST_MS = 24 * 3_600_000;
/** Shifts that still matter. */
const SHIFTS_MEMORY_MS = 8 * 24 * 3_600_000;

const IMPORT_AT_ONCE = 500;

export type VehicleImport =
  | { readonly taken: number; readonly removed: number }
  | { readonly faults: readonly FieldError[] };

export interface RecordKnowledge {
  readonly known?: RecordFacts;
  readonly operator?: string;
  readonly operatorBy?: OperatorSource;
  /** The entry record told for the plate. */
  readonly entrySerial?: string;
}

export class ParkRegister {
  readonly vehicles: KnownVehicles;
  readonly #cars = new PlateTable<GrantedCar>(PARK_FACTS_MOST.car);
  readonly #entries = new PlateTable<EnteredCar>(PARK_FACTS_MOST.entry);
  #shifts: readonly Shift[] = [];
  readonly #config: Pick<Config, 'duty'>;
  readonly #store: Store;
  readonly #clock: Clock;
  /** Cars whose row is not in the store yet. */
  readonly #unkept = new Set<string>();
  #vehicleChanges:
    | { readonly rows: VehicleMessage[]; readonly source: string; readonly kept: Promise<void> }
    | undefined;

  private constructor(config: Pick<Config, 'duty' | 'intake'>, store: Store, clock: Clock) {
    this.#config = config;
    this.#store = store;
    this.#clock = clock;
    this.vehicles = new KnownVehicles(config.intake.knownVehicles);
  }

  static async open(config: Pick<Config, 'duty' | 'intake'>, store: Store, clock: Clock): Promise<ParkRegister> {
    const register = new ParkRegister(config, store, clock);
    await register.#load();
    return register;
  }

  get shifts(): readonly Shift[] {
    return this.#shifts;
  }

  /** Resolves when it would survive a power cut. */
  async take(event: ParkEvent): Promise<void> {
    if (event.kind === 'entry') return this.#enter(event.entry);
    if (event.kind === 'vehicle') return this.#vehicle(event.vehicle, event.source);
    return this.#told(event.shift);
  }

  /** A grant that a lane got; its own journal keeps it, the row here only what it says of the car. */
  granted(grant: Grant, atMs: number): void {
    if (grant.plate === undefined) return;
    const plate = normalPlate(grant.plate);
    const before = this.#cars.get(plate);
    const car = grantedCar(grant, Math.min(atMs, grant.issuedAtMs));
    if (car === undefined || before?.grantId === grant.id || (before?.atMs ?? 0) > car.atMs) return;
    this.#cars.set(plate, car);
    this.#unkept.add(plate);
    if (this.#store.status().stalled === undefined) void this.#keepCars().catch(() => undefined);
  }

  /** Somebody signs on at the page, in the place of whoever had signed on before, or off. */
  async signOn(operator: string, lanes: readonly string[], on = true): Promise<void> {
    this.#refuseWhileStalled();
    const { atMs, wallMs } = this.#now();
    const former = on ? this.#signedOn(lanes, operator) : [];
    for (const shift of [...former.map((other) => ({ operator: other, on: false })), { operator, on }])
      await this.#keepShift({
        ...{ ...shift, lanes, atMs, wallMs, by: 'pin' as const },
        key: `pin:${shift.operator}:${atMs}:${shift.on ? 'on' : 'off'}`,
      });
  }

  /** Nobody has changed: the shift in this lane goes on, which would be over some day. */
  async affirm(lane: string): Promise<void> {
    this.#refuseWhileStalled();
    const shift = this.onDuty(lane);
    if (shift === undefined) return;
    const { atMs, wallMs } = this.#now();
    const { operator } = shift;
    const word = { operator, lanes: [lane], on: true, atMs, wallMs, by: 'pin', affirms: true } as const;
    await this.#keepShift({ ...word, key: `pin:${operator}:${atMs}:${lane}` });
  }

  onDuty(lane: string): Shift | undefined {
    return onDutyAt(this.#shifts, lane, this.#now().atMs);
  }

  /** A CSV of known vehicles: all of it, or nothing. `replace`: those that are not in it are no longer known. */
  async importVehicles(bytes: Uint8Array, replace: boolean, who: string): Promise<VehicleImport> {
    this.#refuseWhileStalled();
    const { vehicles, faults } = await vehiclesFromCsv(bytes, PARK_FACTS_MOST.vehicle, setImmediate);
    if (faults.length > 0) return { faults };
    const named = new Set(vehicles.map(({ plate }) => normalPlate(plate)));
    const gone = replace ? [...this.vehicles.plates()].filter((plate) => !named.has(normalPlate(plate))) : [];
    const removed = gone.map((plate): VehicleMessage => ({ plate, kind: 'other', carType: '0', removed: true }));
    const all = [...removed, ...vehicles];
    for (let at = 0; at < all.length; at += IMPORT_AT_ONCE)
      await Promise.all(all.slice(at, at + IMPORT_AT_ONCE).map((vehicle) => this.#vehicle(vehicle, who)));
    return { taken: vehicles.length, removed: gone.length };
  }

  /** What was told of the vehicle, and who was on duty, as of a release. `heardMs`: when the lane last got a grant. */
  recordKnowledge(laneId: string, release: Release, wallMs: number, heardMs: number | null): RecordKnowledge {
    const atMs = release.releaseAtMs;
    const shown = release.plate?.text;
    const plate = shown === undefined ? undefined : normalPlate(shown);
    const entered = plate === undefined ? undefined : upTo(this.#entries.get(plate), atMs);
    const granted = plate === undefined ? undefined : this.#cars.get(plate);
    const vehicle = plate === undefined ? undefined : this.vehicles.exact(plate, wallMs);
    const told = { ...(entered && { entered }), ...(granted && { granted }), ...(vehicle && { vehicle }) };
    const car = shown === undefined ? undefined : carFacts(shown, told, { atMs, wallMs });
    const quietMs = heardMs === null ? 0 : atMs - heardMs;
    const known: RecordFacts = {
      ...(car && { car }),
      ...(entered && release.direction === 'exit' && { entry: stayOf(entered, granted) }),
      ...(quietMs >= QUIET_MS && quietMs < QUIET_LONGEST_MS && { quietMs: Math.round(quietMs) }),
    };
    const serial = entered?.serial ?? release.parkingSerial;
    return {
      ...(Object.keys(known).length > 0 && { known }),
      ...this.#operatorOf(laneId, release),
      ...(serial !== undefined && { entrySerial: serial }),
    };
  }

  /** Shifts of the roster begin and end. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A disk that refuses is reported elsewhere; the next round tries again.
      await this.#followRoster().catch(() => undefined);
      await this.#clock.sleep(ROSTER_EVERY_MS, signal);
    }
  }

  #operatorOf(laneId: string, release: Release): Pick<RecordKnowledge, 'operator' | 'operatorBy'> {
    const granted = release.facts.find(({ kind }) => kind === 'plateMismatch')?.values?.granted;
    const command = typeof granted === 'string' ? this.#cars.get(normalPlate(granted))?.operator : undefined;
    if (command !== undefined) return { operator: command, operatorBy: 'command' };
    const shift = onDutyAt(this.#shifts, laneId, release.releaseAtMs);
    return shift === undefined ? {} : { operator: shift.operator, operatorBy: shift.by };
  }

  /** A person waits for the answer. */
  #refuseWhileStalled(): void {
    const { stalled } = this.#store.status();
    if (stalled !== undefined) throw new StoreError('unavailable', `the disk refuses: ${stalled}`);
  }

  #now(): { readonly atMs: number; readonly wallMs: number } {
    const nowMs = this.#clock.nowMs();
    return {
      atMs: Math.round(nowMs + this.#store.boot.laneOffsetMs),
      wallMs: Math.round(this.#store.time.wallMsAt(nowMs)),
    };
  }

  async #load(): Promise<void> {
    const { parkFacts } = this.#store;
    const read = async <Row>(kind: ParkFactChange['kind'], take: (key: string, row: Row) => void): Promise<void> => {
      for (const { key, body } of await parkFacts.rows(kind)) {
        const row = parsed<Row>(body);
        if (row !== undefined) take(key, row);
      }
    };
    await read<VehicleMessage>('vehicle', (_, vehicle) => this.vehicles.set(vehicle));
    await read<EnteredCar>('entry', (plate, entry) => this.#entries.set(plate, entry));
    await read<GrantedCar>('car', (plate, car) => this.#cars.set(plate, car));
    await read<Shift>('shift', (_, shift) => {
      this.#shifts = withShift(this.#shifts, shift);
    });
  }

  async #enter(entry: EntryMessage): Promise<void> {
    const plate = normalPlate(entry.plate);
    const before = this.#entries.get(plate);
    if (before !== undefined && (before.id === entry.id || before.atMs > entry.atMs)) return;
    const { id, atMs, wallMs, lane, serial, carType, carDesc, plateColor, source } = entry;
    const said = {
      ...(lane !== undefined && { lane }),
      ...(serial !== undefined && { serial }),
      ...(carType !== undefined && { carType }),
      ...(carDesc !== undefined && { carDesc }),
    };
    const row: EnteredCar = { id, atMs, wallMs, ...said, ...(plateColor !== undefined && { plateColor }) };
    this.#entries.set(plate, row);
    const fact = { kind: 'entry', key: id, plate, at: atMs, wall: wallMs, source, ...said } as const;
    await this.#keep(fact, [{ kind: 'entry', key: plate, atMs, body: JSON.stringify(row) }]);
  }

  /** Those of one request go into the store together. */
  #vehicle(vehicle: VehicleMessage, source: string): Promise<void> {
    this.vehicles.set(vehicle);
    const open = this.#vehicleChanges;
    if (open !== undefined && open.source === source) {
      open.rows.push(vehicle);
      return open.kept;
    }
    const rows = [vehicle];
    const kept = Promise.resolve().then(() => {
      if (this.#vehicleChanges?.rows === rows) this.#vehicleChanges = undefined;
      const { atMs } = this.#now();
      const changes = rows.map(({ removed, ...row }): ParkFactChange => {
        const key = normalPlate(row.plate);
        return { kind: 'vehicle', key, atMs, ...(!removed && { body: JSON.stringify(row) }) };
      });
      const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
      return this.#keep({ kind: 'vehicles', source, count: rows.length, digest }, changes);
    });
    this.#vehicleChanges = { rows, source, kept };
    return kept;
  }

  #told({ id, untilMs, untilWallMs: _, ...shift }: ShiftMessage): Promise<void> {
    return this.#keepShift({
      ...shift,
      ...(untilMs !== undefined && { untilMs }),
      ...{ key: `message:${id}`, by: 'message' as const },
    });
  }

  async #keepShift(shift: Shift): Promise<void> {
    const before = this.#shifts;
    this.#shifts = withShift(before, shift).filter(({ atMs }) => atMs > this.#now().atMs - SHIFTS_MEMORY_MS);
    if (before.some(({ key }) => key === shift.key)) return;
    const { key, operator, lanes, on, atMs: at, wallMs: wall, by, untilMs, source } = shift;
    const more = { ...(untilMs !== undefined && { until: untilMs }), ...(source !== undefined && { source }) };
    const fact = { kind: 'shift', key, operator, lanes, on, at, wall, by, ...more } as const;
    await this.#keep(fact, [{ kind: 'shift', key, atMs: at, body: JSON.stringify(shift) }]);
  }

  #signedOn(lanes: readonly string[], except: string): readonly string[] {
    const { atMs } = this.#now();
    const people = lanes.flatMap(
      (lane) =>
        onDutyAt(
          this.#shifts.filter(({ by }) => by !== 'roster'),
          lane,
          atMs,
        ) ?? [],
    );
    return [...new Set(people.map(({ operator }) => operator))].filter((operator) => operator !== except);
  }

  async #followRoster(): Promise<void> {
    const { atMs, wallMs } = this.#now();
    const planned = rosterAt(this.#config.duty.roster, wallMs);
    const current = this.#shifts.filter(
      (shift) =>
        shift.by === 'roster' && shift.on && shift.atMs > atMs - SHIFT_LONGEST_MS && (shift.untilMs ?? 0) > atMs,
    );
    const isEnded = (key: string) => this.#shifts.some((shift) => shift.key === `${key}:off`);
    const gone = current.filter(({ key }) => !planned.some((each) => each.key === key) && !isEnded(key));
    for (const { operator, lanes, key } of gone)
      await this.#keepShift({ key: `${key}:off`, operator, lanes, on: false, atMs, wallMs, by: 'roster' });
    for (const { key, operator, lanes, fromWallMs, toWallMs } of planned) {
      // In the place of another it begins now: what was before stays as it was.
      const beginMs = gone.length > 0 ? wallMs : fromWallMs;
      await this.#keepShift({
        ...{ key, operator, lanes, on: true, by: 'roster' as const },
        ...{ atMs: atMs + beginMs - wallMs, wallMs: beginMs, untilMs: atMs + toWallMs - wallMs },
      });
    }
  }

  async #keepCars(): Promise<void> {
    const plates = [...this.#unkept];
    this.#unkept.clear();
    const changes = plates.flatMap((key): ParkFactChange[] => {
      const car = this.#cars.get(key);
      return car === undefined ? [] : [{ kind: 'car', key, atMs: car.atMs, body: JSON.stringify(car) }];
    });
    try {
      await this.#keep(undefined, changes);
    } catch (error) {
      for (const plate of plates) this.#unkept.add(plate);
      throw error;
    }
  }

  #keep(fact: BoxFact | undefined, changes: readonly ParkFactChange[]): Promise<void> {
    return this.#store.parkFacts.keep(fact, changes);
  }
}

const upTo = (entry: EnteredCar | undefined, atMs: number): EnteredCar | undefined =>
  entry !== undefined && entry.atMs <= atMs ? entry : undefined;

const stayOf = ({ serial, wallMs, lane, atMs }: EnteredCar, granted: GrantedCar | undefined) => ({
  ...(serial !== undefined && { serial }),
  ...(lane !== undefined && { lane }),
  wallMs,
  unpaid: granted === undefined || granted.atMs < atMs,
});

function parsed<Row>(text: string): Row | undefined {
  try {
    return JSON.parse(text) as Row;
  } catch {
    // A worn card garbles text.
    return undefined;
  }
}
