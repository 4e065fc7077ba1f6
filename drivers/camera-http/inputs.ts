/**
 * Inputs wired to the camera itself, as points: their questions are polled in turn, only for points in use. It knows no maker and can
 * send only questions that read.
 */
import { z } from 'zod';
import {
  type CameraInputs,
  type CameraPorts,
  type Clock,
  LinkError,
  ProtocolError,
  type Reading,
} from '../../src/driver.ts';
import { type CameraClient, inTime } from './client.ts';

/** For cameras that report inputs. A point is lost after two seconds without a reading, which bounds the interval. */
export const inputKeys = { inputsMs: z.int().min(100).max(1_000).default(250) };

/** Timeout of one answer. */
export const INPUT_ANSWER_MS = 1_500;
/** An answer is a few lines. */
const ANSWER_BYTES_MAX = 16_384;

export interface InputQuestion {
  readonly points: readonly string[];
  /** The level of each point; unknown points are left out. Throws LinkError, ProtocolError. */
  ask(signal: AbortSignal): Promise<Readonly<Record<string, boolean>>>;
}

/** `open` returns the questions of one run and their cleanup: some makers need a connection of their own. */
export function createInputs(
  points: readonly string[],
  everyMs: number,
  { clock, wanted }: CameraPorts,
  open: (signal: AbortSignal) => Promise<{ readonly questions: readonly InputQuestion[]; close(): void }>,
): CameraInputs {
  const isWanted = (question: InputQuestion): boolean =>
    wanted === undefined || question.points.some((point) => wanted.has(point));
  async function ask(report: (reading: Reading) => void, signal: AbortSignal): Promise<void> {
    const { questions, close } = await open(signal);
    try {
      await askOnBeat(questions.filter(isWanted), everyMs, clock, report, signal);
    } finally {
      close();
    }
  }
  return {
    points,
    everyMs,
    run: (report, signal) =>
      ask(report, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
  };
}

async function askOnBeat(
  questions: readonly InputQuestion[],
  everyMs: number,
  clock: Clock,
  report: (reading: Reading) => void,
  signal: AbortSignal,
): Promise<void> {
  /** When the last question about each point was sent: an unseen change came after it. */
  const askedMs = new Map<string, number>();
  let dueMs = clock.nowMs();
  while (!signal.aborted) {
    for (const { ask } of questions) {
      const beganMs = clock.nowMs();
      const levels = await ask(signal);
      if (signal.aborted) return;
      const atMs = clock.nowMs();
      for (const [point, value] of Object.entries(levels)) {
        const uncertaintyMs = atMs - (askedMs.get(point) ?? beganMs - everyMs);
        askedMs.set(point, beganMs);
        report({ kind: 'level', point, value, atMs, uncertaintyMs });
      }
    }
    const nowMs = clock.nowMs();
    // A late round starts the next one at once; missed rounds are not made up.
    dueMs = Math.max(dueMs + everyMs, nowMs);
    await clock.sleep(dueMs - nowMs, signal);
  }
}

/** The whole response to one GET. Throws LinkError, ProtocolError; ends at once when `signal` aborts. */
export async function askOverHttp(
  client: CameraClient,
  url: URL,
  accept: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await inTime(url.host, INPUT_ANSWER_MS, clock, signal, async (ended) => {
      const { body } = await client.get(url, accept, ended);
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of body as AsyncIterable<Uint8Array>) {
        length += part.length;
        if (length > ANSWER_BYTES_MAX)
          throw new ProtocolError('frame', `${url.pathname}: more than ${ANSWER_BYTES_MAX} bytes`);
        parts.push(part);
      }
      return Buffer.concat(parts, length);
    });
  } catch (error) {
    throw signal.aborted ? new LinkError('closed', `the client of ${url.host} is closed`) : error;
  }
}
