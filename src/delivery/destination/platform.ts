/**
 * Another platform, by its profile: one request a record, made when it is sent, of the record as it is then; a retry is the same record with the same
 * serial. It carries releases that are to be reported, and nothing else.
 */

import type { NumberedMessage } from '../../store/numbers.ts';
import type { OutboundFact } from '../../store/outbound.ts';
import type { OutboxRecord, RecordState } from '../../store/record-types.ts';
import { isTaken } from '../fact-bodies.ts';
import { createPlatformClient, needsPicture } from '../platform-client.ts';
import type { PlatformReceipt } from '../request/platform-answer.ts';
import type { PlatformFacts } from '../request/record-facts.ts';
import type { PlatformConfig } from '../settings.ts';
import { type RequestParts, requesterOf } from './requests.ts';
import type { DestinationTransport, Outcome } from './transport.ts';

/** Tries of one record that the platform answers with a code in no list. */
const UNKNOWN_MAX = 10;
/** A refused signature or access: one record is tried this often. */
const PROBE_EVERY_MS = 300_000;
/** Nothing goes out for these: paid after all, thrown away, or not (yet) to be reported. */
const SILENT: readonly RecordState[] = ['withdrawn', 'dropped', 'review', 'kept'];
const isSilent = (record: OutboxRecord): boolean => SILENT.includes(record.state) || record.turnedOut !== undefined;

interface Payload {
  /** As of when the message was made, for a record that is deleted before it could be sent. */
  readonly facts: PlatformFacts;
}

export function createPlatform(config: PlatformConfig, parts: RequestParts): DestinationTransport {
  const { takes } = config;
  const client = createPlatformClient(config, parts, requesterOf(config, parts));
  const withPicture = needsPicture(config);
  /** Of the message that is being tried. */
  let tried: { readonly message: string; unknown: number; tooBig: boolean } | undefined;

  async function recordOf({
    record: id,
    payload,
  }: NumberedMessage): Promise<{ facts: PlatformFacts; picture?: Uint8Array | undefined } | undefined> {
    const record = await parts.record(id);
    if (record === undefined) return { facts: (JSON.parse(payload) as Payload).facts };
    if (isSilent(record)) return undefined;
    const picture = withPicture && tried?.tooBig !== true ? await parts.picture(id) : undefined;
    return { facts: client.facts(record), picture };
  }

  return {
    body: (fact, isLate) => {
      const { record } = fact;
      if (record === undefined || record.damaged || !isReported(fact, record)) return undefined;
      if (!isTaken({ ...fact, kind: 'release' }, takes)) return undefined;
      if (withPicture && record.picture === 'pending' && !isLate) return 'wait';
      return { topic: 'release', payload: JSON.stringify({ facts: client.facts(record) } satisfies Payload) };
    },
    gap: (gap) => ({ topic: 'gap', payload: JSON.stringify({ gap }) }),
    send: async ([message], signal) => {
      if (message === undefined) return { kind: 'arrived' };
      if (message.topic === 'gap') return { kind: 'refused', why: `gap ${message.payload}` };
      const key = `${message.series}-${message.n}`;
      if (tried?.message !== key) tried = { message: key, unknown: 0, tooBig: false };
      const record = await recordOf(message);
      if (record === undefined) return { kind: 'arrived' };
      const receipt = await client.send(record.facts, record.picture, signal);
      if (receipt.kind === 'retry' && receipt.why.startsWith('tooBig')) tried.tooBig = true;
      if (receipt.kind === 'retry' && receipt.unknownCode === true) tried.unknown += 1;
      return outcomeOf(receipt, tried.unknown >= UNKNOWN_MAX, String(record.facts.serial));
    },
    close: () => client.close(),
  };
}

/** Of one that was under review first only once a person reports it. */
function isReported({ kind }: OutboundFact, record: OutboxRecord): boolean {
  if (isSilent(record)) return false;
  return kind === 'release' ? record.release.reported : kind === 'reported' && !record.release.reported;
}

function outcomeOf(receipt: PlatformReceipt, isHopeless: boolean, serial: string): Outcome {
  if (receipt.kind === 'accepted') return { kind: 'arrived' };
  const { why } = receipt;
  if (receipt.kind === 'rejected' || receipt.kind === 'held' || isHopeless)
    return { kind: 'refused', why: `${why} (${serial})` };
  // A fault of the configuration: every record would meet it, so nothing is lost and few are tried.
  if (receipt.kind === 'paused') return { kind: 'retry', why, afterMs: PROBE_EVERY_MS };
  return { kind: 'retry', why, ...(receipt.afterMs !== undefined && { afterMs: receipt.afterMs }) };
}
