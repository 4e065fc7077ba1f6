/** Sends streams to clients. A client may leave at any moment: nothing stays open, and nothing throws. */
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';

export interface StreamHead {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/** Sends the head and all of `source`, as fast as the client reads. Resolves with the error that cut it unless the client left; never rejects. */
export async function sendStream(
  outgoing: ServerResponse,
  { type, headers = {} }: StreamHead,
  source: Readable,
): Promise<Error | undefined> {
  try {
    if (!outgoing.destroyed) outgoing.writeHead(200, { ...headers, 'content-type': type });
    await pipeline(source, outgoing);
    return undefined;
  } catch (error) {
    source.destroy();
    outgoing.destroy();
    const { code = '' } = error as NodeJS.ErrnoException;
    return /PREMATURE_CLOSE|STREAM_DESTROYED|ECONNRESET|EPIPE/.test(code) ? undefined : (error as Error);
  }
}

/** A file, opened now, so that a missing file rejects here instead of breaking the stream later. */
export const fileStream = async (path: string): Promise<Readable> => (await open(path)).createReadStream();

/** Texts made one after the other; polls go first between two, as each is encrypted where the lanes are. */
export const textStream = (texts: Iterable<string> | AsyncIterable<string>): Readable =>
  Readable.from(unhurried(texts), { objectMode: false });

async function* unhurried(texts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield await setImmediate(text);
}
