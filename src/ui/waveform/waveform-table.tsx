/** The signals as a table, for screen readers and exact times. */
import { waveformText } from '../../text/page/ui-waveform.made.ts';
import { say } from '../language.ts';
import { ColumnTable } from '../table.tsx';
import type { Trace, WaveformMark } from './trace.ts';

interface EdgeTableProps {
  readonly traces: readonly Trace[];
  readonly marks: readonly WaveformMark[];
  readonly fromMs: number;
  readonly shown: (ms: number) => string;
}

const levelText = (level: boolean | null): string =>
  say(level === null ? waveformText.lost : level ? waveformText.high : waveformText.low);

export function EdgeTable({ traces, marks, fromMs, shown }: EdgeTableProps) {
  const rows = [
    ...traces.flatMap(({ name: what, before, edges }) => [
      { atMs: fromMs, first: true, what, becomes: levelText(before) },
      ...edges.map(({ atMs, level }) => ({ atMs, first: false, what, becomes: levelText(level) })),
    ]),
    ...marks.map(({ atMs, text }) => ({ atMs, first: false, what: say(waveformText.event), becomes: say(text) })),
  ].sort((a, b) => a.atMs - b.atMs);
  return (
    <details>
      <summary>{say(waveformText.table)}</summary>
      <div class="scroll">
        <ColumnTable
          rows={rows}
          columns={[
            {
              head: say(waveformText.time),
              of: ({ atMs, first }) => (first ? say(waveformText.begins) : shown(atMs)),
              look: () => 'mono',
            },
            { head: say(waveformText.signal), of: ({ what }) => what },
            { head: say(waveformText.level), of: ({ becomes }) => becomes },
          ]}
        />
      </div>
    </details>
  );
}
