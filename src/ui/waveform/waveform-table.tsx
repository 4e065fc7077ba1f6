/** The signals as a table, for screen readers and exact times. */
import { waveformText } from '../../text/page/ui-waveform.made.ts';
import { say } from '../language.ts';
import type { Trace } from './trace.ts';
import type { WaveformMark } from './waveform-marks.ts';

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
    ...traces.flatMap(({ key, name, before, edges }) => [
      { key: `${key} `, atMs: fromMs, first: true, what: name, becomes: levelText(before) },
      ...edges.map(({ atMs, level }, index) => ({
        key: `${key} ${index}`,
        atMs,
        first: false,
        what: name,
        becomes: levelText(level),
      })),
    ]),
    ...marks.map(({ atMs, text }, index) => ({
      key: `m ${index}`,
      atMs,
      first: false,
      what: say(waveformText.event),
      becomes: say(text),
    })),
  ].sort((a, b) => a.atMs - b.atMs);
  return (
    <details>
      <summary>{say(waveformText.table)}</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{say(waveformText.time)}</th>
              <th scope="col">{say(waveformText.signal)}</th>
              <th scope="col">{say(waveformText.level)}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, atMs, first, what, becomes }) => (
              <tr key={key}>
                <td class="mono">{first ? say(waveformText.begins) : shown(atMs)}</td>
                <td>{what}</td>
                <td>{becomes}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
