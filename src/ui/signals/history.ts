/** Signals of the last minute, limited in number. No drawing. */
import type { SignalReading, SignalsView } from '../../page/api/api.ts';
import type { LiveEvent, WireFrame } from '../../page/api/api-live.ts';
import { keepFile } from '../fetch.ts';
import type { TraceEdge } from '../waveform/trace.ts';
import { WireCapture } from './wire-capture.ts';

export const WINDOW_MS = 60_000;
/** Edges kept per point; a chattering input has more than can be drawn apart. */
const EDGES_MAX = 400;
const FRAMES_MAX = 200;
/** A pulse has no length: it is drawn this long. */
const PULSE_MS = 150;

export interface PointHistory {
  readonly key: string;
  readonly device: string;
  readonly point: string;
  readonly uses: SignalsView['points'][number]['uses'];
  value: number | null;
  pulses: boolean;
  edges: TraceEdge[];
}

export interface SignalHistory {
  readonly points: Map<string, PointHistory>;
  frames: WireFrame[];
  /** By line, of its frames since the page looks at them. */
  readonly captures: Map<string, WireCapture>;
  /** Lower bound of this device's clock minus the box's; undefined before the first event. */
  skewMs: number | undefined;
}

export const emptyHistory = (): SignalHistory => ({
  ...{ points: new Map(), frames: [], captures: new Map(), skewMs: undefined },
});

const level = (value: number | null): boolean | null => (value === null ? null : value > 0);

export function begin(history: SignalHistory, view: SignalsView): void {
  for (const line of view.lines) history.captures.set(line.id, new WireCapture(line));
  for (const { device, point, uses, value, edges } of view.points) {
    const key = `${device}.${point}`;
    history.points.set(key, {
      key,
      device,
      point,
      uses,
      value,
      pulses: false,
      edges: edges.map((edge) => ({ atMs: edge.atWallMs, level: level(edge.value) })),
    });
  }
}

export function addEvent(history: SignalHistory, event: LiveEvent): void {
  if (event.event === 'reading') read(history, event.data);
  if (event.event === 'wire') {
    history.frames = [event.data, ...history.frames].slice(0, FRAMES_MAX);
    history.captures.get(event.data.line)?.add(event.data, (device) => levelsOf(history, device));
  }
  if (event.event === 'device' && (event.data.state ?? 'ok') !== 'ok') {
    const device = event.data.id.split('/').pop();
    const atMs = Date.now() - (history.skewMs ?? 0);
    for (const point of history.points.values()) if (point.device === device) push(point, null, atMs);
  }
}

function levelsOf({ points }: SignalHistory, device: string): Record<string, boolean> | undefined {
  const own = [...points.values()].filter((point) => point.device === device && !point.pulses);
  if (own.length === 0 || own.some(({ value }) => value === null)) return undefined;
  return Object.fromEntries(own.map(({ point, value }) => [point, value === 1]));
}

function read(history: SignalHistory, { device, point, kind, value, atWallMs }: SignalReading): void {
  const skewMs = Date.now() - atWallMs;
  history.skewMs = Math.min(history.skewMs ?? skewMs, skewMs);
  const key = `${device}.${point}`;
  const known = history.points.get(key);
  if (known === undefined) return;
  known.pulses = kind === 'pulses';
  push(known, value, atWallMs);
  if (kind === 'pulses') known.edges.push({ atMs: atWallMs + PULSE_MS, level: false });
}

function push(point: PointHistory, value: number | null, atMs: number): void {
  if (point.value === null && value === null) return;
  point.value = value;
  point.edges.push({ atMs, level: level(value) });
  if (point.edges.length > EDGES_MAX) point.edges.splice(0, point.edges.length - EDGES_MAX);
}

/** A copy of the present state, for freezing. */
export function copy(history: SignalHistory): SignalHistory {
  const points = new Map<string, PointHistory>();
  for (const [key, point] of history.points) points.set(key, { ...point, edges: [...point.edges] });
  return { ...history, points };
}

/** Escapes text that a spreadsheet would take for a formula. */
const cell = (value: string | number): string => {
  const text = String(value).replace(/^[=+\-@\t]/, "'$&");
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

/** With a byte order mark, for Excel. */
export function download(name: string, rows: readonly (readonly (string | number)[])[]): void {
  const text = `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
  keepFile(new Blob([text], { type: 'text/csv' }), `${name}.csv`);
}
