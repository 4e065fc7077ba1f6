/**
 * Signals over time, as in a logic analyser: zoom, a cursor that jumps from edge to edge, a mark to measure from, and a table. It draws traces and
 * does not know their source.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { waveformText } from '../../text/page/ui-waveform.made.ts';
import { say } from '../language.ts';
import { Button } from '../parts.tsx';
import { clock } from '../time.tsx';
import type { Trace, WaveformMark } from './trace.ts';
import { type CursorCommands, useCursor } from './waveform-cursor.ts';
import { Drawing } from './waveform-drawing.tsx';
import { EdgeTable } from './waveform-table.tsx';

interface WaveformProps {
  readonly traces: readonly Trace[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Times are shown relative to it; absent: as the time of day. */
  readonly zeroMs?: number;
  readonly marks?: readonly WaveformMark[];
  readonly label: string;
}

export const offsetText = (ms: number): string => {
  const seconds = Math.abs(ms) / 1000;
  return `${ms < 0 ? '−' : '+'}${seconds.toFixed(seconds < 100 ? 3 : 1)} s`;
};

export function Waveform({ traces, fromMs, toMs, zeroMs, marks = [], label }: WaveformProps) {
  const { view, cursorMs, markMs, commands } = useCursor(traces, marks, fromMs, toMs);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [from, to] = view ?? [fromMs, toMs];
  const shown = (ms: number): string => (zeroMs === undefined ? clock(ms, true) : offsetText(ms - zeroMs));

  return (
    <div class="waveform above">
      <Tools commands={commands} isZoomed={view !== undefined} cursorMs={cursorMs}>
        {cursorMs === undefined ? say(waveformText.noCursor) : say(waveformText.cursor(shown(cursorMs)))}
        {cursorMs !== undefined &&
          markMs !== undefined &&
          ` · ${say(waveformText.delta(offsetText(cursorMs - markMs)))}`}
      </Tools>
      <div
        class="waveform-place"
        ref={place}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor moves by keys; the buttons above do the same.
        tabIndex={0}
        // A drawing with a cursor in it: arrow keys are its own.
        role="application"
        aria-label={`${label}. ${say(waveformText.keys)}`}
        onKeyDown={commands.key}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          commands.put(from + ((event.clientX - box.left) / box.width) * (to - from));
        }}
      >
        <Drawing {...{ traces, marks, from, to, width, cursorMs, markMs }} zeroMs={zeroMs} />
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

interface ToolsProps {
  readonly commands: CursorCommands;
  readonly isZoomed: boolean;
  readonly cursorMs: number | undefined;
  /** Times of cursor and mark. */
  readonly children: ComponentChildren;
}

function Tools({ commands, isZoomed, cursorMs, children }: ToolsProps) {
  return (
    <div class="row waveform-tools">
      <Button onClick={() => commands.zoom(0.5)} label={say(waveformText.zoomIn)}>
        +
      </Button>
      <Button onClick={() => commands.zoom(2)} label={say(waveformText.zoomOut)} disabled={!isZoomed}>
        −
      </Button>
      <Button text={waveformText.all} onClick={() => commands.showAll()} disabled={!isZoomed} />
      <Button onClick={() => commands.pan(-0.5)} label={say(waveformText.earlier)} icon="back" disabled={!isZoomed} />
      <Button onClick={() => commands.pan(0.5)} label={say(waveformText.later)} icon="next" disabled={!isZoomed} />
      <Button onClick={() => commands.step(false)} label={say(waveformText.previousEdge)}>
        ⇤
      </Button>
      <Button onClick={() => commands.step(true)} label={say(waveformText.nextEdge)}>
        ⇥
      </Button>
      <Button text={waveformText.mark} onClick={() => commands.mark()} disabled={cursorMs === undefined} />
      <output class={cursorMs === undefined ? '' : 'mono'} aria-live="polite">
        {children}
      </output>
    </div>
  );
}

/** Width of the drawing in CSS pixels. */
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
