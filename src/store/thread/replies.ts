/** What the store thread answers when it has no store, and which memory goes along with an answer. */

import { types } from 'node:util';
import { thrownText } from '../../text/thrown.ts';
import { StoreError } from '../error.ts';
import type { Reply } from '../messages.ts';
import { diskFault } from './database.ts';

/**
 * The store could not be opened; `why` when that may pass. A folder that is not ours stays so, and whoever uses a tool waits for it: neither is
 * tried again. Throws what is a mistake of ours.
 */
export function unavailable(error: unknown, isTool: boolean): Extract<Reply, { kind: 'unavailable' }> {
  const { code: system, syscall, message } = error as NodeJS.ErrnoException;
  const fault = diskFault(error);
  const code = error instanceof StoreError ? error.code : fault === 'corrupt' ? 'damaged' : 'unavailable';
  if (code === 'unavailable' && fault === undefined && typeof syscall !== 'string') throw error;
  const why = isTool || fault === 'corrupt' || system === 'EACCES' ? undefined : fault;
  return { kind: 'unavailable', code, message, ...(why && { why }) };
}

/**
 * What ends the thread arrives on the other side with its words: errors of better-sqlite3 are no native ones, and of those only `code` is cloned.
 */
export function withWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (types.isNativeError(error)) throw error;
    const { code, stack } = error as { readonly code?: unknown; readonly stack?: string };
    const native = new Error(`${String(code ?? 'error')}: ${thrownText(error)}`, { cause: error });
    if (stack !== undefined) native.stack = stack;
    throw native;
  }
}

export function transferable(reply: Reply): readonly ArrayBuffer[] {
  const bytes = reply.kind === 'result' && reply.value instanceof Uint8Array ? reply.value : undefined;
  return bytes !== undefined && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : [];
}
