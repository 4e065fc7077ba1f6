/**
 * `/metrics` in the text format of Prometheus: the table of what there is, and the figures of now. A scrape reads what others have counted and
 * searches nothing. It knows no device and no store.
 */
import { metricText } from '../text/fleet/metrics.made.ts';
import type { Overview } from './api/api.ts';
import type { PushesView } from './api/api-intake.ts';
import type { RouteResponse } from './routes.ts';

interface Metric {
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly string[];
}

const counter = (...labels: readonly string[]): Metric => ({ type: 'counter', labels });
const gauge = (...labels: readonly string[]): Metric => ({ type: 'gauge', labels });

/** All of them, in the order of docs/en/page-api.md. Counters begin with the program and outlive a change of the configuration. */
export const METRICS = {
  lanewarden_build_info: gauge('version', 'node'),
  lanewarden_config_info: gauge('digest', 'state'),
  lanewarden_running: gauge(),
  process_start_time_seconds: gauge(),
  process_cpu_seconds_total: counter(),
  process_resident_memory_bytes: gauge(),
  lanewarden_releases_total: counter('lane', 'method', 'verdict'),
  lanewarden_releases_withdrawn_total: counter('lane'),
  lanewarden_releases_corrected_total: counter('lane', 'why'),
  lanewarden_passages_total: counter('lane', 'how'),
  lanewarden_openings_total: counter('lane', 'begun'),
  lanewarden_payments_total: counter('lane', 'fate'),
  lanewarden_alarms_total: counter('lane', 'alarm'),
  lanewarden_blind_seconds_total: counter('lane', 'why'),
  lanewarden_lane_passages: gauge('lane'),
  lanewarden_lane_alarms: gauge('lane'),
  lanewarden_alerts: gauge('cause', 'level'),
  lanewarden_lane_reporting: gauge('lane'),
  lanewarden_lane_proofs: gauge('lane', 'way'),
  lanewarden_uploads_total: counter('destination', 'result'),
  lanewarden_upload_tries_total: counter('destination'),
  lanewarden_destination_waiting: gauge('destination'),
  lanewarden_destination_oldest_seconds: gauge('destination'),
  lanewarden_records: gauge('state'),
  lanewarden_queue_oldest_seconds: gauge(),
  lanewarden_platform_reachable: gauge(),
  lanewarden_camera_pushes_total: counter('camera', 'outcome'),
  lanewarden_pictures_failed_total: counter('lane'),
  lanewarden_intake_messages_total: counter('kind', 'fate'),
  lanewarden_intake_flooded_total: counter(),
  lanewarden_device_up: gauge('device', 'kind'),
  lanewarden_device_faults_total: counter('device', 'kind'),
  lanewarden_device_unproven: gauge('device'),
  lanewarden_device_round_seconds: gauge('device'),
  lanewarden_polls_late_total: counter('device'),
  lanewarden_store_commits_total: counter(),
  lanewarden_journal_events_lost_total: counter(),
  lanewarden_disk_free_bytes: gauge(),
  lanewarden_disk_left_seconds: gauge(),
  lanewarden_card_written_bytes_per_day: gauge(),
  lanewarden_card_left_seconds: gauge(),
  lanewarden_pictures_bytes: gauge(),
  lanewarden_database_damaged: gauge(),
  lanewarden_clock_known: gauge(),
  lanewarden_backup_age_seconds: gauge(),
  lanewarden_backup_tested_age_seconds: gauge(),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** One figure: the values of its labels in the order of the table. */
export type MetricRow = readonly [name: MetricName, labels: readonly string[], value: number];

export interface RunningFigures {
  readonly overview: Omit<Overview, 'config'>;
  readonly pushes: PushesView;
}

export interface MetricsParts {
  readonly version: string;
  /** SHA-256 of the configuration in force, and whether it is that of the file. */
  readonly config?: { readonly digest: string; readonly state: string } | undefined;
  /** Counted since the program began. */
  readonly counted: readonly MetricRow[];
  /** undefined: no configuration is in force. */
  readonly running: RunningFigures | undefined;
}

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsOf({ version, config, counted, running }: MetricsParts): RouteResponse {
  const rows = [
    ...programRows(version),
    ...(config === undefined ? [] : [row('lanewarden_config_info', [config.digest, config.state], 1)]),
    row('lanewarden_running', [], running === undefined ? 0 : 1),
    ...counted,
    ...(running === undefined ? [] : [...overviewRows(running.overview), ...pushRows(running.pushes)]),
  ];
  return { bytes: exposition(rows), type: CONTENT_TYPE };
}

const row = (name: MetricName, labels: readonly string[], value: number): MetricRow => [name, labels, value];

function programRows(version: string): readonly MetricRow[] {
  const { user, system } = process.cpuUsage();
  return [
    row('lanewarden_build_info', [version, process.versions.node], 1),
    row('process_cpu_seconds_total', [], (user + system) / 1e6),
    row('process_resident_memory_bytes', [], process.memoryUsage.rss()),
  ];
}

function overviewRows(overview: RunningFigures['overview']): readonly MetricRow[] {
  const { queue, lanes, devices, disk, clock, headline, complaints } = overview;
  const isCut = queue.uploader === 'offline' || queue.uploader === 'refused';
  const isKnown = clock.quality === 'synced' || clock.quality === 'corrected';
  return [
    ...(['waiting', 'held', 'parked', 'review', 'kept', 'delivered'] as const).map((state) =>
      row('lanewarden_records', [state], queue[state]),
    ),
    row('lanewarden_queue_oldest_seconds', [], (queue.oldestForMs ?? 0) / 1_000),
    row('lanewarden_platform_reachable', [], isCut ? 0 : 1),
    ...lanes.flatMap(({ id, passages, alarms, reporting }) => [
      row('lanewarden_lane_passages', [id], passages),
      row('lanewarden_lane_alarms', [id], alarms.length),
      row('lanewarden_lane_reporting', [id], reporting.earned === undefined ? 0 : 1),
      ...reporting.missing.map(({ way, have }) => row('lanewarden_lane_proofs', [id, way], have)),
    ]),
    ...[headline, ...complaints]
      .filter(({ level }) => level !== 'ok')
      .map(({ id, level, follows = [] }) => row('lanewarden_alerts', [id, level], 1 + follows.length)),
    ...devices.flatMap(deviceRows),
    row('lanewarden_disk_free_bytes', [], disk.freeBytes),
    ...(disk.daysLeft === undefined ? [] : [row('lanewarden_disk_left_seconds', [], disk.daysLeft * 86_400)]),
    ...(disk.wear === undefined ? [] : wearRows(disk.wear)),
    row('lanewarden_pictures_bytes', [], disk.framesBytes),
    row('lanewarden_database_damaged', [], disk.damage === undefined ? 0 : 1),
    row('lanewarden_clock_known', [], isKnown ? 1 : 0),
  ];
}

const wearRows = ({ bytesPerDay, years }: NonNullable<Overview['disk']['wear']>): readonly MetricRow[] => [
  row('lanewarden_card_written_bytes_per_day', [], bytesPerDay),
  row('lanewarden_card_left_seconds', [], years * 365 * 86_400),
];

function deviceRows({ id, kind, state, unproven = [], roundMs }: Overview['devices'][number]): readonly MetricRow[] {
  return [
    row('lanewarden_device_up', [id, kind], state === 'ok' ? 1 : 0),
    ...(kind === 'device' ? [row('lanewarden_device_unproven', [id], unproven.length)] : []),
    ...(roundMs === undefined ? [] : [row('lanewarden_device_round_seconds', [id], roundMs / 1_000)]),
  ];
}

const pushRows = ({ cameras }: PushesView): readonly MetricRow[] =>
  cameras.flatMap(({ id, counts }) =>
    Object.entries(counts).map(([outcome, count]) => row('lanewarden_camera_pushes_total', [id, outcome], count)),
  );

/** Each metric once, with its rows together, as the format wants it. */
function exposition(rows: readonly MetricRow[]): string {
  const byName = new Map<MetricName, MetricRow[]>();
  for (const each of rows) {
    const known = byName.get(each[0]);
    if (known === undefined) byName.set(each[0], [each]);
    else known.push(each);
  }
  return (Object.keys(METRICS) as MetricName[])
    .flatMap((name) => {
      const of = byName.get(name);
      if (of === undefined) return [];
      return [`# HELP ${name} ${metricText[name].en}`, `# TYPE ${name} ${METRICS[name].type}`, ...of.map(line), ''];
    })
    .join('\n');
}

function line([name, values, value]: MetricRow): string {
  const labels = METRICS[name].labels.map((label, index) => `${label}="${escaped(values[index] ?? '')}"`);
  return `${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} ${value}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
