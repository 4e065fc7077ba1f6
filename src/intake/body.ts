/** Reads the body of a request with a limit in size and time, as JSON or as it is. Knows no message. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { Problem } from './problem.ts';

export const BODY_BYTES_MAX = 1_000_000;
export const BODY_MS_MAX = 10_000;
/** What comes after is not read: the connection ends with the answer. */
const CLOSE = { connection: 'close' };

/** Throws Problem: mediaType, tooLarge, slow, encoding, json. */
export async function readJson(request: IncomingMessage, clock: Clock): Promise<unknown> {
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity';
  if (mediaType.trim().toLowerCase() !== 'application/json' || !isPlain) throw new Problem('mediaType', [], CLOSE);
  const bytes = await readBytes(request, clock);
  return parseJson(bytes);
}

/** The whole body, at most `bytesMax`, within BODY_MS_MAX. Throws Problem: tooLarge, slow. */
export async function readBytes(request: IncomingMessage, clock: Clock, bytesMax = BODY_BYTES_MAX): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new Problem('tooLarge', [], CLOSE);
  const finished = new AbortController();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > bytesMax) reject(new Problem('tooLarge', [], CLOSE));
        else chunks.push(chunk);
      });
      request.once('end', () => resolve(Buffer.concat(chunks)));
      // The sender went away; nobody reads the answer.
      request.once('error', () => reject(new Problem('slow', [], CLOSE)));
      request.once('close', () => reject(new Problem('slow', [], CLOSE)));
      void clock.sleep(BODY_MS_MAX, finished.signal).then(() => reject(new Problem('slow', [], CLOSE)));
    });
  } finally {
    finished.abort();
    request.removeAllListeners('data');
    chunks.length = 0;
  }
}

/** Throws Problem: encoding, json. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('encoding');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('json');
  }
}
