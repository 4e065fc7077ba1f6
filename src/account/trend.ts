/** The days of a sheet as a picture: passages, openings by hand and unpaid exits below each other, each with a scale of its own that is written beside it. SVG. Pure. */
import { daySheetText } from '../text/page/account.ts';
import type { Language } from '../text/text.ts';
import type { SheetLine } from './lines.ts';

const LEFT = 40;
const RIGHT = 8;
const TITLE = 18;
const BARS = 48;
const FOOT = 20;
/** Width of a day's name. */
const DAY = 36;
/** There is room for so many at least: the bars of a month that has just begun are no walls. */
const DAYS_LEAST = 14;

/** Classes carry the colours where a page has its own, as in the dark. */
const CHARTS = [
  { of: 'passages', colour: '#4c7fb0' },
  { of: 'byHand', colour: '#b06f00' },
  { of: 'unpaid', colour: '#b3261e' },
] as const satisfies readonly { readonly of: keyof SheetLine; readonly colour: string }[];
const TREND_HEIGHT = CHARTS.length * (TITLE + BARS) + FOOT;

/** @param width in the units of its letters, which are 12 high: narrower on a phone, so that they stay legible. */
export function trendSvg(trend: readonly SheetLine[], language: Language, width = 720): string {
  const step = (width - LEFT - RIGHT) / Math.max(DAYS_LEAST, trend.length);
  const x = (index: number): number => round(LEFT + index * step);
  const charts = CHARTS.flatMap(({ of, colour }, row) => {
    const top = row * (TITLE + BARS) + TITLE;
    const foot = top + BARS;
    const most = Math.max(1, ...trend.map((line) => line[of]));
    return [
      text(LEFT, top - 5, daySheetText[of][language], 'chart-title'),
      text(4, top + 9, `${most}`),
      text(4, foot, '0'),
      ...trend.map((line, index) => {
        const height = round((BARS * line[of]) / most);
        return `<rect class="chart-${of}" x="${x(index)}" y="${round(foot - height)}" width="${round(step * 0.7)}" height="${height}" fill="${colour}"><title>${line.key}: ${line[of]}</title></rect>`;
      }),
      `<line class="chart-line" x1="${LEFT}" y1="${foot}" x2="${width - RIGHT}" y2="${foot}" stroke="#888"/>`,
    ];
  });
  const days = trend.flatMap(({ key }, index) => {
    if (step < DAY && index % 7 !== (trend.length - 1) % 7) return [];
    const middle = Math.min(round(x(index) + 0.35 * step), width - DAY / 2);
    return [text(middle, TREND_HEIGHT - 5, key.slice(5), 'chart-text', 'middle')];
  });
  const label = CHARTS.map(({ of }) => daySheetText[of][language]).join(' / ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${TREND_HEIGHT}" role="img" aria-label="${label}" font-family="sans-serif" font-size="12">`,
    `<rect class="chart-ground" width="${width}" height="${TREND_HEIGHT}" fill="#fff"/>`,
    ...charts,
    ...days,
    '</svg>\n',
  ].join('\n');
}

const text = (x: number, y: number, words: string, name = 'chart-text', anchor = 'start'): string =>
  `<text class="${name}" x="${x}" y="${y}" text-anchor="${anchor}" fill="#444">${words}</text>`;
const round = (value: number): number => Math.round(value * 10) / 10;
