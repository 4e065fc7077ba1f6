/** A payment reported by a device, as a grant for a lane. It knows no lane and no device; app.ts routes it. */
import type { DriverGrant } from '../driver.ts';
import { understandMessagePlate } from '../intake/plate-normalization.ts';
import type { Grant } from '../lane/types.ts';

/**
 * undefined: unusable, because it names neither a plate nor (through its device) a lane, or its plate is unreadable. `issuedAtMs`: lane
 * time. A repetition with the same device number is the same grant; without a number, each is new.
 */
export function grantFromDevice(deviceId: string, payment: DriverGrant, issuedAtMs: number): Grant | undefined {
  const understood = payment.plate === undefined ? undefined : understandMessagePlate(payment.plate);
  // A payment with a garbled plate must not let the next vehicle pass.
  if (understood?.kind === 'text') return undefined;
  const plate = understood?.kind === 'plate' ? understood.plate : undefined;
  if (payment.laneId === undefined && plate === undefined) return undefined;
  return {
    id: `${deviceId}:${payment.id ?? `at-${issuedAtMs}`}`,
    scope: payment.laneId === undefined ? 'park' : 'lane',
    kind: payment.kind,
    count: 1,
    issuedAtMs,
    source: deviceId,
    ...(plate && { plate: plate.text }),
    ...(plate?.color && { plateColor: plate.color }),
  };
}
