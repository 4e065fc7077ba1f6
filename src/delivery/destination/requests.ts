/** Requests of destinations over HTTP, and what their answers mean where nothing special is agreed. */
import type { Clock } from '../../clock.ts';
import type { ProxyEnvironment } from '../../outward/proxy.ts';
import { writtenPeerRule } from '../../outward/written-peer.ts';
import type { SignedHead } from '../../store/chain/chain.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { createRequester, type HttpAnswer, type Requester } from '../http/requester.ts';
import { retryAfterMs } from '../request/platform-answer.ts';
import type { AnyDestination } from '../settings.ts';
import type { Outcome } from './transport.ts';

/** What a sender of records may use of the box. */
export interface RequestParts {
  readonly clock: Clock;
  /** The box, as it names itself. */
  readonly box: string;
  readonly lanes: readonly { readonly id: string; readonly name: string }[];
  readonly environment?: ProxyEnvironment | undefined;
  readonly clockKnown: () => boolean;
  /** A person lets this destination reach addresses near the box. */
  readonly isConfirmed: () => boolean;
  /** A request goes to an address near the box now. */
  readonly sends?: () => void;
  /** The bytes; undefined: there are none, or they are gone. */
  readonly picture: (record: number) => Promise<Uint8Array | undefined>;
  readonly record: (id: number) => Promise<OutboxRecord | undefined>;
}

/** What a transport may use of the box. */
export interface TransportParts extends RequestParts {
  readonly heads: {
    /** undefined: there is none, or the disk does not answer. */
    newest(): Promise<SignedHead | undefined>;
    /** The head over this row is outside now. */
    left(last: number, way: string): void;
    /** As the far end remembers it. */
    returned(text: string, way: string): Promise<boolean>;
  };
}

type Way = Pick<AnyDestination, 'timeoutMs' | 'ca' | 'proxy' | 'bandwidthBytesPerSecond'> & { readonly url: string };

export function requesterOf(
  way: Way,
  parts: Pick<RequestParts, 'clock' | 'environment' | 'clockKnown' | 'isConfirmed' | 'sends'>,
): Requester {
  const { isConfirmed, sends } = parts;
  let isNear = false;
  const rule = writtenPeerRule(isConfirmed, () => {
    if (!isNear) sends?.();
    isNear = true;
  });
  const { bandwidthBytesPerSecond: pieceBytesPerSecond } = way;
  const pieces = pieceBytesPerSecond === undefined ? {} : { pieceBytesPerSecond };
  const requester = createRequester({ ...way, ...pieces, exit: { purpose: 'destination', rule } }, parts);
  return {
    close: () => requester.close(),
    send: async (request, signal) => {
      // A connection that is open already would not ask again.
      if (isNear && !isConfirmed())
        return { why: `unconfirmed: ${rule.refusal(new URL(request.url).hostname).message}` };
      if (isNear) sends?.();
      return requester.send(request, signal);
    },
  };
}

/** 2xx: it has arrived. 410: the receiver wants nothing more. Anything else is tried again. */
export function httpOutcome(answer: HttpAnswer, wallMs: number): Outcome {
  if ('why' in answer) return { kind: 'retry', why: answer.why };
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'arrived' };
  if (status === 410) return { kind: 'stopped', why: 'HTTP 410' };
  const afterMs = retryAfterMs(answer, wallMs);
  return { kind: 'retry', why: `HTTP ${status}`, ...(afterMs !== undefined && { afterMs }) };
}
