/**
 * Live view of the field for the page: readings of every device, bytes of a wire, and the lease of a wire for a scan. It outlives a
 * configuration, so a subscriber need not know when one ends. A part of the composition root; it decides nothing.
 */
import type { Clock, Reading } from '../driver.ts';
import { createLease, type Lease } from '../line/lease.ts';
import type { WireListener } from '../line/wire-monitor.ts';

export interface FieldReading {
  readonly deviceId: string;
  readonly reading: Reading;
}

export interface FieldListener {
  /** Every reading. */
  reading?(reading: FieldReading): void;
  /** Readings that are news: another level, the first one, pulses. A fraction of a percent of all. */
  changed?(reading: FieldReading): void;
  /** The device's points are unknown until their next reading. */
  lost?(deviceId: string): void;
}

/** The last reading of one point. */
export interface PointNow {
  readonly deviceId: string;
  readonly point: string;
  /** Of a level; undefined: only pulses so far. */
  readonly value?: boolean;
  readonly atMs: number;
}

export interface FieldWatch {
  /** Called by the field. */
  reading(deviceId: string, reading: Reading): void;
  lost(deviceId: string): void;
  wireListener(lineId: string): WireListener | undefined;
  /** `port` as the configuration writes it. */
  lease(port: string): Lease;

  /** Every reading from now on; the result unsubscribes. An exception of a listener is the listener's own. */
  watch(listener: FieldListener): () => void;
  /** The bytes of a line from now on; the result unsubscribes. */
  watchWire(lineId: string, listener: WireListener): () => void;
  /** The last reading of every known point at this moment, by `device.point`. */
  now(): ReadonlyMap<string, PointNow>;
  /** At least one point is known. */
  hasRead(): boolean;
}

export function createFieldWatch(clock: Clock): FieldWatch {
  const listeners = new Set<FieldListener>();
  const wires = new Map<string, Set<WireListener>>();
  const fanOut = new Map<string, WireListener>();
  const leases = new Map<string, Lease>();
  /** By device and point. */
  const devices = new Map<string, Map<string, { value?: boolean; atMs: number }>>();
  /** Notes a reading, and whether it is news. Most are none and cost no memory: this runs for every point of every poll. */
  function note(deviceId: string, reading: Reading): boolean {
    const points = devices.get(deviceId) ?? new Map<string, { value?: boolean; atMs: number }>();
    if (points.size === 0) devices.set(deviceId, points);
    const known = points.get(reading.point);
    if (reading.kind === 'pulses') {
      if (known === undefined) points.set(reading.point, { atMs: reading.atMs });
      return known === undefined || reading.count > 0;
    }
    if (known === undefined) points.set(reading.point, { value: reading.value, atMs: reading.atMs });
    else {
      known.atMs = reading.atMs;
      if (known.value === reading.value) return false;
      known.value = reading.value;
    }
    return true;
  }
  return {
    reading(deviceId, reading) {
      const isNew = note(deviceId, reading);
      for (const listener of listeners) {
        if (isNew) listener.changed?.({ deviceId, reading });
        listener.reading?.({ deviceId, reading });
      }
    },
    lost(deviceId) {
      devices.delete(deviceId);
      for (const listener of listeners) listener.lost?.(deviceId);
    },
    wireListener: (lineId) => fanOut.get(lineId),
    lease(port) {
      const lease = leases.get(port) ?? createLease(clock);
      leases.set(port, lease);
      return lease;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchWire(lineId, listener) {
      const each = wires.get(lineId) ?? new Set();
      wires.set(lineId, each.add(listener));
      fanOut.set(lineId, (direction, bytes) => {
        for (const one of each) one(direction, bytes);
      });
      return () => {
        each.delete(listener);
        if (each.size === 0) fanOut.delete(lineId);
      };
    },
    now: () =>
      new Map(
        [...devices].flatMap(([deviceId, points]) =>
          [...points].map(([point, known]) => [`${deviceId}.${point}`, { deviceId, point, ...known }] as const),
        ),
      ),
    hasRead: () => [...devices.values()].some(({ size }) => size > 0),
  };
}
