/**
 * The frames of one line as a person reads them: hex, direction, and what they say. A part of the composition root: it joins the bytes of
 * the line with the kinds of the devices on it, and works only while somebody looks on.
 */
import type { LineConfig } from '../config/types.ts';
import type { Clock, WirePiece } from '../driver.ts';
import { transportOf } from '../line/port.ts';
import type { WireDirection } from '../line/wire-monitor.ts';
import type { WireFrame } from '../page/api/api.ts';
import { spokenText, wireText } from '../text/wire.ts';
import type { FieldWatch } from './field-monitor.ts';

/** Bytes that came in are a frame when nothing follows for so long: USB adapters hand them on in pieces. */
const IDLE_MS = 30;
/** More than this without a pause is shown as it is. */
const BYTES_MAX = 512;

/** Calls `on` for every frame from now on, until the result is called. */
export function watchFrames(
  line: LineConfig,
  parts: { readonly watch: FieldWatch; readonly clock: Clock },
  on: (frame: WireFrame) => void,
): () => void {
  const { watch, clock } = parts;
  const aloud = line.devices.map(({ kind }) => kind.aloud).find((each) => each !== undefined);
  const read = aloud?.(transportOf(line.port));
  let pending = new Uint8Array(0);
  /** When the first of the pending bytes came. */
  let pendingWallMs = 0;
  let idle = new AbortController();

  const tell = (direction: WireDirection, bytes: Uint8Array, wallMs: number): void => {
    const atWallMs = Math.round(wallMs);
    const pieces: readonly Partial<WirePiece>[] = read?.(direction, bytes) ?? [{ bytes }];
    for (const { bytes: piece = bytes, meaning } of pieces) {
      const words = meaning === undefined ? spoken(piece) : wireText(meaning);
      on({ line: line.id, atWallMs, direction, hex: hex(piece), ...(words && { meaning: words }) });
    }
  };
  const flush = (): void => {
    idle.abort();
    const bytes = pending;
    pending = new Uint8Array(0);
    if (bytes.length > 0) tell('in', bytes, pendingWallMs);
  };
  const stop = watch.watchWire(line.id, (direction, bytes) => {
    if (direction === 'out') {
      flush();
      tell('out', bytes, clock.wallMs());
      return;
    }
    if (pending.length === 0) pendingWallMs = clock.wallMs();
    pending = Uint8Array.from([...pending, ...bytes]);
    if (pending.length >= BYTES_MAX) return flush();
    idle.abort();
    idle = new AbortController();
    const { signal } = idle;
    void clock.sleep(IDLE_MS, signal).then(() => {
      if (!signal.aborted) flush();
    });
  });
  return () => {
    stop();
    idle.abort();
  };
}

const hex = (bytes: Uint8Array): string => (Buffer.from(bytes).toString('hex').match(/../g) ?? []).join(' ');

/** What a device that speaks in lines says; undefined when it is no text. */
function spoken(bytes: Uint8Array): ReturnType<typeof spokenText> | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const line = text.replaceAll(/[^\x20-\x7e]/g, '');
  return line.length > 0 && line.length >= 0.7 * text.length ? spokenText(line) : undefined;
}
