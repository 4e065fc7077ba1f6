/** `/metrics`: figures of the overview in the text format of Prometheus. */
import type { Counter as PromCounter, Registry } from 'prom-client';
import type { Overview } from './api/api.ts';
import type { PushesView } from './api/api-intake.ts';
import type { RouteResponse } from './routes.ts';

type AddGauge = (name: string, help: string, rows: readonly (readonly [Record<string, string>, number])[]) => void;

interface RunningFigures {
  readonly overview: Omit<Overview, 'config'>;
  readonly pushes: PushesView;
}

/** `running`: undefined while no configuration is in force. */
export async function metricsOf(version: string, running: RunningFigures | undefined): Promise<RouteResponse> {
  // Needed only where metrics are collected.
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const gauge: AddGauge = (name, help, rows) => {
    const [first] = rows;
    if (first === undefined) return;
    const made = new Gauge({
      name: `lanewarden_${name}`,
      help,
      labelNames: Object.keys(first[0]),
      registers: [registry],
    });
    for (const [labels, value] of rows) made.set(labels, value);
  };
  gauge('info', 'The version that runs.', [[{ version }, 1]]);
  gauge('running', '1 while a configuration is in force.', [[{}, running === undefined ? 0 : 1]]);
  if (running !== undefined) {
    overviewTo(gauge, running.overview);
    pushesTo(Counter, registry, running.pushes);
  }
  return { bytes: await registry.metrics(), type: registry.contentType };
}

function overviewTo(gauge: AddGauge, { queue, lanes, devices, disk, clock }: RunningFigures['overview']): void {
  gauge('records', 'Records on the box by state.', [
    [{ state: 'waiting' }, queue.waiting],
    [{ state: 'held' }, queue.held],
    [{ state: 'parked' }, queue.parked],
    [{ state: 'review' }, queue.review],
    [{ state: 'delivered' }, queue.delivered],
  ]);
  gauge('queue_oldest_seconds', 'Age of the oldest waiting record.', [[{}, (queue.oldestForMs ?? 0) / 1_000]]);
  gauge('platform_reachable', '1 unless nothing gets through to the platform.', [
    [{}, queue.uploader === 'offline' || queue.uploader === 'refused' ? 0 : 1],
  ]);
  gauge(
    'lane_passages',
    'Passages since the lane is watched.',
    lanes.map(({ id, passages }) => [{ lane: id }, passages]),
  );
  gauge(
    'lane_alarms',
    'Alarms that are on.',
    lanes.map(({ id, alarms }) => [{ lane: id }, alarms.length]),
  );
  devicesTo(gauge, devices);
  gauge('disk_free_bytes', 'Free on the disk of the state.', [[{}, disk.freeBytes]]);
  gauge('database_damaged', '1 when it was found damaged in the last seven days.', [
    [{}, disk.damage === undefined ? 0 : 1],
  ]);
  gauge('pictures_bytes', 'Kept pictures.', [[{}, disk.framesBytes]]);
  gauge('clock_known', '1 when the clock is known to be right.', [
    [{}, clock.quality === 'synced' || clock.quality === 'corrected' ? 1 : 0],
  ]);
}

function pushesTo(Counter: typeof PromCounter, registry: Registry, { cameras }: PushesView): void {
  const pushes = new Counter({
    name: 'lanewarden_camera_pushes_total',
    help: 'Messages of cameras since the start of the program, by what became of them.',
    labelNames: ['camera', 'outcome'],
    registers: [registry],
  });
  for (const { id, counts } of cameras)
    for (const [outcome, count] of Object.entries(counts)) pushes.inc({ camera: id, outcome }, count);
}

function devicesTo(gauge: AddGauge, devices: Overview['devices']): void {
  gauge(
    'device_up',
    '1 while it is read.',
    devices.map(({ id, kind, state }) => [{ device: id, kind }, state === 'ok' ? 1 : 0]),
  );
  gauge(
    'device_faults',
    'Faults since the start.',
    devices.map(({ id, kind, faults }) => [{ device: id, kind }, faults]),
  );
  gauge(
    'device_unproven',
    'Facts of the device that are not proven; it is read all the same.',
    devices.flatMap(({ id, kind, unproven = [] }) =>
      kind === 'device' ? [[{ device: id }, unproven.length] as const] : [],
    ),
  );
  gauge(
    'device_round_seconds',
    'From one look to the next.',
    devices.flatMap(({ id, roundMs }) => (roundMs === undefined ? [] : [[{ device: id }, roundMs / 1_000] as const])),
  );
}
