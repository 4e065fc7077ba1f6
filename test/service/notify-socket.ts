/** A service manager's end of the notification socket: what the program tells it, in order. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Socket {
  on(event: 'message', listener: (bytes: Buffer) => void): void;
  bind(path: string): void;
  close(): void;
}

const { createSocket } = createRequire(import.meta.url)('unix-dgram') as { createSocket(type: 'unix_dgram'): Socket };

export function notifySocket(folder: string): { readonly path: string; told(): string[]; close(): void } {
  const path = join(folder, 'notify');
  const words: string[] = [];
  const socket = createSocket('unix_dgram');
  socket.on('message', (bytes) => words.push(...bytes.toString().split('\n')));
  socket.bind(path);
  return { path, told: () => words, close: () => socket.close() };
}
