/** Message and exit code of an error that ended a command. It handles nothing. */
import { StateLockError } from '../box/state-lock.ts';
import { ConfigError, type ConfigErrorCode } from '../config/errors.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import { type StoreCode, StoreError } from '../store/error.ts';
import { cliText } from '../text/commands/cli.ts';
import { faultText } from '../text/fault.ts';
import type { Language, Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';
import { EXIT } from './command.ts';
import { writeFaults } from './faults.ts';

const CONFIG_EXIT: Readonly<Record<ConfigErrorCode, number>> = {
  noInput: EXIT.noInput,
  unreadable: EXIT.permission,
  invalid: EXIT.configuration,
};

/** All other store errors are I/O. */
const STORE_EXIT: Readonly<Partial<Record<StoreCode, number>>> = {
  unavailable: EXIT.cannotCreate,
  newer: EXIT.failure,
};

/** System errors with their own exit code; the others are I/O. */
const SYSTEM_EXIT: Readonly<Record<string, number>> = {
  ENOENT: EXIT.noInput,
  EACCES: EXIT.permission,
  EPERM: EXIT.permission,
  EROFS: EXIT.cannotCreate,
  EADDRINUSE: EXIT.unavailable,
  EADDRNOTAVAIL: EXIT.unavailable,
  ECONNREFUSED: EXIT.unavailable,
};

/** `text` ends without a newline: one line, except for bugs and lists of faults. */
export function failure(error: unknown, language: Language): { readonly text: string; readonly exitCode: number } {
  if (error instanceof ConfigError) return { text: writeFaults(error, language), exitCode: CONFIG_EXIT[error.code] };
  if (error instanceof LinkError || error instanceof ProtocolError) {
    const denied = error.code === 'denied';
    const text = faultText('', error)[language].trim();
    return { text: oneLine(text), exitCode: denied ? EXIT.permission : EXIT.unavailable };
  }
  if (error instanceof StoreError) {
    const text = cliText.storeError(error.code, thrownText(error))[language];
    return { text: oneLine(text), exitCode: STORE_EXIT[error.code] ?? EXIT.io };
  }
  if (error instanceof StateLockError) return { text: oneLine(error.text[language]), exitCode: EXIT.unavailable };
  if (hasText(error)) return { text: oneLine(error.text[language]), exitCode: EXIT.failure };
  if (isSystemError(error)) {
    const text = oneLine(systemText(error)[language]);
    return { text, exitCode: SYSTEM_EXIT[error.code] ?? EXIT.io };
  }
  // A bug: support needs the stack.
  const stack = error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return {
    text: cliText.ownMistake(thrownText(error))[language] + stack,
    exitCode: EXIT.failure,
  };
}

/** Our error classes with a text in both languages. */
function hasText(error: unknown): error is Error & { readonly text: Text } {
  const text = error instanceof Error ? (error as { text?: Partial<Text> }).text : undefined;
  return typeof text?.zh === 'string' && typeof text.en === 'string';
}

function systemText(error: Error & { readonly code: string; readonly path?: unknown }): Text {
  const { code, path } = error;
  if (code === 'ENOENT' && typeof path === 'string') return cliText.noSuch(path);
  return (code === 'EACCES' ? cliText.noPermission : cliText.systemError)(thrownText(error));
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && typeof (error as { code?: unknown }).code === 'string';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
