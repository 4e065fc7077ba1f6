/**
 * A small platform for tests: a real HTTP(S) server that reads the request with its own code, checks the signature with its own code,
 * drops repeated serials silently, and does what the test tells it to.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { endings } from '../../endings.ts';
import { temporaryFolder } from '../../store/open.ts';

export const SECRET = '123';
export const secret = { reveal: () => SECRET };

export interface Got {
  readonly fields: Record<string, string>;
  readonly picture: Buffer | undefined;
  readonly contentType: string;
  readonly raw: Buffer;
  readonly signed: boolean;
}

type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse, socket: Socket) => 'answer' | 'handled';

export interface TestPlatform {
  readonly url: string;
  /** Every request whose body came whole. */
  readonly got: Got[];
  /** What the platform would act on: the first of each serial. */
  readonly kept: Map<string, Got>;
  readonly connections: () => number;
  /** Looks at a request before its body is read; `answer` goes on as a good platform. */
  behave: Behaviour;
  answer: { status: number; body: string | Buffer; headers: Record<string, string> };
}

export async function testPlatform(tls?: { key: string; cert: string }): Promise<TestPlatform> {
  let connections = 0;
  const kept = new Map<string, Got>();
  const got: Got[] = [];
  const platform = {
    url: '',
    got,
    kept,
    connections: () => connections,
    behave: (() => 'answer') as Behaviour,
    answer: { status: 200, body: '{"code":"1001","message":"ok","seqno":"S1"}', headers: {} },
  };
  const listener: http.RequestListener = (request, response) => {
    if (platform.behave(request, response, request.socket) === 'handled') return;
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = read(Buffer.concat(chunks), request.headers['content-type'] ?? '');
      got.push(one);
      const serial = one.fields.parking_serial ?? '';
      if (one.signed && !kept.has(serial)) kept.set(serial, one);
      // The behaviour has begun an answer of its own.
      if (response.headersSent) return;
      const { status, body, headers } = platform.answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  platform.url = `${tls === undefined ? 'http://127.0.0.1' : 'https://localhost'}:${port}`;
  endings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return platform;
}

/** A certificate for localhost, valid in the given days from now. */
export function certificate(...dates: string[]): { key: string; cert: string; file: string } {
  return certificateFor('DNS:localhost', ...dates);
}

/** The same for another name, as `subjectAltName` writes it. */
export function certificateFor(name: string, ...dates: string[]): { key: string; cert: string; file: string } {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        '/CN=localhost',
      ],
      ...['-addext', `subjectAltName=${name}`, '-keyout', key, '-out', cert, ...dates],
    ],
    { stdio: 'pipe' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert };
}

function read(raw: Buffer, contentType: string): Got {
  const { fields, picture } = contentType.startsWith('multipart/form-data') ? parts(raw, contentType) : form(raw);
  const { sign, ...rest } = fields;
  const text = Object.keys(rest)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${key}=${rest[key]}`)
    .join('&');
  const expected = createHash('md5').update(`${text}&app_secret=${SECRET}`).digest('hex').toUpperCase();
  return { fields, picture, contentType, raw, signed: sign === expected };
}

function form(raw: Buffer) {
  return { fields: Object.fromEntries(new URLSearchParams(raw.toString())), picture: undefined };
}

/** A text part without its charset is read as Latin-1, as the real platform does. */
function parts(raw: Buffer, contentType: string) {
  const boundary = `--${/boundary=(\S+)/.exec(contentType)?.[1]}`;
  const fields: Record<string, string> = {};
  let picture: Buffer | undefined;
  let at = raw.indexOf(boundary) + boundary.length + 2;
  while (at < raw.length) {
    const headEnd = raw.indexOf('\r\n\r\n', at);
    const end = raw.indexOf(`\r\n${boundary}`, headEnd);
    if (headEnd < 0 || end < 0) break;
    const head = raw.subarray(at, headEnd).toString('latin1');
    const body = raw.subarray(headEnd + 4, end);
    const name = /name="([^"]+)"/.exec(head)?.[1] ?? '';
    if (/filename="/.test(head)) picture = body;
    else fields[name] = body.toString(/charset=UTF-8/i.test(head) ? 'utf8' : 'latin1');
    at = end + boundary.length + 4;
  }
  return { fields, picture };
}
