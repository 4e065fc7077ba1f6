/**
 * Signals over time, drawn as a logic analyser does: zoom, a cursor that jumps from edge to edge, a mark to measure from, and the same as a table
 * for who cannot see it. It is given traces and knows nothing of where they come from.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { waveformText } from '../../text/page/ui-waveform.ts';
import type { Text } from '../../text/text.ts';
import { say } from '../language.ts';
import { Button } from '../parts.tsx';
import { clock } from '../time.tsx';
import { pathOf, type Trace, ticks } from './trace.ts';
import { EdgeTable } from './waveform-table.tsx';

export interface WaveformMark {
  readonly atMs: number;
  readonly text: Text;
}

interface WaveformProps {
  readonly traces: readonly Trace[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Times are shown relative to it; absent: as the time of day. */
  readonly zeroMs?: number;
  readonly marks?: readonly WaveformMark[];
  readonly label: string;
}

const ROW = 44;
const HEAD = 26;
const MIN_SPAN_MS = 50;

export const offsetText = (ms: number): string => {
  const seconds = Math.abs(ms) / 1000;
  return `${ms < 0 ? '−' : '+'}${seconds.toFixed(seconds < 100 ? 3 : 1)} s`;
};

export function Waveform({ traces, fromMs, toMs, zeroMs, marks = [], label }: WaveformProps) {
  const [view, setView] = useState<readonly [number, number] | undefined>();
  const [cursorMs, setCursorMs] = useState<number | undefined>();
  const [markMs, setMarkMs] = useState<number | undefined>();
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [from, to] = view ?? [fromMs, toMs];
  const x = (ms: number): number => ((ms - from) / (to - from)) * width;
  const shown = (ms: number): string => (zeroMs === undefined ? clock(ms, true) : offsetText(ms - zeroMs));

  const look = (nextFrom: number, nextTo: number): void => {
    const span = Math.min(Math.max(nextTo - nextFrom, MIN_SPAN_MS), toMs - fromMs);
    const start = Math.min(Math.max(nextFrom, fromMs), toMs - span);
    setView(span >= toMs - fromMs ? undefined : [start, start + span]);
  };
  const zoom = (factor: number): void => {
    const middle = cursorMs !== undefined && cursorMs >= from && cursorMs <= to ? cursorMs : (from + to) / 2;
    look(middle - (middle - from) * factor, middle + (to - middle) * factor);
  };
  const pan = (part: number): void => look(from + (to - from) * part, to + (to - from) * part);
  const put = (ms: number): void => {
    const at = Math.min(Math.max(ms, fromMs), toMs);
    setCursorMs(at);
    if (at < from || at > to) look(at - (to - from) / 2, at + (to - from) / 2);
  };
  const edges = [
    ...traces.flatMap(({ edges }) => edges.map(({ atMs }) => atMs)),
    ...marks.map(({ atMs }) => atMs),
  ].sort((a, b) => a - b);
  const step = (forward: boolean): void => {
    const now = cursorMs ?? (forward ? from - 1 : to + 1);
    const next = forward ? edges.find((ms) => ms > now + 0.5) : [...edges].reverse().find((ms) => ms < now - 0.5);
    if (next !== undefined) put(next);
  };
  const key = (event: KeyboardEvent): void => {
    const small = event.shiftKey ? 10 : 0;
    const act: Record<string, () => void> = {
      ArrowLeft: () => (small ? put((cursorMs ?? from) - small) : step(false)),
      ArrowRight: () => (small ? put((cursorMs ?? from) + small) : step(true)),
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      Home: () => put(fromMs),
      End: () => put(toMs),
      m: () => setMarkMs(cursorMs),
      M: () => setMarkMs(cursorMs),
      '0': () => setView(undefined),
    };
    const what = act[event.key];
    if (what === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    what();
  };
  const height = HEAD + traces.length * ROW;

  return (
    <div class="waveform">
      <div class="row waveform-tools">
        <Button onClick={() => zoom(0.5)} label={say(waveformText.zoomIn)}>
          +
        </Button>
        <Button onClick={() => zoom(2)} label={say(waveformText.zoomOut)} disabled={view === undefined}>
          −
        </Button>
        <Button onClick={() => setView(undefined)} disabled={view === undefined}>
          {say(waveformText.all)}
        </Button>
        <Button onClick={() => pan(-0.5)} label={say(waveformText.earlier)} icon="back" disabled={view === undefined} />
        <Button onClick={() => pan(0.5)} label={say(waveformText.later)} icon="next" disabled={view === undefined} />
        <Button onClick={() => step(false)} label={say(waveformText.previousEdge)}>
          ⇤
        </Button>
        <Button onClick={() => step(true)} label={say(waveformText.nextEdge)}>
          ⇥
        </Button>
        <Button onClick={() => setMarkMs(cursorMs)} disabled={cursorMs === undefined}>
          {say(waveformText.mark)}
        </Button>
        <output class="mono" aria-live="polite">
          {cursorMs === undefined ? say(waveformText.noCursor) : say(waveformText.cursor(shown(cursorMs)))}
          {cursorMs !== undefined &&
            markMs !== undefined &&
            ` · ${say(waveformText.delta(offsetText(cursorMs - markMs)))}`}
        </output>
      </div>
      <div
        class="waveform-place"
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor moves by keys; the buttons above do the same.
        tabIndex={0}
        // A drawing with a cursor in it: arrow keys are its own.
        role="application"
        aria-label={`${label}. ${say(waveformText.keys)}`}
        onKeyDown={key}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          put(from + ((event.clientX - box.left) / box.width) * (to - from));
        }}
      >
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          {ticks(from, to, zeroMs ?? 0, width).map(({ atMs, text }) => (
            <g key={atMs} class="tick">
              <path d={`M${x(atMs)} 14V${height}`} />
              <text x={x(atMs)} y={11} class={x(atMs) < 24 ? 'first' : x(atMs) > width - 24 ? 'last' : ''}>
                {zeroMs === undefined ? clock(atMs, to - from < 5_000) : text}
              </text>
            </g>
          ))}
          {traces.map((trace, index) => {
            const { fill, line, lost } = pathOf(trace, from, to, width, ROW - 6, 18);
            return (
              <g key={trace.key} transform={`translate(0 ${HEAD + index * ROW})`} class="trace">
                <path class="trace-floor" d={`M0 ${ROW - 6}H${width}`} />
                <path class="trace-on" d={fill} />
                <path class="trace-line" d={line} />
                <path class="trace-lost" d={lost} />
                <text x={4} y={13}>
                  {trace.name}
                </text>
              </g>
            );
          })}
          {marks.map(
            ({ atMs }, index) =>
              atMs >= from &&
              atMs <= to && (
                <g key={index} class="mark-line">
                  <path d={`M${x(atMs)} 18V${height}`} />
                  <circle cx={x(atMs)} cy={18} r={7} />
                  <text x={x(atMs)} y={22}>
                    {index + 1}
                  </text>
                </g>
              ),
          )}
          {markMs !== undefined && <path class="measure" d={`M${x(markMs)} 0V${height}`} />}
          {markMs !== undefined && cursorMs !== undefined && (
            <rect
              class="measured"
              x={Math.min(x(markMs), x(cursorMs))}
              y={14}
              width={Math.abs(x(cursorMs) - x(markMs))}
              height={height}
            />
          )}
          {cursorMs !== undefined && <path class="cursor" d={`M${x(cursorMs)} 0V${height}`} />}
        </svg>
      </div>
      {marks.length > 0 && (
        <ol class="marks">
          {marks.map(({ atMs, text }) => (
            <li key={`${atMs}${text.zh}`}>
              <span class="mono">{shown(atMs)}</span> {say(text)}
            </li>
          ))}
        </ol>
      )}
      <EdgeTable traces={traces} marks={marks} fromMs={fromMs} shown={shown} />
    </div>
  );
}

/** How wide it is drawn, in CSS pixels. */
function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.max(200, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
