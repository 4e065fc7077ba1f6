/** The one way by which a stream leaves either server. A client may go away at any moment: nothing is left open, and nothing throws. */
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface StreamHead {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string | number>>;
}

/**
 * Sends the head and then all of `source`, as fast as the client takes it. Resolves when it is over, with the error that cut it when that is
 * not the client's going away. Never rejects.
 */
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

/** Of a file, opened now: a file that is not there is an error of the caller, not of a stream that nobody listens to. */
export async function fileStream(path: string): Promise<Readable> {
  const file = await open(path);
  return file.createReadStream();
}

/** Of texts made one after the other. */
export function textStream(texts: AsyncIterable<string>): Readable {
  return Readable.from(texts, { objectMode: false });
}
