/** The drawing of a waveform: time ticks, traces, marks, cursor, measured span. It has no state. */
import { clock } from '../time.tsx';
import { pathOf, type Trace, ticks, type WaveformMark } from './trace.ts';

const ROW = 44;
const HEAD = 26;

interface DrawingProps {
  readonly traces: readonly Trace[];
  readonly marks: readonly WaveformMark[];
  readonly from: number;
  readonly to: number;
  /** CSS pixels. */
  readonly width: number;
  readonly zeroMs: number | undefined;
  readonly cursorMs: number | undefined;
  readonly markMs: number | undefined;
}

export function Drawing({ traces, marks, from, to, width, zeroMs, cursorMs, markMs }: DrawingProps) {
  const x = (ms: number): number => ((ms - from) / (to - from)) * width;
  const height = HEAD + traces.length * ROW;
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {ticks(from, to, zeroMs ?? 0, width).map(({ atMs, text }) => (
        <g key={atMs} class="tick">
          <path d={`M${x(atMs)} 14V${height}`} />
          <text x={x(atMs)} y={11} class={x(atMs) < 24 ? 'first' : x(atMs) > width - 24 ? 'last' : ''}>
            {zeroMs === undefined ? clock(atMs, to - from < 5_000) : text}
          </text>
        </g>
      ))}
      {traces.map((trace, index) => {
        const { fill, line, lost } = pathOf(trace, from, to, width, ROW - 6, 18);
        return (
          <g key={trace.key} transform={`translate(0 ${HEAD + index * ROW})`} class="trace">
            <path class="trace-floor" d={`M0 ${ROW - 6}H${width}`} />
            <path class="trace-on" d={fill} />
            <path class="trace-line" d={line} />
            <path class="trace-lost" d={lost} />
            <text x={4} y={13}>
              {trace.name}
            </text>
          </g>
        );
      })}
      {marks.map(
        ({ atMs }, index) =>
          atMs >= from &&
          atMs <= to && (
            <g key={index} class="mark-line">
              <path d={`M${x(atMs)} 18V${height}`} />
              <circle cx={x(atMs)} cy={18} r={7} />
              <text x={x(atMs)} y={22}>
                {index + 1}
              </text>
            </g>
          ),
      )}
      {markMs !== undefined && <path class="measure" d={`M${x(markMs)} 0V${height}`} />}
      {markMs !== undefined && cursorMs !== undefined && (
        <rect
          class="measured"
          x={Math.min(x(markMs), x(cursorMs))}
          y={14}
          width={Math.abs(x(cursorMs) - x(markMs))}
          height={height}
        />
      )}
      {cursorMs !== undefined && <path class="cursor" d={`M${x(cursorMs)} 0V${height}`} />}
    </svg>
  );
}
