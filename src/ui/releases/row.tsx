/** A release in a list: picture, verdict, and delivery state. */
import type { ReleaseListRow } from '../../page/api/api.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { inboxText, owedText } from '../../text/page/ui-review.ts';
import { say } from '../language.ts';
import { Thumbnail } from '../picture.tsx';
import { RowMark, recordName } from '../review/mark.tsx';
import { place } from '../route.ts';
import { duration, Time } from '../time.tsx';
import { aheadMs } from '../units.ts';
import { ShownPlate, StateBadge } from './state.tsx';

interface RowProps {
  readonly row: ReleaseListRow;
  /** Where it leads, and what is done on the way. */
  readonly href?: string;
  readonly onOpen?: () => void;
  /** Where it can be selected. */
  readonly pick?: { readonly on: boolean; readonly onToggle: () => void };
  /** The one that is looked at. */
  readonly isAt?: boolean;
}

export function Row({ row, href = place(`releases/${row.id}`), onOpen, pick, isAt }: RowProps) {
  return (
    <li class={`release${isAt ? ' at' : ''}${pick?.on ? ' picked' : ''}`} {...(isAt && { 'aria-current': 'true' })}>
      <Thumbnail row={row} />
      <div class="release-what">
        <p class="release-head">
          <a class="stretched" href={href} onClick={onOpen}>
            {say(row.desc)}
          </a>
          <ShownPlate of={row} />
        </p>
        <p class="quiet">
          {row.laneName} · <Time wallMs={row.releaseWallMs} />
          {row.operator !== undefined && ` · ${row.operator}`}
          {row.owed !== undefined && ` · ${say(owedText.short[row.owed.by](row.owed.amount))}`}
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
      {pick && (
        <label class="release-pick">
          <input
            type="checkbox"
            checked={pick.on}
            aria-label={say(inboxText.pick(recordName(row)))}
            onInput={pick.onToggle}
          />
        </label>
      )}
    </li>
  );
}
