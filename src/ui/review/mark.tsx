/** What people decided on a record, as a badge; how long nobody has. */
import type { ReleaseListRow } from '../../page/api/api.ts';
import type { MarkKind } from '../../page/api/api-duty.ts';
import { releasesText } from '../../text/page/ui-releases.made.ts';
import { MARK_NAME, reviewText } from '../../text/page/ui-review.ts';
import type { IconName } from '../icons.tsx';
import { say } from '../language.ts';
import { Badge, type Tone } from '../parts.tsx';
import { clock, duration } from '../time.tsx';
import { lacksAmount } from './mark-body.ts';

const LOOK: Readonly<Record<MarkKind, { readonly tone: Tone; readonly icon: IconName }>> = {
  checked: { tone: 'ok', icon: 'ok' },
  wrong: { tone: 'idle', icon: 'unknown' },
  owed: { tone: 'warn', icon: 'warn' },
  recovered: { tone: 'ok', icon: 'ok' },
  open: { tone: 'idle', icon: 'wait' },
  answer: { tone: 'idle', icon: 'unknown' },
};
/** An exception that stands open for longer is shown with its age. */
const OLD_MS = 24 * 3_600_000;

/** The plate and the time: of a record among others. */
export const recordName = ({ plate, releaseWallMs }: ReleaseListRow): string =>
  `${plate ?? say(releasesText.noPlate)} ${clock(releaseWallMs)}`;

export const MarkBadge = ({ kind }: { readonly kind: MarkKind }) => (
  <Badge tone={LOOK[kind].tone} icon={LOOK[kind].icon}>
    {say(MARK_NAME[kind])}
  </Badge>
);

export function RowMark({ row }: { readonly row: ReleaseListRow }) {
  if (row.mark !== undefined && row.mark.kind !== 'open')
    return (
      <>
        <MarkBadge kind={row.mark.kind} />
        {lacksAmount(row.mark) && <span class="hint old">{say(reviewText.amountLacks)}</span>}
      </>
    );
  if (row.state === 'dropped' || row.state === 'withdrawn') return null;
  const ageMs = Date.now() - row.releaseWallMs;
  return ageMs < OLD_MS ? null : <span class="hint old">{say(reviewText.openFor(duration(ageMs)))}</span>;
}
