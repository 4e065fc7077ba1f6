/**
 * The driver of devices that speak by themselves on a serial line: lane controllers that send lines of text, boards with frames of their own.
 * It listens, and asks one of a fixed set of questions where the profile names one. It acknowledges nothing.
 */
import { z } from 'zod';
import { type Decode, type Driver, type DriverKind, type DriverPorts, LinkError } from '../../src/driver.ts';
import { createBelief } from './confirmation.ts';
import { contentsOf, createFramer, parseHex } from './frame.ts';
import { createMeaning, messagePoints } from './message.ts';
import { type SerialLineProfile, serialLineProfile } from './profile.ts';
import { QUESTIONS } from './questions.ts';

const serialLineDevice = z.strictObject({
  /** Instead of the profile's: how often it is asked. */
  pollMs: z.int().min(5).max(60_000).optional(),
  /** Instead of the profile's: for how long a level is believed after the device last said anything. */
  holdMs: z.int().min(500).max(86_400_000).optional(),
  /** The lane whose passages this device says are paid. */
  grantsFor: z.string().min(1).max(40).optional(),
});

/** A level that holds is told again this often, as a polled one would be. */
const TOLD_AGAIN_MS = 250;

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
      tellsChanges: profile.messages.some(({ levels, pulses }) => Object.keys(levels).length + pulses.length > 0),
    },
};

/** What a controller takes to think, typically; only for the sum of what a wire can carry. */
const TURNAROUND_MS = 10;

/** The longest answer to a question: a status, with its start, its end and its checksum. */
function frameBytes({ frame, messages }: SerialLineProfile): number {
  if (frame.kind === 'fixed') return frame.length;
  const around = [frame.start, ...(frame.kind === 'delimited' ? [frame.end] : [])].map((hex) => parseHex(hex).length);
  const checksum = frame.checksum === undefined ? 0 : frame.checksum === 'crc16' ? 2 : 1;
  const contents = messages.map((rule) => (rule.text?.length ?? rule.hex?.split(' ').length ?? 0) + (rule.digits ?? 0));
  return Math.max(...contents) + around.reduce((sum, each) => sum + each, checksum);
}

/** Whatever comes, as it comes. */
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
      const turns = askingOf(config, ports, running);
      const belief = createBelief({
        profile,
        report,
        grant: (grant, atMs) =>
          ports.grant?.({ ...grant, atMs, ...(grantsFor !== undefined && { laneId: grantsFor }) }),
        notice: (notice) => ports.notice?.(notice),
        doubt: turns.early,
      });
      const framer = createFramer({
        rule: profile.frame,
        maxBytes: profile.maxBytes,
        idleMs: profile.idleMs,
        onContent(content, atMs) {
          const said = meaning(content);
          if (said === undefined || running.aborted) return;
          heardMs = atMs;
          belief.take(content, said, atMs);
        },
      });

      async function listen(): Promise<void> {
        for await (const chunk of bus.frames(chunks, running)) framer.take(chunk, clock.nowMs());
      }

      /** Believes the levels for a while after the last word, then says that the device is silent. */
      async function hold(): Promise<void> {
        const everyMs = profile.ask === undefined ? 0 : (config.pollMs ?? profile.ask.everyMs);
        // One answer may be missed before the device counts as silent.
        const holdMs = Math.max(config.holdMs ?? profile.holdMs, 2 * everyMs);
        while (!running.aborted) {
          await clock.sleep(TOLD_AGAIN_MS, running);
          if (running.aborted) return;
          const nowMs = clock.nowMs();
          if (nowMs - (heardMs ?? beganMs) > holdMs)
            throw new LinkError('timeout', `nothing that fits the profile was said for ${holdMs} ms`);
          belief.tellAgain(nowMs, TOLD_AGAIN_MS);
        }
      }

      const ended = (bytes: Uint8Array): boolean =>
        contentsOf(profile.frame, profile.maxBytes, bytes).some((each) => meaning(each) !== undefined);
      const work = [listen(), hold(), turns.ask(ended, belief.asked)];
      try {
        // `ask` ends early where nothing is asked; the others run until they are told to stop or fail.
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

interface Asking {
  /** The next question now, not at its time. */
  early(): void;
  /** Asks until `running` aborts. `ended`: whether a turn is over; `asked` is told before each. */
  ask(ended: (bytes: Uint8Array) => boolean, asked: (atMs: number | undefined) => void): Promise<void>;
}

function askingOf(
  { profile, pollMs }: SerialLineDevice & { readonly profile: SerialLineProfile },
  { bus, clock }: DriverPorts,
  running: AbortSignal,
): Asking {
  let wake = new AbortController();
  /** False when nothing may be asked on this wire: then we hear what its master asks. */
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
    async ask(ended, asked) {
      if (profile.ask === undefined) return;
      const { timeoutMs, everyMs } = profile.ask;
      const request = QUESTIONS[profile.ask.question];
      // The frames themselves arrive by listening; the turn only has to end with the first that means something.
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
