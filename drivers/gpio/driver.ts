/**
 * The driver of contacts wired to this machine's own GPIO: chooses a source and turns its events into readings. It knows lines of one
 * chip, not how they are read; when its source ends, its points are unknown.
 */
import { z } from 'zod';
import type { Clock, Driver, DriverKind, DriverPorts, Reading } from '../../src/driver.ts';
import { gpioText } from './gpio-text.ts';
import { GPIOD_TOOLS, type GpiodTools, gpiomonSource, hasGpiomon } from './gpiomon.ts';
import type { GpioListener, GpioReading, GpioSource } from './source.ts';
import { sysfsSource } from './sysfs.ts';

/** Shorter than any contact's debounce: changes within it are bounce. */
const SHORTEST_PULSE_MS = 30;
/** A pulse without an edge lies at most this far back, whenever the line was last read. */
const HIDDEN_MOST_MS = 1_000;
const LINES_MOST = 64;

const fields = z.strictObject({
  /** The label in brackets in the output of gpiodetect. */
  chip: z.string().min(1).max(100),
  /** Point → offset in the chip. */
  lines: z.record(z.string(), z.int().min(0).max(9_999)),
  bias: z.enum(['pull-up', 'pull-down', 'disabled', 'as-is']).default('as-is'),
  /** auto: gpiomon if installed, else sysfs. */
  via: z.enum(['auto', 'gpiomon', 'sysfs']).default('auto'),
});

export type GpioDevice = z.infer<typeof fields>;

const gpioDevice = fields.superRefine(({ chip, lines, bias, via }, context) => {
  const complain = (complaint: ReturnType<typeof gpioText.noLines>, ...path: string[]): void =>
    context.addIssue({ code: 'custom', path, message: complaint.message.en, params: { complaint } });
  if (/^(\/dev\/.*|gpiochip\d+|\d+)$/.test(chip)) complain(gpioText.chipNumber(chip), 'chip');
  if (Object.keys(lines).length === 0 || Object.keys(lines).length > LINES_MOST) complain(gpioText.noLines(), 'lines');
  if (via === 'sysfs' && bias !== 'as-is') complain(gpioText.noBias(bias), 'bias');
  const taken = new Set<number>();
  for (const [point, line] of Object.entries(lines)) {
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(point)) complain(gpioText.badPoint(point), 'lines', point);
    if (taken.has(line)) complain(gpioText.lineTwice(line), 'lines', point);
    taken.add(line);
  }
});

export const gpioKind: DriverKind<GpioDevice> = {
  kind: 'gpio',
  wire: false,
  schema: gpioDevice,
  create: (config, ports) => createGpioDriver(config, ports),
};

/** Sources of levels; the tests of this driver pass their own. */
export interface GpioSources {
  readonly tools: GpiodTools;
  readonly gpiomon: (clock: Clock, tools: GpiodTools) => GpioSource;
  readonly sysfs: (clock: Clock) => GpioSource;
}
const MACHINE: GpioSources = { tools: GPIOD_TOOLS, gpiomon: gpiomonSource, sysfs: (clock) => sysfsSource(clock) };

export function createGpioDriver(config: GpioDevice, { clock }: Pick<DriverPorts, 'clock'>, sources = MACHINE): Driver {
  const points = new Map(Object.entries(config.lines).map(([point, offset]) => [offset, point]));
  const lines = { chip: config.chip, offsets: [...points.keys()], bias: config.bias };
  return {
    points: Object.keys(config.lines),
    async run(report, signal) {
      const { via } = config;
      const byTools = via === 'auto' ? await hasGpiomon(clock, sources.tools, signal) : via === 'gpiomon';
      const source = byTools ? sources.gpiomon(clock, sources.tools) : sources.sysfs(clock);
      await source.watch(lines, createListener(points, report), signal);
    },
  };
}

function createListener(points: ReadonlyMap<number, string>, report: (reading: Reading) => void): GpioListener {
  /** Level of each line and when it was last read: `alive` is no read. */
  const known = new Map<number, { readonly value: boolean; readonly seenMs: number }>();
  const record = ({ offset, value, atMs, uncertaintyMs }: GpioReading): void => {
    known.set(offset, { value, seenMs: atMs });
    report({ kind: 'level', point: points.get(offset) ?? '', value, atMs, uncertaintyMs });
  };
  return {
    level: record,
    edge(reading) {
      const before = known.get(reading.offset);
      const unseenMs = before === undefined ? 0 : reading.atMs - before.seenMs;
      // A pulse between two reads. Its polarity is known to the lane only.
      if (before?.value === reading.value && unseenMs >= SHORTEST_PULSE_MS) {
        const point = points.get(reading.offset) ?? '';
        const uncertaintyMs = Math.min(unseenMs, HIDDEN_MOST_MS);
        report({ kind: 'pulses', point, count: 1, atMs: reading.atMs, uncertaintyMs });
      }
      record(reading);
    },
    alive(atMs, uncertaintyMs) {
      for (const [offset, { value }] of known)
        report({ kind: 'level', point: points.get(offset) ?? '', value, atMs, uncertaintyMs });
    },
  };
}
