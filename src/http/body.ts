/** Reads the body of a request, limited in size and time: as bytes, as JSON, or into a file. Knows no route. */
import { createWriteStream, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import { DEPTH_MAX, jsonStructure, VALUES_MAX } from '../limits.ts';
import { httpFieldText } from '../text/http.ts';
import { CLOSE, Problem } from './problem.ts';
import { loopTurns } from './turns.ts';

export const BODY_MS_MAX = 10_000;

export interface BodyLimits {
  readonly bytesMax: number;
  /** Default: BODY_MS_MAX. */
  readonly msMax?: number;
}

/** The whole body, as JSON. Throws Problem: mediaType, lengthRequired, tooLarge, slow, encoding, json, invalid. */
export async function readJson(request: IncomingMessage, clock: Clock, limits: BodyLimits): Promise<unknown> {
  requireType(request, 'application/json');
  requireLength(request);
  return parseJson(await readBytes(request, clock, limits));
}

/** The whole body as bytes. Throws Problem: tooLarge, slow. */
export async function readBytes(request: IncomingMessage, clock: Clock, limits: BodyLimits): Promise<Buffer> {
  const { bytesMax, msMax = BODY_MS_MAX } = limits;
  requireFits(request, bytesMax);
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
      const left = (): void => reject(new Problem('slow', CLOSE));
      request.once('error', left);
      request.once('close', left);
      // What becomes of it is computed when this resolves: bodies that end at the same moment take turns.
      request.once('end', () => {
        request.off('close', left);
        loopTurns.take(() => resolve(Buffer.concat(chunks)));
      });
      void clock.sleep(msMax, finished.signal).then(() => reject(new Problem('slow', CLOSE)));
    });
  } finally {
    finished.abort();
    request.removeAllListeners('data');
    chunks.length = 0;
  }
}

/** The whole body into a new file, which is removed if the body breaks off. Throws Problem: mediaType, tooLarge, slow. */
export async function readToFile(
  request: IncomingMessage,
  clock: Clock,
  limits: BodyLimits & { readonly type: string },
  path: string,
): Promise<void> {
  const { type, bytesMax, msMax = BODY_MS_MAX } = limits;
  requireType(request, type);
  requireFits(request, bytesMax);
  const finished = new AbortController();
  const late = new AbortController();
  void clock.sleep(msMax, finished.signal).then(() => late.abort());
  let length = 0;
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
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
      file,
      { signal: late.signal },
    );
  } catch (error) {
    // Of a client that left at once the file may only now be made.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
    rmSync(path, { force: true });
    const isOurs =
      error instanceof Problem ||
      ('code' in (error as Error) && !/ABORT|PREMATURE|ECONNRESET/.test(String((error as { code: unknown }).code)));
    throw isOurs ? error : new Problem('slow', CLOSE);
  } finally {
    finished.abort();
  }
}

/** Throws Problem: encoding, invalid, tooLarge, json. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('encoding');
  }
  const { values, depth } = jsonStructure(text);
  if (depth > DEPTH_MAX) throw new Problem('invalid', { detail: httpFieldText.nested(DEPTH_MAX) });
  if (values > VALUES_MAX) throw new Problem('tooLarge', { detail: httpFieldText.values(VALUES_MAX) });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('json');
  }
  if (MAY_NAME_PROTOTYPE.test(text)) refusePrototype(value);
  return value;
}

/** As it is, or with an escape in it. */
const MAY_NAME_PROTOTYPE = /__proto__|\\u00/;

/** `__proto__` would replace the prototype of an object made of it. A walk of our own: a reviver takes ten times as long, and the lanes wait. */
function refusePrototype(value: unknown): void {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each !== 'object' || each === null) continue;
    if (Object.hasOwn(each, PROTOTYPE))
      throw new Problem('invalid', { errors: [{ field: PROTOTYPE, message: httpFieldText.unknown }] });
    for (const inner of Object.values(each)) if (typeof inner === 'object') left.push(inner);
  }
}

const PROTOTYPE = '__proto__';

function requireType({ headers }: IncomingMessage, wanted: string): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  if (type.trim().toLowerCase() !== wanted || !isPlain) throw new Problem('mediaType', CLOSE);
}

/** Without either, HTTP says that there is no body, whatever follows on the wire. */
function requireLength({ headers }: IncomingMessage): void {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)
    throw new Problem('lengthRequired', CLOSE);
}

function requireFits({ headers }: IncomingMessage, bytesMax: number): void {
  if (Number(headers['content-length'] ?? 0) > bytesMax) throw new Problem('tooLarge', CLOSE);
}
