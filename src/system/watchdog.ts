/**
 * Whether everything that must go on goes on, and the word to the service manager while it does. A dead device, a pulled cable and a platform
 * that is away are no reason to fall silent; a loop of ours that has stopped is. It knows no wire, no database and no socket.
 */
import type { Clock } from '../clock.ts';
import type { Uploader } from '../cloud/uploader.ts';
import type { CloudConfig, LineConfig } from '../config/types.ts';
import type { LineGauge } from '../line/health.ts';
import type { Store } from '../store/types.ts';

/** One thing that must go on. */
export interface WatchdogTick {
  /** For people: `line rs485-1`, `store`, `uploader`. */
  readonly name: string;
  /** Since its last sign of life. */
  quietMs(): number;
  /** Longer than this it never rests. */
  readonly mostMs: number;
}

/** The longest a line sleeps between two attempts is 6 s, the longest it waits for a connection 5 s. */
const LINE_MOST_MS = 20_000;
/** The thread is asked once a second; an SD card may take a second to answer, and a checkpoint of a full disk several. */
const STORE_MOST_MS = 10_000;
/** It looks every 15 s at least, but a picture of 1 MB on the worst uplink is under way for two minutes beyond the platform's time-out. */
const UPLOADER_MOST_MS = 150_000;
/** The event loop may be this late. */
const LATE_MS = 1_000;
const LOOK_MS = 500;
/** A service manager that does not say how often it wants to hear is not told, but we look all the same. */
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

/** A device that only listens may hear nothing for a night: only those that ask must ask on. */
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
  /** Of what runs now: a new configuration brings new ones. */
  readonly pulses: () => readonly WatchdogTick[];
  /** How long the service manager waits for a word; undefined: it does not. */
  readonly watchdogMs: number | undefined;
  readonly feed: () => void;
  /** Once for each that falls silent or is itself again; `quietMs` undefined: again. */
  readonly told: (name: string, quietMs: number | undefined) => void;
}

/** Feeds three times in each period while all pulses are fresh and the event loop is not late, until `signal` aborts. */
export async function runWatchdog(options: WatchdogOptions, signal: AbortSignal): Promise<void> {
  const { clock } = options;
  const everyMs = options.watchdogMs === undefined ? FEED_MS : options.watchdogMs / 3;
  const silent = new Set<string>();
  let fedMs = clock.nowMs();
  let lateMs = 0;
  while (!signal.aborted) {
    const dueMs = clock.nowMs() + Math.min(LOOK_MS, everyMs);
    await clock.sleep(dueMs - clock.nowMs(), signal);
    if (signal.aborted) return;
    lateMs = Math.max(lateMs, clock.nowMs() - dueMs);
    if (clock.nowMs() - fedMs < everyMs - 1) continue;
    fedMs = clock.nowMs();
    const loop: WatchdogTick = { name: 'event loop', quietMs: () => lateMs, mostMs: LATE_MS };
    const all = [loop, ...options.pulses()];
    if (all.map((pulse) => isFresh(pulse, silent, options.told)).every(Boolean)) options.feed();
    lateMs = 0;
  }
}

function isFresh(pulse: WatchdogTick, silent: Set<string>, told: WatchdogOptions['told']): boolean {
  const quietMs = pulse.quietMs();
  const fresh = quietMs <= pulse.mostMs;
  if (fresh === silent.has(pulse.name)) told(pulse.name, fresh ? undefined : quietMs);
  if (fresh) silent.delete(pulse.name);
  else silent.add(pulse.name);
  return fresh;
}
