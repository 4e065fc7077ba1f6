/** The reading thread: whatever a database, a driver or a file on a network does, the lanes are elsewhere. One request of a system at a time. */
import { parentPort } from 'node:worker_threads';
import { type DatabaseConnection, openSourceDatabase } from './databases.ts';
import { knownFault } from './encryption.ts';
import { readLines } from './lines.ts';
import type { SourceAnswer, SourceRequest } from './source.ts';

const connections = new Map<string, DatabaseConnection>();

async function answerTo(request: SourceRequest): Promise<SourceAnswer> {
  if (request.kind === 'file') return readLines(request);
  const { system } = request;
  if (request.kind === 'close') {
    forget(system);
    return { rows: [] };
  }
  try {
    const connection = connections.get(system) ?? (await openSourceDatabase(request.source));
    connections.set(system, connection);
    return { rows: await connection.read(request.statement) };
  } catch (error) {
    // The next request connects anew.
    forget(system);
    throw error;
  }
}

function forget(system: string): void {
  connections.get(system)?.close();
  connections.delete(system);
}

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: SourceRequest }) => {
  answerTo(request)
    .catch((error: unknown): SourceAnswer => {
      const known = knownFault(error);
      return { fault: faultOf(error), ...(known && { known }) };
    })
    .then((answer) => parentPort?.postMessage({ id, answer }));
});

/** Drivers put several attempts of a connection into one error without words. */
function faultOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0]);
  return error instanceof Error
    ? error.message || String((error as { code?: unknown }).code ?? error.name)
    : String(error);
}
