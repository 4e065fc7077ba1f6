/** What the libraries of databases leave out where a connection is encrypted: the certificate of an address, a server without encryption, and why. */
import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { OutwardSocket } from '../../outward/outward.ts';
import type { EncryptionFault } from './source.ts';

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

const NOT_ENCRYPTED = 'the server offers no encryption';
const REASONS: readonly (readonly [EncryptionFault, RegExp])[] = [
  ['notEncrypted', /HANDSHAKE_NO_SSL_SUPPORT|does not support SSL connections|the server offers no encryption/],
  ['certificate', /HANDSHAKE_SSL_ERROR|ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_/],
];

/** undefined: it has to do with neither. The libraries tell it in the code, in the message, or in the error that theirs wraps. */
export function encryptionFault(error: unknown): EncryptionFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const words = `${(error as { code?: unknown }).code} ${error.message}`;
  return REASONS.find(([, pattern]) => pattern.test(words))?.[0] ?? encryptionFault(error.cause);
}
