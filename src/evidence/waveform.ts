/** The signals of a lane around a release as one drawing (SVG), out of the rows that the bundle shows. Pure; nothing from elsewhere. */
import type { LaneEvent } from '../lane/types.ts';
import { eventText } from '../store/event-text.ts';
import { evidenceSheetText as sheetText } from '../text/evidence-sheet.ts';
import { nameOfSignal } from '../text/page/ui-lane.ts';
import type { BundleRows } from './bundle-rows.ts';

/** Before and after the release, as the page shows it. */
const AROUND_MS = 15_000;
const TICK_MS = 5_000;
const [LEFT, WIDTH, TOP, ROW, LINE] = [210, 900, 36, 34, 18];
/** Written under the drawing. */
const MARKS_MAX = 40;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function waveformOf({ record, rows }: BundleRows): string {
  const { releaseAtMs } = record.release;
  const [from, to] = [releaseAtMs - AROUND_MS, releaseAtMs + AROUND_MS];
  const events = rows.flatMap(([, text]) => laneEventIn(text) ?? []);
  const roles = [
    ...new Set(events.flatMap((event) => ('role' in event && event.role !== undefined ? [event.role] : []))),
  ];
  const marks = events
    .filter(({ atMs }) => atMs >= from && atMs <= to)
    .flatMap((event) => {
      const text = eventText(event);
      return text === undefined ? [] : [{ atMs: event.atMs, text: `${text.zh} · ${text.en}` }];
    })
    .slice(0, MARKS_MAX);
  const x = (atMs: number): number =>
    LEFT + (Math.min(Math.max(atMs, from), to) - from) * ((WIDTH - LEFT) / (to - from));
  const bottom = TOP + roles.length * ROW;
  const parts = [
    ...ticks(from, to, releaseAtMs).map(
      ({ atMs, text }) =>
        `<path class="tick" d="M${x(atMs)} 16V${bottom}"/><text class="time" x="${x(atMs)}" y="12">${text}</text>`,
    ),
    ...roles.map((role, at) => trace(role, events, TOP + at * ROW, x, from, to)),
    `<path class="release" d="M${x(releaseAtMs)} 16V${bottom}"/>`,
    ...marks.map(
      ({ atMs, text }, at) =>
        `<circle cx="${x(atMs)}" cy="26" r="7"/><text class="number" x="${x(atMs)}" y="30">${at + 1}</text>` +
        `<text x="4" y="${bottom + (at + 1) * LINE}">${at + 1}  ${seconds(atMs - releaseAtMs)}  ${escaped(text)}</text>`,
    ),
  ];
  const height = bottom + marks.length * LINE + 8;
  const { zh, en } = sheetText.waveform;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(`${zh} ${en} · ${record.serial}`)}</title>
<style>text{font:12px sans-serif}.time,.number{text-anchor:middle;font-size:11px}.tick{stroke:#ddd}.release{stroke:#b00;stroke-dasharray:4 3}
.floor{stroke:#ccc}.line{stroke:#111;stroke-width:1.5;fill:none}.on{fill:#cfe3f5}.lost{stroke:#b60;stroke-dasharray:2 4}circle{fill:#fff;stroke:#b00}</style>
${parts.join('\n')}
</svg>
`;
}

/** undefined: it is a row of the box, or cannot be read. */
function laneEventIn(text: string): LaneEvent | undefined {
  const [, , lane, , , , ...event] = text.split('\n');
  return lane === '' ? undefined : (JSON.parse(event.join('\n')) as LaneEvent);
}

const seconds = (ms: number): string => `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1_000).toFixed(3)} s`;

function ticks(from: number, to: number, zeroMs: number): readonly { readonly atMs: number; readonly text: string }[] {
  const all: { atMs: number; text: string }[] = [];
  for (let atMs = from + TICK_MS; atMs < to; atMs += TICK_MS)
    all.push({ atMs, text: `${(atMs - zeroMs) / 1_000} s`.replace('-', '−') });
  return all;
}

/** High where the input is on, dashed half way up where nobody could see it. */
function trace(
  role: string,
  events: readonly LaneEvent[],
  top: number,
  x: (atMs: number) => number,
  from: number,
  to: number,
): string {
  const [high, low] = [top + 6, top + ROW - 6];
  const mine = events.filter((event) => 'role' in event && event.role === role);
  const levelAt = (event: LaneEvent | undefined) => (event?.kind === 'edge' ? event.on : undefined);
  let level = levelAt(mine.findLast(({ atMs }) => atMs <= from));
  let [line, on, lost, beginMs] = ['', '', '', from];
  const stretch = (endMs: number): void => {
    const [begin, end] = [x(beginMs).toFixed(1), x(endMs).toFixed(1)];
    if (level === undefined) {
      lost += `M${begin} ${(high + low) / 2}H${end}`;
      return;
    }
    line += `${line === '' || line.endsWith(' ') ? 'M' : 'L'}${begin} ${level ? high : low}H${end}`;
    if (level) on += `M${begin} ${low}V${high}H${end}V${low}z`;
  };
  for (const event of mine.filter(({ atMs }) => atMs > from && atMs < to)) {
    stretch(event.atMs);
    const next = levelAt(event);
    // A stretch that nobody saw ends the line.
    if (level === undefined || next === undefined) line += ' ';
    level = next;
    beginMs = event.atMs;
  }
  stretch(to);
  const { zh, en } = nameOfSignal(role);
  return (
    `<path class="floor" d="M${LEFT} ${low}H${WIDTH}"/><path class="on" d="${on}"/><path class="line" d="${line.trim()}"/>` +
    `<path class="lost" d="${lost}"/><text x="4" y="${low - 4}">${escaped(`${zh} ${en}`)}</text>`
  );
}
