/** One plain sentence on the state of the box, and its faults, gravest first. It judges facts gathered elsewhere. */
import type { BoxComplaint, DestinationRow, DeviceLive, LaneLive, Overview, QueueBrief } from '../page/api/api.ts';
import type { IntakeView } from '../page/api/api-intake.ts';
import { reportingText } from '../text/lanes/reporting.ts';
import { overviewText } from '../text/page/overview.ts';

type Facts = Pick<Overview, 'lanes' | 'devices' | 'queue' | 'clock' | 'disk' | 'destinations'> & {
  readonly intake: IntakeView;
};
type PortTrouble = { readonly key: string; readonly address: string; readonly why: string; readonly forMs: number };

const GRAVITY = { error: 0, warn: 1, ok: 2 } as const;
/** A retry in progress is not reported; one that lasts is. */
const OFFLINE_AFTER_MS = 60_000;
const DISK_DAYS = 3;
/** Late and refused payments are shown for this long after the last one. */
const EXPIRED_SHOWN_MS = 3_600_000;
/** Refused senders named one by one: the diagnosis has the rest. */
const REFUSED_SHOWN_MAX = 3;

/** `port`: the intake's port cannot be opened. */
export function judged(facts: Facts, ports: readonly PortTrouble[] = []): Pick<Overview, 'headline' | 'complaints'> {
  const complaints = [
    ...ports.map(ofIntakePort),
    ...facts.lanes.flatMap(ofLane),
    ...ofDevices(facts.devices),
    ...facts.devices.flatMap(ofUnproven),
    ...ofIntake(facts.intake, facts.clock.wallMs),
    ...ofQueue(facts.queue),
    ...(facts.destinations ?? []).flatMap(ofDestination),
    ...ofClock(facts.clock),
    ...ofDisk(facts.disk),
  ].sort((a, b) => GRAVITY[a.level] - GRAVITY[b.level]);
  const [first, ...rest] = complaints;
  if (first === undefined) return { headline: { level: 'ok', text: overviewText.allWell }, complaints: [] };
  return { headline: first, complaints: rest };
}

function ofLane({ id, name, degraded, alarms, maintenance, reporting }: LaneLive): readonly BoxComplaint[] {
  // Lost points are reported together, with what follows from them; a lane that is not proved to hear of payments cannot have stopped hearing.
  const hidesFeed = reporting.earned === undefined;
  const hidesArm = alarms.some(({ code }) => code === 'pointsLost:down' || code === 'pointsLost:up');
  return [
    ...alarms
      .filter(
        ({ code }) =>
          !code.startsWith('pointsLost') &&
          !(hidesArm && code === 'barrierUnknown') &&
          !(hidesFeed && code === 'feedDown'),
      )
      .map(({ text }): BoxComplaint => ({ level: 'warn', text: overviewText.alarm(name, text), page: 'overview' })),
    ...(degraded.length === 0
      ? []
      : [{ level: 'warn', text: overviewText.degraded(name, degraded), page: 'signals' } as const]),
    ...(maintenance === undefined
      ? []
      : [{ level: 'warn', text: overviewText.maintenance(name), page: 'overview' } as const]),
    ...ofReporting(id, name, reporting),
  ];
}

/** A lane that reported under an earlier version goes on, and lacks the proof. */
function ofReporting(lane: string, name: string, { earned, missing }: LaneLive['reporting']): readonly BoxComplaint[] {
  if (earned !== undefined && earned.how !== 'before') return [];
  const text = (earned === undefined ? reportingText.kept : reportingText.before)(name, missing);
  return [{ level: 'warn', text, page: 'wizard', lane }];
}

/** Devices on a wire that is down are not reported separately. */
function ofDevices(devices: readonly DeviceLive[]): readonly BoxComplaint[] {
  const down = devices.filter(({ state }) => state === 'down');
  const wires = new Set(down.filter(({ kind }) => kind === 'line').map(({ id }) => id));
  return down
    .filter(({ id, kind }) => kind !== 'device' || !wires.has(id.split('/')[0] ?? ''))
    .map(({ id, kind, port, downForMs, lastFault }) => ({
      level: kind === 'camera' ? 'warn' : 'error',
      // Of a device that is off: the configuration's fault, and since then.
      text: downForMs === undefined && lastFault ? lastFault : overviewText.down(id, downForMs ?? 0, lastFault, port),
      page: 'diagnostics',
    }));
}

/** A device that is read all the same. That its model is not checked was somebody's wish. */
function ofUnproven({ id, unproven = [] }: DeviceLive): readonly BoxComplaint[] {
  const codes = unproven.map(({ code }) => code).filter((code) => code !== 'identityOff');
  return codes.length === 0 ? [] : [{ level: 'warn', text: overviewText.unproven(id, codes), page: 'diagnostics' }];
}

function ofQueue(queue: QueueBrief): readonly BoxComplaint[] {
  const { uploader, waiting, held, parked, review, offlineForMs = 0, why } = queue;
  const page = 'queue' as const;
  return [
    ...(uploader === 'refused' ? [{ level: 'error', text: overviewText.refused(waiting, why), page } as const] : []),
    ...(uploader === 'paused' ? [{ level: 'warn', text: overviewText.paused(waiting), page } as const] : []),
    ...(uploader === 'offline' && offlineForMs > OFFLINE_AFTER_MS
      ? [{ level: 'warn', text: overviewText.offline(waiting, offlineForMs, why), page } as const]
      : []),
    ...(parked > 0 ? [{ level: 'error', text: overviewText.parked(parked), page } as const] : []),
    ...(held > 0 ? [{ level: 'warn', text: overviewText.held(held), page } as const] : []),
    ...(review > 0 ? [{ level: 'warn', text: overviewText.review(review), page: 'releases' } as const] : []),
  ];
}

/** The platform has complaints of its own. */
function ofDestination({
  name,
  kind,
  state,
  waiting,
  oldestForMs = 0,
  lastError,
}: DestinationRow): readonly BoxComplaint[] {
  const page = 'queue' as const;
  if (kind === '4pyun') return [];
  if (state === 'stopped') return [{ level: 'error', text: overviewText.destinationStopped(name, lastError), page }];
  if (state === 'paused') return [{ level: 'warn', text: overviewText.destinationPaused(name), page }];
  const isLate = state === 'failing' && (kind === 'ping' || oldestForMs > OFFLINE_AFTER_MS);
  return isLate ? [{ level: 'warn', text: overviewText.destinationFails(name, waiting, lastError), page }] : [];
}

function ofIntakePort({ key, address, forMs, why }: PortTrouble): BoxComplaint {
  return { level: 'error', text: overviewText.intakeDown(key, address, forMs, why), page: 'config' };
}

/** Lanes report the effect of a channel that is down; these are the faults to be repaired at the far end. */
function ofIntake(
  { channels, senders, smallSums, uncounted, refused }: IntakeView,
  nowWallMs: number,
): readonly BoxComplaint[] {
  const page = 'diagnostics' as const;
  const down = channels.filter(({ up, forMs }) => !up && forMs > OFFLINE_AFTER_MS);
  const expired = uncounted.filter(
    ({ status, atWallMs }) => status === 'expired' && nowWallMs - atWallMs < EXPIRED_SHOWN_MS,
  );
  const turnedAway = refused.filter(({ lastWallMs }) => nowWallMs - lastWallMs < EXPIRED_SHOWN_MS);
  return [
    ...turnedAway.slice(0, REFUSED_SHOWN_MAX).map((sender): BoxComplaint => {
      return { level: 'error', text: overviewText.refusedSender(sender, nowWallMs - sender.firstWallMs), page };
    }),
    ...down.map(({ id, forMs }): BoxComplaint => ({ level: 'error', text: overviewText.channelDown(id, forMs), page })),
    ...senders.map(
      ({ sender, offsetMs }): BoxComplaint => ({
        level: 'warn',
        text: overviewText.senderClock(sender, offsetMs),
        page,
      }),
    ),
    ...smallSums.map((sender): BoxComplaint => ({ level: 'warn', text: overviewText.smallSums(sender), page })),
    ...(expired.length === 0 ? [] : [{ level: 'warn', text: overviewText.expired(expired.length), page } as const]),
  ];
}

function ofClock({ quality }: Overview['clock']): readonly BoxComplaint[] {
  return quality === 'unknown' ? [{ level: 'warn', text: overviewText.clockUnknown, page: 'diagnostics' }] : [];
}

function ofDisk({ stalled, unkept, daysLeft = DISK_DAYS, damage }: Overview['disk']): readonly BoxComplaint[] {
  const page = 'diagnostics' as const;
  const { unreadable, lostPages } = damage?.saved ?? { unreadable: 0, lostPages: 0 };
  return [
    ...(stalled === undefined ? [] : [{ level: 'error', text: overviewText.stalled(stalled, unkept), page } as const]),
    ...(damage === undefined
      ? []
      : [{ level: unreadable + lostPages > 0 ? 'error' : 'warn', text: overviewText.damaged(damage), page } as const]),
    ...(stalled === undefined && daysLeft < DISK_DAYS
      ? [{ level: 'warn', text: overviewText.diskDays(Math.floor(daysLeft)), page } as const]
      : []),
  ];
}
