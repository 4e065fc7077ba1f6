/** View, cursor and mark of a waveform, with the commands of its buttons and keys. No drawing. */
import { useState } from 'preact/hooks';
import type { Trace, WaveformMark } from './trace.ts';

const MIN_SPAN_MS = 50;

export interface CursorCommands {
  readonly zoom: (factor: number) => void;
  /** By a part of the span; negative: earlier. */
  readonly pan: (part: number) => void;
  readonly showAll: () => void;
  /** To the next or previous edge or mark. */
  readonly step: (forward: boolean) => void;
  readonly put: (ms: number) => void;
  /** Measures from the cursor. */
  readonly mark: () => void;
  readonly key: (event: KeyboardEvent) => void;
}

export interface WaveformCursor {
  /** undefined: all. */
  readonly view: readonly [number, number] | undefined;
  readonly cursorMs: number | undefined;
  readonly markMs: number | undefined;
  readonly commands: CursorCommands;
}

export function useCursor(
  traces: readonly Trace[],
  marks: readonly WaveformMark[],
  fromMs: number,
  toMs: number,
): WaveformCursor {
  const [view, setView] = useState<readonly [number, number] | undefined>();
  const [cursorMs, setCursorMs] = useState<number | undefined>();
  const [markMs, setMarkMs] = useState<number | undefined>();
  const [from, to] = view ?? [fromMs, toMs];
  const show = (nextFrom: number, nextTo: number): void => {
    const span = Math.min(Math.max(nextTo - nextFrom, MIN_SPAN_MS), toMs - fromMs);
    const start = Math.min(Math.max(nextFrom, fromMs), toMs - span);
    setView(span >= toMs - fromMs ? undefined : [start, start + span]);
  };
  const zoom = (factor: number): void => {
    const middle = cursorMs !== undefined && cursorMs >= from && cursorMs <= to ? cursorMs : (from + to) / 2;
    show(middle - (middle - from) * factor, middle + (to - middle) * factor);
  };
  const pan = (part: number): void => show(from + (to - from) * part, to + (to - from) * part);
  const put = (ms: number): void => {
    const at = Math.min(Math.max(ms, fromMs), toMs);
    setCursorMs(at);
    if (at < from || at > to) show(at - (to - from) / 2, at + (to - from) / 2);
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
  const commands = { zoom, pan, showAll: () => setView(undefined), step, put, mark: () => setMarkMs(cursorMs), key };
  return { view, cursorMs, markMs, commands };
}
