/**
 * What the live events carry: the overview as the clients have it, and of each next one only the members that differ. Times that merely went
 * on are no difference. Knows no client.
 */
import type { DeviceLive, LaneLive, Overview, QueueBrief, ReleaseListRow } from './api/api.ts';
import type { LiveEvent, PassedOn } from './api/api-live.ts';

/** A time that differs from the expected one by less is shown right by every client. */
const TIME_MS = 1_000;
/** Figures of a wire that vary all the time: a tenth more or less is no news. */
const VARYING: ReadonlySet<string> = new Set(['roundMs', 'turnaroundMs', 'wireShare']);
const VARYING_SHARE = 0.1;
/** Releases whose rows clients have got whole; of others they get one whole again. */
const ROWS_MAX = 100;

/** What the box has to say, whole. */
export type LiveSource =
  | { readonly event: 'overview'; readonly data: Overview }
  | { readonly event: 'lane'; readonly data: LaneLive }
  | { readonly event: 'device'; readonly data: DeviceLive }
  | { readonly event: 'queue'; readonly data: QueueBrief }
  | { readonly event: 'release'; readonly data: ReleaseListRow }
  | PassedOn;

type Members = Readonly<Record<string, unknown>>;

interface Sent<T> {
  readonly value: T;
  readonly atMs: number;
}

export class LiveChanges {
  readonly #nowMs: () => number;
  #rest: Sent<Omit<Overview, 'lanes' | 'devices' | 'queue'>> | undefined;
  #lanes = new Map<string, Sent<LaneLive>>();
  #devices = new Map<string, Sent<DeviceLive>>();
  #queue: Sent<QueueBrief> | undefined;
  readonly #rows = new Map<number, ReleaseListRow>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** What is to be sent of an event, to clients that have got everything before. */
  of(published: LiveSource): readonly LiveEvent[] {
    switch (published.event) {
      case 'overview':
        return this.#overview(published.data);
      case 'lane':
        return this.#member(this.#lanes, 'lane', published.data);
      case 'device':
        return this.#member(this.#devices, 'device', published.data);
      case 'queue':
        return this.#queueOf(published.data);
      case 'release':
        return this.#release(published.data);
      default:
        return [published];
    }
  }

  #overview(overview: Overview): readonly LiveEvent[] {
    const { lanes, devices, queue, ...rest } = overview;
    const isOther =
      this.#rest === undefined || !hasIds(this.#lanes, lanes) || !hasIds(this.#devices, devices) || !this.#queue;
    const before = this.#rest;
    if (isOther || before === undefined) {
      const atMs = this.#nowMs();
      this.#rest = { value: rest, atMs };
      this.#lanes = new Map(lanes.map((value) => [value.id, { value, atMs }]));
      this.#devices = new Map(devices.map((value) => [value.id, { value, atMs }]));
      this.#queue = { value: queue, atMs };
      return [{ event: 'overview', data: overview }];
    }
    const changed = this.#changed(before, rest);
    if (changed !== undefined) this.#rest = { value: rest, atMs: this.#nowMs() };
    return [
      ...(changed === undefined ? [] : [{ event: 'status', data: changed } as const]),
      ...lanes.flatMap((lane) => this.#member(this.#lanes, 'lane', lane)),
      ...devices.flatMap((device) => this.#member(this.#devices, 'device', device)),
      ...this.#queueOf(queue),
    ];
  }

  #member<K extends 'lane' | 'device', T extends { readonly id: string }>(
    kept: Map<string, Sent<T>>,
    event: K,
    value: T,
  ): readonly LiveEvent[] {
    const before = kept.get(value.id);
    // Not of the overview that the clients have: it comes with the next one.
    if (before === undefined) return [];
    const changed = this.#changed(before, value);
    if (changed === undefined) return [];
    kept.set(value.id, { value, atMs: this.#nowMs() });
    return [{ event, data: { id: value.id, ...changed } } as LiveEvent];
  }

  #queueOf(value: QueueBrief): readonly LiveEvent[] {
    if (this.#queue === undefined) return [];
    const changed = this.#changed(this.#queue, value);
    if (changed === undefined) return [];
    this.#queue = { value, atMs: this.#nowMs() };
    return [{ event: 'queue', data: changed }];
  }

  /** Also the last one of its lane, which clients take from this event. */
  #release(row: ReleaseListRow): readonly LiveEvent[] {
    const before = this.#rows.get(row.id);
    this.#rows.delete(row.id);
    this.#rows.set(row.id, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > ROWS_MAX && oldest !== undefined) this.#rows.delete(oldest);
    const lane = this.#lanes.get(row.laneId);
    if (lane !== undefined && row.id >= (lane.value.lastRelease?.id ?? 0))
      this.#lanes.set(row.laneId, { ...lane, value: { ...lane.value, lastRelease: row } });
    const changed = before === undefined ? row : differing(before, row, 0);
    if (Object.keys(changed).length === 0) return [];
    return [{ event: 'release', data: { ...changed, id: row.id, laneId: row.laneId } }];
  }

  /** The members that differ, and all times beside them: those of a client count from the last event. undefined: nothing does. */
  #changed<T extends object>({ value, atMs }: Sent<T>, next: T): Members | undefined {
    const changed = differing(value, next, this.#nowMs() - atMs);
    if (Object.keys(changed).length === 0) return undefined;
    const times = Object.entries(next).filter(([name]) => wayOf(name) !== 0);
    return { ...Object.fromEntries(times), ...changed };
  }
}

function hasIds(kept: ReadonlyMap<string, unknown>, members: readonly { readonly id: string }[]): boolean {
  return kept.size === members.length && members.every(({ id }) => kept.has(id));
}

/** Members of `next` that are not as in `before`; null: gone. */
function differing(before: object, next: object, elapsedMs: number): Members {
  const [old, now] = [before as Members, next as Members];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const changed = [...names].filter((name) => !isSame(old[name], now[name], elapsedMs, name));
  return Object.fromEntries(changed.map((name) => [name, now[name] ?? null]));
}

/** Which way a time goes by itself: up, down, or not at all, as a moment does. */
function wayOf(path: string): number {
  if (path === 'atWallMs' || path === 'clock.wallMs' || /(For|Ago|\.ago)Ms$/.test(path)) return 1;
  return /InMs$/.test(path) ? -1 : 0;
}

function isSame(a: unknown, b: unknown, elapsedMs: number, path: string): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    const way = wayOf(path);
    if (way !== 0) return Math.abs(b - Math.max(0, a + way * elapsedMs)) < TIME_MS;
    return a === b || (VARYING.has(path) && Math.abs(a - b) < VARYING_SHARE * Math.abs(a));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame((a as Members)[name], (b as Members)[name], elapsedMs, `${path}.${name}`));
}
