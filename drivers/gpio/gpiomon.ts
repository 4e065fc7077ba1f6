/**
 * GPIO by the tools of libgpiod: gpioget reads the levels, a running gpiomon reports each change with the kernel's time stamp.
 * devices.md 7.2. When gpiomon ends or stops, all levels are unknown; the supervisor restarts the driver.
 *
 * A line has one owner, so gpioget must finish before gpiomon starts: a change in those few milliseconds shows only at the next edge.
 */
import { readFile } from 'node:fs/promises';
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import { type Child, linesOf, startChild } from './child.ts';
import { chipsOf, type Dialect, dialectOf, parseLevels } from './gpiod-text.ts';
import type { GpioLines, GpioListener, GpioSource } from './source.ts';

const TIMEOUT_MS = 3_000;
/** Version 1 prints nothing when it has the lines; its failures appear before this. */
const SILENT_START_MS = 200;
const ALIVE_EVERY_MS = 500;
/** A stamp further off than this is by another clock: before Linux 5.7 the kernel stamped by the wall clock. */
const STAMP_MOST_MS = 10_000;
/** Latency between an edge and its arrival through the pipe, when the stamp is unusable. */
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
        const onStart = (): void => {
          for (const [index, offset] of lines.offsets.entries())
            listener.level({ offset, value: levels[index] === true, atMs, uncertaintyMs: dialect.uncertaintyMs });
        };
        await follow({ command: tools.gpiomon, chip, lines, dialect, onStart, listener, clock }, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  };
}

/** Whether gpiomon is installed; `watch` finds out whether it works. Never rejects. */
export async function hasGpiomon(clock: Clock, tools: GpiodTools, signal: AbortSignal): Promise<boolean> {
  try {
    await linesOf(tools.gpiomon, ['--version'], { clock, timeoutMs: TIMEOUT_MS, signal });
    return true;
  } catch (error) {
    if (error instanceof LinkError && error.code === 'notFound') return false;
    // Installed and failing: `watch` reports the reason.
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
  readonly onStart: () => void;
  readonly listener: GpioListener;
  readonly clock: Clock;
}

/** Runs gpiomon until `signal` aborts; throws when it ends before, or on unexpected output. */
async function follow(following: Following, signal: AbortSignal): Promise<void> {
  const { command, chip, lines, dialect, onStart, listener, clock } = following;
  let hasStarted = false;
  const markStarted = (): void => {
    if (hasStarted) return;
    hasStarted = true;
    onStart();
  };
  const over = new AbortController();
  const started = new AbortController();
  const stop = (): void => {
    over.abort();
    started.abort();
  };
  signal.addEventListener('abort', stop, { once: true });
  const child = startChild(command, dialect.edges(chip, lines), (line) => {
    if (over.signal.aborted) return;
    if (dialect.startLine?.test(line) && !hasStarted) {
      markStarted();
      started.abort();
      return;
    }
    const event = dialect.event(line);
    if (event === undefined || !lines.offsets.includes(event.offset))
      throw new ProtocolError('frame', `${command} printed "${line.slice(0, 60)}"`);
    markStarted();
    listener.edge({ offset: event.offset, value: event.value, ...stampOf(event.atMs, clock, dialect.uncertaintyMs) });
  });
  const ended = child.ended.then((error) => {
    stop();
    if (!signal.aborted) throw error ?? new LinkError('gone', `${command} ended by itself`);
  });
  try {
    if (signal.aborted) stop();
    await Promise.all([ended, beat(child, { ...following, markStarted, started: started.signal }, over.signal)]);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await child.kill(clock);
    await ended.catch(() => {});
  }
}

/** Waits until gpiomon has its lines, then reports it alive twice a second. Ends it when the start times out. */
async function beat(
  child: Child,
  {
    command,
    dialect,
    listener,
    clock,
    markStarted,
    started,
  }: Following & { markStarted: () => void; started: AbortSignal },
  over: AbortSignal,
): Promise<void> {
  if (dialect.startLine === undefined) {
    await clock.sleep(SILENT_START_MS, over);
    if (!over.aborted) markStarted();
  } else {
    await clock.sleep(TIMEOUT_MS, started);
    if (!started.aborted && !over.aborted) throw new LinkError('timeout', `${command} does not begin`);
  }
  while (!over.aborted) {
    listener.alive(clock.nowMs(), dialect.uncertaintyMs);
    await clock.sleep(ALIVE_EVERY_MS, over);
    if (!over.aborted && (await isStopped(child.pid)) && !over.aborted)
      throw new LinkError('gone', `${command} is stopped`);
  }
  if (child.pid !== undefined) await child.kill(clock);
}

/** A stopped process exists and sees nothing. Without /proc it counts as running. */
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
