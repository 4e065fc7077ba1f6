/** The contract of a command. One file of this folder each; `src/process.ts` has the table. */

import type { Kinds } from '../config/devices.ts';
import { cliText } from '../text/commands/cli.ts';
import type { Language, Text } from '../text/text.ts';

export interface CommandContext {
  readonly language: Language;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** What drivers there are; loaded on demand. */
  readonly kinds: () => Promise<Kinds>;
  /** Run for the page, which writes the audit log itself, by the name of its user. */
  readonly ofPage?: boolean;
  /** The error that ended the command, beside its line. */
  readonly caught?: (error: unknown) => void;
  /** What a command of verification shows that does not fit, beside its line. */
  readonly found?: (line: Text) => void;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  readonly help: Text;
  /** Placeholder of the value in the help: FILE. */
  readonly value?: string;
  /** Names it had before: they stay valid, and stand in no help. */
  readonly formerly?: readonly string[];
  /** Values that the completion offers; others are allowed. */
  readonly offers?: readonly string[];
}

/** Options that several commands have. */
export const CONFIG_OPTION = {
  config: { type: 'string', short: 'c', value: 'FILE', help: cliText.configOption },
} as const;
export const STORE_OPTIONS = {
  ...CONFIG_OPTION,
  store: { type: 'string', value: 'FOLDER', help: cliText.storeOption },
} as const;
export const JSON_OPTION = { json: { type: 'boolean', help: cliText.jsonOption } } as const;

export interface Command {
  readonly name: string;
  readonly summary: Text;
  readonly options: Readonly<Record<string, CommandOption>>;
  /**
   * The positional arguments as the help shows them, if any: `FILE…`, `list | show NAME`. Capitals stand for a value, small letters for
   * themselves; without `…` there are no more than these.
   */
  readonly positionals?: string;
  /** Resolves to the exit code; to nothing when all is well. Throws UsageError and ExitError. */
  run(
    values: Readonly<Record<string, unknown>>,
    positionals: readonly string[],
    context: CommandContext,
  ): Promise<number> | Promise<void>;
}

/** Exit codes of sysexits.h in use. Their words: `src/text/commands/manual-words.ts`. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  noInput: 66,
  unavailable: 69,
  cannotCreate: 73,
  io: 74,
  permission: 77,
  configuration: 78,
} as const;

export type ExitName = keyof typeof EXIT;

/** Ends a command with this exit code: nothing more is done, and one line says why. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: number;
  readonly text: Text;
  constructor(exitCode: number, text: Text) {
    super(text.en);
    this.exitCode = exitCode;
    this.text = text;
  }
}

/** What was asked for makes no sense; nothing was done. */
export const misuse = (text: Text): ExitError => new ExitError(EXIT.usage, text);
