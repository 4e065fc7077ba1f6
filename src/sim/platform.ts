/**
 * The platform's release endpoint as a real HTTP server: checks, keeps, refuses and misbehaves as the real one can.
 * It must not know the program's cloud code; it goes by the platform's public pages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { refusalOf, signatureHint } from './platform-check.ts';
import { type ReleaseForm, readForm } from './platform-form.ts';

/** A record the platform has accepted. */
export interface PlatformRecord {
  readonly fields: Readonly<Record<string, string>>;
  readonly picture: Buffer | undefined;
  /** Clock.wallMs */
  readonly receivedAtMs: number;
  readonly seqno: string;
}

/** One try, whatever came of it. */
export interface PlatformRequest {
  readonly fields: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: Buffer;
  /** Form faults that the real platform lets pass; see `ReleaseForm.remarks`. */
  readonly remarks: readonly string[];
  readonly receivedAtMs: number;
  readonly outcome: 'accepted' | 'duplicate' | 'refused' | 'misbehaved';
}

/** What the platform does with a request instead of its usual work. Nothing is recorded unless it says so. */
export type Misbehaviour =
  | { readonly kind: 'unauthorized' } // 401 with the signed text as hint, though the signature is right
  | { readonly kind: 'badRequest'; readonly hint: string }
  | { readonly kind: 'successWithHint'; readonly hint?: string } // integration: success, a hint, and the record is dropped
  | { readonly kind: 'code'; readonly code: string | number; readonly status?: number; readonly hint?: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string } // 500, 503, 429, 408 … and no JSON of ours
  | { readonly kind: 'html' } // 200 from something in between
  | { readonly kind: 'half' } // the connection ends within the answer
  | { readonly kind: 'reset' } // before any answer
  | { readonly kind: 'stall' } // no answer, the connection stays
  | { readonly kind: 'slow'; readonly delayMs: number } // then as usual
  | { readonly kind: 'recordThenReset' } // accepted, and the answer is lost
  | { readonly kind: 'successCode'; readonly code: string | number }; // accepted, told by this code

export interface Platform {
  /** Base address, without a slash at its end. */
  readonly url: string;
  readonly records: readonly PlatformRecord[];
  readonly requests: readonly PlatformRequest[];
  secret: string;
  /** For the next `times` requests, after those set before. Infinity: until `behave()`. */
  behave(misbehaviour?: Misbehaviour, times?: number): void;
  /** Resolves when there are `count` records; rejects never: give it a bound by `signal`. */
  received(count: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly clock: Clock;
  readonly secret: string;
  readonly port?: number;
  readonly host?: string;
  readonly onRecord?: (record: PlatformRecord) => void;
  readonly onRequest?: (request: PlatformRequest) => void;
}

export const RELEASE_PATH = '/gate/1.0/parking/internal/release';
/** The real platform names no limit; this one keeps a mistake from filling the memory. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
/** Older tries are forgotten, so that a demonstration may run for weeks. */
const REQUESTS_KEPT = 10_000;

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock } = options;
  const records: PlatformRecord[] = [];
  const requests: PlatformRequest[] = [];
  const known = new Set<string>();
  const waiting = new Set<() => void>();
  const planned: { misbehaviour: Misbehaviour; times: number }[] = [];
  const closing = new AbortController();

  const nextMisbehaviour = (): Misbehaviour | undefined => {
    const plan = planned[0];
    if (!plan) return undefined;
    plan.times -= 1;
    if (plan.times <= 0) planned.shift();
    return plan.misbehaviour;
  };
  const keep = (form: ReleaseForm): 'accepted' | 'duplicate' => {
    const key = `${form.fields.get('park_uuid')} ${form.fields.get('parking_serial')}`;
    if (known.has(key)) return 'duplicate';
    known.add(key);
    const picture = [...form.files.values()][0]?.bytes;
    const seqno = String(records.length + 1).padStart(12, '0');
    const record = { fields: Object.fromEntries(form.fields), picture, receivedAtMs: clock.wallMs(), seqno };
    records.push(record);
    options.onRecord?.(record);
    for (const wake of waiting) wake();
    return 'accepted';
  };
  const work = (form: ReleaseForm | undefined, response: ServerResponse): PlatformRequest['outcome'] => {
    const refusal = form
      ? refusalOf(form, platform.secret)
      : ({ code: '1400', message: 'Bad Request', hint: 'body: not a form' } as const);
    if (refusal) {
      answer(response, refusal.code === '1401' ? 401 : 400, refusal);
      return 'refused';
    }
    const outcome = keep(form as ReleaseForm);
    answer(response, 200, { code: '1001', message: 'SUCCESS', seqno: String(records.length).padStart(12, '0') });
    return outcome;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url !== RELEASE_PATH) return answer(response, 404, { code: '1404', message: 'Not Found' });
    if (request.method !== 'POST') return answer(response, 405, { code: '1405', message: 'Method Not Allowed' });
    const body = await readBody(request);
    if (!body) return answer(response, 413, { code: '1400', message: 'Too Large' });
    const contentType = request.headers['content-type'] ?? '';
    const form = readForm(contentType, body);
    const misbehaviour = nextMisbehaviour();
    if (misbehaviour?.kind === 'slow') await clock.sleep(misbehaviour.delayMs, closing.signal);
    const outcome =
      misbehaviour && misbehaviour.kind !== 'slow'
        ? misbehave(misbehaviour, form, response, () =>
            form && !refusalOf(form, platform.secret) ? keep(form) : 'refused',
          )
        : work(form, response);
    const fields = form ? Object.fromEntries(form.fields) : {};
    const entry = {
      ...{ fields, contentType, body, outcome },
      ...{ remarks: form?.remarks ?? [], receivedAtMs: clock.wallMs() },
    };
    requests.push(entry);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    options.onRequest?.(entry);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy()); // the client went away in the middle
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  const platform: Platform = {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    records,
    requests,
    secret: options.secret,
    behave: (misbehaviour, times = 1) => {
      if (misbehaviour) planned.push({ misbehaviour, times });
      else planned.length = 0;
    },
    received: (count, signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (records.length < count && !signal?.aborted) return;
          waiting.delete(look);
          signal?.removeEventListener('abort', look);
          resolve();
        };
        waiting.add(look);
        signal?.addEventListener('abort', look, { once: true });
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return platform;
}

function misbehave(
  misbehaviour: Exclude<Misbehaviour, { kind: 'slow' }>,
  form: ReleaseForm | undefined,
  response: ServerResponse,
  keep: () => PlatformRequest['outcome'],
): PlatformRequest['outcome'] {
  const hint = form ? signatureHint(form) : '';
  switch (misbehaviour.kind) {
    case 'unauthorized':
      answer(response, 401, { code: '1401', message: 'Unauthorized', hint });
      return 'misbehaved';
    case 'badRequest':
      answer(response, 400, { code: '1400', message: 'Bad Request', hint: misbehaviour.hint });
      return 'misbehaved';
    case 'successWithHint':
      answer(response, 200, { code: '1001', message: 'SUCCESS', hint: misbehaviour.hint ?? hint });
      return 'misbehaved';
    case 'code': {
      const extra = misbehaviour.hint === undefined ? {} : { hint: misbehaviour.hint };
      answer(response, misbehaviour.status ?? 200, { code: misbehaviour.code, message: 'as asked', ...extra });
      return 'misbehaved';
    }
    case 'status':
      if (misbehaviour.retryAfter !== undefined) response.setHeader('retry-after', misbehaviour.retryAfter);
      response.writeHead(misbehaviour.status).end();
      return 'misbehaved';
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>502 Bad Gateway</body></html>');
      return 'misbehaved';
    case 'half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' });
      response.write('{"code":"1001","mess', () => response.destroy());
      return 'misbehaved';
    case 'reset':
      response.socket?.resetAndDestroy();
      return 'misbehaved';
    case 'stall':
      return 'misbehaved';
    case 'recordThenReset': {
      const outcome = keep();
      response.socket?.resetAndDestroy();
      return outcome;
    }
    case 'successCode': {
      const outcome = keep();
      answer(response, 200, { code: misbehaviour.code, message: 'SUCCESS' });
      return outcome;
    }
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** @returns undefined when the body is over the limit */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size <= BODY_LIMIT_BYTES) pieces.push(piece);
  }
  return size <= BODY_LIMIT_BYTES ? Buffer.concat(pieces) : undefined;
}
