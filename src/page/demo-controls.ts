/** Controls of the demonstration's lane for its visitors. A real box has none. */

export type DemoVehicle = 'paid' | 'manual' | 'tailgater' | 'trailer' | 'motorcycle';

export interface DemoControls {
  /** Sends a vehicle into the lane; it starts after those before it. @returns false when too many wait */
  send(kind: DemoVehicle): boolean;
  /** Names of faults of devices, camera and platform. */
  readonly faults: readonly string[];
  /** Faults that are on. */
  readonly active: readonly string[];
  /** Switches a fault. @returns false when there is no such fault */
  fault(name: string, on: boolean): boolean;
}
