/** What was told of a vehicle, put together for a record: payment or pass, entry record, known vehicle, in this order. Pure. */

import type { VehicleMessage } from '../../intake/events.ts';
import { CAR_TYPE_OF_KIND } from '../../intake/park/car-types.ts';
import type { Grant, PlateColor } from '../../lane/types.ts';
import type { CarFacts } from '../../store/record-types.ts';

/** The last grant for a plate. Times are lane time. */
export interface GrantedCar {
  readonly grantId: string;
  readonly kind: Grant['kind'];
  readonly atMs: number;
  readonly carType?: string;
  readonly carDesc?: string;
  readonly plateColor?: PlateColor;
  readonly endMs?: number;
  readonly serial?: string;
  readonly operator?: string;
}

export interface EnteredCar {
  readonly id: string;
  readonly atMs: number;
  readonly wallMs: number;
  readonly lane?: string;
  readonly serial?: string;
  readonly carType?: string;
  readonly carDesc?: string;
  readonly plateColor?: PlateColor;
}

/**
 * Told at `toldMs`; undefined: it says nothing of the vehicle. A payment counts from when it was paid; a pass may have been issued long before it is told,
 * and holds from then until it ends.
 */
export function grantedCar(grant: Grant, toldMs: number): GrantedCar | undefined {
  const { kind, plateColor, parkingSerial, operator, expiresAtMs } = grant;
  const atMs = kind === 'paid' ? Math.min(toldMs, grant.issuedAtMs) : toldMs;
  const carType = grant.carType ?? (kind === 'remoteOpen' || kind === 'relay' ? undefined : CAR_TYPE_OF_KIND[kind]);
  return {
    ...{ grantId: grant.id, kind, atMs },
    ...(carType !== undefined && { carType }),
    // Of a command it is the reason.
    ...(grant.carDesc !== undefined && kind !== 'remoteOpen' && { carDesc: grant.carDesc }),
    ...(plateColor !== undefined && { plateColor }),
    ...(expiresAtMs !== undefined && kind !== 'paid' && { endMs: expiresAtMs }),
    ...(parkingSerial !== undefined && { serial: parkingSerial }),
    ...(operator !== undefined && { operator }),
  };
}

type Source = Pick<CarFacts, 'carType' | 'carDesc' | 'plateColor' | 'endedWallMs'>;

export function carFacts(
  plate: string,
  told: { readonly granted?: GrantedCar; readonly entered?: EnteredCar; readonly vehicle?: VehicleMessage },
  moment: { readonly atMs: number; readonly wallMs: number },
): CarFacts | undefined {
  const { granted, entered, vehicle } = told;
  const ended = (endMs: number | undefined) =>
    endMs !== undefined && endMs <= moment.atMs ? { endedWallMs: Math.round(moment.wallMs + endMs - moment.atMs) } : {};
  const payment: Source[] = granted === undefined ? [] : [{ ...granted, ...ended(granted.endMs) }];
  const entry: Source[] = entered === undefined ? [] : [entered];
  const until = vehicle?.untilWallMs;
  const known: Source[] =
    vehicle === undefined
      ? []
      : [
          {
            carType: vehicle.carType,
            ...(vehicle.description !== undefined && { carDesc: vehicle.description }),
            ...(vehicle.plateColor !== undefined && { plateColor: vehicle.plateColor }),
            ...(until !== undefined && until <= moment.wallMs && { endedWallMs: until }),
          },
        ];
  // A payment of an earlier stay says less than the record of this one.
  const isEarlier =
    granted !== undefined && entered !== undefined && granted.kind === 'paid' && granted.atMs < entered.atMs;
  const sources = [...(isEarlier ? [...entry, ...payment] : [...payment, ...entry]), ...known];
  const carType = sources.find((source) => source.carType !== undefined)?.carType;
  const fitting = sources.filter((source) => source.carType === undefined || source.carType === carType);
  const carDesc = fitting.find((source) => source.carDesc !== undefined)?.carDesc;
  const plateColor = sources.find((source) => source.plateColor !== undefined)?.plateColor;
  const endedWallMs = fitting.find((source) => source.endedWallMs !== undefined)?.endedWallMs;
  if (carType === undefined && carDesc === undefined && plateColor === undefined) return undefined;
  return {
    plate,
    ...(carType !== undefined && { carType }),
    ...(carDesc !== undefined && { carDesc }),
    ...(plateColor !== undefined && { plateColor }),
    ...(endedWallMs !== undefined && { endedWallMs }),
  };
}

/** `nowMs`: as of then. */
export const stayOf = ({ serial, wallMs, lane, atMs }: EnteredCar, granted: GrantedCar | undefined, nowMs: number) => ({
  ...(serial !== undefined && { serial }),
  ...(lane !== undefined && { lane }),
  wallMs,
  unpaid: granted === undefined || (granted.atMs < atMs && (granted.endMs ?? granted.atMs) <= nowMs),
});

/** A payment feed that is silent for less is no news, and one for longer is none. */
const QUIET_MS = 10 * 60_000;
const QUIET_LONGEST_MS = 24 * 3_600_000;

/** How long the lane had heard nothing by then, where that says something. */
export function quietFor(heardMs: number | null, atMs: number): number | undefined {
  const quietMs = heardMs === null ? 0 : atMs - heardMs;
  return quietMs >= QUIET_MS && quietMs < QUIET_LONGEST_MS ? Math.round(quietMs) : undefined;
}
