/** What is believed of a serial-line device: each event once, a status without a checksum only when it is said twice. It reads no wire and sets no timer. */
import type { DriverPorts, Reading } from '../../src/driver.ts';
import type { Meaning } from './message.ts';
import type { SerialLineProfile } from './profile.ts';

/** An event has been on its way for the time of its own bytes, and of what collects them. */
const EVENT_MS = 30;
/** A status that another master asked for is at most this old. */
const ANSWER_MS = 200;
/** Events remembered so that their repetitions are known. The oldest goes first. */
const REPEATED_MOST = 64;

export interface Belief {
  take(content: Uint8Array, meaning: Meaning, atMs: number): void;
  /** The device is being asked how things are; undefined: not by us. */
  asked(atMs: number | undefined): void;
  /** Tells again every level that has not been told for `afterMs`: the device is there and would have told a change. */
  tellAgain(atMs: number, afterMs: number): void;
}

export interface BeliefPorts {
  readonly profile: SerialLineProfile;
  readonly report: (reading: Reading) => void;
  readonly grant: (grant: NonNullable<Meaning['grant']>, atMs: number) => void;
  readonly notice: NonNullable<DriverPorts['notice']>;
  /** A level changed in a message that nothing protects: it is believed when it is said again. */
  readonly doubt: () => void;
}

export function createBelief({ profile, report, grant, notice, doubt }: BeliefPorts): Belief {
  const believed = new Map<string, { readonly value: boolean; readonly toldMs: number }>();
  const doubted = new Map<string, boolean>();
  /** When it was last certain how a point is: a change came after that. */
  const certainMs = new Map<string, number>();
  const repeated = new Map<string, number>();
  const isProtected = profile.frame.checksum !== undefined;
  const pulsePoints = [...new Set(profile.messages.flatMap(({ pulses }) => pulses))];
  let askedMs: number | undefined;

  function tell(point: string, value: boolean, atMs: number, uncertaintyMs: number): void {
    believed.set(point, { value, toldMs: atMs });
    doubted.delete(point);
    report({ kind: 'level', point, value, atMs, uncertaintyMs });
  }

  /** Without a checksum one flipped bit turns a 0 into a 1; two messages that are wrong alike are not to be expected. */
  function status(point: string, value: boolean, atMs: number): void {
    if (!isProtected && believed.get(point)?.value !== value && doubted.get(point) !== value) {
      doubted.set(point, value);
      doubt();
      return;
    }
    const fromMs = Math.min(askedMs ?? atMs - ANSWER_MS, atMs);
    tell(point, value, atMs, Math.max(0, atMs - (certainMs.get(point) ?? fromMs)));
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
      tell(point, value, atMs, EVENT_MS);
      certainMs.set(point, atMs);
    }
    for (const point of meaning.pulses) report({ kind: 'pulses', point, count: 1, atMs, uncertaintyMs: EVENT_MS });
    if (meaning.powerOn) notice({ kind: 'powerCycle' });
    if (meaning.grant !== undefined) grant(meaning.grant, atMs);
  }

  /** Between its pulses a point is off, which is known while the device is heard: else nobody could tell it from a lost one. */
  function atRest(atMs: number): void {
    for (const point of pulsePoints) if (!believed.has(point)) tell(point, false, atMs, EVENT_MS);
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
    tellAgain(atMs, afterMs) {
      for (const [point, { value, toldMs }] of believed)
        if (atMs - toldMs >= afterMs) tell(point, value, atMs, EVENT_MS);
    },
  };
}
