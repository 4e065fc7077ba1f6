/** What a visitor of the demonstration's page may do to its lane. The composition fills it in; nothing of it exists in a real box. */

export type DemoVehicle = 'paid' | 'manual' | 'tailgater' | 'trailer' | 'motorcycle';

export interface DemoControls {
  /** Sends a vehicle into the lane; it begins when those before it are through. @returns false when too many wait */
  send(kind: DemoVehicle): boolean;
  /** Names of what can go wrong with devices, camera and platform. */
  readonly faults: readonly string[];
  /** Those that are on now. */
  readonly active: readonly string[];
  /** Lets it go wrong, or puts it right. @returns false when there is no such fault here */
  fault(name: string, on: boolean): boolean;
}
