/** `lanewarden demo`: the real program between a simulated lane and a simulated platform; `--once` checks one fixed story. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import { eventLine, eventLogText } from '../../app/event-text.ts';
import { startBox } from '../../box/box.ts';
import type { Host } from '../../box/host.ts';
import { UsageError } from '../../cli/arguments.ts';
import { type Command, type CommandContext, EXIT } from '../../cli/command.ts';
import { print } from '../../cli/output.ts';
import { programVersion } from '../../cli/version.ts';
import { type Clock, pacedClock, systemClock } from '../../clock.ts';
import { loadConfig } from '../../config/file.ts';
import type { ListenConfig } from '../../config/types.ts';
import { createLog, LogRing } from '../../log.ts';
import { reachedAt } from '../../sim/devices/arm-stand-in.ts';
import { fixedStory, playTraffic, randomTraffic } from '../../sim/traffic.ts';
import { demoPageText, demoText } from '../../text/app.made.ts';
import { simulateText } from '../../text/commands/simulate.made.ts';
import type { Text } from '../../text/text.ts';
import { number } from '../option-words.ts';
import { actOnLines } from '../simulate-words.ts';
import { demoLine } from './demo-line.ts';
import { DEMO_PAGE, demoListen, demoPage } from './demo-page.ts';
import { DEMO_TOKEN, type DemoPark, type DemoParkOptions, startDemoPark } from './demo-park.ts';
import { storyReport } from './demo-report.ts';
import { simulateYesterday } from './demo-yesterday.ts';

/** Well above the ten times that are promised, so that a busy machine keeps the promise. */
const ONCE_SPEED = 16;
/** After the machine slept or stood still, the page's time is soon that of the wall again. */
const CATCH_UP = 2;
/** So long has its machine been up at least: the day before has a place in the same lane time. */
const UP_MS = 2 * 86_400_000;
const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const CARS_PER_HOUR = 240;
/** After the last car every verdict is out when its settling time is over, and delivered soon after. */
const SETTLED_AFTER_MS = 12_000;
const DELIVERED_WITHIN_MS = 30_000;

export const demoCommand: Command = {
  name: 'demo',
  summary: demoText.summary,
  options: {
    today: { type: 'boolean', help: demoText.today },
    once: { type: 'boolean', help: demoText.once },
    speed: { type: 'string', value: 'N', help: demoText.speed },
    keep: { type: 'string', value: 'DIR', help: demoText.keep },
    page: { type: 'string', value: 'HOST:PORT', default: DEMO_PAGE, help: demoPageText.page },
    'arm-port': { type: 'string', value: 'N', default: '0', help: simulateText.armPort },
    'intake-port': { type: 'string', value: 'N', default: '0', help: simulateText.intakePort },
    seed: { type: 'string', value: 'N', default: '1', help: demoText.seed },
  },
  run: async (values, _positionals, context) => {
    const once = values.once === true;
    const speed = Number(values.speed ?? (once ? ONCE_SPEED : 1));
    if (!(speed >= 0.1 && speed <= 50)) throw new UsageError('option', demoText.badSpeed(String(values.speed)));
    const seed = number(values, 'seed', 0, Number.MAX_SAFE_INTEGER);
    const armPort = number(values, 'arm-port', 0, 65_535);
    const intakePort = number(values, 'intake-port', 0, 65_535);
    const kept = values.keep as string | undefined;
    const folder = kept === undefined ? mkdtempSync(join(tmpdir(), 'lanewarden-demo-')) : resolve(kept);
    mkdirSync(folder, { recursive: true });
    const page = once ? undefined : demoListen(String(values.page));
    const ports = { armPort, intakePort, host: page?.host };
    const paced = pacedClock(speed, undefined, once ? 1 : CATCH_UP);
    const clock = stoppable(paced);
    try {
      const withYesterday = !once && values.today !== true;
      return await withDemo({ clock, folder, speed, seed, ...ports, withYesterday }, page, context, (host, park) =>
        once ? playStory(host, park, clock, context) : playOn(host, park, clock, seed, context),
      );
    } finally {
      paced.close();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface StoppableClock extends Clock {
  /** No time passes, and what sleeps wakes nevertheless. */
  stop(): void;
  goOn(): void;
}

/** What the program takes to start is no time in which nobody watched the lane. */
function stoppable(clock: Clock): StoppableClock {
  let lostMs = 0;
  let stoppedMs: number | undefined;
  const nowMs = (): number => (stoppedMs ?? clock.nowMs()) - lostMs + UP_MS;
  const wallOffsetMs = clock.wallMs() - nowMs();
  return {
    nowMs,
    wallMs: () => nowMs() + wallOffsetMs,
    sleep: clock.sleep,
    stop: () => {
      stoppedMs = clock.nowMs();
    },
    goOn: () => {
      lostMs += clock.nowMs() - (stoppedMs ?? clock.nowMs());
      stoppedMs = undefined;
    },
  };
}

type Play = (host: Host, park: DemoPark) => Promise<number>;

/** `listen`: of the page; undefined: without it. */
async function withDemo(
  options: DemoParkOptions & { readonly clock: StoppableClock; readonly withYesterday: boolean },
  listen: ListenConfig | undefined,
  context: CommandContext,
  play: Play,
): Promise<number> {
  const { clock, folder } = options;
  const ended = new AbortController();
  const park = await startDemoPark(options);
  context.stdout.write(`${demoText.welcome[context.language]}\n\n`);
  if (options.withYesterday) {
    const config = loadConfig(park.configFile, KINDS, context.environment);
    clock.stop();
    if (!existsSync(join(config.store.path, 'lanewarden.db'))) await simulateYesterday({ config, clock });
  }
  // The management system is heard a moment after the lane: who sees the first lines would take that for a fault.
  let isNew = listen !== undefined;
  const ring = new LogRing();
  const log = createLog({
    language: context.language,
    level: 'warn',
    wallMs: () => clock.wallMs(),
    write: (line) => context.stdout.write(line),
    journald: false,
    ring,
  });
  const box = await startBox({
    kinds: KINDS,
    configFile: park.configFile,
    stateFolder: join(folder, 'state'),
    command: 'demo',
    clock: systemClock(),
    log,
    ring,
    app: { clock, version: programVersion(), binding: park.binding, wallClock: 'trusted' },
    page: listen && demoPage(listen, park.controls),
    on: (event) => {
      if (isNew && event.kind === 'effect' && event.effect.kind === 'alarm' && event.effect.alarm === 'feedDown') {
        isNew = event.effect.on;
        return;
      }
      const line = eventLine(event);
      if (line === undefined) return;
      context.stdout.write(demoLine(line, clock.wallMs(), context.language));
      if (line.level !== 'debug')
        ring.add({
          atWallMs: Math.round(clock.wallMs()),
          level: line.level,
          text: eventLogText(line),
          ids: { ...line.ids },
        });
    },
    stop: (app) => app.stop(),
  });
  clock.goOn();
  // The page opens on a day like any other: its management system has been heard.
  if (listen !== undefined) await park.heard();
  const opened = (await box.page?.opened)?.url;
  if (listen !== undefined && opened !== undefined) {
    const url = reachedAt(listen.host, Number(new URL(opened).port));
    context.stdout.write(`${demoPageText.open(url)[context.language]}\n\n`);
  }
  const world = park.world.run(ended.signal);
  try {
    return await Promise.race([play(box.host, park), box.host.failed]);
  } finally {
    ended.abort();
    await world;
    await box.stop();
    await park.close();
  }
}

async function playOn(
  host: Host,
  park: DemoPark,
  clock: Clock,
  seed: number,
  context: CommandContext,
): Promise<number> {
  const { orders } = fixedStory();
  const say = (text: Text): void => print(context, text);
  say(demoText.practice(park.intakeUrl, DEMO_TOKEN));
  say(simulateText.armStandIn(park.armUrl));
  say(demoText.type);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  if (context.signal.aborted) end();
  context.signal.addEventListener('abort', end, { once: true });
  let isOff = false;
  const traffic = (on: boolean): void => {
    isOff = !on;
  };
  const typed = { say, traffic, quit: end };
  const { signal } = ended;
  actOnLines(process.stdin, { worlds: new Map([[park.world.laneId, park.world]]), faults: park.faults }, typed, {
    clock,
    signal,
  });
  // Who tests a lane lets only his own cars through it.
  const isClosed = (): boolean =>
    isOff || [...(host.app?.bridges.values() ?? [])].some(({ state }) => state.lane.kept.maintenance !== null);
  await playTraffic(park.world, clock, orders, signal, isClosed);
  await playTraffic(park.world, clock, randomTraffic({ seed, perHour: CARS_PER_HOUR }), signal, isClosed);
  await host.app?.store.outbox.counts();
  return EXIT.ok;
}

async function playStory(host: Host, park: DemoPark, clock: Clock, context: CommandContext): Promise<number> {
  const { orders, expected } = fixedStory();
  const machine = systemClock();
  const started = { demoMs: clock.nowMs(), machineMs: machine.nowMs() };
  await playTraffic(park.world, clock, orders, context.signal);
  while (!park.world.quiet() && !context.signal.aborted) await clock.sleep(500, context.signal);
  await clock.sleep(SETTLED_AFTER_MS, context.signal);
  const limitMs = clock.nowMs() + DELIVERED_WITHIN_MS;
  while (clock.nowMs() < limitMs && !context.signal.aborted) {
    if ((await host.app?.store.outbox.counts())?.waiting === 0) break;
    await clock.sleep(500, context.signal);
  }
  const tookMs = machine.nowMs() - started.machineMs;
  const speed = (clock.nowMs() - started.demoMs) / tookMs;
  const report = storyReport(park, expected, { stories: orders.length, speed, tookMs }, context.language);
  context.stdout.write(report.text);
  return report.good ? EXIT.ok : EXIT.failure;
}
