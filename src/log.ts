/** The log: one line an event, in the language of the box, never a secret. It only renders: its callers count repeated faults. */
import { pino } from 'pino';
import { beijingTime, type Language, type Text } from './text/text.ts';

/** Search keys of a line. */
export interface LogIds {
  readonly lane?: string;
  readonly device?: string;
  readonly release?: string;
  readonly seqno?: string;
}

export interface Log {
  debug(text: Text, ids?: LogIds): void;
  info(text: Text, ids?: LogIds): void;
  warn(text: Text, ids?: LogIds): void;
  error(text: Text, ids?: LogIds): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line as kept for the page. */
export interface LogLine {
  /** Counts up from 1. */
  readonly n: number;
  readonly atWallMs: number;
  readonly level: LogLevel;
  readonly text: Text;
  readonly ids: Readonly<Record<string, string>>;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const KEPT_LINES = 2_000;

/** The last lines, in memory. */
export class LogRing {
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<(line: LogLine) => void>();
  #n = 0;

  add(line: Omit<LogLine, 'n'>): void {
    this.#n += 1;
    const kept = { n: this.#n, ...line };
    this.#lines.push(kept);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(kept);
  }

  /** Newest first, of this level and more severe ones, older than `before`. */
  list(filter: { readonly level: LogLevel; readonly before?: number; readonly limit: number }): readonly LogLine[] {
    const least = LEVELS.indexOf(filter.level);
    const before = filter.before ?? Number.POSITIVE_INFINITY;
    const found = this.#lines.filter(({ n, level }) => n < before && LEVELS.indexOf(level) >= least);
    return found.slice(-filter.limit).reverse();
  }

  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export interface LogOptions {
  readonly language: Language;
  readonly level: LogLevel;
  /** Clock.wallMs of the line. */
  readonly wallMs: () => number;
  readonly write: (line: string) => void;
  /** journald reads `<4>` at the start of a line as its priority and stamps the time itself. */
  readonly journald: boolean;
  readonly ring?: LogRing;
}

const PRIORITY: Readonly<Record<string, number>> = { debug: 7, info: 6, warn: 4, error: 3 };
/** A newline inside a message could forge another line. */
const oneLine = ({ zh, en }: Text): Text => ({ zh: flat(zh), en: flat(en) });
const flat = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');

export function createLog(options: LogOptions): Log & { setLevel(level: LogLevel): void } {
  const render = (json: string): void => {
    const { level, msg, lane, device, release, seqno } = JSON.parse(json) as Record<string, string>;
    const ids = Object.entries({ lane, device, release, seqno }).filter(([, value]) => value !== undefined);
    const head = options.journald
      ? `<${PRIORITY[level ?? 'info'] ?? 6}>`
      : `${beijingTime(options.wallMs())} ${(level ?? '').toUpperCase().padEnd(5)} `;
    options.write(`${head}${flat(msg ?? '')}${ids.map(([key, value]) => ` ${key}=${value}`).join('')}\n`);
  };
  const logger = pino(
    { level: options.level, base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    { write: render },
  );
  const at =
    (level: LogLevel) =>
    (text: Text, ids: LogIds = {}): void => {
      logger[level](ids, text[options.language]);
      if (logger.isLevelEnabled(level))
        options.ring?.add({
          atWallMs: Math.round(options.wallMs()),
          level,
          text: oneLine(text),
          ids: { ...ids } as Record<string, string>,
        });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    setLevel: (level) => {
      logger.level = level;
    },
  };
}
