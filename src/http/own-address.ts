/** Where this box was asked: its address as the client knows it, and commands that ask it again and work when copied. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

export interface OwnAddress {
  /** `https://192.168.1.20:8443` */
  readonly origin: string;
  /** SHA-256 of the public key it serves, as `curl --pinnedpubkey` takes it; undefined on plain HTTP. */
  readonly pin?: string;
}

/** The server has checked the host name. */
export function ownAddress({ socket, headers }: IncomingMessage): OwnAddress {
  const host = headers.host ?? 'localhost';
  if (!(socket instanceof TLSSocket)) return { origin: `http://${host}` };
  const key = socket.getX509Certificate()?.publicKey;
  const pin =
    key &&
    createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64');
  return { origin: `https://${host}`, ...(pin !== undefined && { pin }) };
}

export interface CurlParts {
  readonly method: string;
  readonly path: string;
  /** The token is in the environment; `login` keeps the session that `session` sends. */
  readonly as: 'token' | 'session' | 'login' | 'nobody';
  readonly body?: unknown;
  /** The body is this file. */
  readonly file?: { readonly name: string; readonly type: string };
  /** The answer goes into this file. */
  readonly into?: string;
}

const WHO: Readonly<Record<CurlParts['as'], string | undefined>> = {
  token: '-H "Authorization: Bearer $TOKEN"',
  session: '-b session.jar',
  login: '-c session.jar',
  nobody: undefined,
};

/** One line. `-k` asks no authority of the box's own certificate; the pin makes curl refuse every other key. */
export function curlOf({ origin, pin }: OwnAddress, { method, path, as, body, file, into }: CurlParts): string {
  const parts = [
    'curl -sS',
    pin && `-k --pinnedpubkey 'sha256//${pin}'`,
    method !== 'GET' && `-X ${method}`,
    WHO[as],
    body !== undefined && `-H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`,
    file && `-H 'Content-Type: ${file.type}' --data-binary @${file.name}`,
    into && `-o ${into}`,
    quoted(origin + path),
  ];
  return parts.filter(Boolean).join(' ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
