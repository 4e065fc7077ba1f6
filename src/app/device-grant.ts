/** A payment that a device told, as a grant for a lane. It knows no lane and no device; whom it reaches is for app.ts. */
import type { DriverGrant } from '../driver.ts';
import { understandPlate } from '../intake/plate.ts';
import type { Grant } from '../lane/types.ts';

/**
 * undefined: it can be used by nobody, for it names neither a plate nor (through its device) a lane, or what it names is no plate. `issuedAtMs`: lane time.
 * Told again with the device's own number it is the same grant; without one, each is its own.
 */
export function grantFromDevice(deviceId: string, told: DriverGrant, issuedAtMs: number): Grant | undefined {
  const understood = told.plate === undefined ? undefined : understandPlate(told.plate);
  // A payment whose plate is garbled is not one for whoever comes next.
  if (understood?.kind === 'text') return undefined;
  const plate = understood?.kind === 'plate' ? understood.plate : undefined;
  if (told.laneId === undefined && plate === undefined) return undefined;
  return {
    id: `${deviceId}:${told.id ?? `at-${issuedAtMs}`}`,
    scope: told.laneId === undefined ? 'park' : 'lane',
    kind: told.kind,
    count: 1,
    issuedAtMs,
    source: deviceId,
    ...(plate && { plate: plate.text }),
    ...(plate?.color && { plateColor: plate.color }),
  };
}
