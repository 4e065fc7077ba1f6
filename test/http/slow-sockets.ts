/** Clients that take a place and do nothing with it: half a head, half a TLS handshake, half a body. */
import { fileURLToPath } from 'node:url';
import { eventually, start } from '../stories/processes.ts';

export type Slowness = 'nothing' | 'half head' | 'half handshake' | 'half body';

/** The record of a ClientHello of 512 bytes, and the first few of them. */
const HALF_HELLO = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
const SCRIPT = fileURLToPath(new URL('load/slow-sockets.mjs', import.meta.url));

export function bytesOf(slowness: Slowness, path: string): Buffer {
  if (slowness === 'half handshake') return HALF_HELLO;
  if (slowness === 'half head') return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `);
  if (slowness === 'nothing') return Buffer.alloc(0);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
  return Buffer.from(`${head}{"user":`);
}

/** So many of them, in a process of its own; resolves when `connected` of them are. Returns what ends it. */
export async function slowSockets(
  port: number,
  count: number,
  connected: number,
  payloads: readonly Buffer[],
): Promise<() => void> {
  const words = [SCRIPT, String(port), String(count), ...payloads.map((bytes) => bytes.toString('base64'))];
  const child = start(process.execPath, words);
  const now = (): number => (JSON.parse(child.lines().at(-1) ?? '{"connected":0}') as { connected: number }).connected;
  await eventually(`${connected} are connected`, () => now() >= connected, child.output);
  return () => child.process.kill('SIGKILL');
}
