/** Reads the body of a request with a limit in size and time. Knows no route. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.ts';
import { Problem } from './problem.ts';

export const JSON_BYTES_MAX = 64_000;
export const BODY_MS_MAX = 10_000;
/** What comes after is not read: the connection ends with the answer. */
const CLOSE = { headers: { connection: 'close' } };

export interface BodyLimits {
  readonly bytesMax: number;
  readonly msMax: number;
}

/** The whole body. Throws Problem: mediaType, tooLarge, slow. */
export async function readBytes(
  request: IncomingMessage,
  clock: Clock,
  mediaType: string,
  { bytesMax, msMax }: BodyLimits,
): Promise<Buffer> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity';
  if (type.trim().toLowerCase() !== mediaType || !isPlain) throw new Problem('mediaType', CLOSE);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new Problem('tooLarge', CLOSE);
  const finished = new AbortController();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > bytesMax) reject(new Problem('tooLarge', CLOSE));
        else chunks.push(chunk);
      });
      request.once('end', () => resolve(Buffer.concat(chunks)));
      // The sender went away; nobody reads the answer.
      request.once('error', () => reject(new Problem('slow', CLOSE)));
      request.once('close', () => reject(new Problem('slow', CLOSE)));
      void clock.sleep(msMax, finished.signal).then(() => reject(new Problem('slow', CLOSE)));
    });
  } finally {
    finished.abort();
    request.removeAllListeners('data');
    chunks.length = 0;
  }
}

/** One JSON object. Throws Problem: mediaType, tooLarge, slow, json. */
export async function readJson(request: IncomingMessage, clock: Clock, bytesMax = JSON_BYTES_MAX): Promise<unknown> {
  const bytes = await readBytes(request, clock, 'application/json', { bytesMax, msMax: BODY_MS_MAX });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refusePrototype);
  } catch {
    throw new Problem('json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Problem('json');
  return value;
}

/** A key by which an object would change what it is. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Problem('json');
  return value;
}
