/**
 * Confirmation of a serial-line device's messages: each event counts once, a status without a checksum only when repeated. It reads no
 * wire and sets no timer.
 */
import type { DriverPorts, Reading } from '../../src/driver.ts';
import type { Meaning } from './message.ts';
import type { SerialLineProfile } from './profile.ts';

/** Transit time of an event: its own bytes, and the buffering on the way. */
const EVENT_MS = 30;
/** Maximum age of a status that another master asked for. */
const ANSWER_MS = 200;
/** Events remembered to recognise repetitions. The oldest goes first. */
const REPEATED_MOST = 64;

export interface StatusConfirmation {
  take(content: Uint8Array, meaning: Meaning, atMs: number): void;
  /** Marks the time of our question; undefined: we did not ask. */
  asked(atMs: number | undefined): void;
  /** Repeats every level last reported `afterMs` ago: the device is alive and would have reported a change. */
  repeat(atMs: number, afterMs: number): void;
}

export interface StatusConfirmationPorts {
  readonly profile: SerialLineProfile;
  readonly report: (reading: Reading) => void;
  readonly grant: (grant: NonNullable<Meaning['grant']>, atMs: number) => void;
  readonly notice: NonNullable<DriverPorts['notice']>;
  /** A level changed in an unprotected message and needs confirmation. */
  readonly onUnconfirmed: () => void;
}

export function createStatusConfirmation({
  profile,
  report,
  grant,
  notice,
  onUnconfirmed,
}: StatusConfirmationPorts): StatusConfirmation {
  const reported = new Map<string, { readonly value: boolean; readonly reportedMs: number }>();
  const unconfirmed = new Map<string, boolean>();
  /** When a point's level was last certain: a change came after that. */
  const certainMs = new Map<string, number>();
  const repeated = new Map<string, number>();
  const isProtected = profile.frame.checksum !== undefined;
  const pulsePoints = [...new Set(profile.messages.flatMap(({ pulses }) => pulses))];
  let askedMs: number | undefined;

  function reportLevel(point: string, value: boolean, atMs: number, uncertaintyMs: number): void {
    reported.set(point, { value, reportedMs: atMs });
    unconfirmed.delete(point);
    report({ kind: 'level', point, value, atMs, uncertaintyMs });
  }

  /** Without a checksum one flipped bit turns a 0 into a 1; two identical errors in a row are improbable. */
  function status(point: string, value: boolean, atMs: number): void {
    if (!isProtected && reported.get(point)?.value !== value && unconfirmed.get(point) !== value) {
      unconfirmed.set(point, value);
      onUnconfirmed();
      return;
    }
    const fromMs = Math.min(askedMs ?? atMs - ANSWER_MS, atMs);
    reportLevel(point, value, atMs, Math.max(0, atMs - (certainMs.get(point) ?? fromMs)));
    certainMs.set(point, fromMs);
  }

  function isRepetition(content: Uint8Array, atMs: number): boolean {
    if (profile.repeatMs === 0) return false;
    const key = Buffer.from(content).toString('latin1');
    const lastMs = repeated.get(key);
    repeated.delete(key);
    const [oldest] = repeated.keys();
    if (repeated.size >= REPEATED_MOST && oldest !== undefined) repeated.delete(oldest);
    repeated.set(key, atMs);
    return lastMs !== undefined && atMs - lastMs <= profile.repeatMs;
  }

  function event(meaning: Meaning, atMs: number): void {
    for (const { point, value } of meaning.levels) {
      reportLevel(point, value, atMs, EVENT_MS);
      certainMs.set(point, atMs);
    }
    for (const point of meaning.pulses) report({ kind: 'pulses', point, count: 1, atMs, uncertaintyMs: EVENT_MS });
    if (meaning.powerOn) notice({ kind: 'powerCycle' });
    if (meaning.grant !== undefined) grant(meaning.grant, atMs);
  }

  /** A live device's pulse points are off between pulses; without that level the point would look lost. */
  function atRest(atMs: number): void {
    for (const point of pulsePoints) if (!reported.has(point)) reportLevel(point, false, atMs, EVENT_MS);
  }

  return {
    take(content, meaning, atMs) {
      if (meaning.isStatus) for (const { point, value } of meaning.levels) status(point, value, atMs);
      else if (!isRepetition(content, atMs)) event(meaning, atMs);
      atRest(atMs);
    },
    asked(atMs) {
      askedMs = atMs;
    },
    repeat(atMs, afterMs) {
      for (const [point, { value, reportedMs }] of reported)
        if (atMs - reportedMs >= afterMs) reportLevel(point, value, atMs, EVENT_MS);
    },
  };
}
