/**
 * What the box was told of the park beside its lanes: entries, known vehicles, what grants say of cars, who is on duty. All of it is in the store
 * first; here it is in memory, bounded, because a record is made at once and even while the disk refuses.
 */
import { createHash } from 'node:crypto';
import { rosterAt } from '../../account/duty/roster.ts';
import { onDutyAt, type Shift, withShift } from '../../account/duty/shifts.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/types.ts';
import type { ChargeMessage, EntryMessage, IntakeEvent, ShiftMessage, VehicleMessage } from '../../intake/events.ts';
import type { VehicleSlices } from '../../intake/park/vehicle-csv.ts';
import { normalPlate } from '../../lane/plates.ts';
import type { Grant, KnownVehicle, Release } from '../../lane/types.ts';
import type { BoxFact } from '../../store/chain/chain.ts';
import { StoreError } from '../../store/error.ts';
import { PARK_FACTS_MOST, type ParkFactChange } from '../../store/park-facts/park-facts.ts';
import type { OperatorSource, OwedSum, RecordFacts } from '../../store/record-types.ts';
import type { Store } from '../../store/types.ts';
import { carFacts, type EnteredCar, type GrantedCar, grantedCar, quietFor, stayOf } from './car-facts.ts';
import { KnownVehicles, type VehicleImport, vehicleChanges } from './known-vehicles.ts';
import { type AskedCharge, Owing, type StayFacts } from './owing.ts';
import { PlateTable, parsedRow } from './plate-table.ts';
import { VehicleSync } from './vehicle-sync.ts';

export type ParkEvent = Extract<IntakeEvent, { kind: 'entry' | 'charge' | 'vehicle' | 'shift' }>;

/** A row of the roster counts from its beginning; it is looked for this often. */
const ROSTER_EVERY_MS = 15_000;
/** Shifts that still matter. */
const SHIFTS_MEMORY_MS = 8 * 24 * 3_600_000;

const REMOVED_AT_ONCE = 500;

type RegisterConfig = Pick<Config, 'duty' | 'intake' | 'tariff'>;

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
  readonly #owing: Owing;
  readonly #synced: VehicleSync;
  #shifts: readonly Shift[] = [];
  readonly #config: Pick<Config, 'duty'>;
  readonly #store: Store;
  readonly #clock: Clock;
  #vehicleChanges:
    | { readonly rows: VehicleMessage[]; readonly source: string; readonly kept: Promise<void> }
    | undefined;

  private constructor(config: RegisterConfig, store: Store, clock: Clock) {
    this.#config = config;
    this.#store = store;
    this.#clock = clock;
    this.vehicles = new KnownVehicles(config.intake.knownVehicles);
    this.#owing = new Owing(config.tariff);
    this.#synced = new VehicleSync(store.looks, clock);
  }

  static async open(config: RegisterConfig, store: Store, clock: Clock): Promise<ParkRegister> {
    const register = new ParkRegister(config, store, clock);
    await register.#load();
    return register;
  }

  /** A roster is a plan by the clock: of a clock that has not been right since the start it names nobody. */
  get shifts(): readonly Shift[] {
    return this.#store.time.isConfirmed ? this.#shifts : this.#shifts.filter(({ by }) => by !== 'roster');
  }

  /** A ticket that may be valid counts: while nobody has confirmed the clock its days end only when they must have. */
  known(plate: string): KnownVehicle | undefined {
    const { time } = this.#store;
    const earliestMs = time.earliestMsAt(this.#clock.nowMs());
    return this.vehicles.find(plate, earliestMs, time.isConfirmed ? earliestMs : Number.POSITIVE_INFINITY);
  }

  /** Resolves when it would survive a power cut. */
  async take(event: ParkEvent): Promise<void> {
    if (event.kind === 'entry') return this.#enter(event.entry);
    if (event.kind === 'charge') return this.#charge(event.charge);
    if (event.kind === 'vehicle') {
      await this.#vehicle(event.vehicle, event.source);
      return this.#synced.count(event.source, event.vehicle.removed === true);
    }
    return this.#told(event.shift);
  }

  /** A grant that a lane got; its own journal keeps it, the row here only what it says of the car. */
  granted(grant: Grant, atMs: number): void {
    // One for coming in says nothing of the stay that begins with it.
    if (grant.plate === undefined || grant.direction === 'entry') return;
    const plate = normalPlate(grant.plate);
    const before = this.#cars.get(plate);
    const car = grantedCar(grant, atMs);
    if (car === undefined || before?.grantId === grant.id) return;
    // Lane time before the first start of the box is negative.
    if ((before?.atMs ?? Number.NEGATIVE_INFINITY) > car.atMs) return;
    this.#cars.set(plate, car);
    this.#store.parkFacts.along([{ kind: 'car', key: plate, atMs: car.atMs, body: JSON.stringify(car) }]);
  }

  /** Somebody signs on at the page, in the place of whoever had signed on before, or off. `session`: whose, when the PIN was not the operator's own. */
  async signOn(operator: string, lanes: readonly string[], on = true, session?: string): Promise<void> {
    this.#refuseWhileStalled();
    const { atMs, wallMs } = this.#now();
    const former = on ? this.#signedOn(lanes, operator) : [];
    for (const shift of [...former.map((other) => ({ operator: other, on: false })), { operator, on }])
      await this.#keepShift({
        ...{ ...shift, lanes, atMs, wallMs, by: 'pin' as const },
        key: `pin:${shift.operator}:${atMs}:${shift.on ? 'on' : 'off'}`,
        ...(session !== undefined && { source: session }),
      });
  }

  /** Nobody has changed, says this user: the shift in this lane, which would be over some day, goes on as it began. Resolves to who is on duty. */
  async affirm(lane: string, user: string): Promise<string | undefined> {
    this.#refuseWhileStalled();
    const shift = this.onDuty(lane);
    if (shift === undefined) return;
    const { atMs, wallMs } = this.#now();
    const { operator, by } = shift;
    const word = { operator, lanes: [lane], on: true, atMs, wallMs, by, affirms: true, source: user } as const;
    await this.#keepShift({ ...word, key: `affirm:${operator}:${atMs}:${lane}` });
    return operator;
  }

  onDuty(lane: string): Shift | undefined {
    return onDutyAt(this.shifts, lane, this.#now().atMs);
  }

  /** `replace`: those that are not among them are no longer known. */
  async importVehicles({ count, slices }: VehicleSlices, replace: boolean, who: string): Promise<VehicleImport> {
    this.#refuseWhileStalled();
    const known = replace ? [...this.vehicles.plates()] : [];
    const named = new Set<string>();
    for (const slice of slices) {
      const vehicles = JSON.parse(slice) as readonly VehicleMessage[];
      for (const { plate } of vehicles) named.add(normalPlate(plate));
      await Promise.all(vehicles.map((vehicle) => this.#vehicle(vehicle, who)));
    }
    const gone = known.filter((plate) => !named.has(normalPlate(plate)));
    for (let at = 0; at < gone.length; at += REMOVED_AT_ONCE)
      await Promise.all(
        gone
          .slice(at, at + REMOVED_AT_ONCE)
          .map((plate) => this.#vehicle({ plate, kind: 'other', carType: '0', removed: true }, who)),
      );
    return { taken: count, removed: gone.length };
  }

  /** What was told of the vehicle, and who was on duty, as of a release. `heardMs`: when the lane last got a grant. */
  recordKnowledge(laneId: string, release: Release, wallMs: number, heardMs: number | null): RecordKnowledge {
    const atMs = release.releaseAtMs;
    const told = this.#toldOf(release, wallMs);
    const { entered, granted, car } = told;
    const owed = this.#owing.of(release, wallMs, told);
    const quietMs = quietFor(heardMs, atMs);
    const { signedOnBy, ...operator } = this.#operatorOf(laneId, release);
    const known: RecordFacts = {
      ...(car && { car }),
      ...(owed && { owed }),
      ...(entered && release.direction === 'exit' && { entry: stayOf(entered, granted, atMs) }),
      ...(quietMs !== undefined && { quietMs }),
      ...(signedOnBy !== undefined && { signedOnBy }),
    };
    const serial = entered?.serial ?? release.parkingSerial;
    return {
      ...(Object.keys(known).length > 0 && { known }),
      ...operator,
      ...(serial !== undefined && { entrySerial: serial }),
    };
  }

  /** What an unpaid exit would have cost, where that can be said. */
  owed(release: Release, wallMs: number): OwedSum | undefined {
    return this.#owing.of(release, wallMs, this.#toldOf(release, wallMs));
  }

  /** A vehicle has left by an exit. */
  left(plate: string, atMs: number): void {
    const change = this.#owing.left(plate, atMs, this.#enteredBy(normalPlate(plate), atMs));
    if (change !== undefined) this.#store.parkFacts.along([change]);
  }

  /** Shifts of the roster begin and end. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A disk that refuses is reported elsewhere; the next round tries again.
      await this.#followRoster().catch(() => undefined);
      await this.#synced.report();
      await this.#clock.sleep(ROSTER_EVERY_MS, signal);
    }
    await this.#synced.report(true);
  }

  #toldOf({ plate: read, releaseAtMs: atMs }: Release, wallMs: number): StayFacts {
    if (read === undefined) return {};
    const plate = normalPlate(read.text);
    const entered = this.#enteredBy(plate, atMs);
    const granted = this.#cars.get(plate);
    const vehicle = this.vehicles.exact(plate, wallMs);
    const told = { ...(entered && { entered }), ...(granted && { granted }), ...(vehicle && { vehicle }) };
    return { entered, granted, car: carFacts(read.text, told, { atMs, wallMs }) };
  }

  #enteredBy(plate: string, atMs: number): EnteredCar | undefined {
    const entry = this.#entries.get(plate);
    return entry !== undefined && entry.atMs <= atMs ? entry : undefined;
  }

  #operatorOf(
    laneId: string,
    release: Release,
  ): Pick<RecordKnowledge, 'operator' | 'operatorBy'> & Pick<RecordFacts, 'signedOnBy'> {
    const granted = release.facts.find(({ kind }) => kind === 'plateMismatch')?.values?.granted;
    const command = typeof granted === 'string' ? this.#cars.get(normalPlate(granted))?.operator : undefined;
    if (command !== undefined) return { operator: command, operatorBy: 'command' };
    const shift = onDutyAt(this.shifts, laneId, release.releaseAtMs);
    if (shift === undefined) return {};
    const { operator, by, source } = shift;
    return { operator, operatorBy: by, ...(by === 'pin' && source !== undefined && { signedOnBy: source }) };
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
        const row = parsedRow<Row>(body);
        if (row !== undefined) take(key, row);
      }
    };
    await read<VehicleMessage>('vehicle', (_, vehicle) => this.vehicles.set(vehicle));
    await read<EnteredCar>('entry', (plate, entry) => this.#entries.set(plate, entry));
    await read<GrantedCar>('car', (plate, car) => this.#cars.set(plate, car));
    for (const kind of ['charge', 'left'] as const)
      await read<AskedCharge>(kind, (plate, row) => this.#owing.restore(kind, plate, row));
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

  async #charge(charge: ChargeMessage): Promise<void> {
    const kept = this.#owing.asked(charge);
    if (kept !== undefined) await this.#keep(kept.fact, [kept.change]);
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
      const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
      const fact = { kind: 'vehicles', source, count: rows.length, digest } as const;
      return this.#keep(fact, vehicleChanges(rows, this.#now().atMs));
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
    const { key, operator, lanes, on, atMs: at, wallMs: wall, by, untilMs, affirms, source } = shift;
    const more = {
      ...(untilMs !== undefined && { until: untilMs }),
      ...(affirms && { affirms }),
      ...(source !== undefined && { source }),
    };
    const fact = { kind: 'shift', key, operator, lanes, on, at, wall, by, ...more } as const;
    await this.#keep(fact, [{ kind: 'shift', key, atMs: at, body: JSON.stringify(shift) }]);
  }

  #signedOn(lanes: readonly string[], except: string): readonly string[] {
    const { atMs } = this.#now();
    const told = this.#shifts.filter(({ by }) => by !== 'roster');
    const people = lanes.flatMap((lane) => onDutyAt(told, lane, atMs) ?? []);
    return [...new Set(people.map(({ operator }) => operator))].filter((operator) => operator !== except);
  }

  async #followRoster(): Promise<void> {
    const { atMs, wallMs } = this.#now();
    const planned = rosterAt(this.#config.duty.roster, wallMs);
    const current = this.shifts.filter((shift) => shift.by === 'roster' && shift.on && (shift.untilMs ?? 0) > atMs);
    if (!this.#store.time.isConfirmed) return;
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

  #keep(fact: BoxFact | undefined, changes: readonly ParkFactChange[]): Promise<void> {
    return this.#store.parkFacts.keep(fact, changes);
  }
}
