/**
 * Listens for another master on a wire: at each speed until one gives whole frames. It sends nothing; the port itself refuses to
 * (`listenOnly`).
 */
import type { Clock, DriverKind, WireMeaning } from '../driver.ts';
import { openPort } from '../line/port.ts';
import type { PortSettings } from '../line/port-contract.ts';

export interface ListenResult {
  readonly settings: PortSettings;
  readonly bytes: number;
  readonly frames: number;
  /** Distinct messages with their counts, at most HEARD_MAX. */
  readonly said: readonly { readonly meaning: WireMeaning; readonly count: number }[];
}

/** Few masters poll less often. */
export const LISTEN_MS = 5_000;
const HEARD_MAX = 64;
/** Noise has a valid checksum now and then by chance, but not this often. */
const FRAMES_SURE = 3;

/** The result of the speed with whole frames, else of each speed in order. Throws LinkError. */
export async function listenOnPort(
  speeds: readonly PortSettings[],
  describeFrames: NonNullable<DriverKind['describeFrames']>,
  parts: { readonly clock: Clock; readonly signal: AbortSignal; readonly trying: (settings: PortSettings) => void },
): Promise<readonly ListenResult[]> {
  const all: ListenResult[] = [];
  for (const settings of speeds) {
    if (parts.signal.aborted) break;
    parts.trying(settings);
    const result = await listenAt({ ...settings, listenOnly: true }, describeFrames, parts);
    if (result.frames >= FRAMES_SURE) return [result];
    all.push(result);
  }
  return all;
}

async function listenAt(
  settings: PortSettings,
  describeFrames: NonNullable<DriverKind['describeFrames']>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ListenResult> {
  const port = await openPort(settings, { clock, signal });
  const read = describeFrames(port.transport);
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
      // Frames are separated by silence; adapters split them anywhere.
      void clock.sleep(QUIET_MS, moved).then(() => {
        if (!moved.aborted) take();
      });
    },
    closed: () => over.abort(),
  });
  await clock.sleep(LISTEN_MS, AbortSignal.any([signal, over.signal]));
  quiet.abort();
  take();
  await port.close();
  return { settings, bytes, frames, said: [...said.values()] };
}

/** USB adapters buffer bytes for 16 ms. */
const QUIET_MS = 20;
/** No master sends more without a pause. */
const PENDING_MAX = 8_192;
