/** One lane on the status page: drawing, signals, last vehicle. What is wrong with it stands in the headline, with its cause. */
import type { LaneLive, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { armName, directionName, nameOfSignal } from '../../text/page/ui-lane.ts';
import { overviewPageText } from '../../text/page/ui-overview.ts';
import { pageTitle } from '../../text/page/ui-shell.ts';
import { grown } from '../arrivals.ts';
import { Opens } from '../inputs.tsx';
import { say } from '../language.ts';
import { mayOpen } from '../page-contract.ts';
import { Badge, Note } from '../parts.tsx';
import { Thumbnail } from '../picture.tsx';
import { place } from '../route.ts';
import { duration, Time, useNow } from '../time.tsx';
import { LaneDrawing } from './lane-drawing.tsx';
import { MaintenanceDialog } from './maintenance.tsx';

/** Levels that last longer have their time beside them. */
const STANDS_MS = 30_000;
const GAP_SHOWN_MS = 24 * 3_600_000;

export function LaneCard({ lane, role }: { readonly lane: LaneLive; readonly role: UserRole }) {
  // As a state it would read as one that is on.
  const maintenance = lane.maintenance ? overviewPageText.maintenance : overviewPageText.enterMaintenance;
  return (
    <section class="card lane">
      <header>
        <h2>
          {lane.name}{' '}
          <span class="quiet">
            {say(directionName[lane.direction])} · {lane.id}
          </span>
        </h2>
        {hasRight(role, 'operator') && (
          <Opens
            look="link"
            label={`${say(maintenance)}: ${lane.name}`}
            dialog={(close) => <MaintenanceDialog lane={lane} onClose={close} />}
          >
            {say(maintenance)}
          </Opens>
        )}
      </header>
      {lane.maintenance && <InMaintenance lane={lane} maintenance={lane.maintenance} role={role} />}
      {hasRight(role, 'viewer') && <Seen lane={lane} />}
      <LastRelease lane={lane} />
      <LastGap gap={lane.lastGap} role={role} />
    </section>
  );
}

/** Not for a booth: it shows what the box sees, and so what it does not. */
function Seen({ lane }: { readonly lane: LaneLive }) {
  const now = useNow();
  return (
    <>
      <div class="lane-body">
        <LaneDrawing lane={lane} />
        <div>
          <p class="lane-arm">
            <strong>{say(armName[lane.arm])}</strong>{' '}
            <span class="quiet">{say(overviewPageText.forSince(duration(grown(lane, lane.armForMs, now))))}</span>
          </p>
          <Lamps lane={lane} />
          <p class="lane-granted">
            {lane.granted && (
              <Badge tone="ok">
                {say(lane.direction === 'entry' ? overviewPageText.entered : overviewPageText.granted)}
              </Badge>
            )}
          </p>
        </div>
      </div>
      {lane.camera !== undefined && lane.second !== undefined && (
        <p class="quiet">{say(overviewPageText.twoCameras(lane.camera, lane.second.camera, lane.second.looks))}</p>
      )}
      <LastPlate lane={lane} />
    </>
  );
}

interface InMaintenanceProps {
  readonly lane: LaneLive;
  readonly maintenance: NonNullable<LaneLive['maintenance']>;
  readonly role: UserRole;
}

const InMaintenance = ({ lane, maintenance, role }: InMaintenanceProps) => (
  <Note level="warn">
    {maintenance.untilWallMs === undefined ? (
      say(overviewPageText.maintenanceOpen)
    ) : (
      <>
        {say(overviewPageText.maintenanceUntil)} <Time wallMs={maintenance.untilWallMs} />
      </>
    )}
    {maintenance.reason && ` · ${maintenance.reason}`}
    {mayOpen(role, 'wizard') && (
      <p class="above">
        <a href={place(`wizard/${encodeURIComponent(lane.id)}`)}>{say(overviewPageText.toWizard)}</a>
      </p>
    )}
  </Note>
);

/** A loop that stands for long: a car that waits, or a detector that holds. */
const Standing = ({ forMs }: { readonly forMs: number | undefined }) =>
  forMs === undefined || forMs < STANDS_MS ? null : (
    <span class="quiet"> {say(overviewPageText.forSince(duration(forMs)))}</span>
  );

function Lamps({ lane }: { readonly lane: LaneLive }) {
  const now = useNow();
  const onForMs = (role: string): number | undefined => {
    const sinceMs = lane.occupiedForMs[role];
    return sinceMs === undefined ? undefined : grown(lane, sinceMs, now);
  };
  return (
    <ul class="lamps">
      {Object.entries(lane.levels).map(([role, level]) => (
        <li key={role} class={level === null ? 'unknown' : level ? 'on' : 'off'}>
          <svg class="lamp-mark" viewBox="0 0 12 12" aria-hidden="true">
            <circle cx={6} cy={6} r={4.5} />
          </svg>
          {say(nameOfSignal(role))}
          <span class={level === null ? 'quiet' : 'visually-hidden'}>
            {' '}
            {say(level === null ? overviewPageText.notKnown : level ? overviewPageText.on : overviewPageText.off)}
          </span>
          <Standing forMs={onForMs(role)} />
        </li>
      ))}
    </ul>
  );
}

const LastPlate = ({ lane }: { readonly lane: LaneLive }) => (
  <p class="last-plate">
    <span class="quiet">{say(overviewPageText.lastPlate)}</span>
    {lane.lastPlate === undefined ? (
      <span class="quiet">{say(overviewPageText.none)}</span>
    ) : (
      <>
        <span class={`plate ${lane.lastPlate.color ?? ''}`}>{lane.lastPlate.text}</span>
        <Time wallMs={lane.lastPlate.atWallMs} />
      </>
    )}
  </p>
);

/** Vehicles of that time have no record: who looks for one finds here why. */
function LastGap({ gap, role }: { readonly gap: LaneLive['lastGap']; readonly role: UserRole }) {
  const now = useNow();
  if (gap === undefined || now - gap.toWallMs > GAP_SHOWN_MS) return null;
  return (
    <p class="quiet above">
      <Time wallMs={gap.fromWallMs} /> {say(overviewPageText.notSeenFor(duration(gap.toWallMs - gap.fromWallMs)))}{' '}
      {say(gap.what)} {mayOpen(role, 'diagnostics') && <a href={place('diagnostics')}>{say(pageTitle.diagnostics)}</a>}
    </p>
  );
}

function LastRelease({ lane }: { readonly lane: LaneLive }) {
  const release = lane.lastRelease;
  if (release === undefined) return <p class="last-release quiet">{say(overviewPageText.noRelease)}</p>;
  return (
    <div class="last-release">
      <Thumbnail row={release} />
      <div>
        <p>
          <span class="quiet">{say(overviewPageText.lastRelease)}</span> <Time wallMs={release.releaseWallMs} />
        </p>
        <p>
          <a href={place(`releases/${release.id}`)} class="stretched">
            {say(release.desc)}
          </a>{' '}
          {release.plate && <span class={`plate ${release.plateColor ?? ''}`}>{release.plate}</span>}
        </p>
        <p class="quiet clamp">{say(release.reason)}</p>
      </div>
    </div>
  );
}
