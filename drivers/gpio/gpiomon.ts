/**
 * GPIO by the tools of libgpiod: gpioget says how the lines are, a gpiomon that runs says each change with the kernel's time stamp.
 * devices.md 7.2. A gpiomon that is gone or stands still means that nothing is known; it is started again by whoever runs the driver.
 *
 * A line has one owner, so gpioget must be done before gpiomon begins: a change in those few milliseconds shows only at the next edge.
 */
import { readFile } from 'node:fs/promises';
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import { type Child, linesOf, startChild } from './child.ts';
import { chipsOf, type Dialect, dialectOf, parseLevels } from './gpiod-text.ts';
import type { GpioLines, GpioListener, GpioSource } from './source.ts';

const TIMEOUT_MS = 3_000;
/** Version 1 says nothing when it has the lines; what it cannot do, it says before this. */
const SILENT_START_MS = 200;
const ALIVE_EVERY_MS = 500;
/** A stamp this far from our clock is by another one: before Linux 5.7 the kernel stamped by the wall clock. */
const STAMP_MOST_MS = 10_000;
/** Between the edge and our reading it from the pipe, when the stamp is of no use. */
const ARRIVAL_MS = 50;

export interface GpiodTools {
  readonly gpiodetect: string;
  readonly gpioget: string;
  readonly gpiomon: string;
}
export const GPIOD_TOOLS: GpiodTools = { gpiodetect: 'gpiodetect', gpioget: 'gpioget', gpiomon: 'gpiomon' };

export function gpiomonSource(clock: Clock, tools: GpiodTools = GPIOD_TOOLS): GpioSource {
  return {
    async watch(lines, listener, signal) {
      const run = (command: string, args: readonly string[]): Promise<readonly string[]> =>
        linesOf(command, args, { clock, timeoutMs: TIMEOUT_MS, signal });
      try {
        const dialect = dialectOf(await run(tools.gpiomon, ['--version']));
        const chip = chipOf(lines.chip, chipsOf(await run(tools.gpiodetect, [])));
        const levels = parseLevels(await run(tools.gpioget, dialect.levels(chip, lines)), lines.offsets.length);
        const atMs = clock.nowMs();
        const begin = (): void => {
          for (const [index, offset] of lines.offsets.entries())
            listener.level({ offset, value: levels[index] === true, atMs, uncertaintyMs: dialect.uncertaintyMs });
        };
        await follow({ command: tools.gpiomon, chip, lines, dialect, begin, listener, clock }, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** Whether gpiomon is installed at all; how well it works is for `watch` to find out. Never rejects. */
export async function hasGpiomon(clock: Clock, tools: GpiodTools, signal: AbortSignal): Promise<boolean> {
  try {
    await linesOf(tools.gpiomon, ['--version'], { clock, timeoutMs: TIMEOUT_MS, signal });
    return true;
  } catch (error) {
    if (error instanceof LinkError && error.code === 'notFound') return false;
    // It is there and does not do: `watch` says how.
    return true;
  }
}

function chipOf(label: string, chips: ReadonlyMap<string, ReadonlySet<string>>): string {
  const [name, ...others] = chips.get(label) ?? [];
  if (name === undefined)
    throw new LinkError('notFound', `no GPIO chip is labelled ${label}; here are ${[...chips.keys()].join(', ')}`);
  if (others.length > 0)
    throw new LinkError('refused', `several GPIO chips are labelled ${label}: ${[name, ...others].join(', ')}`);
  return name;
}

interface Following {
  readonly command: string;
  readonly chip: string;
  readonly lines: GpioLines;
  readonly dialect: Dialect;
  readonly begin: () => void;
  readonly listener: GpioListener;
  readonly clock: Clock;
}

/** Runs gpiomon until `signal` aborts; throws when it ends before, or prints what it should not. */
async function follow(following: Following, signal: AbortSignal): Promise<void> {
  const { command, chip, lines, dialect, begin, listener, clock } = following;
  let begun = false;
  const start = (): void => {
    if (begun) return;
    begun = true;
    begin();
  };
  const over = new AbortController();
  const told = new AbortController();
  const stop = (): void => {
    over.abort();
    told.abort();
  };
  signal.addEventListener('abort', stop, { once: true });
  const child = startChild(command, dialect.edges(chip, lines), (line) => {
    if (over.signal.aborted) return;
    if (dialect.begun?.test(line) && !begun) {
      start();
      told.abort();
      return;
    }
    const event = dialect.event(line);
    if (event === undefined || !lines.offsets.includes(event.offset))
      throw new ProtocolError('frame', `${command} printed "${line.slice(0, 60)}"`);
    start();
    listener.edge({ offset: event.offset, value: event.value, ...stampOf(event.atMs, clock, dialect.uncertaintyMs) });
  });
  const ended = child.ended.then((error) => {
    stop();
    if (!signal.aborted) throw error ?? new LinkError('gone', `${command} ended by itself`);
  });
  try {
    if (signal.aborted) stop();
    await Promise.all([ended, beat(child, { ...following, start, told: told.signal }, over.signal)]);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await child.kill(clock);
    await ended.catch(() => {});
  }
}

/** Waits until gpiomon has its lines, then says twice a second that it lives. Ends it when it does not. */
async function beat(
  child: Child,
  { command, dialect, listener, clock, start, told }: Following & { start: () => void; told: AbortSignal },
  over: AbortSignal,
): Promise<void> {
  if (dialect.begun === undefined) {
    await clock.sleep(SILENT_START_MS, over);
    if (!over.aborted) start();
  } else {
    await clock.sleep(TIMEOUT_MS, told);
    if (!told.aborted && !over.aborted) throw new LinkError('timeout', `${command} does not begin`);
  }
  while (!over.aborted) {
    listener.alive(clock.nowMs(), dialect.uncertaintyMs);
    await clock.sleep(ALIVE_EVERY_MS, over);
    if (!over.aborted && (await isStopped(child.pid)) && !over.aborted)
      throw new LinkError('gone', `${command} is stopped`);
  }
  if (child.pid !== undefined) await child.kill(clock);
}

/** A stopped process is there and sees nothing. Where /proc does not say, it is believed to run. */
async function isStopped(pid: number | undefined): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return /\) [Tt] /.test(status);
}

function stampOf(
  stampMs: number,
  clock: Clock,
  uncertaintyMs: number,
): { readonly atMs: number; readonly uncertaintyMs: number } {
  const nowMs = clock.nowMs();
  if (Math.abs(nowMs - stampMs) > STAMP_MOST_MS) return { atMs: nowMs, uncertaintyMs: uncertaintyMs + ARRIVAL_MS };
  return { atMs: Math.min(stampMs, nowMs), uncertaintyMs };
}
