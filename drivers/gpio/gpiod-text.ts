/**
 * Arguments and output of the libgpiod tools: version 2 (Debian 13) and version 1 (Debian 12). Pure; it starts nothing.
 *
 *                 version 2 (2.2.1)                               version 1 (1.6.3)
 *   chips         gpiodetect → gpiochip0 [pinctrl-bcm2711] (58 lines), both
 *   levels        gpioget --numeric -c CHIP [-b BIAS] 17 27       gpioget [--bias=BIAS] CHIP 17 27      → 1 0
 *   edges         gpiomon --banner -c CHIP -e both -p 5ms …       gpiomon -b [--bias=BIAS] --format=… CHIP 17 27
 *   an edge       17 1 512.000250000   (1 rising, 2 falling)      17 1 512 250000   (1 rising, 0 falling; nanoseconds not padded)
 *   started       Monitoring lines '17' and '27'...               prints nothing
 * Sources: `--help` of 2.2.1 as in Debian 13; tools/gpiomon.c and gpioget.c of both branches.
 */
import { ProtocolError } from '../../src/driver.ts';
import type { Bias, GpioLines } from './source.ts';

/**
 * Contacts bounce for 1 to 5 ms; the lane's own debounce comes on top. Keeps a chattering contact from overrunning the kernel's queue of
 * 16 events.
 */
const DEBOUNCE_MS = 5;

export interface GpiodEvent {
  readonly offset: number;
  readonly value: boolean;
  /** By the kernel's CLOCK_MONOTONIC. */
  readonly atMs: number;
}

/** Arguments and output of one version. `chip` is the name gpiodetect prints: `gpiochip0`. */
export interface Dialect {
  readonly levels: (chip: string, lines: GpioLines) => readonly string[];
  readonly edges: (chip: string, lines: GpioLines) => readonly string[];
  readonly event: (line: string) => GpiodEvent | undefined;
  /** Printed once the lines are requested; undefined when that version prints nothing. */
  readonly startLine: RegExp | undefined;
  /** Maximum lag of the stamp behind the contact. */
  readonly uncertaintyMs: number;
}

const V2: Dialect = {
  levels: (chip, { bias, offsets }) => ['--numeric', '-c', chip, ...biasV2(bias), ...offsets.map(String)],
  edges: (chip, { bias, offsets }) => [
    ...['--banner', '-c', chip, '-e', 'both', '-E', 'monotonic', '-p', `${DEBOUNCE_MS}ms`, ...biasV2(bias)],
    ...['-F', '%o %e %S', ...offsets.map(String)],
  ],
  event: (line) => {
    const [, offset, edge, seconds] = /^(\d{1,5}) ([12]) (\d{1,12}\.\d{9})$/.exec(line) ?? [];
    if (offset === undefined) return undefined;
    return { offset: Number(offset), value: edge === '1', atMs: Number(seconds) * 1_000 };
  },
  startLine: /^Monitoring lines? '/,
  uncertaintyMs: DEBOUNCE_MS + 1,
};

const V1: Dialect = {
  levels: (chip, { bias, offsets }) => [`--bias=${biasV1(bias)}`, chip, ...offsets.map(String)],
  // Line-buffered (-b): into a pipe it would otherwise hold edges back until 4 KB have accumulated.
  edges: (chip, { bias, offsets }) => [
    ...['-b', `--bias=${biasV1(bias)}`, '--format=%o %e %s %n', chip, ...offsets.map(String)],
  ],
  event: (line) => {
    const [, offset, edge, seconds, nanoseconds] = /^(\d{1,5}) ([01]) (\d{1,12}) (\d{1,9})$/.exec(line) ?? [];
    if (offset === undefined) return undefined;
    return {
      offset: Number(offset),
      value: edge === '1',
      atMs: Number(seconds) * 1_000 + Number(nanoseconds) / 1e6,
    };
  },
  startLine: undefined,
  uncertaintyMs: 1,
};

const biasV2 = (bias: Bias): readonly string[] => (bias === 'as-is' ? [] : ['-b', bias]);
const biasV1 = (bias: Bias): string => (bias === 'disabled' ? 'disable' : bias);

/** From the output of `gpiomon --version`: `gpiomon (libgpiod) v2.2.1`. Throws ProtocolError for another program. */
export function dialectOf(lines: readonly string[]): Dialect {
  const [, major] = /\(libgpiod\) v(\d+)\./.exec(lines[0] ?? '') ?? [];
  if (major === '1') return V1;
  if (major !== undefined && Number(major) >= 2) return V2;
  throw new ProtocolError('identity', `gpiomon --version says "${(lines[0] ?? '').slice(0, 60)}"`);
}

/** Label → names of the chips with it. A name printed twice (a link in /dev) is one chip. */
export function chipsOf(lines: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const chips = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, name, label] = /^(gpiochip\d+) \[(.*)\] \(\d+ lines\)$/.exec(line) ?? [];
    if (name === undefined || label === undefined) continue;
    chips.set(label, (chips.get(label) ?? new Set()).add(name));
  }
  return chips;
}

/** The levels gpioget printed, one per requested line. Throws ProtocolError for any other output. */
export function parseLevels(lines: readonly string[], asked: number): readonly boolean[] {
  const [text = ''] = lines;
  if (lines.length !== 1 || !/^[01]( [01])*$/.test(text) || text.split(' ').length !== asked)
    throw new ProtocolError('frame', `gpioget printed "${lines.join('\n').slice(0, 60)}" for ${asked} lines`);
  return text.split(' ').map((value) => value === '1');
}
