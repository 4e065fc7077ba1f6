/**
 * Sends one record marked as a test to the platform, signed with the configured secret, and explains the answer and the next step. It
 * bypasses the store: the real queue does not know of it.
 */

import { randomBytes } from 'node:crypto';
import type { Config, LaneConfig } from '../config/types.ts';
import { requesterOf } from '../delivery/destination/requests.ts';
import { type ClientParts, createPlatformClient, momentNow, requestOfRecord } from '../delivery/platform-client.ts';
import type { DeliveryReceipt } from '../delivery/request/delivery-receipt.ts';
import { platformComparison } from '../delivery/request/platform-comparison.ts';
import { comparisonText, receiptText } from '../delivery/request/receipt-text.ts';
import { MASK } from '../delivery/request/sign.ts';
import { maskedHint, type SignatureComparison } from '../delivery/request/signature-comparison.ts';
import type { PlatformConfig } from '../delivery/settings.ts';
import type { Clock, Frame } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import type { TryRow } from '../page/api/api.ts';
import type { RehearsalResult } from '../page/api/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import type { OutboxRecord, TimeQuality } from '../store/record-types.ts';
import { signText, whyText } from '../text/cloud.ts';
import { learnText, rehearseText } from '../text/commission.ts';
import { given } from '../text/given.ts';
import type { Text } from '../text/text.ts';

export interface RehearseParts {
  readonly clock: Clock;
  readonly config: () => Config | undefined;
  readonly time: () => { readonly wallMs: number; readonly quality: TimeQuality };
  /** undefined: no such camera. */
  readonly picture: (camera: string) => Promise<Frame> | undefined;
  readonly proxies?: ClientParts['environment'];
  /** A person lets this destination reach addresses near the box. */
  readonly isConfirmed: (to: PlatformConfig) => boolean;
}

export interface RehearseRequest {
  readonly lane: LaneConfig;
  readonly config: Config;
  /** A destination of kind `platform`, in place of the platform of `cloud`. */
  readonly to?: PlatformConfig;
}

/** Throws Problem: invalid without the confirmations, unavailable without a configuration. */
export function rehearseRequest(input: Readonly<Record<string, unknown>>, parts: RehearseParts): RehearseRequest {
  const config = parts.config();
  if (config === undefined) throw new Problem('unavailable');
  const lane = config.lanes.find(({ id }) => id === input.lane);
  const platforms = config.destinations.filter((each) => each.kind === 'platform');
  const to = platforms.find(({ name }) => name === input.to);
  const names = platforms.map(({ name }) => name);
  const errors = [
    lane === undefined ? { field: 'lane', message: learnText.noLane } : undefined,
    input.to === undefined || to !== undefined
      ? undefined
      : { field: 'to', message: signText.noDestination(String(input.to), names) },
    input.confirmed === true ? undefined : { field: 'confirmed', message: rehearseText.confirm },
    (to ?? config.cloud).mode === 'integration' || input.production === true
      ? undefined
      : { field: 'production', message: rehearseText.confirmProduction },
  ].filter((each) => each !== undefined);
  if (lane === undefined || errors.length > 0) throw new Problem('invalid', { errors });
  return { lane, config, ...(to && { to }) };
}

/** One record to one platform, and how its signed text compares with what the platform answers. */
interface Trial {
  readonly receipt: DeliveryReceipt;
  readonly comparison: SignatureComparison | undefined;
}

export async function rehearse(
  { lane, config, to }: RehearseRequest,
  parts: RehearseParts,
  job: JobHandle,
): Promise<RehearsalResult> {
  job.progress(rehearseText.picture, 0.1);
  const frame = lane.camera === undefined ? undefined : await parts.picture(lane.camera)?.catch(() => undefined);
  const { wallMs, quality } = parts.time();
  const record = testRecord(lane, wallMs, quality, frame !== undefined && (to ?? config.cloud).picture !== 'url');
  const { url, mode } = to ?? config.cloud;
  job.progress(rehearseText.sending(url), 0.4);
  const { receipt, comparison } = await trialOf(
    { lane, config, ...(to && { to }) },
    { record, frame, parts, signal: job.signal },
  );
  const lines = comparison && comparisonText(comparison);
  return {
    ok: receipt.kind === 'accepted' && receipt.warning === undefined,
    answer: tryRow(receipt, wallMs),
    ...(lines && {
      comparison: { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') },
    }),
    next: nextText(receipt, { mode, to: to?.name }, comparison?.kind),
    serial: record.serial,
    ...(to && { to: to.name }),
  };
}

interface TrialInput {
  readonly record: OutboxRecord;
  readonly frame: Frame | undefined;
  readonly parts: RehearseParts;
  readonly signal: AbortSignal;
}

async function trialOf(
  { config: { cloud }, to }: RehearseRequest,
  { record, frame, parts, signal }: TrialInput,
): Promise<Trial> {
  const { clock, proxies: environment } = parts;
  const moment = momentNow(clock);
  const transport = {
    ...{ clock, environment, clockKnown: () => parts.time().quality !== 'unknown' },
    isConfirmed: () => to !== undefined && parts.isConfirmed(to),
  };
  const requester = to && requesterOf(to, transport);
  const settings = to ?? cloud;
  const client = createPlatformClient(settings, transport, requester, () => moment);
  try {
    const facts = client.facts(record);
    const receipt = await client.send(facts, frame?.bytes, signal);
    const signed = await requestOfRecord(settings, { facts, picture: frame?.bytes }, { ...moment, mask: MASK });
    const { hint = to && receipt.answer?.message } = receipt.answer ?? {};
    const compare = (text: string) => platformComparison(settings.profile.request.signature, signed, text, MASK);
    return { receipt, comparison: comparisonOf(receipt, hint, compare) };
  } finally {
    await client.close();
  }
}

function testRecord(lane: LaneConfig, wallMs: number, timeQuality: TimeQuality, hasPicture: boolean): OutboxRecord {
  const direction = lane.direction === 'entry' ? 'entry' : 'exit';
  return {
    id: 0,
    serial: `TEST-${lane.id}-${wallMs.toString(36)}-${randomBytes(3).toString('hex')}`.toUpperCase(),
    laneId: lane.id,
    gateId: lane.id,
    gateName: lane.name,
    releaseWallMs: wallMs,
    reason: rehearseText.reason,
    methodDesc: rehearseText.methodDesc,
    state: 'waiting',
    attempts: 0,
    picture: hasPicture ? 'attached' : 'none',
    timeQuality,
    unknownAnswers: 0,
    sent: false,
    release: {
      id: 'test',
      verdict: 'unknown',
      method: 0,
      desc: 'unknown',
      direction,
      releaseAtMs: 0,
      passed: false,
      confidence: 'possible',
      degraded: false,
      reported: true,
      facts: [],
    },
  };
}

/** Only for a refused signature: a platform then returns the text it signed, as `hint`. */
function comparisonOf(
  { kind }: DeliveryReceipt,
  hint: string | undefined,
  compare: (hint: string) => SignatureComparison,
): SignatureComparison | undefined {
  if (hint === undefined || (kind !== 'paused' && kind !== 'held')) return undefined;
  const comparison = compare(hint);
  return kind === 'held' && comparison.kind === 'noText' ? undefined : comparison;
}

function tryRow(receipt: DeliveryReceipt, atWallMs: number): TryRow {
  const { status, code, message, hint, seqno } = receipt.answer ?? {};
  return {
    atWallMs,
    // The signed text stands once, as the hint.
    why:
      receipt.kind === 'accepted'
        ? receiptText(receipt)
        : whyText(maskedHint(hint === undefined ? receipt.why : receipt.why.replace(`: ${hint}`, ''))),
    ...given({ status, code, message, hint: hint && maskedHint(hint), seqno }),
  };
}

function nextText(
  receipt: DeliveryReceipt,
  { mode, to }: { readonly mode: Config['cloud']['mode']; readonly to: string | undefined },
  comparison: string | undefined,
): Text {
  const { next } = rehearseText;
  if (receipt.kind === 'accepted') return mode === 'production' ? next.acceptedProduction : next.accepted(to);
  if (comparison === 'equal') return next.secret;
  if (comparison === 'different') return next.text;
  if (receipt.kind === 'paused') return receipt.why.startsWith('blocked') ? next.blocked : next.signature;
  if (receipt.kind === 'held') return next.signature;
  return receipt.kind === 'rejected' ? next.rejected : next.retry;
}
