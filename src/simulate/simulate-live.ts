/** `lanewarden simulate`: the park goes on until it is told to stop; then what was true beside what its platform got. */

import { setMaxListeners } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { UsageError } from '../cli/arguments.ts';
import { type CommandContext, EXIT } from '../cli/command.ts';
import { type Clock, systemClock } from '../clock.ts';
import { loadConfig } from '../config/file.ts';
import type { ReleaseDesc } from '../lane/types.ts';
import { MAKES } from '../sim/devices/camera-push.ts';
import { hasSocat } from '../sim/devices/socat.ts';
import { isStory } from '../sim/director.ts';
import type { PlatformRecord } from '../sim/platform/platform.ts';
import { playTraffic, randomTraffic } from '../sim/traffic.ts';
import type { Truth } from '../sim/world.ts';
import { simulateText } from '../text/commands/simulate.made.ts';
import { descFromText } from '../text/lanes/lane.ts';
import { joined, type Text } from '../text/text.ts';
import { judgeStory, reportOf, reportText, type Said, vehiclesOf } from './detection/story-report.ts';
import { type PlannedFault, plannedFault } from './fault-words.ts';
import { number, sharesOf } from './option-words.ts';
import { ParkError, type SimulatedPark, type SimulatedParkOptions, startSimulatedPark } from './simulate-park.ts';
import { type ParkPlan, planLanes, planOf, WIRES } from './simulate-plan.ts';
import { actOnLines } from './simulate-words.ts';

type Values = Readonly<Record<string, unknown>>;

/** A record of a story that is over for so long has come, or does not. */
const SETTLED_MS = 25_000;
const TRUTHS_KEPT = 10_000;

/** `openSerial`: of the one file that knows serial ports on this side. */
export async function simulateLive(
  values: Values,
  context: CommandContext,
  openSerial: SimulatedParkOptions['openSerial'],
): Promise<number> {
  const { language } = context;
  const say = (text: Text): void => void context.stdout.write(`${text[language]}\n`);
  const plan = planFrom(values, say);
  const clock = systemClock();
  const faults = ((values.fault as readonly string[] | undefined) ?? []).map(plannedFault);
  const rate = number(values, 'rate', 0, 400, 60);
  const shares = sharesOf(values.mix as string | undefined);
  const seed = number(values, 'seed', 0, 4_294_967_295, 1);
  const platformPort = number(values, 'platform-port', 0, 65_535, 0);
  const armPort = number(values, 'arm-port', 0, 65_535, 0);
  const dir = values.dir as string | undefined;
  const folder = dir === undefined ? mkdtempSync(join(tmpdir(), 'lanewarden-simulate-')) : resolve(dir);
  const truths = new Map<string, Truth[]>();
  let park: SimulatedPark;
  try {
    park = await startSimulatedPark(plan, {
      ...{ clock, folder, seed, platformPort, armPort, openSerial },
      onStory: (laneId, truth) => {
        if (truth.finishedAtMs === undefined) return say(simulateText.story(laneId, truth.story, truth.options.plate));
        if (!isStory(truth)) return;
        const kept = [...(truths.get(laneId) ?? []), truth].slice(-TRUTHS_KEPT);
        truths.set(laneId, kept);
      },
      onRecord: ({ fields: of, picture, seqno }) => {
        const line = `${of.gate_id}  → ${of.release_method} ${of.release_method_desc} ${of.plate} ${of.release_time}`;
        say(simulateText.record(line, seqno, picture && `${Math.round(picture.length / 1000)}`));
      },
    });
  } catch (error) {
    if (!(error instanceof ParkError)) throw error;
    say(simulateText.cannotStart[error.code](error.message));
    return EXIT.unavailable;
  }
  const places = park.places.map(({ what, id, at }) => simulateText.place[what](id.padEnd(10), at));
  say(simulateText.connect(joined(places, '', ''), park.platform.url, park.intakePort));
  if (values.port !== undefined) say(simulateText.otherAdapter(String(values.port)));
  say(simulateText.armStandIn(park.armUrl));
  say(simulateText.run(park.configFile, park.toolsFolder));
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  // Each lane's traffic listens to it.
  setMaxListeners(0, signal);
  const startMs = clock.nowMs();
  const report = (): void => void context.stdout.write(`\n${detection(park, truths, startMs, clock, language)}\n`);
  let isClosed = false;
  const traffic = (on: boolean): void => {
    isClosed = !on;
  };
  actOnLines(process.stdin, park, { say, report, traffic, quit: () => ended.abort() }, { clock, signal });
  const arrivals =
    rate === 0
      ? []
      : [...park.worlds.values()].map((world, index) =>
          playTraffic(
            world,
            clock,
            randomTraffic({ seed: seed + index, perHour: rate, shares }),
            signal,
            () => isClosed,
          ),
        );
  await Promise.all([
    park.run(signal),
    ...arrivals,
    ...faults.map((fault) => playFault(fault, park, clock, signal)),
    untilAborted(signal),
  ]);
  report();
  if (park.commandsSeen() > 0) say(simulateText.commandsSeen(park.commandsSeen()));
  await park.close();
  return park.commandsSeen() > 0 ? EXIT.failure : EXIT.ok;
}

function planFrom(values: Values, say: (text: Text) => void): ParkPlan {
  const file = values.config as string | undefined;
  const port = values.port as string | undefined;
  const wires = listOf(values, 'wires', WIRES) ?? (hasSocat() ? (['pty', 'tcp', 'modbus-tcp'] as const) : undefined);
  if (wires === undefined) say(simulateText.noSocat);
  const usable = wires ?? (['tcp', 'modbus-tcp'] as const);
  if (usable.includes('pty') && !hasSocat()) throw new UsageError('option', simulateText.noSocat);
  if (file === undefined)
    return planLanes({
      lanes: number(values, 'lanes', 1, 32, 1),
      wires: usable,
      makes: listOf(values, 'cameras', MAKES) ?? MAKES,
      baudRate: number(values, 'baud', 1200, 921_600, 38_400),
      ...(port !== undefined && { port }),
    });
  const plan = planOf(loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {}));
  if (hasSocat()) return plan;
  say(simulateText.noSocat);
  return { ...plan, lines: plan.lines.map((line) => (line.wire === 'pty' ? { ...line, wire: 'tcp' } : line)) };
}

function listOf<T extends string>(values: Values, name: string, known: readonly T[]): readonly T[] | undefined {
  const text = values[name] as string | undefined;
  return text?.split(',').map((part) => {
    if (!(known as readonly string[]).includes(part))
      throw new UsageError('option', simulateText.badList(name, part, known));
    return part as T;
  });
}

async function playFault(
  { name, share, fromMs, forMs }: PlannedFault,
  park: SimulatedPark,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(fromMs, signal);
  if (signal.aborted) return;
  park.faults.set(name, true, share);
  if (forMs === undefined) return;
  await clock.sleep(forMs, signal);
  park.faults.set(name, false);
}

/** Every story that is settled, lane by lane, beside the records of its gate. */
function detection(
  park: SimulatedPark,
  truths: ReadonlyMap<string, readonly Truth[]>,
  startMs: number,
  clock: Clock,
  language: CommandContext['language'],
): string {
  const nowMs = clock.nowMs();
  const settled = new Map(
    [...truths].map(([lane, all]) => [
      lane,
      all.filter(({ finishedAtMs = nowMs }) => finishedAtMs < nowMs - SETTLED_MS),
    ]),
  );
  const judged = [...settled].flatMap(([lane, mine]) => {
    const lastMs = Math.max(startMs, ...mine.map(({ finishedAtMs = 0 }) => finishedAtMs)) + SETTLED_MS / 2;
    const records = park.platform.records.filter(({ fields }) => fields.gate_id === lane);
    const releases = records
      .map((record) => saidBy(record, clock))
      .filter(({ releaseAtMs }) => releaseAtMs >= startMs && releaseAtMs < lastMs);
    return judgeStory({ truths: mine, releases });
  });
  const all = [...settled.values()].flat();
  const vehicles = all.reduce((sum, truth) => sum + vehiclesOf(truth), 0);
  const run = { truths: all, vehicles, storyMs: nowMs - startMs };
  return reportText(reportOf(run, judged), language);
}

/** The platform's times have whole seconds, rounded down. */
const HALF_A_SECOND_MS = 500;

function saidBy({ fields }: PlatformRecord, clock: Clock): Said {
  const wallMs = Date.parse(fields.release_time ?? '') + HALF_A_SECOND_MS;
  return {
    releaseAtMs: clock.nowMs() + wallMs - clock.wallMs(),
    method: Number(fields.release_method) as Said['method'],
    desc: descFromText(fields.release_method_desc ?? '') ?? ('unknown' satisfies ReleaseDesc),
    reported: true,
    plate: { text: fields.plate ?? '', confidence: 1 },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
