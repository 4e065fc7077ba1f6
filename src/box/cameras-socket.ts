/**
 * The account of pushes for the command `lanewarden cameras`: a socket in the state folder, which only its owner may open. One question, one
 * answer; it changes nothing. A box whose folder cannot have a socket runs without.
 */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { PushesView } from '../page/api/api-intake.ts';

export const CAMERAS_SOCKET = 'cameras.sock';

export interface CamerasSocket {
  close(): void;
}

/** `view`: undefined while no configuration runs. `failed`: it cannot be opened. */
export function openCamerasSocket(
  folder: string,
  view: () => PushesView | undefined,
  failed: (why: string) => void,
): CamerasSocket {
  const path = join(folder, CAMERAS_SOCKET);
  const server = createServer((socket) => {
    // A reader who left has no use for the answer.
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(view() ?? { cameras: [] }));
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
