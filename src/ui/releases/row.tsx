/** A release in a list: its picture, what it was, and how its delivery stands. */
import type { ReleaseListRow } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { say } from '../language.ts';
import { Thumbnail } from '../picture.tsx';
import { place } from '../route.ts';
import { Time } from '../time.tsx';
import { StateBadge } from './state.tsx';

/** `next`: when it is tried again, for a list of what waits. */
export function Row({ row, next }: { readonly row: ReleaseListRow; readonly next?: string }) {
  return (
    <li class="release">
      <Thumbnail row={row} />
      <div class="release-what">
        <p class="release-head">
          <a class="stretched" href={place(`releases/${row.id}`)}>
            {say(row.desc)}
          </a>
          {row.plate === undefined ? (
            <span class="quiet">{say(releasesText.noPlate)}</span>
          ) : (
            <span class={`plate ${row.plateColor ?? ''}`}>{row.plate}</span>
          )}
        </p>
        <p class="quiet">
          {row.laneName} · <Time wallMs={row.releaseWallMs} />
        </p>
        <p class="quiet clamp release-reason">{say(row.reason)}</p>
      </div>
      <div class="release-state">
        <StateBadge state={row.state} />
        <span class="hint">
          {row.state !== 'delivered' && row.attempts > 0 && `${say(releasesText.attempts(row.attempts))} `}
          {next}
        </span>
        {row.state !== 'delivered' && row.lastWhy && <span class="hint clamp">{say(row.lastWhy)}</span>}
      </div>
    </li>
  );
}
