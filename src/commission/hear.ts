/**
 * What another master says on a wire: each speed is listened to until one makes whole frames of what comes. It sends nothing; the port
 * itself refuses to (`listenOnly`).
 */
import type { Clock, DriverKind, WireMeaning } from '../driver.ts';
import { openPort, type PortSettings } from '../line/port.ts';

export interface Heard {
  readonly settings: PortSettings;
  readonly bytes: number;
  readonly frames: number;
  /** What was said, each once, with how often; as many as HEARD_MAX. */
  readonly said: readonly { readonly meaning: WireMeaning; readonly count: number }[];
}

/** A master that asks less often than this is rare. */
export const HEAR_MS = 5_000;
const HEARD_MAX = 64;
/** Noise is now and then a frame with a good checksum by chance, but not so many. */
const FRAMES_SURE = 3;

/** Of the speed that made whole frames, else of each that was tried, in order. Throws LinkError. */
export async function listenOnPort(
  speeds: readonly PortSettings[],
  aloud: NonNullable<DriverKind['aloud']>,
  parts: { readonly clock: Clock; readonly signal: AbortSignal; readonly trying: (settings: PortSettings) => void },
): Promise<readonly Heard[]> {
  const all: Heard[] = [];
  for (const settings of speeds) {
    if (parts.signal.aborted) break;
    parts.trying(settings);
    const heard = await hearAt({ ...settings, listenOnly: true }, aloud, parts);
    if (heard.frames >= FRAMES_SURE) return [heard];
    all.push(heard);
  }
  return all;
}

async function hearAt(
  settings: PortSettings,
  aloud: NonNullable<DriverKind['aloud']>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Heard> {
  const port = await openPort(settings, { clock, signal });
  const read = aloud(port.transport);
  const said = new Map<string, { meaning: WireMeaning; count: number }>();
  let bytes = 0;
  let frames = 0;
  let pending = Buffer.alloc(0);
  const take = (): void => {
    for (const { meaning } of read('in', pending)) {
      if (meaning.kind === 'broken') continue;
      frames += 1;
      const { values: _, ...question } = meaning;
      const key = JSON.stringify(question);
      const known = said.get(key);
      if (known !== undefined) said.set(key, { meaning, count: known.count + 1 });
      else if (said.size < HEARD_MAX) said.set(key, { meaning, count: 1 });
    }
    pending = Buffer.alloc(0);
  };
  const over = new AbortController();
  let quiet = new AbortController();
  port.listen({
    bytes: (chunk) => {
      bytes += chunk.length;
      quiet.abort();
      pending = Buffer.concat([pending, chunk]).subarray(-PENDING_MAX);
      quiet = new AbortController();
      const { signal: moved } = quiet;
      // Frames are apart by silence, and what hands bytes on cuts them wherever it likes.
      void clock.sleep(QUIET_MS, moved).then(() => {
        if (!moved.aborted) take();
      });
    },
    closed: () => over.abort(),
  });
  await clock.sleep(HEAR_MS, AbortSignal.any([signal, over.signal]));
  quiet.abort();
  take();
  await port.close();
  return { settings, bytes, frames, said: [...said.values()] };
}

/** USB adapters collect bytes for 16 ms. */
const QUIET_MS = 20;
/** More without a pause than this is no traffic of a master. */
const PENDING_MAX = 8_192;
