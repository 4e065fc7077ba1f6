/** A platform at the other end: a real HTTP server that answers by script and has each signature verified by Python, which shares no code with us. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { endings, lastEndings } from '../../endings.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly right: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status?: number;
  readonly body: string;
  /** The connection is closed without an answer. */
  readonly cut?: true;
}

let verifier: ChildProcessByStdio<Writable, Readable, null> | undefined;
let answers: AsyncIterator<string> | undefined;

let turn: Promise<unknown> = Promise.resolve();
function verified(ask: object): Promise<Pick<Received, 'right' | 'fields' | 'files'>> {
  const next = turn.then(async () => {
    if (verifier === undefined) {
      verifier = spawn('python3', [new URL('./verify.py', import.meta.url).pathname], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      answers = createInterface({ input: verifier.stdout })[Symbol.asyncIterator]();
      lastEndings.push(async () => {
        const ended = verifier && once(verifier, 'exit');
        verifier?.kill('SIGKILL');
        verifier = undefined;
        await ended;
      });
    }
    verifier.stdin.write(`${JSON.stringify(ask)}\n`);
    return JSON.parse((await answers?.next())?.value as string) as Pick<Received, 'right' | 'fields' | 'files'>;
  });
  turn = next.catch(() => undefined);
  return next;
}

/** `reply` decides by what was received, the n-th first. */
export async function farEnd(
  profile: string,
  secret: string,
  reply: (received: Received, n: number) => Reply,
): Promise<{ readonly url: string; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers } = request;
      const found = await verified({ profile, secret, method, url, headers, body: body.toString('base64') });
      const whole = { method, url, headers, body, ...found };
      received.push(whole);
      const { status = 200, body: text, cut } = reply(whole, received.length);
      if (cut) request.socket.destroy();
      else response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}
