/** Signals as lines: levels, unknown stretches, and ticks that people can count. */
import { describe, expect, it } from 'vitest';
import { pathOf, ticks } from '../../src/ui/waveform/trace.ts';

const trace = (before: boolean | null, ...edges: readonly (readonly [number, boolean | null])[]) => ({
  key: 'a',
  name: 'A',
  before,
  edges: edges.map(([atMs, level]) => ({ atMs, level })),
});

describe('a trace', () => {
  it('steps at its edges and is filled while on', () => {
    const { line, fill, lost } = pathOf(trace(false, [100, true], [200, false]), 0, 1000, 1000, 40, 10);
    expect(line).toBe('M-2.0 40H100.0V10H200.0V40H1002.0');
    expect(fill).toBe('M100.0 40V10H200.0V40z');
    expect(lost).toBe('');
  });

  it('is drawn half way up, and by another line, while nobody knows it', () => {
    const { line, lost } = pathOf(trace(true, [100, null], [300, false]), 0, 1000, 1000, 40, 10);
    expect(line).toBe('M-2.0 10H100.0M300.0 40H1002.0');
    expect(lost).toBe('M100.0 25H300.0');
  });

  it('keeps what lies outside the view out of it, but not its level', () => {
    const { line } = pathOf(trace(false, [100, true], [9_000, false]), 400, 500, 100, 40, 10);
    expect(line).toBe('M-2.0 10H102.0');
  });
});

describe('ticks', () => {
  it('are round from the zero on, and not too many for the width', () => {
    expect(ticks(-15_000, 15_000, 0, 600).map(({ text }) => text)).toEqual([
      '−15 s',
      '−10 s',
      '−5 s',
      '0 s',
      '5 s',
      '10 s',
      '15 s',
    ]);
    expect(ticks(-120, 90, 0, 600).map(({ text }) => text)).toEqual(['−0.10 s', '−0.05 s', '0.00 s', '0.05 s']);
    for (const span of [60, 900, 7_000, 90_000, 900_000]) expect(ticks(0, span, 0, 300).length).toBeLessThanOrEqual(4);
  });
});
