/**
 * The heartbeat: once a minute what a centre wants to know of a box that has nothing else to say. It gathers what others know and hands it to the
 * destinations of the running app. A disk that refuses costs facts, never the heartbeat.
 */
import { beginOf, dayOf } from '../account/days.ts';
import { blindBetween } from '../account/unseen.ts';
import type { App } from '../app/app.ts';
import { destinationBox } from '../app/destinations.ts';
import type { Clock } from '../clock.ts';
import { type Heartbeat, heartbeatBody } from '../delivery/mqtt/published-messages.ts';
import type { Overview } from '../page/api/api.ts';
import { baseOf } from './config-files.ts';
import type { Host } from './host.ts';

/** While no configuration runs, how often to look for one. */
const LOOK_EVERY_MS = 5_000;
const OBSERVATIONS_MAX = 500;

export interface HeartbeatParts {
  readonly host: Host;
  readonly overview: () => Promise<Omit<Overview, 'config'> | undefined>;
  /** Of the machine. */
  readonly clock: Clock;
  readonly version: string;
}

/** Ends when `signal` aborts. */
export async function beatHeart(parts: HeartbeatParts, signal: AbortSignal): Promise<void> {
  const { host, clock } = parts;
  const sinceMs = clock.nowMs();
  while (!signal.aborted) {
    const { app } = host;
    const beat = app && (await heartbeatOf(app, parts, clock.nowMs() - sinceMs));
    // Another configuration may have come into force meanwhile.
    if (app !== undefined && beat !== undefined && host.app === app) send(app, beat);
    await clock.sleep(app?.config.heartbeatMs ?? LOOK_EVERY_MS, signal);
  }
}

function send({ config, published, destinations }: App, beat: Heartbeat): void {
  published?.heartbeat(beat);
  destinations.tell('heartbeat', heartbeatBody(destinationBox(config), beat));
}

async function heartbeatOf(app: App, { host, overview, version }: HeartbeatParts, upMs: number): Promise<Heartbeat> {
  const { store, clock } = app;
  const wallMs = store.time.wallMsAt(clock.nowMs());
  const [seen, observations, head] = await Promise.all([
    overview().catch(() => undefined),
    store.looks.observations(OBSERVATIONS_MAX).catch(() => undefined),
    store.chain.lastSigned().catch(() => undefined),
  ]);
  const blind = observations && blindBetween(observations, beginOf(dayOf(wallMs)), wallMs);
  return {
    wallMs,
    version,
    config: baseOf(host.inForce?.yaml ?? ''),
    upMs,
    ...(head && { head }),
    ...(seen && { waiting: seen.queue.waiting, oldestForMs: seen.queue.oldestForMs ?? null }),
    ...(blind && { blindMs: blind.reduce((sum, { forMs }) => sum + forMs, 0) }),
    ...(seen && { diskDaysLeft: seen.disk.daysLeft ?? null }),
  };
}
