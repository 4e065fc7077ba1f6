/** Why a waiting record waits, and when it is tried next. Pure but for the state of the app it reads. */
import type { App } from '../../app/app.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { waitsText } from '../../text/cloud-waits.made.ts';
import type { Text } from '../../text/text.ts';

export interface WaitingReason {
  readonly waits?: Text;
  readonly nextTryInMs?: number;
}

export function waitingReason(
  record: OutboxRecord,
  { store, uploads, clock }: Pick<App, 'store' | 'uploads' | 'clock'>,
): WaitingReason {
  if (record.state !== 'waiting' || record.dueMs === undefined) return {};
  const inMs = Math.max(0, Math.round(record.dueMs - store.boot.laneOffsetMs - clock.nowMs()));
  const { stopped, paused, failing } = uploads.status();
  // A person's pause, or the platform's refusal of the secret.
  if (stopped !== undefined) return { waits: waitsText.paused };
  if (paused !== undefined) return { waits: waitsText.refused };
  if (record.picture === 'pending') return { waits: waitsText.picture, nextTryInMs: inMs };
  if (record.timeQuality === 'unknown' && record.attempts === 0 && inMs > 0)
    return { waits: waitsText.clock, nextTryInMs: inMs };
  if (failing !== undefined) return { waits: waitsText.offline, nextTryInMs: inMs };
  return inMs > 0 ? { nextTryInMs: inMs } : { waits: waitsText.turn };
}
