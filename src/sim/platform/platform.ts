/**
 * The platform's release endpoint as a real HTTP server: checks, accepts, refuses and misbehaves like the real one. It must not know the
 * program's cloud code; it follows the platform's public pages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import { type Refusal, refusalOf } from './platform-check.ts';
import { type ReleaseForm, readForm } from './platform-form.ts';
import { answer, type Misbehaviour, misbehave, type PlatformOutcome } from './platform-misbehaviour.ts';

export type { Misbehaviour } from './platform-misbehaviour.ts';

/** A record the platform has accepted. */
export interface PlatformRecord {
  readonly fields: Readonly<Record<string, string>>;
  /** undefined also after a thousand newer ones. */
  readonly picture: Buffer | undefined;
  /** Clock.wallMs */
  readonly receivedAtMs: number;
  readonly seqno: string;
}

/** One attempt, whatever its outcome. */
export interface PlatformRequest {
  readonly fields: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly body: Buffer;
  /** Form faults that the real platform accepts; see `ReleaseForm.remarks`. */
  readonly remarks: readonly string[];
  readonly receivedAtMs: number;
  readonly outcome: PlatformOutcome;
}

export interface Platform {
  /** Base address, without trailing slash. */
  readonly url: string;
  readonly records: readonly PlatformRecord[];
  readonly requests: readonly PlatformRequest[];
  secret: string;
  /** For the next `times` requests, queued after earlier plans. Infinity: until `behave()`. */
  behave(misbehaviour?: Misbehaviour, times?: number): void;
  /** Resolves when `count` records have been accepted since the start, or when `signal` aborts. */
  received(count: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface PlatformOptions {
  readonly clock: Clock;
  readonly secret: string;
  readonly port?: number;
  readonly host?: string;
  readonly onRecord?: (record: PlatformRecord) => void;
}

export const SIMULATED_RELEASE_PATH = '/gate/1.0/parking/internal/release';
/** The real platform documents no limit; this one bounds memory. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
/** Bounds for a demonstration of weeks: older requests and records are dropped, pictures sooner than their records. */
const REQUESTS_KEPT = 1000;
const RECORDS_KEPT = 100_000;
const PICTURES_KEPT = 1000;

export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock } = options;
  const ledger = createLedger(options);
  const plans = createPlans();
  const requests: PlatformRequest[] = [];
  const closing = new AbortController();
  const secret = { now: options.secret };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url !== SIMULATED_RELEASE_PATH) return answer(response, 404, { code: '1404', message: 'Not Found' });
    if (request.method !== 'POST') return answer(response, 405, { code: '1405', message: 'Method Not Allowed' });
    const body = await readBody(request);
    if (!body) return answer(response, 413, { code: '1400', message: 'Too Large' });
    const contentType = request.headers['content-type'] ?? '';
    const form = readForm(contentType, body);
    const refusal = form ? refusalOf(form, secret.now) : NOT_A_FORM;
    const keep = (): PlatformOutcome => (form && !refusal ? ledger.keep(form) : 'refused');
    const misbehaviour = plans.next();
    if (misbehaviour?.kind === 'slow') await clock.sleep(misbehaviour.delayMs, closing.signal);
    const outcome =
      misbehaviour && misbehaviour.kind !== 'slow'
        ? misbehave(misbehaviour, form, response, keep)
        : behaveWell(response, refusal, keep, () => ledger.lastSeqno());
    const fields = form ? Object.fromEntries(form.fields) : {};
    const remarks = form?.remarks ?? [];
    const entry = { fields, contentType, body, remarks, receivedAtMs: clock.wallMs(), outcome };
    requests.push(entry);
    if (requests.length > REQUESTS_KEPT) requests.shift();
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy()); // the client disconnected midway
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    records: ledger.records,
    requests,
    get secret() {
      return secret.now;
    },
    set secret(next) {
      secret.now = next;
    },
    behave: plans.add,
    received: ledger.received,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const NOT_A_FORM: Refusal = { code: '1400', message: 'Bad Request', hint: 'body: not a form' };

function behaveWell(
  response: ServerResponse,
  refusal: Refusal | undefined,
  keep: () => PlatformOutcome,
  seqno: () => string,
): PlatformOutcome {
  if (refusal) {
    answer(response, refusal.code === '1401' ? 401 : 400, refusal);
    return 'refused';
  }
  const outcome = keep();
  answer(response, 200, { code: '1001', message: 'SUCCESS', seqno: seqno() });
  return outcome;
}

/** Accepted records; a serial already used by a park is silently ignored. */
function createLedger({ clock, onRecord }: PlatformOptions) {
  const records: { -readonly [K in keyof PlatformRecord]: PlatformRecord[K] }[] = [];
  let total = 0;
  const known = new Set<string>();
  const waiting = new Set<() => void>();
  return {
    records,
    lastSeqno: () => records.at(-1)?.seqno ?? '',
    keep: (form: ReleaseForm): PlatformOutcome => {
      const key = `${form.fields.get('park_uuid')} ${form.fields.get('parking_serial')}`;
      if (known.has(key)) return 'duplicate';
      known.add(key);
      const picture = [...form.files.values()][0]?.bytes;
      const seqno = String(total + 1).padStart(12, '0');
      const record = { fields: Object.fromEntries(form.fields), picture, receivedAtMs: clock.wallMs(), seqno };
      records.push(record);
      total += 1;
      const old = records.at(-1 - PICTURES_KEPT);
      if (old) old.picture = undefined;
      if (records.length > RECORDS_KEPT) records.shift();
      onRecord?.(record);
      for (const look of waiting) look();
      return 'accepted';
    },
    received: (count: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (total < count && !signal?.aborted) return;
          waiting.delete(look);
          signal?.removeEventListener('abort', look);
          resolve();
        };
        waiting.add(look);
        signal?.addEventListener('abort', look, { once: true });
        look();
      }),
  };
}

/** Planned misbehaviours, in order. */
function createPlans() {
  const planned: { misbehaviour: Misbehaviour; times: number }[] = [];
  return {
    add: (misbehaviour?: Misbehaviour, times = 1): void => {
      if (misbehaviour) planned.push({ misbehaviour, times });
      else planned.length = 0;
    },
    next: (): Misbehaviour | undefined => {
      const [plan] = planned;
      if (!plan) return undefined;
      plan.times -= 1;
      if (plan.times <= 0) planned.shift();
      return plan.misbehaviour;
    },
  };
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
