/** What the libraries of databases leave out of a connection: the certificate of an address, a server without encryption, an answer without end. */
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { scheduler } from 'node:timers/promises';
import { OutwardSocket } from '../../outward/outward.ts';
import type { KnownFault } from './source.ts';

/** The first byte of what precedes a login, the handshake of TLS included, and of a login in the clear (MS-TDS 2.2.3.1.1). */
const PRELOGIN = 0x12;
const LOGIN = 0x10;

/**
 * The name that a certificate must bear. Of an address libraries ask for "localhost" instead, because the name of TLS may not be one; with the dot that
 * may end any full name it passes for a name, and Node compares the address within it.
 */
export const verifiedName = (host: string): string => (isIP(host) === 0 ? host : `${host}.`);

/** For SQL Server. Its library goes on in the clear where the server offers nothing else: with `isSecret` no login goes but an encrypted one. */
export async function serverSocket(host: string, port: number, isSecret: boolean): Promise<Socket> {
  const exit = { purpose: 'database' } as const;
  const socket = (isSecret ? new EncryptedOnly(exit) : new OutwardSocket(exit)).connect(port, host);
  await once(socket, 'connect');
  return socket;
}

class EncryptedOnly extends OutwardSocket {
  #isEncrypted = false;

  override write(chunk: Uint8Array | string, ...rest: never[]): boolean {
    const [first] = Buffer.from(chunk as Uint8Array);
    if (!this.#isEncrypted && first === LOGIN) {
      this.destroy(new Error(NOT_ENCRYPTED));
      return false;
    }
    if (first !== PRELOGIN) this.#isEncrypted = true;
    return super.write(chunk, ...rest);
  }
}

/**
 * A page of a hundred rows, with twenty kilobytes for each. A library holds an answer whole, outside the heap, however long the server says that it is;
 * and counts nothing.
 */
const ANSWER_BYTES_MAX = 2_000_000;
const LOOK_MS = 5;

/** The wire of a connection. Under TLS its bytes pass by no stream of ours: they are counted where they come in. */
export class Wire {
  #socket: Socket | undefined;

  over<S extends Socket>(socket: S): S {
    this.#socket = socket;
    return socket;
  }

  /** Cuts the wire, and rejects, when more comes than an answer may have. */
  async limited<T>(work: () => Promise<T>): Promise<T> {
    const most = this.#came() + ANSWER_BYTES_MAX;
    let isDone = false;
    const tooLong = async (): Promise<never> => {
      while (this.#came() <= most && !isDone) await scheduler.wait(LOOK_MS);
      const error = new Error(`${TOO_LONG}: over ${ANSWER_BYTES_MAX / 1e6} MB`);
      if (!isDone) this.#socket?.destroy(error);
      throw error;
    };
    return await Promise.race([work(), tooLong()]).finally(() => {
      isDone = true;
    });
  }

  #came(): number {
    return this.#socket?.bytesRead ?? 0;
  }
}

const NOT_ENCRYPTED = 'the server offers no encryption';
const TOO_LONG = 'the answer is too long';
const REASONS: readonly (readonly [KnownFault, RegExp])[] = [
  ['notEncrypted', /HANDSHAKE_NO_SSL_SUPPORT|does not support SSL connections|the server offers no encryption/],
  ['tooLong', new RegExp(TOO_LONG)],
  ['certificate', /HANDSHAKE_SSL_ERROR|ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_/],
];

/** undefined: it has to do with neither. The libraries tell it in the code, in the message, or in the error that theirs wraps. */
export function knownFault(error: unknown): KnownFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const words = `${(error as { code?: unknown }).code} ${error.message}`;
  return REASONS.find(([, pattern]) => pattern.test(words))?.[0] ?? knownFault(error.cause);
}
