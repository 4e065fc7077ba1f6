/** The geometry of a drawn signal: steps, unknown stretches, and ticks of time. Pure. */
import type { Text } from '../../text/text.ts';

export interface TraceEdge {
  readonly atMs: number;
  /** null: unknown from here on. */
  readonly level: boolean | null;
}
export interface Trace {
  readonly key: string;
  readonly name: string;
  /** Level at the start. */
  readonly before: boolean | null;
  /** In order of time. */
  readonly edges: readonly TraceEdge[];
}

/** A moment marked in a waveform. */
export interface WaveformMark {
  readonly atMs: number;
  readonly text: Text;
}

interface Paths {
  /** The line, where the level is known. */
  readonly line: string;
  /** The area under it while on. */
  readonly fill: string;
  /** Half way up, where the level is unknown. */
  readonly lost: string;
}

const at = (value: number): string => value.toFixed(1);

/** SVG paths of a trace seen from `fromMs` to `toMs`, `width` wide, low at `low`, high at `high`. */
export function pathOf(trace: Trace, fromMs: number, toMs: number, width: number, low: number, high: number): Paths {
  const x = (ms: number): number => Math.min(Math.max(((ms - fromMs) / (toMs - fromMs)) * width, -2), width + 2);
  let line = '';
  let fill = '';
  let lost = '';
  let level = trace.before;
  let startMs = Number.NEGATIVE_INFINITY;
  let drawing = false;
  const stretch = (endMs: number): void => {
    if (endMs < fromMs || startMs > toMs) {
      drawing = false;
      return;
    }
    const begin = at(x(startMs));
    const end = at(x(endMs));
    if (level === null) {
      lost += `M${begin} ${(low + high) / 2}H${end}`;
      drawing = false;
      return;
    }
    const y = level ? high : low;
    line += drawing ? `V${y}H${end}` : `M${begin} ${y}H${end}`;
    if (level) fill += `M${begin} ${low}V${high}H${end}V${low}z`;
    drawing = true;
  };
  for (const edge of trace.edges) {
    stretch(edge.atMs);
    startMs = edge.atMs;
    level = edge.level;
  }
  stretch(Number.POSITIVE_INFINITY);
  return { line, fill, lost };
}

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000];

/** Round moments between `fromMs` and `toMs`, counted from `zeroMs`, not closer than fits a number. */
export function ticks(
  fromMs: number,
  toMs: number,
  zeroMs: number,
  width: number,
): readonly { readonly atMs: number; readonly text: string }[] {
  const most = Math.max(2, Math.floor(width / 80));
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= most) ?? 3_600_000;
  const out: { atMs: number; text: string }[] = [];
  for (let ms = Math.ceil((fromMs - zeroMs) / stepMs) * stepMs; ms <= toMs - zeroMs; ms += stepMs) {
    const seconds = ms / 1000;
    const digits = stepMs < 10 ? 3 : stepMs < 100 ? 2 : stepMs < 1_000 ? 1 : 0;
    out.push({ atMs: zeroMs + ms, text: `${seconds < 0 ? '−' : ''}${Math.abs(seconds).toFixed(digits)} s` });
  }
  return out;
}
