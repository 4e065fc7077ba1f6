/**
 * The driver of devices that speak unasked on a serial line: lane controllers with lines of text, boards with their own frames. It
 * listens, and polls with one of a fixed set of questions where the profile names one. It acknowledges nothing.
 */
import { z } from 'zod';
import { type Decode, type Driver, type DriverKind, type DriverPorts, LinkError } from '../../src/driver.ts';
import { createStatusConfirmation } from './confirmation.ts';
import { contentsOf, createFramer, parseHex } from './frame.ts';
import { createMeaning, messagePoints } from './message.ts';
import { type SerialLineProfile, serialLineProfile } from './profile.ts';
import { QUESTIONS } from './questions.ts';

const serialLineDevice = z.strictObject({
  /** Overrides the profile's poll interval. */
  pollMs: z.int().min(5).max(60_000).optional(),
  /** Overrides the profile: how long a level stays valid after the device's last message. */
  holdMs: z.int().min(500).max(86_400_000).optional(),
  /** The lane of the payments this device reports. */
  grantsFor: z.string().min(1).max(40).optional(),
});

/** A steady level is repeated this often, like a polled one. */
const REPEAT_MS = 250;

export type SerialLineDevice = z.infer<typeof serialLineDevice>;

export const serialLineKind: DriverKind<SerialLineDevice, SerialLineProfile> = {
  kind: 'serial-line',
  schema: serialLineDevice,
  profiles: { folder: new URL('./profiles/', import.meta.url), schema: serialLineProfile },
  laneKeys: ['grantsFor'],
  listensToo: true,
  grantsFor: ({ profile, grantsFor }) => {
    if (!profile.messages.some(({ grant }) => grant !== undefined)) return undefined;
    return grantsFor === undefined ? {} : { laneId: grantsFor };
  },
  create: createSerialLineDriver,
  wireUse: ({ profile, pollMs }) =>
    profile.ask && {
      everyMs: pollMs ?? profile.ask.everyMs,
      turns: [
        {
          requestBytes: QUESTIONS[profile.ask.question].length,
          answerBytes: frameBytes(profile),
          turnaroundMs: TURNAROUND_MS,
          gapMs: 0,
        },
      ],
      reportsChanges: profile.messages.some(({ levels, pulses }) => Object.keys(levels).length + pulses.length > 0),
    },
};

/** Typical processing time of a controller; only for the load estimate of a wire. */
const TURNAROUND_MS = 10;

/** The longest answer to a question: a status, with its start, its end and its checksum. */
function frameBytes({ frame, messages }: SerialLineProfile): number {
  if (frame.kind === 'fixed') return frame.length;
  const around = [frame.start, ...(frame.kind === 'delimited' ? [frame.end] : [])].map((hex) => parseHex(hex).length);
  const checksum = frame.checksum === undefined ? 0 : frame.checksum === 'crc16' ? 2 : 1;
  const contents = messages.map((rule) => (rule.text?.length ?? rule.hex?.split(' ').length ?? 0) + (rule.digits ?? 0));
  return Math.max(...contents) + around.reduce((sum, each) => sum + each, checksum);
}

/** Chunks as they arrive. */
const chunks: Decode<Uint8Array> = (bytes) => ({ frame: Uint8Array.from(bytes), used: bytes.length });

export function createSerialLineDriver(
  config: SerialLineDevice & { readonly profile: SerialLineProfile },
  ports: DriverPorts,
): Driver {
  const { bus, clock } = ports;
  const { profile, grantsFor } = config;
  const meaning = createMeaning(profile.messages, profile.encoding);
  return {
    points: messagePoints(profile.messages),
    async run(report, signal) {
      const over = new AbortController();
      const running = AbortSignal.any([signal, over.signal]);
      const beganMs = clock.nowMs();
      let heardMs: number | undefined;
      const polling = createPolling(config, ports, running);
      const confirmation = createStatusConfirmation({
        profile,
        report,
        grant: (grant, atMs) =>
          ports.grant?.({ ...grant, atMs, ...(grantsFor !== undefined && { laneId: grantsFor }) }),
        notice: (notice) => ports.notice?.(notice),
        onUnconfirmed: polling.early,
      });
      const framer = createFramer({
        rule: profile.frame,
        maxBytes: profile.maxBytes,
        idleMs: profile.idleMs,
        onContent(content, atMs) {
          const found = meaning(content);
          if (found === undefined || running.aborted) return;
          heardMs = atMs;
          confirmation.take(content, found, atMs);
        },
      });

      async function listen(): Promise<void> {
        for await (const chunk of bus.frames(chunks, running)) framer.take(chunk, clock.nowMs());
      }

      /** Keeps the levels valid for a while after the last message, then reports the device silent. */
      async function hold(): Promise<void> {
        const everyMs = profile.ask === undefined ? 0 : (config.pollMs ?? profile.ask.everyMs);
        // The device counts as silent only after missing more than one answer.
        const holdMs = Math.max(config.holdMs ?? profile.holdMs, 2 * everyMs);
        while (!running.aborted) {
          await clock.sleep(REPEAT_MS, running);
          if (running.aborted) return;
          const nowMs = clock.nowMs();
          if (nowMs - (heardMs ?? beganMs) > holdMs)
            throw new LinkError('timeout', `no message matched the profile for ${holdMs} ms`);
          confirmation.repeat(nowMs, REPEAT_MS);
        }
      }

      const ended = (bytes: Uint8Array): boolean =>
        contentsOf(profile.frame, profile.maxBytes, bytes).some((each) => meaning(each) !== undefined);
      const work = [listen(), hold(), polling.run(ended, confirmation.asked)];
      try {
        // `ask` ends early without a question; the others run until aborted or failed.
        await Promise.all(work);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        over.abort();
        await Promise.allSettled(work);
      }
    },
  };
}

interface Polling {
  /** Sends the next question now. */
  early(): void;
  /** Polls until `running` aborts. `ended`: whether a turn is over; `asked` is called before each. */
  run(ended: (bytes: Uint8Array) => boolean, asked: (atMs: number | undefined) => void): Promise<void>;
}

function createPolling(
  { profile, pollMs }: SerialLineDevice & { readonly profile: SerialLineProfile },
  { bus, clock }: DriverPorts,
  running: AbortSignal,
): Polling {
  let wake = new AbortController();
  /** False when the wire is listen-only: then we follow the questions of its master. */
  async function question(request: Uint8Array, decode: Decode<true>, timeoutMs: number): Promise<boolean> {
    try {
      return await bus.exchange(request, decode, timeoutMs);
    } catch (error) {
      if (error instanceof LinkError && error.code === 'listenOnly') return false;
      throw error;
    }
  }
  return {
    early: () => wake.abort(),
    async run(ended, asked) {
      if (profile.ask === undefined) return;
      const { timeoutMs, everyMs } = profile.ask;
      const request = QUESTIONS[profile.ask.question];
      // Frames arrive by listening; the turn ends with the first meaningful one.
      const decode: Decode<true> = (bytes) => (ended(bytes) ? { frame: true, used: bytes.length } : undefined);
      while (!running.aborted) {
        wake = new AbortController();
        const askedMs = clock.nowMs();
        asked(askedMs);
        if (!(await question(request, decode, timeoutMs))) return asked(undefined);
        await clock.sleep(askedMs + (pollMs ?? everyMs) - clock.nowMs(), AbortSignal.any([running, wake.signal]));
      }
    },
  };
}
