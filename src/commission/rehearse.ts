/**
 * Sends one record marked as a test to the platform, signed with the configured secret, and explains the answer and the next step. It
 * bypasses the store: the real queue does not know of it.
 */
import { randomBytes } from 'node:crypto';
import { type ClientParts, createClient } from '../cloud/client.ts';
import type { DeliveryReceipt } from '../cloud/delivery-receipt.ts';
import { preparePicture } from '../cloud/jpeg-reencoding.ts';
import { fieldsOf } from '../cloud/request-fields.ts';
import { compareSignatures, maskedHint } from '../cloud/signature/signature-comparison.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Clock, Frame } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import type { TryRow } from '../page/api/api.ts';
import type { RehearsalResult } from '../page/api/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import type { OutboxRecord, TimeQuality } from '../store/record-types.ts';
import { comparisonText, receiptText, whyText } from '../text/cloud.ts';
import { learnText, rehearseText } from '../text/commission.ts';
import type { Text } from '../text/text.ts';

export interface RehearseParts {
  readonly clock: Clock;
  readonly config: () => Config | undefined;
  readonly time: () => { readonly wallMs: number; readonly quality: TimeQuality };
  /** undefined: no such camera. */
  readonly picture: (camera: string) => Promise<Frame> | undefined;
  readonly proxies?: ClientParts['environment'];
}

export interface RehearseRequest {
  readonly lane: LaneConfig;
  readonly config: Config;
}

/** Throws Problem: invalid without the confirmations, unavailable without a configuration. */
export function rehearseRequest(input: Readonly<Record<string, unknown>>, parts: RehearseParts): RehearseRequest {
  const config = parts.config();
  if (config === undefined) throw new Problem('unavailable');
  const lane = config.lanes.find(({ id }) => id === input.lane);
  const errors = [
    lane === undefined ? { field: 'lane', message: learnText.noLane } : undefined,
    input.confirmed === true ? undefined : { field: 'confirmed', message: rehearseText.confirm },
    config.cloud.mode === 'integration' || input.production === true
      ? undefined
      : { field: 'production', message: rehearseText.confirmProduction },
  ].filter((each) => each !== undefined);
  if (lane === undefined || errors.length > 0) throw new Problem('invalid', { errors });
  return { lane, config };
}

export async function rehearse(
  { lane, config }: RehearseRequest,
  parts: RehearseParts,
  job: JobHandle,
): Promise<RehearsalResult> {
  const settings = { ...config.cloud, parkUuid: config.park.uuid };
  job.progress(rehearseText.picture, 0.1);
  const frame = lane.camera === undefined ? undefined : await parts.picture(lane.camera)?.catch(() => undefined);
  const { wallMs, quality } = parts.time();
  const record = testRecord(lane, wallMs, quality, frame !== undefined && config.cloud.picture !== 'url');
  job.progress(rehearseText.sending(config.cloud.url), 0.4);
  const client = createClient(settings, {
    clock: parts.clock,
    clockKnown: () => quality !== 'unknown',
    ...(parts.proxies && { environment: parts.proxies }),
  });
  try {
    const receipt = await client.send(record, frame?.bytes, job.signal);
    const { bytes } = await preparePicture(frame?.bytes, settings);
    const comparison = comparisonOf(receipt, fieldsOf(record, settings, bytes));
    return {
      ok: receipt.kind === 'accepted' && receipt.warning === undefined,
      answer: tryRow(receipt, wallMs),
      ...(comparison && { comparison: comparison.text }),
      next: nextText(receipt, config.cloud.mode, comparison?.kind),
      serial: record.serial,
    };
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

/** Only for a refused signature: the platform then returns the text it signed. */
function comparisonOf(
  { kind, answer }: DeliveryReceipt,
  fields: Parameters<typeof compareSignatures>[0],
): { readonly kind: string; readonly text: Text } | undefined {
  const hint = answer?.hint;
  if (hint === undefined || (kind !== 'paused' && kind !== 'held')) return undefined;
  const comparison = compareSignatures(fields, hint);
  if (kind === 'held' && comparison.kind === 'noText') return undefined;
  const lines = comparisonText(comparison);
  return {
    kind: comparison.kind,
    text: { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') },
  };
}

function tryRow(receipt: DeliveryReceipt, atWallMs: number): TryRow {
  const { status, code, message, hint, seqno } = receipt.answer ?? {};
  return {
    atWallMs,
    why: receipt.kind === 'accepted' ? receiptText(receipt) : whyText(maskedHint(receipt.why)),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    ...(hint !== undefined && { hint: maskedHint(hint) }),
    ...(seqno !== undefined && { seqno }),
  };
}

function nextText(receipt: DeliveryReceipt, mode: Config['cloud']['mode'], comparison: string | undefined): Text {
  const { next } = rehearseText;
  if (receipt.kind === 'accepted') return mode === 'production' ? next.acceptedProduction : next.accepted;
  if (comparison === 'equal') return next.secret;
  if (comparison === 'different') return next.text;
  if (receipt.kind === 'paused') return receipt.why.startsWith('blocked') ? next.blocked : next.signature;
  if (receipt.kind === 'held') return next.signature;
  return receipt.kind === 'rejected' ? next.rejected : next.retry;
}
