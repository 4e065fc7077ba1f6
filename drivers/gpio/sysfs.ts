/**
 * GPIO through /sys/class/gpio and onoff, for machines without gpiomon: interrupts, plus a poll every 25 ms. devices.md 7.1 and 7.3
 * explain the workarounds. It sets no bias, because sysfs cannot.
 */
import { constants } from 'node:fs';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { type Clock, LinkError } from '../../src/driver.ts';
import type { GpioListener, GpioSource } from './source.ts';

const SYSFS = '/sys/class/gpio';
/** Poll interval, for interrupts that onoff drops. */
const LOOK_EVERY_MS = 25;
/** udev gives a line's files to the group `gpio` some time after they appear. */
const ACCESS_WAIT_MS = 2_000;
const ACCESS_LOOK_MS = 20;

/** The part of onoff's Gpio in use. */
export interface SysfsLine {
  direction(): string;
  edge(): string;
  activeLow(): boolean;
  readSync(): 0 | 1;
  watch(callback: (error: Error | null | undefined, value: 0 | 1) => void): void;
  unexport(): void;
}
export type OpenLine = (number: number) => Promise<SysfsLine>;

/** Loaded on demand: its native part needs a compiler on most machines, and most machines have gpiomon. */
async function openWithOnoff(number: number): Promise<SysfsLine> {
  const { Gpio } = await import('onoff').catch((error: unknown) => {
    throw new LinkError('notFound', 'neither gpiomon nor onoff can be used here; install gpiod', { cause: error });
  });
  // onoff's debounce loses and delays pulses, so it is off. `both`: a pulse shorter than our latency calls back with the old level.
  return new Gpio(number, 'in', 'both', { activeLow: false });
}

export function sysfsSource(clock: Clock, open: OpenLine = openWithOnoff, folder = SYSFS): GpioSource {
  return {
    async watch(lines, listener, signal) {
      if (lines.bias !== 'as-is')
        throw new LinkError(
          'refused',
          `sysfs cannot set ${lines.bias}: install gpiod, or set it at boot and write as-is`,
        );
      const base = await baseOf(folder, lines.chip);
      const opened: { readonly offset: number; readonly line: SysfsLine }[] = [];
      try {
        for (const offset of lines.offsets) {
          if (signal.aborted) return;
          opened.push({ offset, line: await openLine(base + offset, { open, folder, clock, signal }) });
        }
        await poll(opened, listener, clock, signal);
      } finally {
        for (const { line } of opened) release(line);
      }
    },
  };
}

/** sysfs number of line 0 of the chip with this label; it varies by kernel. */
async function baseOf(folder: string, label: string): Promise<number> {
  const names = (await readdir(folder).catch((error: unknown) => unreadable(folder, error))).filter((name) =>
    /^gpiochip\d+$/.test(name),
  );
  const chips = await Promise.all(
    names.map(async (name) => ({
      label: await text(`${folder}/${name}/label`),
      base: Number(await text(`${folder}/${name}/base`)),
    })),
  );
  const [found, ...others] = chips.filter((chip) => chip.label === label && Number.isInteger(chip.base));
  if (found === undefined) {
    const labels = chips.map((chip) => chip.label).join(', ');
    throw new LinkError('notFound', `no GPIO chip is labelled ${label}; here are ${labels}`);
  }
  if (others.length > 0) throw new LinkError('refused', `several GPIO chips are labelled ${label}`);
  return found.base;
}

const text = async (path: string): Promise<string> =>
  (await readFile(path, 'utf8').catch((error: unknown) => unreadable(path, error))).trim();

function unreadable(path: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const linkCode =
    code === 'ENOENT'
      ? 'notFound'
      : code === 'EACCES' || code === 'EPERM'
        ? 'denied'
        : code === 'EBUSY'
          ? 'busy'
          : 'refused';
  throw new LinkError(linkCode, `${path}: ${message}`, { cause: error });
}

interface Opening {
  readonly open: OpenLine;
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function openLine(number: number, { open, folder, clock, signal }: Opening): Promise<SysfsLine> {
  const files = `${folder}/gpio${number}`;
  const write = (file: string): Promise<void> =>
    writeFile(`${folder}/${file}`, String(number)).catch((error: unknown) => unreadable(`${folder}/${file}`, error));
  // On an exported line onoff swallows every error, and a watch would never fire.
  if (await exists(files)) await write('unexport');
  await write('export');
  // onoff would poll for these up to 10,000 times, blocking the event loop.
  for (const file of ['value', 'direction', 'active_low', 'edge']) await accessible(`${files}/${file}`, clock, signal);
  const line = await open(number).catch((error: unknown) => {
    throw error instanceof LinkError ? error : unreadable(files, error);
  });
  const found = settingsOf(line);
  if (found === WANTED) return line;
  release(line);
  throw new LinkError('refused', `${files}: the line is ${found}, not ${WANTED}`);
}

const WANTED = 'in both';

/** The kernel's settings, which may differ from those requested. */
function settingsOf(line: SysfsLine): string {
  try {
    return `${line.direction()} ${line.edge()}${line.activeLow() ? ' active_low' : ''}`;
  } catch (error) {
    return String(error);
  }
}

/** A line that is gone cannot be released. */
function release(line: SysfsLine): void {
  try {
    line.unexport();
  } catch {}
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function accessible(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const untilMs = clock.nowMs() + ACCESS_WAIT_MS;
  for (;;) {
    const error: unknown = await access(path, constants.R_OK | constants.W_OK).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (signal.aborted || clock.nowMs() >= untilMs) unreadable(path, error);
    await clock.sleep(ACCESS_LOOK_MS, signal);
  }
}

/** Reports interrupts and polls every line each 25 ms, until `signal` aborts or a line becomes unreadable. */
async function poll(
  opened: readonly { readonly offset: number; readonly line: SysfsLine }[],
  listener: GpioListener,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const lookedMs = new Map<number, number>();
  let failure: unknown;
  /** A change came after the previous poll. */
  const since = (offset: number, atMs: number): number => Math.ceil(atMs - (lookedMs.get(offset) ?? atMs));
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  for (const { offset, line } of opened) {
    line.watch((error, value) => {
      if (over.signal.aborted) return;
      if (error) {
        failure = error;
        return stop();
      }
      const atMs = clock.nowMs();
      listener.edge({ offset, value: value === 1, atMs, uncertaintyMs: since(offset, atMs) });
      lookedMs.set(offset, atMs);
    });
  }
  while (!over.signal.aborted) {
    try {
      for (const { offset, line } of opened) {
        const atMs = clock.nowMs();
        listener.level({ offset, value: line.readSync() === 1, atMs, uncertaintyMs: since(offset, atMs) });
        lookedMs.set(offset, atMs);
      }
    } catch (error) {
      failure = error;
      break;
    }
    await clock.sleep(LOOK_EVERY_MS, over.signal);
  }
  stop();
  signal.removeEventListener('abort', stop);
  if (failure !== undefined && !signal.aborted)
    throw new LinkError('gone', `GPIO: ${failure instanceof Error ? failure.message : String(failure)}`, {
      cause: failure,
    });
}
