/**
 * The frames of one line in readable form: hex, direction and meaning. A part of the composition root: it joins the bytes of the line
 * with the kinds of its devices, and works only while a page is subscribed.
 */
import type { LineConfig } from '../config/types.ts';
import type { Clock, WirePiece } from '../driver.ts';
import { transportOf } from '../line/port-contract.ts';
import type { WireDirection } from '../line/wire-monitor.ts';
import type { WireFrame } from '../page/api/api-live.ts';
import { spokenText, wireText } from '../text/wire.ts';
import type { FieldWatch } from './field-monitor.ts';

/** Received bytes form a frame after this much silence: USB adapters deliver in pieces. */
const IDLE_MS = 30;
/** More bytes than this without a pause are shown as they are. */
const BYTES_MAX = 512;

/** Calls `on` for every frame from now on; the result unsubscribes. */
export function watchFrames(
  line: LineConfig,
  parts: { readonly watch: FieldWatch; readonly clock: Clock },
  on: (frame: WireFrame) => void,
): () => void {
  const { watch, clock } = parts;
  const describeFrames = line.devices.map(({ kind }) => kind.describeFrames).find((each) => each !== undefined);
  const read = describeFrames?.(transportOf(line.port));
  let pending = new Uint8Array(0);
  /** Arrival of the first pending byte. */
  let pendingWallMs = 0;
  let idle = new AbortController();

  const emit = (direction: WireDirection, bytes: Uint8Array, wallMs: number): void => {
    const atWallMs = Math.round(wallMs);
    const pieces: readonly Partial<WirePiece>[] = read?.(direction, bytes) ?? [{ bytes }];
    for (const { bytes: piece = bytes, meaning } of pieces) {
      const meaningText = meaning === undefined ? textLine(piece) : wireText(meaning);
      on({ line: line.id, atWallMs, direction, hex: hex(piece), ...(meaningText && { meaning: meaningText }) });
    }
  };
  const flush = (): void => {
    idle.abort();
    const bytes = pending;
    pending = new Uint8Array(0);
    if (bytes.length > 0) emit('in', bytes, pendingWallMs);
  };
  const stop = watch.watchWire(line.id, (direction, bytes) => {
    if (direction === 'out') {
      flush();
      emit('out', bytes, clock.wallMs());
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

/** The text of a device that transmits lines; undefined when the bytes are no text. */
function textLine(bytes: Uint8Array): ReturnType<typeof spokenText> | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const line = text.replaceAll(/[^\x20-\x7e]/g, '');
  return line.length > 0 && line.length >= 0.7 * text.length ? spokenText(line) : undefined;
}
