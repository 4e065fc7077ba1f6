/** A moment marked in a waveform, with its text. */
import type { Text } from '../../text/text.ts';

export interface WaveformMark {
  readonly atMs: number;
  readonly text: Text;
}
