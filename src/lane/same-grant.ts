/** When two messages tell of one grant. */
import type { Grant } from './types.ts';

/** Ends that differ by less are one: each telling is converted from wall time anew. */
const END_TOLERANCE_MS = 2_000;

/** Same content; when and by whom it was told does not matter. */
export function sameGrant(one: Grant, other: Grant): boolean {
  const endsAlike =
    one.expiresAtMs === undefined || other.expiresAtMs === undefined
      ? one.expiresAtMs === other.expiresAtMs
      : Math.abs(one.expiresAtMs - other.expiresAtMs) < END_TOLERANCE_MS;
  return (
    endsAlike &&
    one.id === other.id &&
    one.scope === other.scope &&
    one.plate === other.plate &&
    one.plateColor === other.plateColor &&
    one.count === other.count &&
    one.kind === other.kind &&
    one.parkingSerial === other.parkingSerial &&
    one.carDesc === other.carDesc &&
    one.operator === other.operator
  );
}
