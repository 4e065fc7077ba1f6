/**
 * Runs a scenario through the whole program: simulated boards, the drivers, the engine, the store, the signed upload to a simulated
 * platform. What came of it has the form of a run in virtual time, so that the same comparison judges both.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import { type App, startApp } from '../../app/app.ts';
import type { AppEvent } from '../../app/events.ts';
import { programVersion } from '../../cli/version.ts';
import { type PacedClock, pacedClock } from '../../clock.ts';
import { loadConfig } from '../../config/file.ts';
import { isUndecided } from '../../lane/lane.ts';
import { foldJournal } from '../../lane/lane-runner.ts';
import type { LaneEvent } from '../../lane/types.ts';
import { createLog } from '../../log.ts';
import { scenarioText } from '../../text/commands/scenario.ts';
import type { Language, Text } from '../../text/text.ts';
import { type Scenario, THIS_LANE } from './scenario-file.ts';
import { type ScenarioPark, startScenarioPark } from './scenario-park.ts';
import { outcomeOf, type ScenarioOutcome, START_MS } from './scenario-run.ts';

/** After the last moment every verdict has had its time; grants that nobody used have theirs when somebody counts them. */
const AFTERWARDS_MS = 5_000;
/** Under half a poll: a busy machine slows the story down and blurs no edge. */
const LONGEST_STEP_MS = 10;
const DELIVERED_WITHIN_MS = 20_000;

/** What the platform got for a release. */
export interface Delivered {
  readonly fields: Readonly<Record<string, string>>;
  readonly hasPicture: boolean;
}

export interface HardwareOutcome extends ScenarioOutcome {
  /** By the id of the release. */
  readonly delivered: ReadonlyMap<string, Delivered>;
  /** Wall time that belongs to START_MS. */
  readonly startWallMs: number;
  /** What went wrong beside the verdicts: refused records, records of nothing. */
  readonly problems: readonly Text[];
}

/** Why a story cannot be told by wires and messages; undefined when it can. */
export function notForHardware({ timeline, sending, virtualOnly }: Scenario): Text | undefined {
  if (virtualOnly !== undefined) return { zh: virtualOnly, en: virtualOnly };
  if (sending === 'never') return scenarioText.notForHardware.sending;
  for (const { mode, revoke, restart, grant } of timeline) {
    if (mode !== undefined && (mode.name !== 'keepOpen' || mode.until !== undefined))
      return scenarioText.notForHardware.mode;
    if (revoke !== undefined) return scenarioText.notForHardware.revoke;
    if (restart?.powerCut) return scenarioText.notForHardware.powerCut;
    if (grant?.kind === 'relay') return scenarioText.notForHardware.relay;
  }
  return undefined;
}

/** Plays the story at `speed` times real time. Throws when the program breaks. */
export async function runThroughHardware(
  scenario: Scenario,
  options: { readonly speed: number; readonly language: Language; readonly signal: AbortSignal },
): Promise<HardwareOutcome> {
  const clock = pacedClock(options.speed, LONGEST_STEP_MS);
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-scenario-'));
  const park = await startScenarioPark(scenario, clock, folder);
  try {
    // A signal of its own: many stories at once would be many listeners on one.
    return await play(scenario, park, clock, { ...options, signal: AbortSignal.any([options.signal]) });
  } finally {
    await park.close();
    clock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(
  scenario: Scenario,
  park: ScenarioPark,
  clock: PacedClock,
  { speed, language, signal }: { readonly speed: number; readonly language: Language; readonly signal: AbortSignal },
): Promise<HardwareOutcome> {
  const config = loadConfig(park.configFile, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
  const seen = watcher();
  const log = createLog({ language, level: 'error', wallMs: () => clock.wallMs(), write: () => {}, journald: false });
  const begin = (): Promise<App> =>
    startApp(config, {
      ...{ clock, on: seen.on, log, version: programVersion(), binding: park.binding, wallClock: 'trusted' as const },
    });
  let app = await begin();
  const until = (atMs: number): Promise<unknown> =>
    Promise.race([clock.sleep(atMs - clock.nowMs(), signal), app.failed]);
  try {
    // At the start of a story the box has listened for long: a feed that was never heard would be down.
    await park.system.keepAlive(THIS_LANE);
    const world = park.world.run(signal);
    const startMs = park.world.startedAtMs ?? clock.nowMs();
    const startWallMs = clock.wallMs() + startMs - clock.nowMs();
    tellFeeds(app, true);
    for (const { atMs, restart, feed } of scenario.timeline) {
      if (feed !== undefined) {
        await until(startMs + atMs);
        tellFeeds(app, feed);
      }
      if (restart === undefined) continue;
      await until(startMs + atMs - restart.blindMs);
      // The program starts as fast as it does, whatever the speed of the story.
      clock.pace(1);
      await app.stop();
      await clock.sleep(startMs + atMs - clock.nowMs(), signal);
      app = await begin();
      clock.pace(speed);
    }
    await world;
    await until(startMs + endMs(scenario));
    await decided(app, scenario, clock, signal);
    await delivered(app, clock, signal);
    return outcome(scenario, park, seen, startMs + app.store.boot.laneOffsetMs, startWallMs);
  } finally {
    await app.stop();
  }
}

function endMs({ timeline, settings, summary }: Scenario): number {
  const waits = settings.settleMs + settings.manualMaxWaitMs + settings.transitMs;
  const unused = summary.grantsUnused === undefined ? 0 : settings.laneGrantTtlMs;
  return (timeline.at(-1)?.atMs ?? 0) + waits + unused + AFTERWARDS_MS;
}

/** At the start every intake channel is alive; what becomes of it is told by the story, not by a connection. */
function tellFeeds(app: App, alive: boolean): void {
  for (const bridge of app.bridges.values()) {
    const known = bridge.state.lane.kept.feeds.map(({ intake }) => intake);
    const state = alive ? 'heard' : 'down';
    for (const intake of known.length === 0 ? ['scenario'] : known)
      bridge.feed({ kind: 'feed', intake, state, atMs: bridge.nowMs() });
  }
}

/** Some verdicts wait for what does not happen: a message, a plate, a vehicle that comes back. */
async function decided(app: App, { settings }: Scenario, clock: PacedClock, signal: AbortSignal): Promise<void> {
  const longMs = settings.fakeExitWaitMs + settings.systemOpenWaitMs + settings.chainWaitMs + settings.laneGrantTtlMs;
  const limitMs = clock.nowMs() + longMs;
  const waits = (): boolean => [...app.bridges.values()].some((bridge) => isUndecided(bridge.state));
  while (waits() && clock.nowMs() < limitMs && !signal.aborted) await clock.sleep(250, signal);
}

async function delivered(app: App, clock: PacedClock, signal: AbortSignal): Promise<void> {
  const limitMs = clock.nowMs() + DELIVERED_WITHIN_MS;
  while (clock.nowMs() < limitMs && !signal.aborted) {
    if ((await app.store.outbox.counts()).waiting === 0) return;
    await clock.sleep(250, signal);
  }
}

interface Seen {
  readonly events: LaneEvent[];
  /** Release id, without the engine's generation, by the serial of its record. */
  readonly serials: Map<string, string>;
  readonly on: (event: AppEvent) => void;
}

function watcher(): Seen {
  const events: LaneEvent[] = [];
  const serials = new Map<string, string>();
  return {
    events,
    serials,
    on: (event) => {
      if (event.kind === 'event') events.push(event.event);
      if (event.kind === 'receipt' && event.receipt.kind === 'accepted') {
        const { id } = event.record.release;
        serials.set(event.record.serial, id.slice(id.indexOf('-') + 1));
      }
    },
  };
}

/** Folds what the engine was fed once more: the state and the effects of the run, in the time of the story. */
function outcome(
  scenario: Scenario,
  { platform }: ScenarioPark,
  seen: Seen,
  startLaneMs: number,
  startWallMs: number,
): HardwareOutcome {
  const shift = START_MS - Math.round(startLaneMs);
  const journal = seen.events.map((event) => moved(event, shift));
  const arrived = new Map<string, Delivered>();
  const problems: Text[] = [];
  for (const { fields, picture } of platform.records) {
    const id = seen.serials.get(fields.parking_serial ?? '');
    if (id === undefined) problems.push(scenarioText.recordOfNothing(fields.parking_serial ?? ''));
    else arrived.set(id, { fields, hasPicture: picture !== undefined });
  }
  for (const request of platform.requests) {
    const { outcome: said, remarks } = request;
    if (said === 'refused') problems.push(scenarioText.refused(request.fields.parking_serial ?? ''));
    for (const remark of remarks) problems.push({ zh: remark, en: remark });
  }
  return {
    ...outcomeOf(scenario, { journal, ...foldJournal(journal, scenario.settings) }),
    delivered: arrived,
    startWallMs,
    problems,
  };
}

/** The same event, as if it had come `byMs` later. */
export function moved(event: LaneEvent, byMs: number): LaneEvent {
  const atMs = event.atMs + byMs;
  if (event.kind === 'mode' && event.untilMs !== undefined) return { ...event, atMs, untilMs: event.untilMs + byMs };
  if (event.kind !== 'grant') return { ...event, atMs };
  const { expiresAtMs, issuedAtMs, ...grant } = event.grant;
  const expiry = expiresAtMs === undefined ? {} : { expiresAtMs: expiresAtMs + byMs };
  return { kind: 'grant', atMs, grant: { ...grant, issuedAtMs: issuedAtMs + byMs, ...expiry } };
}
