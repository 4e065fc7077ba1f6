/** Replies of the store thread without an open store, and which memory is transferred with a reply. */

import { types } from 'node:util';
import { thrownText } from '../../text/thrown.ts';
import { StoreError } from '../error.ts';
import type { Reply } from '../messages.ts';
import { diskFault } from './database.ts';

/** The store could not be opened; `why` when that may pass. A folder of another owner stays so, and a person waits for a tool: neither is retried. Throws bugs. */
export function unavailable(error: unknown, isTool: boolean): Extract<Reply, { kind: 'unavailable' }> {
  const { code: system, syscall, message } = error as NodeJS.ErrnoException;
  const fault = diskFault(error);
  const code = error instanceof StoreError ? error.code : fault === 'corrupt' ? 'damaged' : 'unavailable';
  if (code === 'unavailable' && fault === undefined && typeof syscall !== 'string') throw error;
  const why = isTool || fault === 'corrupt' || system === 'EACCES' ? undefined : fault;
  return { kind: 'unavailable', code, message, ...(why && { why }) };
}

/** An error that ends the thread keeps its message: errors of better-sqlite3 are not native ones, and only their `code` is cloned. */
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
