/** The list of known vehicles, searched by a plate as read. It knows no lane. */
import type { KnownVehicleConfig } from '../config/types.ts';
import { confusableKey, normalPlate } from '../lane/plates.ts';
import type { KnownVehicle } from '../lane/types.ts';

/** `wallMs`: now. */
export type FindKnownVehicle = (plate: string, wallMs: number) => KnownVehicle | undefined;

/** An exact match, else the only plate that differs just in characters cameras confuse. */
export function findKnownVehicle(list: readonly KnownVehicleConfig[]): FindKnownVehicle | undefined {
  if (list.length === 0) return undefined;
  const byKey = new Map<string, readonly KnownVehicleConfig[]>();
  for (const vehicle of list) {
    const key = confusableKey(vehicle.plate);
    byKey.set(key, [...(byKey.get(key) ?? []), vehicle]);
  }
  return (read, wallMs) => {
    const valid = (byKey.get(confusableKey(read)) ?? []).filter((one) => isValid(one, wallMs));
    const plate = normalPlate(read);
    const exact = valid.find((one) => normalPlate(one.plate) === plate);
    const isOnly = new Set(valid.map((one) => normalPlate(one.plate))).size === 1;
    return known(exact ?? (isOnly ? valid[0] : undefined));
  };
}

const isValid = ({ fromWallMs, untilWallMs }: KnownVehicleConfig, wallMs: number): boolean =>
  (fromWallMs ?? Number.NEGATIVE_INFINITY) <= wallMs && wallMs < (untilWallMs ?? Number.POSITIVE_INFINITY);

function known(vehicle: KnownVehicleConfig | undefined): KnownVehicle | undefined {
  if (vehicle === undefined) return undefined;
  const { kind, description } = vehicle;
  return { kind, ...(description !== undefined && { carDesc: description }) };
}
