/** The platform's `car_type` by what a vehicle pays with: 1 temporary, 2 monthly, 3 free, 4 stored value, 0 other. */
import type { Grant, KnownVehicle } from '../../lane/types.ts';

export const CAR_TYPE_OF_KIND: Readonly<
  Record<Exclude<Grant['kind'], 'remoteOpen' | 'relay'> | KnownVehicle['kind'], string>
> = {
  paid: '1',
  monthly: '2',
  season: '2',
  free: '3',
  storedValue: '4',
  other: '0',
};
