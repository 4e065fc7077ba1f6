/** A source of GPIO levels: the one interface of gpiomon and sysfs. It names lines by offset only. */

export type Bias = 'pull-up' | 'pull-down' | 'disabled' | 'as-is';

/** Lines of one chip. */
export interface GpioLines {
  /** The label the kernel driver gives its chip; chip and sysfs numbers vary by kernel. */
  readonly chip: string;
  /** Offsets in that chip. */
  readonly offsets: readonly number[];
  readonly bias: Bias;
}

export interface GpioReading {
  readonly offset: number;
  readonly value: boolean;
  /** Clock.nowMs; the kernel's own stamp where there is one. */
  readonly atMs: number;
  readonly uncertaintyMs: number;
}

export interface GpioListener {
  /** A line was read. */
  level(reading: GpioReading): void;
  /** A line changed to this level. If it was at this level already, it was at the other in between. */
  edge(reading: GpioReading): void;
  /** No change since; one would have been seen. */
  alive(atMs: number, uncertaintyMs: number): void;
}

export interface GpioSource {
  /**
   * Reports the level of every line, then every change, and `alive` at least once a second, until `signal` aborts. Throws LinkError
   * (notFound, denied, busy, refused, timeout, gone) or ProtocolError; all levels are then unknown.
   */
  watch(lines: GpioLines, listener: GpioListener, signal: AbortSignal): Promise<void>;
}
