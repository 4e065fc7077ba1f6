/**
 * What the tools of libgpiod are asked and what they print: version 2 (Debian 13) and version 1 (Debian 12). Pure; it starts nothing.
 *
 *                 version 2 (2.2.1)                               version 1 (1.6.3)
 *   chips         gpiodetect → gpiochip0 [pinctrl-bcm2711] (58 lines), both
 *   levels        gpioget --numeric -c CHIP [-b BIAS] 17 27       gpioget [--bias=BIAS] CHIP 17 27      → 1 0
 *   edges         gpiomon --banner -c CHIP -e both -p 5ms …       gpiomon -b [--bias=BIAS] --format=… CHIP 17 27
 *   an edge       17 1 512.000250000   (1 rising, 2 falling)      17 1 512 250000   (1 rising, 0 falling; nanoseconds not padded)
 *   it has begun  Monitoring lines '17' and '27'...               says nothing
 * Sources: `--help` of 2.2.1 as in Debian 13; tools/gpiomon.c and gpioget.c of both branches.
 */
import { ProtocolError } from '../../src/driver.ts';
import type { Bias, GpioLines } from './source.ts';

/** Contacts bounce for 1 to 5 ms; the lane's own debounce comes on top. Keeps a chattering contact from overrunning the kernel's 16 events. */
const DEBOUNCE_MS = 5;

export interface GpiodEvent {
  readonly offset: number;
  readonly value: boolean;
  /** By the kernel's CLOCK_MONOTONIC. */
  readonly atMs: number;
}

/** One version's way to ask and to answer. `chip` is the name gpiodetect gave: `gpiochip0`. */
export interface Dialect {
  readonly levels: (chip: string, lines: GpioLines) => readonly string[];
  readonly edges: (chip: string, lines: GpioLines) => readonly string[];
  readonly event: (line: string) => GpiodEvent | undefined;
  /** Printed once the lines are taken; undefined: it prints nothing then. */
  readonly begun: RegExp | undefined;
  /** How much later than the contact the stamp may be. */
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
  begun: /^Monitoring lines? '/,
  uncertaintyMs: DEBOUNCE_MS + 1,
};

const V1: Dialect = {
  levels: (chip, { bias, offsets }) => [`--bias=${biasV1(bias)}`, chip, ...offsets.map(String)],
  // Line-buffered (-b): into a pipe it would else keep edges until 4 KB of them are together.
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
  begun: undefined,
  uncertaintyMs: 1,
};

const biasV2 = (bias: Bias): readonly string[] => (bias === 'as-is' ? [] : ['-b', bias]);
const biasV1 = (bias: Bias): string => (bias === 'disabled' ? 'disable' : bias);

/** From what `gpiomon --version` prints: `gpiomon (libgpiod) v2.2.1`. Throws ProtocolError when it is another program. */
export function dialectOf(lines: readonly string[]): Dialect {
  const [, major] = /\(libgpiod\) v(\d+)\./.exec(lines[0] ?? '') ?? [];
  if (major === '1') return V1;
  if (major !== undefined && Number(major) >= 2) return V2;
  throw new ProtocolError('identity', `gpiomon --version says "${(lines[0] ?? '').slice(0, 60)}"`);
}

/** Label → the names of the chips that bear it. A name printed twice (a link in /dev) is one chip. */
export function chipsOf(lines: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const chips = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, name, label] = /^(gpiochip\d+) \[(.*)\] \(\d+ lines\)$/.exec(line) ?? [];
    if (name === undefined || label === undefined) continue;
    chips.set(label, (chips.get(label) ?? new Set()).add(name));
  }
  return chips;
}

/** The levels gpioget printed, one for each line asked. Throws ProtocolError when it printed anything else. */
export function parseLevels(lines: readonly string[], asked: number): readonly boolean[] {
  const [text = ''] = lines;
  if (lines.length !== 1 || !/^[01]( [01])*$/.test(text) || text.split(' ').length !== asked)
    throw new ProtocolError('frame', `gpioget printed "${lines.join('\n').slice(0, 60)}" for ${asked} lines`);
  return text.split(' ').map((value) => value === '1');
}
