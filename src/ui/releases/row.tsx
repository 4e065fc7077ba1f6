/** A release in a list: picture, verdict, and delivery state. */
import type { ReleaseListRow } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.ts';
import { owedText, reviewText } from '../../text/page/ui-review.ts';
import { say } from '../language.ts';
import { Thumbnail } from '../picture.tsx';
import { RowMark } from '../review/mark.tsx';
import type { Marking } from '../review/marking.tsx';
import { place } from '../route.ts';
import { duration, Time } from '../time.tsx';
import { aheadMs } from '../units.ts';
import { StateBadge } from './state.tsx';

interface RowProps {
  readonly row: ReleaseListRow;
  /** Where it can be marked. */
  readonly marking?: Pick<Marking, 'picked' | 'toggle'>;
  /** The keyboard is at it. */
  readonly isAt?: boolean;
}

export function Row({ row, marking, isAt }: RowProps) {
  const isPicked = marking?.picked.has(row.id) === true;
  const name = `${say(row.desc)} ${row.plate ?? ''}`;
  return (
    <li class={`release${isAt ? ' at' : ''}${isPicked ? ' picked' : ''}`} {...(isAt && { 'aria-current': 'true' })}>
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
          {row.operator !== undefined && ` · ${row.operator}`}
          {row.owed !== undefined && ` · ${say(owedText.short(row.owed))}`}
        </p>
        <p class="quiet clamp release-reason">{say(row.reason)}</p>
      </div>
      <div class="release-state">
        <StateBadge state={row.state} />
        <span class="hint">
          {row.attempts > 0 && `${say(releasesText.attempts(row.attempts))} `}
          {row.deliveredWallMs !== undefined && <Time wallMs={row.deliveredWallMs} />}
          {row.waits && say(row.waits)}
          {row.nextTryInMs !== undefined && ` ${say(releasesText.nextIn(duration(aheadMs(row.nextTryInMs))))}`}
        </span>
        {row.state !== 'delivered' && row.lastWhy && <span class="hint clamp">{say(row.lastWhy)}</span>}
        <RowMark row={row} />
      </div>
      {marking && (
        <label class="release-pick">
          <input
            type="checkbox"
            checked={isPicked}
            aria-label={say(reviewText.pick(name))}
            onInput={() => marking.toggle(row.id)}
          />
        </label>
      )}
    </li>
  );
}
