/** The points of a configuration with their current state and last changes: bounded, in memory only. */
import type { App } from '../app/app.ts';
import type { FieldReading, PointNow } from '../app/field-monitor.ts';
import type { SignalReading, SignalsView } from '../page/api/api.ts';

/** Of one point. */
const EDGES_MAX = 200;
/** Points kept at all; a camera with random input names must not fill the memory. */
const POINTS_MAX = 500;

type Edge = SignalsView['points'][number]['edges'][number];

export class SignalHistories {
  readonly #edges = new Map<string, Edge[]>();
  readonly #wallMsAt: (nowMs: number) => number;

  constructor(wallMsAt: (nowMs: number) => number) {
    this.#wallMsAt = wallMsAt;
  }

  /** The reading for the page when it changes something; undefined for a repeated level. */
  reading({ deviceId, reading }: FieldReading): SignalReading | undefined {
    const key = `${deviceId}.${reading.point}`;
    const edges = this.#edges.get(key) ?? [];
    const value = reading.kind === 'level' ? Number(reading.value) : reading.count;
    if (reading.kind === 'level' && edges.at(-1)?.value === value) return undefined;
    const atWallMs = Math.round(this.#wallMsAt(reading.atMs));
    if (this.#edges.has(key) || this.#edges.size < POINTS_MAX) this.#edges.set(key, edges);
    edges.push({ atWallMs, value });
    if (edges.length > EDGES_MAX) edges.shift();
    return {
      device: deviceId,
      point: reading.point,
      kind: reading.kind,
      value,
      atWallMs,
      uncertaintyMs: Math.ceil(reading.uncertaintyMs),
    };
  }

  view({ config, watch }: Pick<App, 'config' | 'watch'>): SignalsView {
    const now = watch.now();
    const devices = [...config.lines.flatMap((line) => line.devices), ...config.gpio];
    const named = devices.flatMap(({ id, points }) => points.map((point) => ({ device: id, point })));
    const known = new Set(named.map(({ device, point }) => `${device}.${point}`));
    const others = [...now.values()]
      .filter(({ deviceId, point }) => !known.has(`${deviceId}.${point}`))
      .map(({ deviceId, point }) => ({ device: deviceId, point }));
    return {
      points: [...named, ...others].map((each) => this.#point(each, config, now)),
      lines: config.lines.map(({ id, port, devices: on }) => ({
        ...{ id, port },
        devices: on.map(({ id: device, kind, config: { unit }, profileName }) => ({
          ...{ id: device, kind: kind.kind },
          ...(profileName !== undefined && { profile: profileName }),
          ...(unit !== undefined && { unit }),
        })),
      })),
    };
  }

  #point(
    { device, point }: { readonly device: string; readonly point: string },
    { lanes }: App['config'],
    now: ReadonlyMap<string, PointNow>,
  ): SignalsView['points'][number] {
    const key = `${device}.${point}`;
    const value = now.get(key)?.value;
    const uses = lanes.flatMap((lane) =>
      Object.entries(lane.points)
        .filter(([, used]) => used.device === device && used.point === point)
        .map(([role, { activeLow }]) => ({ lane: lane.id, role, activeLow })),
    );
    return {
      device,
      point,
      uses,
      value: value === undefined ? null : Number(value),
      edges: this.#edges.get(key) ?? [],
    };
  }
}
