/** A whole box on a simulated wire with a board whose inputs a test sets, a camera and a platform; and its commissioning jobs, run as the page runs them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { type App, startApp } from '../../src/app/app.ts';
import { systemClock } from '../../src/clock.ts';
import { createCommissioning } from '../../src/commission/commissioning.ts';
import { loadConfig } from '../../src/config/file.ts';
import { writtenPeers } from '../../src/config/written-peers.ts';
import type { Log } from '../../src/log.ts';
import type { ProxyEnvironment } from '../../src/outward/proxy.ts';
import type { UserRole } from '../../src/page/api/api.ts';
import type { Job, JobKind } from '../../src/page/api/api-setup.ts';
import { Jobs } from '../../src/page/jobs.ts';
import { createSimulatedWire } from '../../src/sim/binding.ts';
import { startCamera } from '../../src/sim/devices/camera.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { startPlatform } from '../../src/sim/platform/platform.ts';
import { createLaneWorld } from '../../src/sim/world.ts';
import { storeThread } from '../store/open.ts';

export const PORT = '/dev/simulated';
const SECRET = 'the-secret-of-the-platform';
const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export interface WizardBox {
  readonly app: App;
  /** DI1 to DI8 of the board at unit 3. */
  readonly inputs: boolean[];
  /** Every piece of bytes that the wire heard. */
  readonly heard: Uint8Array[];
  readonly platform: Awaited<ReturnType<typeof startPlatform>>;
  readonly wire: ReturnType<typeof createSimulatedWire>;
  readonly commissioning: ReturnType<typeof createCommissioning>;
  readonly jobs: Jobs;
  start(kind: JobKind, input: object, role?: UserRole): Job;
  /** Resolves when the job is over, or when `when` says so of it. */
  until(id: string, when?: (job: Job) => boolean): Promise<Job>;
  close(): Promise<void>;
}

/** `lane`: YAML of its points. */
export async function wizardBox(
  options: {
    readonly lane?: string;
    readonly cloud?: string;
    readonly secret?: string;
    readonly listenOnly?: boolean;
    /** The board is a clone without registers. */
    readonly clone?: 'refuses' | 'silent';
    /** Keys of the camera besides its kind; else it is the simulated one. */
    readonly camera?: string;
    /** HTTPS_PROXY and its like. */
    readonly proxies?: ProxyEnvironment;
    /** More of the configuration; `URL` stands for the platform's address. */
    readonly more?: string;
  } = {},
): Promise<WizardBox> {
  const clock = systemClock();
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wizard-'));
  const inputs = Array.from({ length: 8 }, () => false);
  const heard: Uint8Array[] = [];
  const wire = createSimulatedWire({ clock, path: PORT, baudRate: 38_400 });
  wire.attach(createWaveshareBoard({ unit: 3, inputs: () => inputs, ...(options.clone && { clone: options.clone }) }));
  wire.attach({
    receive: (bytes) => {
      heard.push(bytes);
      return [];
    },
  });
  const platform = await startPlatform({ clock, secret: SECRET });
  const world = createLaneWorld({ clock, seed: 1, laneId: '1001', onPlate: () => {}, onGrant: () => {} });
  const camera = await startCamera({ clock, scene: () => world.scene() });
  const file = join(folder, 'lanewarden.yaml');
  const kind = options.listenOnly
    ? 'kind: modbus-listen, profile: waveshare-modbus-rtu-io-8ch, unit: 3'
    : 'kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 3, pollMs: 25';
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${platform.url}", appSecret: { secret: cloud.appSecret }, ${options.cloud ?? 'mode: integration'} }
lines:
  - { id: bus1, port: ${PORT}, baudRate: 38400, listenOnly: ${options.listenOnly === true}, devices: [{ id: io1, ${kind} }] }
cameras: [{ id: cam1, kind: camera-http, ${options.camera ?? `preset: custom, url: "${camera.snapshotUrl}"`} }]
lanes:
  - { id: "1001", name: 通道A, direction: exit, camera: cam1, points: { ${options.lane ?? 'down: io1.di1'} } }
store: { path: "${join(folder, 'state')}" }
${(options.more ?? '').replaceAll('URL', platform.url)}
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${options.secret ?? SECRET}"\n`, { mode: 0o600 });
  const app = await startApp(loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {}), {
    clock,
    on: () => {},
    log: silentLog,
    version: '0',
    binding: wire.binding,
    wallClock: 'trusted',
    storeThread,
  });
  for (const peer of writtenPeers(app.config)) await app.peers.confirm(peer, 'li', 'page');
  const commissioning = createCommissioning({
    clock,
    app: () => app,
    devices: async () => [],
    folder: () => join(folder, 'state'),
    configFile: file,
    driverKinds: DRIVER_KINDS,
    version: '0',
    binding: wire.binding,
    ...(options.proxies && { proxies: options.proxies }),
  });
  const ears = new Set<(job: Job) => void>();
  const jobs = new Jobs({
    clock,
    changed: (job) => {
      for (const ear of [...ears]) ear(job);
    },
  });
  return {
    app,
    inputs,
    heard,
    platform,
    wire,
    commissioning,
    jobs,
    start: (each, input, role = 'installer') => {
      const make = commissioning.jobs[each];
      if (make === undefined) throw new Error(`no job ${each}`);
      return jobs.start(each, make(input as Record<string, unknown>, { user: 'installer', role }));
    },
    until: (id, when = (job) => job.state !== 'running') =>
      new Promise((resolve) => {
        const ear = (job: Job): void => {
          if (job.id !== id || !when(job)) return;
          ears.delete(ear);
          resolve(job);
        };
        ears.add(ear);
        const now = jobs.get(id);
        if (now !== undefined) ear(now);
      }),
    close: async () => {
      await jobs.close(2_000);
      await app.stop();
      await camera.close();
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
