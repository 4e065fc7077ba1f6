/**
 * What a vehicle that left unpaid would have paid: the sum it was asked for, else the tariff for its stay, else no sum. A stay is over when its
 * vehicle has left, so that neither is counted twice.
 */
import { stayFen, type Tariff, tariffFor } from '../../account/tariff.ts';
import type { ChargeMessage } from '../../intake/events.ts';
import { normalPlate } from '../../lane/plates.ts';
import type { Release } from '../../lane/types.ts';
import type { BoxFact } from '../../store/chain/chain.ts';
import { PARK_FACTS_MOST, type ParkFactChange } from '../../store/park-facts/park-facts.ts';
import type { CarFacts, OwedSum } from '../../store/record-types.ts';
import type { EnteredCar, GrantedCar } from './car-facts.ts';
import { PlateTable } from './plate-table.ts';

/** The newest sum asked for, by plate. Times are lane time. */
export type AskedCharge = Pick<ChargeMessage, 'id' | 'amount' | 'atMs' | 'wallMs' | 'untilMs'>;

interface LeftCar {
  readonly atMs: number;
}

export interface StayFacts {
  readonly entered?: EnteredCar | undefined;
  readonly granted?: GrantedCar | undefined;
  readonly car?: CarFacts | undefined;
}

/** The platform's codes of cars that pay nothing for a stay while their pass holds. */
const WITH_PASS: ReadonlySet<string> = new Set(['2', '3', '4']);
const TEMPORARY = '1';

export class Owing {
  readonly #tariffs: readonly Tariff[];
  readonly #charges = new PlateTable<AskedCharge>(PARK_FACTS_MOST.charge);
  readonly #left = new PlateTable<LeftCar>(PARK_FACTS_MOST.left);

  constructor(tariffs: readonly Tariff[]) {
    this.#tariffs = tariffs;
  }

  restore(kind: 'charge' | 'left', plate: string, row: AskedCharge | LeftCar): void {
    if (kind === 'left') this.#left.set(plate, row as LeftCar);
    else this.#charges.set(plate, row as AskedCharge);
  }

  /** undefined: it was told before, or is older than what is known. */
  asked({ id, plate: told, amount, atMs, wallMs, untilMs, source, lane }: ChargeMessage) {
    const plate = normalPlate(told);
    const before = this.#charges.get(plate);
    const isSame = before?.id === id && before.amount === amount;
    if (before !== undefined && (isSame || before.atMs > atMs)) return undefined;
    const row: AskedCharge = { id, amount, atMs, wallMs, untilMs };
    this.#charges.set(plate, row);
    const said = { plate, at: atMs, wall: wallMs, until: untilMs, source, amount, ...(lane !== undefined && { lane }) };
    const fact: BoxFact = { kind: 'charge', key: id, ...said };
    const change: ParkFactChange = { kind: 'charge', key: plate, atMs, body: JSON.stringify(row) };
    return { fact, change };
  }

  /** It has left, covered or not. undefined: nothing was open for it. */
  left(shown: string, atMs: number, entered: EnteredCar | undefined): ParkFactChange | undefined {
    const plate = normalPlate(shown);
    const isOpen = [entered, this.#charges.get(plate)].some((one) => this.#isOpen(plate, one, atMs));
    if (!isOpen || (this.#left.get(plate)?.atMs ?? Number.NEGATIVE_INFINITY) >= atMs) return undefined;
    const row: LeftCar = { atMs };
    this.#left.set(plate, row);
    return { kind: 'left', key: plate, atMs, body: JSON.stringify(row) };
  }

  /** Of a release that is no unpaid exit, or without a sum: undefined. `wallMs`: of the release. */
  of(release: Release, wallMs: number, { entered, granted, car }: StayFacts): OwedSum | undefined {
    const { plate: read, releaseAtMs: atMs } = release;
    if (read === undefined || release.direction !== 'exit' || !release.passed) return undefined;
    const plate = normalPlate(read.text);
    // Whoever lets it out from afar says nothing of its price.
    const paidMs =
      granted === undefined || granted.kind === 'remoteOpen' || granted.kind === 'relay' || granted.atMs > atMs
        ? Number.NEGATIVE_INFINITY
        : granted.atMs;
    const charge = this.#charges.get(plate);
    if (this.#isOpen(plate, charge, atMs) && charge.untilMs > atMs && paidMs < charge.atMs)
      return { plate: read.text, by: 'told', amount: charge.amount, wallMs: charge.wallMs };
    if (!this.#isOpen(plate, entered, atMs) || paidMs >= entered.atMs) return undefined;
    const hasEnded = car?.endedWallMs !== undefined;
    if (!hasEnded && WITH_PASS.has(car?.carType ?? '')) return undefined;
    const tariff = tariffFor(this.#tariffs, {
      carType: hasEnded ? TEMPORARY : car?.carType,
      carDesc: car?.carDesc,
    });
    const amount = tariff && stayFen(tariff, entered.wallMs, wallMs);
    return amount === undefined ? undefined : { plate: read.text, by: 'tariff', amount, wallMs: entered.wallMs };
  }

  /** Told by then, and its vehicle has not left since. */
  #isOpen<Told extends { readonly atMs: number }>(plate: string, told: Told | undefined, atMs: number): told is Told {
    if (told === undefined || told.atMs > atMs) return false;
    const left = this.#left.get(plate);
    return left === undefined || left.atMs < told.atMs || left.atMs >= atMs;
  }
}
