/** `lanewarden simulate`: the park goes on until it is told to stop; then what was true beside what its platform got. */

import { setMaxListeners } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { UsageError } from '../cli/arguments.ts';
import { type CommandContext, EXIT } from '../cli/command.ts';
import { print } from '../cli/output.ts';
import { type Clock, systemClock } from '../clock.ts';
import { loadConfig } from '../config/file.ts';
import { MAKES } from '../sim/devices/camera-push.ts';
import { hasSocat } from '../sim/devices/socat.ts';
import type { PlatformRecord } from '../sim/platform/platform.ts';
import { playTraffic, randomTraffic } from '../sim/traffic.ts';
import { simulateText } from '../text/commands/simulate.made.ts';
import { joined, type Text } from '../text/text.ts';
import { goalsOf, noFigures } from './detection/detection-table.ts';
import { figuresText, goalsText } from './detection/detection-text.ts';
import { judgeMatch } from './detection/verdict-classes.ts';
import { itemsOf, matchVerdicts, type Spoken } from './detection/verdict-match.ts';
import { type PlannedFault, plannedFault } from './fault-words.ts';
import { listOf, number, sharesOf } from './option-words.ts';
import { ParkError, type SimulatedPark, type SimulatedParkOptions, startSimulatedPark } from './simulate-park.ts';
import { type ParkPlan, planLanes, planOf, WIRES } from './simulate-plan.ts';
import { actOnLines } from './simulate-words.ts';

type Values = Readonly<Record<string, unknown>>;

/** A record of what is over for so long has come, or does not. */
const SETTLED_MS = 25_000;

/** `openSerial`: of the one file that knows serial ports on this side. */
export async function simulateLive(
  values: Values,
  context: CommandContext,
  openSerial: SimulatedParkOptions['openSerial'],
): Promise<number> {
  const { language } = context;
  const say = (text: Text): void => print(context, text);
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
  let park: SimulatedPark;
  try {
    park = await startSimulatedPark(plan, {
      ...{ clock, folder, seed, platformPort, armPort, openSerial },
      onStory: (laneId, { story, options, finishedAtMs }) => {
        if (finishedAtMs === undefined) say(simulateText.story(laneId, story, options.plate));
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
  const report = (): void => void context.stdout.write(`\n${liveReport(park, startMs, clock, language)}\n`);
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

/** Every vehicle and opening that is over for long enough, lane by lane, beside the records of its gate. */
function liveReport(
  { worlds, platform }: SimulatedPark,
  startMs: number,
  clock: Clock,
  language: CommandContext['language'],
): string {
  const settledMs = clock.nowMs() - SETTLED_MS;
  const sum = noFigures();
  sum.hours = (clock.nowMs() - startMs) / 3_600_000;
  for (const [lane, world] of worlds) {
    const { vehicles, openings } = world.truth();
    const given = platform.records.filter(({ fields }) => fields.gate_id === lane).map((one) => spokenBy(one, clock));
    const { matches, phantoms } = matchVerdicts(itemsOf(vehicles, openings), given);
    for (const match of matches) {
      const { vehicle, opening } = match.item;
      // Who waits at the arm for somebody outside this world has paid, or has not: it is not known here.
      if (!((vehicle?.goneMs ?? opening?.endMs ?? Number.NaN) < settledMs) || (vehicle && !vehicle.means)) continue;
      if (vehicle) sum.vehicles += 1;
      const judged = judgeMatch(match, () => false, 1);
      if (judged === undefined) continue;
      sum.classes[judged.class].count += 1;
      sum.classes[judged.class][judged.finding] += 1;
    }
    sum.phantoms.reported += phantoms.filter(({ release }) => release.releaseAtMs < settledMs).length;
  }
  return `${figuresText([...worlds.keys()].join(' '), sum, language)}\n${goalsText(goalsOf([sum]), sum, language)}`;
}

/** The platform's times have whole seconds, rounded down. */
const HALF_A_SECOND_MS = 500;

function spokenBy({ fields }: PlatformRecord, clock: Clock): Spoken {
  const wallMs = Date.parse(fields.release_time ?? '') + HALF_A_SECOND_MS;
  const method = Number(fields.release_method) as Spoken['release']['method'];
  const plate = { text: fields.plate ?? '', confidence: 1 };
  // Of a fake exit alone a record is known to be of no passage.
  const passed = method !== 0;
  return { release: { releaseAtMs: clock.nowMs() + wallMs - clock.wallMs(), reported: true, method, plate, passed } };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
