/** The status page: one sentence on the state, then lanes, queue, clock, disk and devices. */
import { useEffect } from 'preact/hooks';
import type { BoxComplaint, Level, RecordState, Overview as Seen, UserRole } from '../../page/api/api.ts';
import { hasRight } from '../../page/api/rights.ts';
import { fitsForMs, overviewPageText, uploaderState } from '../../text/page/ui-overview.ts';
import { clockQuality } from '../../text/page/ui-parts.made.ts';
import { pageTitle } from '../../text/page/ui-shell.ts';
import { grown } from '../arrivals.ts';
import { HelpLink } from '../help.tsx';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';
import { lazy } from '../lazy.tsx';
import { useOverview } from '../live.ts';
import { mayOpen, type PageProps } from '../page-contract.ts';
import { Badge, Card, LinkButton, Loading, ShownFact } from '../parts.tsx';
import { go, place } from '../route.ts';
import { duration, sayDuration, Time, useNow } from '../time.tsx';
import { bytes } from '../units.ts';
import { Devices } from './devices.tsx';
import { LaneCard } from './lane-card.tsx';

/** Clock difference between box and this device that is shown; smaller ones are the device's own error. */
const CLOCK_WRONG_MS = 120_000;

const PhoneClock = lazy(() => import('../wizard/phone-clock.tsx'), 'PhoneClock');
const Undecided = lazy(() => import('./undecided.tsx'), 'Undecided');

export function OverviewPage({ role, route }: PageProps) {
  const seen = useOverview();
  const isNew = seen?.config.state === 'new' && hasRight(role, 'installer');
  // Nothing can be seen of a new box: it begins with the wizard.
  useEffect(() => {
    if (isNew) go(place('wizard'), true);
  }, [isNew]);
  if (seen === undefined || isNew) return <Loading />;
  // Nothing runs: no figure of it is known.
  const runs = seen.lanes.length > 0;
  return (
    <>
      {runs && <Tools seen={seen} role={role} />}
      <Headline seen={seen} role={role} />
      {isUnset(seen) && hasRight(role, 'installer') && <PhoneClock role={role} route={route} />}
      {runs && <Running seen={seen} role={role} />}
      {hasRight(role, 'installer') && <Undecided role={role} route={route} />}
      {runs && (
        <div class="grid">
          <Devices devices={seen.devices} />
        </div>
      )}
    </>
  );
}

/** The network has not told the time. */
const isUnset = ({ clock }: Seen): boolean => clock.quality === 'unknown' || clock.quality === 'manual';

const Tools = ({ seen, role }: { readonly seen: Seen; readonly role: UserRole }) => (
  <div class="page-tools">
    {seen.today !== undefined && (
      <a class="today" href={place('account', { day: 'today' })}>
        {say(overviewPageText.today(seen.today))}
      </a>
    )}
    {hasRight(role, 'installer') && (
      <a class="button no-print" href={place('wizard/new')}>
        {say(overviewPageText.newLane)}
      </a>
    )}
  </div>
);

function Running({ seen, role }: { readonly seen: Seen; readonly role: UserRole }) {
  const lanes = seen.lanes.map((lane) => <LaneCard key={lane.id} lane={lane} role={role} />);
  const figures = (
    <>
      <QueueCard seen={seen} role={role} />
      <ClockCard seen={seen} />
      <DiskCard seen={seen} />
    </>
  );
  return (
    <>
      <div class="grid two">
        {lanes}
        {lanes.length === 1 && <div class="grid">{figures}</div>}
      </div>
      {lanes.length !== 1 && <div class="grid two three">{figures}</div>}
    </>
  );
}

/** To where something can be done about it. */
const ToPage = ({ role, to: { page, lane } }: { readonly role: UserRole; readonly to: BoxComplaint }) =>
  page === undefined || page === 'overview' || !mayOpen(role, page) ? null : lane === undefined ? (
    <a href={place(page)}>{say(pageTitle[page])}</a>
  ) : (
    <span class="to-step">
      <LinkButton to={place(`${page}/${encodeURIComponent(lane)}/paid`)} text={overviewPageText.toPayments} />
    </span>
  );

function Headline({ seen, role }: { readonly seen: Seen; readonly role: UserRole }) {
  const { headline, complaints } = seen;
  return (
    <section class={`headline ${headline.level}`} aria-live="polite">
      <div class="headline-text">
        <Icon name={headline.level} />
        <Complaint complaint={headline} role={role} />
      </div>
      {complaints.length > 0 && (
        <ul>
          {complaints.map((complaint) => (
            <li key={complaint.id}>
              <Icon name={complaint.level} />
              <Complaint complaint={complaint} role={role} />
            </li>
          ))}
        </ul>
      )}
      {headline.level !== 'ok' && <HelpLink name={headline.page === 'inbox' ? 'decide' : 'overview'} />}
    </section>
  );
}

/** One sentence; what to do, what follows and what support asks for behind a tap. */
function Complaint({ complaint, role }: { readonly complaint: BoxComplaint; readonly role: UserRole }) {
  const { text, todo, follows, details } = complaint;
  return (
    <div class="complaint">
      {say(text)} <ToPage role={role} to={complaint} />
      {(todo ?? follows ?? details) !== undefined && (
        <details>
          <summary>{say(overviewPageText.whatToDo)}</summary>
          {todo && <p>{say(todo)}</p>}
          {follows && (
            <p>
              {say(overviewPageText.follows)}
              {follows.map((each) => (
                <span key={each.zh} class="follows">
                  {say(each)}
                </span>
              ))}
            </p>
          )}
          {details && (
            <p class="quiet">
              {say(overviewPageText.technical)} {say(details)}
            </p>
          )}
        </details>
      )}
    </div>
  );
}

const UPLOADER_TONE: Readonly<Record<Seen['queue']['uploader'], Level>> = {
  working: 'ok',
  idle: 'ok',
  offline: 'warn',
  paused: 'warn',
  refused: 'error',
};

function QueueCard({ seen: { queue }, role }: { readonly seen: Seen; readonly role: UserRole }) {
  const now = useNow();
  const toInbox = (state: RecordState, count: number) => (
    <a href={mayOpen(role, 'inbox') ? place('inbox') : place('releases', { state })}>{count}</a>
  );
  const toQueue = (text: string | number) => (mayOpen(role, 'queue') ? <a href={place('queue')}>{text}</a> : text);
  return (
    <Card
      title={toQueue(say(overviewPageText.queue))}
      tools={<Badge tone={UPLOADER_TONE[queue.uploader]}>{say(uploaderState[queue.uploader])}</Badge>}
    >
      <p class="figure">
        {queue.waiting} <small>{say(overviewPageText.waiting)}</small>
      </p>
      <dl class="facts">
        <ShownFact name={overviewPageText.oldest}>
          {queue.oldestForMs !== undefined && sayDuration(grown(queue, queue.oldestForMs, now))}
        </ShownFact>
        <ShownFact name={overviewPageText.held}>
          {queue.held + queue.parked > 0 && toQueue(queue.held + queue.parked)}
        </ShownFact>
        <ShownFact name={overviewPageText.review}>{queue.review > 0 && toInbox('review', queue.review)}</ShownFact>
        <ShownFact name={overviewPageText.keptBack}>{queue.kept > 0 && toInbox('kept', queue.kept)}</ShownFact>
        <ShownFact name={overviewPageText.delivered}>{queue.delivered}</ShownFact>
      </dl>
    </Card>
  );
}

function ClockCard({ seen }: { readonly seen: Seen }) {
  const now = useNow();
  const boxMs = grown(seen.clock, seen.clock.wallMs, now);
  const offMs = Math.abs(boxMs - now);
  const { quality, errorMs } = seen.clock;
  // Which of the two is wrong is not known: then neither is shown as right.
  const isDoubtful = quality === 'estimated' || errorMs !== undefined || offMs > CLOCK_WRONG_MS;
  const tone = quality === 'unknown' ? 'error' : isDoubtful ? 'warn' : 'ok';
  return (
    <Card title={say(overviewPageText.clock)} tools={<Badge tone={tone}>{say(clockQuality[quality])}</Badge>}>
      <p class="figure">
        <Time wallMs={boxMs} show="clock" />
      </p>
      <p class="quiet">
        <Time wallMs={boxMs} show="date" />
        {errorMs !== undefined && ` ±${(errorMs / 1_000).toFixed(1)} s`}
      </p>
      {offMs > CLOCK_WRONG_MS && <p class="quiet">{say(overviewPageText.clockDiffers(duration(offMs)))}</p>}
    </Card>
  );
}

function Kept({ kept: { framesMs, recordsMs, forecast } }: { readonly kept: NonNullable<Seen['disk']['kept']> }) {
  return (
    <>
      <ShownFact name={overviewPageText.kept}>
        {say(overviewPageText.keptFor(sayDuration(framesMs), sayDuration(recordsMs)))}
      </ShownFact>
      <ShownFact name={overviewPageText.fits}>{forecast && sayDuration(fitsForMs(forecast.days))}</ShownFact>
      {forecast?.lost && (
        <ShownFact name={overviewPageText.lostFirst}>
          <Time wallMs={forecast.lost.dayWallMs} show="date" />
          <div class="quiet">
            {say(overviewPageText.lostFrom)} <Time wallMs={forecast.lost.fromWallMs} show="date" />
          </div>
        </ShownFact>
      )}
    </>
  );
}

function DiskCard({ seen: { disk, backup } }: { readonly seen: Seen }) {
  const tone =
    disk.stalled !== undefined ? 'error' : disk.damage !== undefined || (disk.daysLeft ?? 99) < 3 ? 'warn' : 'ok';
  return (
    <Card
      title={say(overviewPageText.disk)}
      tools={tone !== 'ok' && <Badge tone={tone}>{say(overviewPageText.disk)}</Badge>}
    >
      <p class="figure">
        {disk.daysLeft === undefined ? (
          disk.kept?.forecast === undefined && <small>{say(overviewPageText.daysLeftUnknown)}</small>
        ) : (
          <>
            <small>{say(overviewPageText.daysLeft)}</small> {sayDuration(disk.daysLeft * 86_400_000)}
          </>
        )}
      </p>
      <dl class="facts">
        <ShownFact name={overviewPageText.free}>{bytes(disk.freeBytes)}</ShownFact>
        <ShownFact name={overviewPageText.frames}>
          {say(overviewPageText.framesOf(bytes(disk.framesBytes), bytes(disk.framesMaxBytes)))}
        </ShownFact>
        {disk.kept && <Kept kept={disk.kept} />}
        <ShownFact name={overviewPageText.wear}>
          {disk.wear && say(overviewPageText.wearOf(bytes(disk.wear.bytesPerDay), Math.floor(disk.wear.years)))}
        </ShownFact>
        <ShownFact name={overviewPageText.backup}>
          {backup && (backup.lastWallMs ? <Time wallMs={backup.lastWallMs} /> : say(overviewPageText.none))}
        </ShownFact>
      </dl>
    </Card>
  );
}
