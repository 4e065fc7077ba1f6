/** Which lanes use a point, and as what: looked up once a reading, so that its cost does not grow with the lanes of the box. */
import type { LaneConfig } from '../config/types.ts';
import type { Reading } from '../driver.ts';
import type { Role } from '../lane/types.ts';
import type { Bridge } from './bridge.ts';

interface Route {
  readonly bridge: Pick<Bridge, 'reading' | 'lost'>;
  readonly role: Role;
}

export class PointRoutes {
  /** By device and point. */
  readonly #routes = new Map<string, Map<string, Route[]>>();

  constructor(lanes: readonly Pick<LaneConfig, 'id' | 'points'>[], bridges: ReadonlyMap<string, Route['bridge']>) {
    for (const { id, points } of lanes) {
      const bridge = bridges.get(id);
      if (bridge === undefined) continue;
      for (const [role, { device, point }] of Object.entries(points)) {
        const ofDevice = this.#routes.get(device) ?? new Map<string, Route[]>();
        this.#routes.set(device, ofDevice);
        ofDevice.set(point, [...(ofDevice.get(point) ?? []), { bridge, role: role as Role }]);
      }
    }
  }

  /** A point that no lane uses goes nowhere. */
  reading(deviceId: string, reading: Reading): void {
    const routes = this.#routes.get(deviceId)?.get(reading.point);
    if (routes !== undefined) for (const { bridge, role } of routes) bridge.reading(role, reading);
  }

  /** A device is unreadable: its points are lost at once. */
  lost(deviceId: string): void {
    for (const routes of this.#routes.get(deviceId)?.values() ?? [])
      for (const { bridge, role } of routes) bridge.lost(role);
  }
}
