/** The state of a record as a badge, and its plate. */
import type { RecordState, ReleaseListRow } from '../../page/api/api.ts';
import { releasesText, stateName } from '../../text/page/ui-releases.made.ts';
import type { IconName } from '../icons.tsx';
import { say } from '../language.ts';
import { Badge, type Tone } from '../parts.tsx';

const LOOK: Readonly<Record<RecordState, { readonly tone: Tone; readonly icon: IconName }>> = {
  waiting: { tone: 'warn', icon: 'wait' },
  held: { tone: 'warn', icon: 'pause' },
  parked: { tone: 'error', icon: 'error' },
  delivered: { tone: 'ok', icon: 'ok' },
  withdrawn: { tone: 'idle', icon: 'back' },
  review: { tone: 'warn', icon: 'unknown' },
  kept: { tone: 'warn', icon: 'pause' },
  dropped: { tone: 'idle', icon: 'close' },
};

export const StateBadge = ({ state }: { readonly state: RecordState }) => (
  <Badge tone={LOOK[state].tone} icon={LOOK[state].icon}>
    {say(stateName[state])}
  </Badge>
);

export const ShownPlate = ({ of: { plate, plateColor = '' } }: { readonly of: ReleaseListRow }) =>
  plate === undefined ? (
    <span class="quiet">{say(releasesText.noPlate)}</span>
  ) : (
    <span class={`plate ${plateColor}`}>{plate}</span>
  );
