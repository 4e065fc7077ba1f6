/** The known vehicles, of the configuration and told by the management system, searched by a plate as read. It knows no lane. */
import type { KnownVehicleConfig } from '../../config/types.ts';
import type { VehicleMessage } from '../../intake/events.ts';
import { CAR_TYPE_OF_KIND } from '../../intake/park/car-types.ts';
import { confusableKey, confusedPlate, normalPlate } from '../../lane/plates.ts';
import type { KnownVehicle } from '../../lane/types.ts';
import { PARK_FACTS_MOST, type ParkFactChange } from '../../store/park-facts/park-facts.ts';
import { PlateTable } from './plate-table.ts';

type VehicleRow = Omit<VehicleMessage, 'removed'> & { readonly told?: true };

export interface VehicleImport {
  readonly taken: number;
  readonly removed: number;
}

export class KnownVehicles {
  /** By the key of plates that cameras take for one another. */
  readonly #groups = new PlateTable<readonly VehicleRow[]>(PARK_FACTS_MOST.vehicle + 5_000);
  #told = 0;

  constructor(list: readonly KnownVehicleConfig[]) {
    for (const vehicle of list) {
      const key = confusableKey(vehicle.plate);
      const row = { ...vehicle, carType: CAR_TYPE_OF_KIND[vehicle.kind] };
      this.#groups.set(key, [...(this.#groups.get(key) ?? []), row]);
    }
  }

  /** Of those told. */
  get count(): number {
    return this.#told;
  }

  /** The plates of those told. */
  *plates(): Generator<string> {
    for (const rows of this.#groups.values()) for (const { told, plate } of rows) if (told) yield plate;
  }

  /** `removed`: it is no longer known, but for what the configuration says of it. */
  set({ removed, ...vehicle }: VehicleMessage): void {
    const key = confusableKey(vehicle.plate);
    const plate = normalPlate(vehicle.plate);
    const group = this.#groups.get(key) ?? [];
    const others = group.filter((row) => !(row.told && normalPlate(row.plate) === plate));
    const rows = removed ? others : [...others, { ...vehicle, told: true as const }];
    this.#told += rows.length - group.length;
    this.#groups.set(key, rows.length === 0 ? undefined : rows);
  }

  /** Valid at some moment of these: an exact match, else the only plate that differs just in characters cameras confuse. */
  find(read: string, earliestMs: number, latestMs: number): KnownVehicle | undefined {
    const plate = normalPlate(read);
    const valid = (this.#groups.get(confusableKey(read)) ?? []).filter(
      (one) => isValid(one, earliestMs, latestMs) && confusedPlate(normalPlate(one.plate), plate),
    );
    const exact = valid.findLast((one) => normalPlate(one.plate) === plate);
    const isOnly = new Set(valid.map((one) => normalPlate(one.plate))).size === 1;
    return known(exact ?? (isOnly ? valid.at(-1) : undefined));
  }

  /** Of exactly this plate: the valid one, else that which ended last. */
  exact(read: string, wallMs: number): VehicleRow | undefined {
    const plate = normalPlate(read);
    const rows = (this.#groups.get(confusableKey(read)) ?? []).filter((one) => normalPlate(one.plate) === plate);
    const ended = rows
      .filter(({ untilWallMs }) => untilWallMs !== undefined && untilWallMs <= wallMs)
      .sort((a, b) => (a.untilWallMs ?? 0) - (b.untilWallMs ?? 0));
    return rows.findLast((one) => isValid(one, wallMs)) ?? ended.at(-1);
  }
}

const isValid = ({ fromWallMs, untilWallMs }: VehicleRow, earliestMs: number, latestMs = earliestMs): boolean =>
  (fromWallMs ?? Number.NEGATIVE_INFINITY) <= latestMs && earliestMs < (untilWallMs ?? Number.POSITIVE_INFINITY);

function known(vehicle: VehicleRow | undefined): KnownVehicle | undefined {
  if (vehicle === undefined) return undefined;
  const { kind, description } = vehicle;
  return { kind, ...(description !== undefined && { carDesc: description }) };
}

/** As the store keeps them. */
export const vehicleChanges = (rows: readonly VehicleMessage[], atMs: number): readonly ParkFactChange[] =>
  rows.map(({ removed, ...row }) => ({
    ...{ kind: 'vehicle', key: normalPlate(row.plate), atMs },
    ...(!removed && { body: JSON.stringify(row) }),
  }));
