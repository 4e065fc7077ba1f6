/**
 * Answers for commands beside the running program (`cameras`, `status`): sockets in the state folder, which only its owner may open. One
 * question, one answer; they change nothing. A box whose folder cannot have a socket runs without.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';

export const CAMERAS_SOCKET = 'cameras.sock';
export const STATUS_SOCKET = 'status.sock';

export interface BoxSocket {
  close(): void;
}

/** `answer`: becomes JSON. `failed`: the socket cannot be opened. */
export function openBoxSocket(path: string, answer: () => unknown, failed: (why: string) => void): BoxSocket {
  const server = createServer((socket) => {
    // A reader who left has no use for the answer.
    socket.on('error', () => socket.destroy());
    void Promise.resolve()
      .then(answer)
      .then(
        (value) => socket.end(JSON.stringify(value)),
        // No answer rather than half of one.
        () => socket.destroy(),
      );
  });
  server.on('error', (error) => failed(error.message));
  try {
    // Of a program that ended without closing it: the lock of the folder is ours.
    rmSync(path, { force: true });
    server.listen(path, () => chmodSync(path, 0o600));
  } catch (error) {
    failed((error as Error).message);
  }
  return { close: () => void server.close() };
}
