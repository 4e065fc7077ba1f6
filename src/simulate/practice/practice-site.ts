/**
 * Where a practice takes place: a simulated park, the whole program on it, a broker, a proxy before the intake, and all that the program
 * found out. It must not know any story.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import type { AppEvent } from '../../app/events.ts';
import { startBox } from '../../box/box.ts';
import { programVersion } from '../../cli/version.ts';
import { type Clock, systemClock } from '../../clock.ts';
import { createLog, LogRing } from '../../log.ts';
import { TokenStore } from '../../page/access/made-tokens.ts';
import type { Language } from '../../text/text.ts';
import { type SimulatedPark, startSimulatedPark } from '../simulate-park.ts';
import { type ParkPlan, planLanes } from '../simulate-plan.ts';
import { type IntakeProxy, startIntakeProxy } from './intake-proxy.ts';
import { type PracticeBroker, startPracticeBroker } from './practice-broker.ts';

/** What the program decided of a vehicle: covered by a payment or otherwise, or left without one. */
export type CarOutcome = { readonly laneId: string; readonly atMs: number } & (
  | { readonly kind: 'paid'; readonly grantId: string | undefined }
  | { readonly kind: 'unpaid' | 'withdrawn' }
);

export interface Facts {
  readonly received: (Extract<AppEvent, { kind: 'received' }> & { readonly wallMs: number })[];
  readonly outcomes: CarOutcome[];
  readonly plates: { readonly laneId: string; readonly plate: string }[];
  /** Vehicles whose way through the lane is over. */
  readonly gone: { readonly laneId: string; readonly atMs: number }[];
}

export interface PracticeSite {
  readonly clock: Clock;
  readonly park: SimulatedPark;
  readonly proxy: IntakeProxy;
  readonly broker: PracticeBroker | undefined;
  readonly tokens: TokenStore;
  readonly facts: Facts;
  /** What the vendor's program is given at each start. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

export const PRACTICE_TOKEN = 'practice';
const LANES = 6;
/** A box waits a minute for the payment of a car that the system let out, and a practice has three. */
const SYSTEM_OPEN_WAIT_MS = 20_000;
const BOX_NAME = 'practice';
const BY = '(command)';
/** Of the compiled program. */
const PAGE_ASSETS = new URL('../../../page/', import.meta.url);
const KINDS = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };

export async function startPracticeSite(folder: string, language: Language): Promise<PracticeSite> {
  const clock = systemClock();
  const facts: Facts = { received: [], outcomes: [], plates: [], gone: [] };
  const ended = new AbortController();
  const broker = await startPracticeBroker(folder, clock);
  const park = await startSimulatedPark(practicePlan(), {
    ...{ clock, folder, seed: 1, platformPort: 0, armPort: 0 },
    openSerial: () => Promise.reject(new RangeError('no line of this park is a serial port')),
    onStory: (laneId, { finishedAtMs }) => {
      if (finishedAtMs !== undefined) facts.gone.push({ laneId, atMs: clock.nowMs() });
    },
    onRecord: () => undefined,
    ...(broker && { broker: brokerKeys(broker.url) }),
  });
  const world = park.run(ended.signal);
  const stateFolder = join(folder, 'state');
  const tokens = new TokenStore(join(stateFolder, 'page'), clock);
  const box = await startProgram(park.configFile, { stateFolder, clock, language, facts });
  const pageUrl = (await box.page?.opened)?.url ?? '';
  const proxy = await startIntakeProxy(`http://127.0.0.1:${park.intakePort}`, clock);
  const queue = join(folder, 'vendor');
  mkdirSync(queue);
  return {
    ...{ clock, park, proxy, broker, tokens, facts },
    environment: {
      LANEWARDEN_INTAKE: proxy.url,
      LANEWARDEN_TOKEN: await tokens.add(PRACTICE_TOKEN, ['grants'], BY),
      LANEWARDEN_PAGE: pageUrl.replace(/\/$/, ''),
      LANEWARDEN_READ_TOKEN: await tokens.add('practice-read', ['read'], BY),
      LANEWARDEN_ARM: park.armUrl,
      LANEWARDEN_MQTT: broker?.url ?? '',
      LANEWARDEN_BOX: BOX_NAME,
      LANEWARDEN_FOLDER: queue,
    },
    close: async () => {
      await proxy.close();
      await box.stop();
      ended.abort();
      await world;
      await tokens.close();
      await park.close();
      broker?.close();
    },
  };
}

function practicePlan(): ParkPlan {
  const plan = planLanes({ lanes: LANES, wires: ['modbus-tcp'], makes: ['json'], baudRate: 38_400 });
  const settings = { systemOpenWait: SYSTEM_OPEN_WAIT_MS };
  return { ...plan, lanes: plan.lanes.map((lane) => ({ ...lane, settings: { ...lane.settings, ...settings } })) };
}

const brokerKeys = (url: string) => ({
  intake: { enabled: true, url, grants: 'park/grants' },
  publish: { enabled: true, url, box: BOX_NAME },
});

function startProgram(
  configFile: string,
  at: { readonly stateFolder: string; readonly clock: Clock; readonly language: Language; readonly facts: Facts },
) {
  const { stateFolder, clock, language, facts } = at;
  const ring = new LogRing();
  const log = createLog({
    ...{ language, level: 'error', wallMs: () => clock.wallMs(), journald: false, ring },
    write: (line) => process.stderr.write(line),
  });
  return startBox({
    ...{ kinds: KINDS, configFile, stateFolder, command: 'practice', clock, log, ring },
    app: { clock, version: programVersion(), wallClock: 'trusted' },
    // Nobody is logged in by itself, as on a box: tokens decide.
    page: { listen: { host: '127.0.0.1', port: 0 }, secure: false, fixed: true, assets: PAGE_ASSETS },
    on: (event) => record(event, clock, facts),
    stop: (app) => app.stop(),
  });
}

function record(event: AppEvent, clock: Clock, facts: Facts): void {
  const atMs = clock.nowMs();
  if (event.kind === 'received') facts.received.push({ ...event, wallMs: clock.wallMs() });
  if (event.kind === 'event' && event.event.kind === 'plate')
    facts.plates.push({ laneId: event.lane.id, plate: event.event.plate.text });
  if (event.kind !== 'effect') return;
  const { lane, effect } = event;
  const head = { laneId: lane.id, atMs };
  if (effect.kind === 'release') facts.outcomes.push({ ...head, kind: 'unpaid' });
  if (effect.kind === 'withdraw' || (effect.kind === 'correct' && effect.why === 'paidLate'))
    facts.outcomes.push({ ...head, kind: 'withdrawn' });
  if (effect.kind === 'note' && effect.fact.kind === 'paidPassage')
    facts.outcomes.push({ ...head, kind: 'paid', grantId: effect.grantId });
}
