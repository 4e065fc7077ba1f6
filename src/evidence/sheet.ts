/** The one page of a bundle that a person reads and prints, in Chinese and English. No script, nothing from elsewhere. */

import type { Mark } from '../store/park-facts/review-marks.ts';
import { knownOf, saidRow } from '../store/record-known.ts';
import { framePlaces } from '../text/evidence-sheet.made.ts';
import { evidenceSheetText as sheetText } from '../text/evidence-sheet.ts';
import { descText, timedFactText } from '../text/lanes/lane.ts';
import { clockQuality } from '../text/page/ui-parts.made.ts';
import { stateName } from '../text/page/ui-releases.made.ts';
import { beijingTime, type Text } from '../text/text.ts';
import { type BundleRows, factIn } from './bundle-rows.ts';
import { escaped } from './waveform.ts';

const both = ({ zh, en }: Text): string => `${escaped(zh)} <i>${escaped(en)}</i>`;
const row = (name: Text, value: string): string => `<tr><th>${both(name)}</th><td>${value}</td></tr>`;

/** What people said of it, oldest first. */
const reviewsIn = (rows: BundleRows['rows']) =>
  rows.flatMap(([, text]) => {
    const fact = factIn(text);
    return fact?.kind === 'mark' && fact.what === 'reviewed' ? [saidRow(fact.detail as Mark)] : [];
  });

export function sheetOf(bundle: BundleRows, publicKey: string): string {
  const { record, rows, parts, frames } = bundle;
  const heads = parts.flatMap((part) => part.heads);
  const formerKeys = new Set(heads.map(({ key }) => key).filter((key) => key !== publicKey));
  const { release } = record;
  const offsetMs = record.releaseWallMs - release.releaseAtMs;
  const time = (atMs: number): string => beijingTime(atMs + offsetMs).slice(11, 23);
  const about = rows.flatMap(([seq, text]) => {
    const fact = factIn(text);
    return fact === undefined ? [] : [`<li>${seq} ${escaped(sheetText.fact(fact))}</li>`];
  });
  return `<!doctype html><html lang="zh"><meta charset="utf-8"><title>${escaped(record.serial)}</title>
<style>body{font:14px/1.5 sans-serif;max-width:48em;margin:2em auto}th{text-align:left;vertical-align:top;padding-right:1em}i{color:#555}
img{max-width:100%}code{word-break:break-all}li{overflow-wrap:anywhere}@page{margin:15mm}</style>
<h1>${both(sheetText.title)}</h1><table>
${row(sheetText.serial, escaped(record.serial))}
${row(sheetText.lane, escaped(`${record.gateId} ${record.gateName}`))}
${row(sheetText.time, `${beijingTime(record.releaseWallMs)} · ${both(clockQuality[record.timeQuality])}`)}
${row(sheetText.plate, escaped(release.plate?.text ?? '—'))}
${row(sheetText.verdict, both(descText(release.desc)))}
${row(sheetText.reason, escaped(record.reason))}
${row(sheetText.state, both(stateName[record.state]))}
${[...knownOf(record), ...reviewsIn(rows)].map(([name, value]) => row(name, both(value))).join('\n')}
</table><h2>${both(sheetText.facts)}</h2><ul>
${release.facts.map((fact) => `<li>${both(timedFactText(fact, time, release.direction))}</li>`).join('\n')}
</ul><h2>${both(sheetText.waveform)}</h2><img alt="${escaped(sheetText.waveform.en)}" src="waveform.svg">
<h2>${both(sheetText.said)}</h2><ol style="list-style:none">${about.join('\n')}</ol>
<h2>${both(sheetText.pictures)}</h2>${frames.map(({ place }) => `<p>${both(framePlaces[place] ?? { zh: place, en: place })}<br><img alt="${place}" src="frames/${place}.jpg"></p>`).join('\n')}
<h2>${both(sheetText.proof)}</h2><p>${both(sheetText.rows(rows.length))}</p>
<p>${both(sheetText.key)} <code>${publicKey}</code></p>
${[...formerKeys].map((key) => `<p>${both(sheetText.formerKey)} <code>${key}</code></p>`).join('\n')}
${parts.length > 1 ? `<p>${both(sheetText.follows)}</p>` : ''}
${heads.map(({ last, head, wallMs, ways }) => `<p>${last} · ${beijingTime(wallMs)} · ${ways.length === 0 ? both(sheetText.notLeft) : escaped(ways.join(', '))}<br><code>${head}</code></p>`).join('\n')}
</html>
`;
}
