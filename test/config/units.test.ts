import { describe, expect, test } from 'vitest';
import { parseDuration, parseSize, UnitError, writeDuration } from '../../src/config/units.ts';

describe('durations', () => {
  test.each([
    ['250ms', 250],
    ['5s', 5000],
    ['1.5s', 1500],
    ['10min', 600_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['10 min', 600_000],
    [' 5S ', 5000],
    [25, 25],
    ['25', 25],
    [0, 0],
  ])('%j is %d ms', (written, ms) => {
    expect(parseDuration(written)).toBe(ms);
  });

  test.each([
    ['', 'duration'],
    ['5m', 'duration'],
    ['fast', 'duration'],
    ['-5s', 'duration'],
    ['5s5', 'duration'],
    ['toString', 'duration'],
    ['1constructor', 'duration'],
    [-1, 'range'],
    [Number.NaN, 'range'],
    [Number.POSITIVE_INFINITY, 'range'],
    ['99999999999999999d', 'range'],
  ])('%j is refused (%s), in both languages', (written, code) => {
    const error = catchUnitError(() => parseDuration(written));
    expect(error.code).toBe(code);
    expect(error.text.zh).toContain(String(written));
    expect(error.text.en).toContain(String(written));
  });

  test.each([0, 1, 250, 1000, 1500, 60_000, 90_000, 3_600_000, 604_800_000])('%d ms reads back as itself', (ms) => {
    expect(parseDuration(writeDuration(ms))).toBe(ms);
  });
});

describe('sizes', () => {
  test.each([
    ['800B', 800],
    ['500KB', 500_000],
    ['1.5mb', 1_500_000],
    ['4GB', 4_000_000_000],
    [1024, 1024],
  ])('%j is %d bytes', (written, bytes) => {
    expect(parseSize(written)).toBe(bytes);
  });

  test.each(['4TB', '500KiB', 'big', '-1'])('%j is refused', (written) => {
    expect(catchUnitError(() => parseSize(written)).code).toBe('size');
  });
});

function catchUnitError(run: () => unknown): UnitError {
  try {
    run();
  } catch (error) {
    if (error instanceof UnitError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
