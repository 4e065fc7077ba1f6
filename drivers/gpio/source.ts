/** What a source of GPIO levels is, whoever reads the lines: the one interface behind which gpiomon and sysfs hide. It names lines by offset only. */
import type { Clock } from '../../src/driver.ts';

export type Bias = 'pull-up' | 'pull-down' | 'disabled' | 'as-is';

/** The lines of one chip. */
export interface GpioLines {
  /** The label the kernel's driver gives its chip; numbers of chips and of lines in sysfs change from kernel to kernel. */
  readonly chip: string;
  /** Offsets in that chip. */
  readonly offsets: readonly number[];
  readonly bias: Bias;
}

export interface GpioLook {
  readonly offset: number;
  readonly value: boolean;
  /** Clock.nowMs; the kernel's own stamp where there is one. */
  readonly atMs: number;
  readonly uncertaintyMs: number;
}

export interface GpioListener {
  /** The line was looked at and is so. */
  level(look: GpioLook): void;
  /** The line changed to this level. When it already was at it, it was at the other one in between. */
  edge(look: GpioLook): void;
  /** Nothing has changed since, and a change would have been seen. */
  alive(atMs: number, uncertaintyMs: number): void;
}

export interface GpioSource {
  /**
   * Tells the level of every line, then every change, and `alive` at least once a second, until `signal` aborts.
   * Throws LinkError (notFound, denied, busy, refused, timeout, gone) or ProtocolError; what was told is then no longer known.
   */
  watch(lines: GpioLines, listener: GpioListener, signal: AbortSignal): Promise<void>;
}

/** `clock` must be the machine's own for the kernel's stamps to be believed. */
export type OpenSource = (clock: Clock) => GpioSource;
