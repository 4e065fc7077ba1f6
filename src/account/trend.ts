/** Thirty days as a picture: passages as columns, reported ones in their foot, openings by hand as a line. SVG, without a library. Pure. */
import { daySheetText } from '../text/page/account.ts';
import type { Language } from '../text/text.ts';
import type { SheetLine } from './lines.ts';

const WIDTH = 720;
const HEIGHT = 180;
const LEFT = 40;
const BOTTOM = 24;
const TOP = 22;

export function trendSvg(trend: readonly SheetLine[], language: Language): string {
  const most = Math.max(1, ...trend.map(({ passages }) => passages));
  const mostHand = Math.max(1, ...trend.map(({ byHand, reported }) => Math.max(byHand, reported)));
  const step = (WIDTH - LEFT - 8) / Math.max(1, trend.length);
  const y = (value: number, of: number): number => round(HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * value) / of);
  const x = (index: number): number => round(LEFT + index * step);
  const bars = trend.map(
    ({ key, passages }, index) =>
      `<rect x="${x(index)}" y="${y(passages, most)}" width="${round(step * 0.7)}" height="${round(HEIGHT - BOTTOM - y(passages, most))}" fill="#9bb8d3"><title>${key}: ${passages}</title></rect>`,
  );
  const points = (value: (line: SheetLine) => number): string =>
    trend.map((line, index) => `${round(x(index) + step * 0.35)},${y(value(line), mostHand)}`).join(' ');
  const line = (value: (line: SheetLine) => number, colour: string, dash: string): string =>
    `<polyline points="${points(value)}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`;
  const days = trend.flatMap(({ key }, index) =>
    index % 5 === trend.length % 5 ? [`<text x="${x(index)}" y="${HEIGHT - 8}">${key.slice(5)}</text>`] : [],
  );
  const { passages, byHand, reported } = daySheetText;
  const label = `${passages[language]} / ${byHand[language]} / ${reported[language]}`;
  const legend = [
    `<text x="${LEFT}" y="14" fill="#4c6f92">■ ${passages[language]} (${most})</text>`,
    `<text x="${LEFT + 160}" y="14" fill="#8a5a00">━ ${byHand[language]} (${mostHand})</text>`,
    `<text x="${LEFT + 320}" y="14" fill="#b3261e">┅ ${reported[language]} (${mostHand})</text>`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<line x1="${LEFT}" y1="${HEIGHT - BOTTOM}" x2="${WIDTH - 8}" y2="${HEIGHT - BOTTOM}" stroke="#888"/>`,
    `<text x="4" y="${TOP + 6}">${most}</text><text x="4" y="${HEIGHT - BOTTOM}">0</text>`,
    ...bars,
    line((one) => one.byHand, '#8a5a00', ''),
    line((one) => one.reported, '#b3261e', ' stroke-dasharray="4 3"'),
    ...days,
    ...legend,
    '</svg>\n',
  ].join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;
