/**
 * Client of the TLS thread (`tls-worker.ts`): starts it, and anew on the same port when it dies. Its connections arrive at an inner socket, each with a
 * first line that says whose it is.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';

/** The first byte of a TLS handshake. What was decrypted arrives behind it; plain HTTP never begins so. */
export const TLS_HANDSHAKE = 22;
const AGAIN_MS = 2_000;
const CLOSE_MS = 2_000;
const FIRST_LINE_MS = 5_000;
const FIRST_LINE_BYTES_MAX = 500;
/** From source there is no compiled file. */
const WORKER = import.meta.url.endsWith('.ts')
  ? new URL('./tls-worker.ts', import.meta.url)
  : new URL('./tls-worker.js', import.meta.url);

/** PEM. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
}

/** Where the TLS thread hands on its connections; who does not know the secret is another program of this machine. */
export interface InnerSocket {
  readonly path: string;
  readonly secret: string;
}

export interface TlsTask {
  readonly listen: { readonly host: string; readonly port: number; readonly backlog: number };
  /** At a time; further ones are cut before anything is read. */
  readonly connectionsMax: number;
  readonly inner: InnerSocket;
  readonly handshakeByte: number;
  readonly material: TlsMaterial;
}

export type TlsReport =
  | { readonly listening: AddressInfo }
  | { readonly failed: { readonly message: string; readonly code?: string | undefined } };

export interface TlsPort {
  readonly address: AddressInfo;
  /** For the connections to come. Throws when key and certificate do not belong together. */
  renew(material: TlsMaterial): void;
  /** Takes no more connections, and waits up to two seconds for those that are left to end. */
  close(): Promise<void>;
}

export interface TlsPortParts extends Omit<TlsTask, 'handshakeByte'> {
  readonly clock: Clock;
  /** The port broke, or the thread died. */
  readonly broken: (error: Error) => void;
}

/** Rejects with the system's error (EADDRINUSE, EACCES). */
export async function openTlsPort({ clock, broken, ...task }: TlsPortParts): Promise<TlsPort> {
  const closed = new AbortController();
  let { listen, material } = task;
  let worker = newWorker();
  const address = await start();
  listen = { ...listen, port: address.port };
  return {
    address,
    renew: (next) => {
      createSecureContext(next);
      material = next;
      worker.postMessage(next);
    },
    close: async () => {
      closed.abort();
      const ended = new AbortController();
      worker.once('exit', () => ended.abort());
      worker.postMessage('close');
      await clock.sleep(CLOSE_MS, ended.signal);
      await worker.terminate();
    },
  };

  function newWorker(): Worker {
    const data: TlsTask = { ...task, listen, material, handshakeByte: TLS_HANDSHAKE };
    return new Worker(WORKER, { workerData: data });
  }

  function start(): Promise<AddressInfo> {
    const started = worker;
    return new Promise((resolve, reject) => {
      let isListening = false;
      let why = new Error('the TLS thread ended');
      started.on('error', (error) => {
        why = error;
      });
      started.on('message', (report: TlsReport) => {
        if ('listening' in report) {
          isListening = true;
          return resolve(report.listening);
        }
        why = Object.assign(new Error(report.failed.message), report.failed);
        void started.terminate();
      });
      started.once('exit', () => {
        if (!isListening) return reject(why);
        if (closed.signal.aborted) return;
        broken(why);
        void startAgain();
      });
    });
  }

  async function startAgain(): Promise<void> {
    await clock.sleep(AGAIN_MS, closed.signal);
    if (closed.signal.aborted) return;
    worker = newWorker();
    await start().catch((error: Error) => {
      broken(error);
      return startAgain();
    });
  }
}

/** On Linux it is no file, so that a full disk closes no page. */
export function innerSocket(): InnerSocket {
  const name = `lanewarden-${randomBytes(8).toString('hex')}`;
  const file = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
  return { path: process.platform === 'linux' ? `\0${name}` : file, secret: randomBytes(16).toString('hex') };
}

/** Reads the first line of a connection of the TLS thread and gives the socket its client's address, for `then`. */
export function takeFirstLine(socket: Socket, secret: string, clock: Clock, then: () => void): void {
  const read = new AbortController();
  let bytes = Buffer.alloc(0);
  const take = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\n');
    if (end < 0 && bytes.length <= FIRST_LINE_BYTES_MAX) return;
    read.abort();
    socket.off('data', take).pause();
    const line = lineOf(bytes.subarray(0, Math.max(end, 0)).toString());
    if (line?.secret !== secret) return void socket.destroy();
    Object.defineProperties(socket, { remoteAddress: { value: line.address }, remotePort: { value: line.port } });
    if (bytes.length > end + 1) socket.unshift(bytes.subarray(end + 1));
    then();
    socket.resume();
  };
  socket.on('error', () => undefined).on('data', take);
  void clock.sleep(FIRST_LINE_MS, read.signal).then(() => read.signal.aborted || socket.destroy());
}

interface FirstLine {
  readonly secret: string;
  readonly address?: string;
  readonly port?: number;
}

function lineOf(text: string): Partial<FirstLine> | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
