/** Frames of the wires for the page, decoded only while a page watches. */

import type { WireFrame } from '../page/api/api-live.ts';
import type { App } from './app.ts';
import { watchFrames } from './wire-monitor-view.ts';

/** `wanted`: whether a page watches the frames of a line. Begins and ends the streams by it when the result is called. */
export function frameStreams(
  { config, watch, clock }: Pick<App, 'config' | 'watch' | 'clock'>,
  signal: AbortSignal,
  wanted: (line: string) => boolean,
  on: (frame: WireFrame) => void,
): () => void {
  const stops = new Map<string, () => void>();
  signal.addEventListener('abort', () => stops.forEach((stop) => void stop()), { once: true });
  return () => {
    for (const line of config.lines) {
      const isOn = stops.has(line.id);
      if (wanted(line.id) && !isOn) stops.set(line.id, watchFrames(line, { watch, clock }, on));
      else if (!wanted(line.id) && isOn) {
        stops.get(line.id)?.();
        stops.delete(line.id);
      }
    }
  };
}
