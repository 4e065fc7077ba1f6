/** Starts `sender.mjs`: a camera that speaks from a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Push } from './shapes.ts';

const SENDER = fileURLToPath(new URL('sender.mjs', import.meta.url));
const running = new Set<ChildProcess>();

export function endSenders(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

function start(words: readonly (string | number)[], bytes: Buffer): ChildProcess {
  const child = spawn(process.execPath, [SENDER, ...words.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  // It may have been answered, and ended, before it had sent everything.
  child.stdin?.on('error', () => {});
  child.stdin?.end(bytes);
  return child;
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** One request of a camera as it stands on the wire; by default its head says how long the body is. */
export function requestOf(path: string, push: Push, headers: readonly string[] = []): Buffer {
  const head = [
    `POST ${path}${push.path} HTTP/1.1`,
    'Host: box',
    `Content-Type: ${push.contentType}`,
    ...(headers.length > 0 ? headers : [`Content-Length: ${push.body.length}`]),
    'Connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), push.body]);
}

/** Sends raw bytes in pieces and resolves with what came back until the far end hung up. */
export async function pushBytes(url: string, bytes: Buffer, piece = 1_000, pauseMs = 0): Promise<Answer> {
  const [answer] = await pushAll(url, [bytes], piece, pauseMs);
  return answer as Answer;
}

/** Several, one after the other, from one process. */
export async function pushAll(url: string, all: readonly Buffer[], piece = 1_000, pauseMs = 0): Promise<Answer[]> {
  const words = ['push', new URL(url).port, piece, pauseMs, ...all.map(({ length }) => length)];
  const child = start(words, Buffer.concat(all));
  let lines = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    lines += String(chunk);
  });
  await new Promise((resolve) => child.once('close', resolve));
  const answers = lines.split('\n');
  return all.map((_, at) => answerOf(Buffer.from(answers[at] ?? '', 'base64').toString('utf8')));
}

function answerOf(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}

export interface Served {
  readonly port: number;
  /** Everything it was told, in pieces as they came. */
  readonly heard: Buffer[];
}

/** A camera that says `bytes` to whoever connects and speaks. */
export async function serveBytes(bytes: Buffer, piece = 500, pauseMs = 0): Promise<Served> {
  const child = start(['serve', piece, pauseMs], bytes);
  let text = '';
  const heard: Buffer[] = [];
  return new Promise((resolve) => {
    let port: number | undefined;
    child.stdout?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        if (port !== undefined) heard.push(Buffer.from(line, 'base64'));
        else {
          port = Number(line);
          resolve({ port, heard });
        }
      }
    });
  });
}
