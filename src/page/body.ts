/** Reads the body of a request with a limit in size and time. Knows no route. */
import { createWriteStream, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
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
  requireFits(request, mediaType, bytesMax);
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

/** The whole body into a file that is not there yet; removed again when it does not come whole. Throws Problem: mediaType, tooLarge, slow. */
export async function readToFile(
  request: IncomingMessage,
  clock: Clock,
  mediaType: string,
  { bytesMax, msMax }: BodyLimits,
  path: string,
): Promise<void> {
  requireFits(request, mediaType, bytesMax);
  const finished = new AbortController();
  const late = new AbortController();
  void clock.sleep(msMax, finished.signal).then(() => late.abort());
  let length = 0;
  try {
    await pipeline(
      request,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          length += chunk.length;
          if (length > bytesMax) throw new Problem('tooLarge', CLOSE);
          yield chunk;
        }
      },
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
      { signal: late.signal },
    );
  } catch (error) {
    rmSync(path, { force: true });
    const isOurs =
      error instanceof Problem ||
      ('code' in (error as Error) && !/ABORT|PREMATURE/.test(String((error as { code: unknown }).code)));
    throw isOurs ? error : new Problem('slow', CLOSE);
  } finally {
    finished.abort();
  }
}

function requireFits(request: IncomingMessage, mediaType: string, bytesMax: number): void {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  const isPlain = (request.headers['content-encoding'] ?? 'identity') === 'identity';
  if (type.trim().toLowerCase() !== mediaType || !isPlain) throw new Problem('mediaType', CLOSE);
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw new Problem('tooLarge', CLOSE);
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
