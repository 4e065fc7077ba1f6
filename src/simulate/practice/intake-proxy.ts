/** Stands between a management system and the intake of the box, passes requests on, misbehaves when asked to, and keeps what was sent. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';

/**
 * `pass`: to the box and back. `cut`: the connection is broken, nothing arrives. `silent`: it arrives, and no answer comes back.
 * A number: refused with this status and `Retry-After`, nothing arrives.
 */
export type ProxyMode = 'pass' | 'cut' | 'silent' | 429 | 503;

/** One request. */
export interface Sent {
  readonly atMs: number;
  readonly wallMs: number;
  readonly path: string;
  /** Of the body: one message, or those of a list. */
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly token: string;
  readonly mode: ProxyMode;
  /** Of the box, or of this proxy; undefined: no answer yet, or none at all. */
  status?: number;
  /** What the box answered, where it was JSON and reached the system. */
  answer?: unknown;
}

export interface IntakeProxy {
  readonly url: string;
  readonly sent: readonly Sent[];
  /** For so many requests with a body, then `pass` again; until the next call when left out. */
  behave(mode: ProxyMode, count?: number): void;
  close(): Promise<void>;
}

export const RETRY_AFTER_S = 2;
const SENT_KEPT = 20_000;

export async function startIntakeProxy(intakeUrl: string, clock: Clock): Promise<IntakeProxy> {
  const sent: Sent[] = [];
  let mode: ProxyMode = 'pass';
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((incoming, response) => {
    const serve = async (): Promise<void> => {
      const body = await bodyOf(incoming);
      const now = mode;
      left -= 1;
      if (left <= 0) mode = 'pass';
      const one: Sent = {
        ...{ atMs: clock.nowMs(), wallMs: clock.wallMs(), path: incoming.url?.split('?')[0] ?? '', mode: now },
        ...{ items: itemsIn(body), token: (incoming.headers.authorization ?? '').replace(/^Bearer +/i, '') },
      };
      sent.push(one);
      if (sent.length > SENT_KEPT) sent.shift();
      if (now === 'cut') incoming.socket.destroy();
      else if (typeof now === 'number') refuse(one, now, response);
      else await passOn(intakeUrl, incoming, body, { one, response, isSilent: now === 'silent' });
    };
    serve().catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    behave: (next, count = Number.POSITIVE_INFINITY) => {
      mode = next;
      left = count;
      if (next === 'cut') server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function refuse(one: Sent, status: 429 | 503, response: ServerResponse): void {
  one.status = status;
  const code = status === 429 ? 'tooManyRequests' : 'full';
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'retry-after': String(RETRY_AFTER_S),
  });
  response.end(JSON.stringify({ type: `urn:lanewarden:problem:${code}`, title: code, status, code }));
}

function passOn(
  intakeUrl: string,
  incoming: IncomingMessage,
  body: Buffer,
  { one, response, isSilent }: { readonly one: Sent; readonly response: ServerResponse; readonly isSilent: boolean },
): Promise<void> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = incoming.headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(incoming.url ?? '/', intakeUrl),
      { method: incoming.method, headers: { ...headers, 'content-length': body.length }, agent: false },
      (answer) => {
        one.status = answer.statusCode ?? 0;
        if (isSilent) {
          answer.resume();
          return resolve();
        }
        const serve = async (): Promise<void> => {
          const content = await bodyOf(answer);
          one.answer = jsonIn(content);
          response.writeHead(answer.statusCode ?? 502, answer.headers).end(content);
        };
        serve().then(resolve, reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function itemsIn(body: Buffer): Sent['items'] {
  const content = jsonIn(body);
  const items = Array.isArray(content) ? content : [content];
  return items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
