/** One push: its plate, and what became of it. */
import type { PushView } from '../../page/api/api-intake.ts';
import { outcomeText, pictureText, pushesPageText, wayText } from '../../text/page/pushes.made.ts';
import { say } from '../language.ts';
import { Badge, Download, type Tone } from '../parts.tsx';
import { Time } from '../time.tsx';

const TONE: Readonly<Record<PushView['outcome'], Tone>> = {
  read: 'ok',
  none: 'idle',
  repeated: 'idle',
  late: 'warn',
  refused: 'error',
};

export const rowKey = ({ firstWallMs, atWallMs, what, plate }: PushView): string =>
  `${firstWallMs} ${atWallMs} ${what?.en} ${plate}`;

export function PushedRow({ row, mayGive }: { readonly row: PushView; readonly mayGive: boolean }) {
  const { outcome, plate, confidence, unrated, what, picture, way, from, path, type, bytes, count } = row;
  const rated = confidence === undefined || unrated ? [] : [`${Math.round(confidence * 100)}%`];
  const facts = [...rated, ...(picture ? [say(pictureText[picture])] : [])];
  const origin = [say(wayText[way]), from, path, type?.split(';')[0], bytes === undefined ? undefined : size(bytes)];
  return (
    <li>
      <Time wallMs={row.atWallMs} />
      <Badge tone={TONE[outcome]}>{say(outcomeText[outcome])}</Badge>
      <div>
        {plate && <span class="plate">{plate}</span>}
        {facts.length > 0 && <span class="quiet">{facts.join(' · ')}</span>}
        {count > 1 && (
          <span class="quiet">
            {say(pushesPageText.times(count))}, {say(pushesPageText.since)} <Time wallMs={row.firstWallMs} />
          </span>
        )}
        {what && <p>{say(what)}</p>}
        <p class="quiet">{origin.filter((each) => each !== undefined && each !== '').join(' · ')}</p>
        {mayGive && row.capture !== undefined && (
          <Download path={`pushes/${row.capture}/capture`}>{say(pushesPageText.capture)}</Download>
        )}
      </div>
    </li>
  );
}

const size = (bytes: number): string => (bytes < 10_000 ? `${bytes} B` : `${Math.round(bytes / 1_000)} kB`);
