/**
 * Watches that everything which must go on does, and feeds the service manager's watchdog while it does. A dead device, a pulled cable
 * and an unreachable platform are no reason to stop; a stopped loop of ours is. It knows no wire, no database and no socket.
 */
import type { Clock } from '../../clock.ts';
import type { CloudConfig, LineConfig } from '../../config/types.ts';
import type { Uploader } from '../../delivery/upload/uploader.ts';
import type { LineGauge } from '../../line/health.ts';
import type { Store } from '../../store/types.ts';

/** One loop that must go on. */
export interface WatchdogTick {
  /** For people: `line rs485-1`, `store`, `uploader`. */
  readonly name: string;
  /** Time since its last sign of life. */
  quietMs(): number;
  /** Its longest legitimate pause. */
  readonly mostMs: number;
}

/** A line sleeps at most 6 s between two attempts and waits at most 5 s for a connection. */
const LINE_MOST_MS = 20_000;
/** The thread is polled once a second; an SD card may take a second to answer, and a checkpoint of a full disk several. */
const STORE_MOST_MS = 10_000;
/** It wakes every 15 s at least, but a picture of 1 MB on the worst uplink takes two minutes beyond the platform's time-out. */
const UPLOADER_MOST_MS = 150_000;
/** Tolerated lag of the event loop at a look. A box that is short of processor has one now and then; a stuck one has nothing else. */
const LATE_MS = 1_000;
const LOOK_MS = 500;
/** Interval of the checks without a watchdog of the service manager. */
const FEED_MS = 10_000;

export function pulsesOf(of: {
  readonly clock: Clock;
  readonly lines: readonly LineConfig[];
  readonly cloud: Pick<CloudConfig, 'timeoutMs'>;
  readonly gauges: ReadonlyMap<string, LineGauge>;
  readonly store: Pick<Store, 'status'>;
  readonly uploader: Pick<Uploader, 'status'>;
}): readonly WatchdogTick[] {
  const { clock, store, uploader } = of;
  return [
    ...of.lines.map((line) => linePulse(line, of.gauges)),
    {
      name: 'store',
      quietMs: () => clock.nowMs() - store.status().answeredAtMs,
      mostMs: STORE_MOST_MS,
    },
    {
      name: 'uploader',
      quietMs: () => clock.nowMs() - uploader.status().lookedAtMs,
      mostMs: of.cloud.timeoutMs + UPLOADER_MOST_MS,
    },
  ];
}

/** A listening device may receive nothing for a night: only polling must go on. */
function linePulse({ id, listenOnly, devices }: LineConfig, gauges: ReadonlyMap<string, LineGauge>): WatchdogTick {
  const uses = devices.map((device) => ({ id: device.id, use: device.kind.wireUse?.(device.config) }));
  const asking = listenOnly ? [] : uses.filter(({ use }) => use !== undefined && use.turns.length > 0);
  const everyMs = Math.max(0, ...asking.map(({ use }) => use?.everyMs ?? 0));
  const ids = new Set(asking.map((device) => device.id));
  return {
    name: `line ${id}`,
    quietMs: () => gauges.get(id)?.quietMs(ids) ?? 0,
    mostMs: LINE_MOST_MS + 2 * everyMs,
  };
}

export interface WatchdogOptions {
  readonly clock: Clock;
  /** Of the running app: a new configuration brings new ones. */
  readonly pulses: () => readonly WatchdogTick[];
  /** The service manager's watchdog time; undefined: none. */
  readonly watchdogMs: number | undefined;
  readonly feed: () => void;
  /** Called when one falls silent and when it recovers; then `quietMs` is undefined. */
  readonly onChange: (name: string, quietMs: number | undefined) => void;
}

/**
 * Feeds three times in each period, until `signal` aborts, while all ticks are fresh and the event loop is not late: neither now nor in most
 * looks of the last third of a period. What is not fed now is tried again at the next look.
 */
export async function runWatchdog(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  const everyMs = options.watchdogMs === undefined ? FEED_MS : options.watchdogMs / 3;
  const lookMs = Math.min(LOOK_MS, everyMs);
  const looksMax = Math.max(1, Math.round(everyMs / lookMs));
  const silent = new Set<string>();
  const lags: number[] = [];
  let fedMs = clock.nowMs();
  while (!signal.aborted) {
    const dueMs = clock.nowMs() + lookMs;
    await clock.sleep(lookMs, signal);
    if (signal.aborted) return;
    lags.push(clock.nowMs() - dueMs);
    if (lags.length > looksMax) lags.shift();
    if (clock.nowMs() - fedMs < everyMs - 1) continue;
    const loop: WatchdogTick = { name: 'event loop', quietMs: () => lagOf(lags), mostMs: LATE_MS };
    const all = [loop, ...options.pulses()];
    if (!all.map((pulse) => isAlive(pulse, silent, options.onChange)).every(Boolean)) continue;
    fedMs = clock.nowMs();
    options.feed();
  }
}

/** The last one, or that of most looks. */
function lagOf(lags: readonly number[]): number {
  const inOrder = lags.toSorted((a, b) => a - b);
  return Math.max(lags.at(-1) ?? 0, inOrder[Math.floor((inOrder.length - 1) / 2)] ?? 0);
}

function isAlive(pulse: WatchdogTick, silent: Set<string>, onChange: WatchdogOptions['onChange']): boolean {
  const quietMs = pulse.quietMs();
  const fresh = quietMs <= pulse.mostMs;
  if (fresh === silent.has(pulse.name)) onChange(pulse.name, fresh ? undefined : quietMs);
  if (fresh) silent.delete(pulse.name);
  else silent.add(pulse.name);
  return fresh;
}
