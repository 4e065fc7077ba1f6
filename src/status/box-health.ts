/**
 * One plain sentence on the state of the box, and its faults, gravest first, each cause once: what follows from another is folded into that. It judges
 * facts gathered elsewhere.
 */
import { isWireSilent, sourceOf } from '../app/watch/root-cause.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Role } from '../lane/types.ts';
import { alarmOf } from '../lane/view.ts';
import type {
  BoxComplaint,
  DestinationRow,
  DeviceLive,
  LaneLive,
  Level,
  Overview,
  QueueBrief,
} from '../page/api/api.ts';
import type { IntakeView } from '../page/api/api-intake.ts';
import type { FaultWords } from '../text/fault.ts';
import { reportingText } from '../text/lanes/reporting.ts';
import { alertText, headlineText } from '../text/page/alerts.ts';

type PortTrouble = { readonly key: string; readonly address: string; readonly why: string; readonly forMs: number };
type Facts = Pick<Overview, 'lanes' | 'devices' | 'queue' | 'clock' | 'disk' | 'destinations'> & {
  readonly intake: IntakeView;
  /** Of the intake that cannot be opened. */
  readonly ports: readonly PortTrouble[];
  readonly config: Pick<Config, 'lines' | 'cameras' | 'lanes'>;
  /** Of a device, by its id here: its fault in parts. */
  readonly faultOf: (id: string) => FaultWords | undefined;
};

/** Something that is wrong, and what it may follow from: the first of them that is wrong too is its cause. */
interface Fault extends BoxComplaint {
  readonly causes?: readonly string[];
}

const GRAVITY = { error: 0, warn: 1, ok: 2 } as const;
/** A retry in progress is not reported; one that lasts is. */
const OFFLINE_AFTER_MS = 60_000;
const DISK_DAYS = 3;
const FULL_BYTES = 1_000_000;
/** Late and refused payments are shown for this long after the last one. */
const EXPIRED_SHOWN_MS = 3_600_000;
/** Refused senders named one by one: the diagnosis has the rest. */
const REFUSED_SHOWN_MAX = 3;
const FOLLOWS_MAX = 20;
const [NETWORK, PLATFORM, MAINS] = ['network', 'platform', 'mains'];

export function judged(facts: Facts): Pick<Overview, 'headline' | 'complaints'> {
  const faults = [
    ...facts.ports.map(ofIntakePort),
    ...ofMains(facts.lanes),
    ...facts.lanes.flatMap((lane) => ofLane(lane, facts)),
    ...ofDevices(facts),
    ...facts.devices.flatMap(ofUnproven),
    ...ofIntake(facts),
    ...ofQueue(facts.queue),
    ...(facts.destinations ?? []).flatMap(ofDestination),
    ...ofClock(facts.clock),
    ...ofDisk(facts.disk),
  ];
  const complaints = folded([...faults, ...ofNetwork(facts, faults)]).sort(
    (a, b) => GRAVITY[a.level] - GRAVITY[b.level],
  );
  const [first, ...rest] = complaints;
  if (first === undefined) return { headline: { id: 'box', level: 'ok', text: headlineText.allWell }, complaints: [] };
  return { headline: first, complaints: rest };
}

/** The causes, each with what follows from it. What points at another lies nearer to a lane: there is no circle. */
function folded(faults: readonly Fault[]): BoxComplaint[] {
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  const rootOf = (fault: Fault): Fault => {
    const cause = fault.causes?.flatMap((id) => (id === fault.id ? [] : (byId.get(id) ?? [])))[0];
    return cause === undefined ? fault : rootOf(cause);
  };
  const follows = new Map<Fault, Fault[]>();
  for (const fault of faults) {
    const root = rootOf(fault);
    follows.set(root, [...(follows.get(root) ?? []), ...(root === fault ? [] : [fault])]);
  }
  // As grave as the gravest of them: nothing is made light of by what it follows from.
  return [...follows].map(([{ causes: _, ...root }, members]) => ({
    ...root,
    level: members.some(({ level }) => level === error) ? error : root.level,
    ...(members.length > 0 && { follows: members.slice(0, FOLLOWS_MAX).map(({ text }) => text) }),
  }));
}

const warn = 'warn' satisfies Level;
const error = 'error' satisfies Level;

function ofLane(seen: LaneLive, facts: Facts): readonly Fault[] {
  const { id, name, degraded, alarms, hiddenViews, maintenance, reporting } = seen;
  const at = `lane/${id}`;
  const { config } = facts;
  const lane = config.lanes.find((each) => each.id === id);
  const lost = alarms
    .map(({ code }) => alarmOf(code))
    .flatMap(({ alarm, role }) => (alarm === 'pointsLost' && role !== undefined ? [role] : []));
  const hidesArm = lost.includes('down') || lost.includes('up');
  // A lane that is not proved to hear of payments cannot have stopped hearing.
  const hidden = reporting.earned === undefined ? ['pointsLost', 'feedDown'] : ['pointsLost'];
  const plain = alarms.filter(({ code }) => !hidden.includes(alarmOf(code).alarm));
  return [
    ...plain.map(({ code, text, details }): Fault => {
      const alarm = alertText.alarm(name, alarmOf(code).alarm, text, details);
      return { id: `${at}/${code}`, level: warn, ...alarm, page: 'overview', causes: causesOf(code, at, lost, facts) };
    }),
    ...hiddenViews.map(({ camera, why }): Fault => {
      const text = alertText.hiddenView[why](name, camera);
      return { id: `${at}/${why}/${camera}`, level: error, ...text, page: 'signals' };
    }),
    // Of each device the signals that are lost with it.
    ...groupsOf(lost, lane, config).map(
      ([source, roles]): Fault => ({
        ...{ id: `${at}/lost/${source}`, level: error, ...alertText.lost(name, roles, hidesArm), page: 'signals' },
        causes: [...(isUp(source, facts) ? [] : [source]), source.split('/')[0] ?? '', MAINS],
      }),
    ),
    ...groupsOf(degraded.filter((role) => !lost.includes(role as Role)) as Role[], lane, config).map(
      ([source, roles]): Fault => ({
        ...{ id: `${at}/degraded/${source}`, level: warn, ...alertText.degraded(name, roles), page: 'signals' },
        causes: [source, source.split('/')[0] ?? '', ...roles.map((role) => `${at}/loopStuck:${role}`)],
      }),
    ),
    ...(maintenance === undefined
      ? []
      : [{ id: `${at}/maintenance`, level: warn, ...alertText.maintenance(name), page: 'overview' } as const]),
    ...ofReporting(id, name, reporting),
  ];
}

/** Or down for another reason than that its contacts are: its pictures are not fetched. */
const isUp = (id: string, { devices }: Facts): boolean =>
  devices.some((device) => device.id === id && device.state === 'down' && !isCut(device));

/** Where every contact that is wired says so: one that is pulled off does not explain what else is down. */
function ofMains(lanes: readonly LaneLive[]): readonly Fault[] {
  const contacts = lanes.flatMap(({ levels }) => (levels.mains === undefined ? [] : [levels.mains]));
  const isLost = contacts.length > 0 && contacts.every((level) => level === false);
  return isLost ? [{ id: MAINS, level: error, ...alertText.mainsLost, page: 'diagnostics' }] : [];
}

/** The arm cannot be seen while its limits are lost, nor come down on a safety loop that is stuck; payments cannot be heard while what brings them is down. */
function causesOf(code: string, at: string, lost: readonly Role[], facts: Facts): readonly string[] {
  const { ports, intake, config } = facts;
  if (code === 'barrierUnknown') {
    const lane = config.lanes.find(({ id }) => `lane/${id}` === at);
    return groupsOf(
      lost.filter((role) => role === 'down' || role === 'up'),
      lane,
      config,
    ).map(([source]) => `${at}/lost/${source}`);
  }
  if (code === 'heldOpen') return [`${at}/loopStuck:barrier`];
  if (code !== 'feedDown') return [];
  return [...ports.map(({ key }) => `port/${key}`), ...intake.channels.map(({ id }) => `channel/${id}`)];
}

/** Roles by what they are read from. */
function groupsOf(
  roles: readonly Role[],
  lane: LaneConfig | undefined,
  config: Facts['config'],
): readonly (readonly [source: string, roles: readonly Role[]])[] {
  const groups = new Map<string, Role[]>();
  for (const role of roles) {
    const source = (lane && sourceOf(lane, role, config)) ?? '';
    groups.set(source, [...(groups.get(source) ?? []), role]);
  }
  return [...groups];
}

/** A lane that reported under an earlier version goes on, and lacks the proof. */
function ofReporting(lane: string, name: string, { earned, missing }: LaneLive['reporting']): readonly Fault[] {
  if (earned !== undefined && earned.how !== 'before') return [];
  const text = (earned === undefined ? reportingText.kept : reportingText.before)(name, missing);
  return [{ id: `lane/${lane}/reporting`, level: warn, ...text, page: 'wizard', lane }];
}

/** On a wire of which nothing answers it is the wire. */
function ofDevices({ devices, faultOf, config }: Facts): readonly Fault[] {
  const down = devices.filter(({ state }) => state === 'down');
  const wires = devices.filter(({ kind }) => kind === 'line');
  return [
    ...wires.flatMap(({ id, port, state }): readonly Fault[] => {
      const on = down.filter((device) => device.kind === 'device' && device.id.startsWith(`${id}/`));
      const all = config.lines.find((line) => line.id === id)?.devices ?? [];
      const silent = all.map(({ id: device }) => ({
        state: on.some((each) => each.id === `${id}/${device}`) ? 'unknown' : 'reading',
      }));
      if (state === 'down' || !isWireSilent({ open: true, devices: silent })) return [];
      const forMs = Math.min(...on.map(({ downForMs = 0 }) => downForMs));
      return [{ id, level: error, ...alertText.wireSilent(id, on.length, forMs, port), page: 'diagnostics' }];
    }),
    ...down.map((device): Fault => {
      const { id, kind, port, downForMs, lastFault } = device;
      const isUnconfirmed = kind === 'camera' && downForMs === undefined && lastFault !== undefined;
      const text = isUnconfirmed
        ? alertText.unconfirmed(id.split('/').at(-1) ?? id, lastFault)
        : alertText.down(id, kind, downForMs, faultOf(id), port);
      const level = kind === 'camera' ? warn : error;
      const causes = [
        ...(kind === 'device' ? [id.split('/')[0] ?? ''] : []),
        ...(isOnNetwork(device) && isCut(device) ? [MAINS, NETWORK] : []),
        ...(kind === 'device' ? [MAINS] : []),
      ];
      return { id, level, ...text, page: 'diagnostics', causes };
    }),
  ];
}

/** Down by itself; a camera of which nobody has confirmed the address was never up. */
const isCut = ({ state, downForMs }: DeviceLive): boolean => state === 'down' && downForMs !== undefined;
/** Faults of one cause begin together. */
const TOGETHER_MS = 120_000;

const isOnNetwork = ({ kind, port = '' }: DeviceLive): boolean =>
  kind === 'camera' || (kind === 'line' && port.includes('://'));

/**
 * Everything that is reached over the network fails together, three at least: it is the network of the box. The platform and the other destinations
 * only: what lies behind its router.
 */
function ofNetwork({ devices, queue, destinations = [] }: Facts, faults: readonly Fault[]): readonly Fault[] {
  const near = devices.filter((device) => isOnNetwork(device) && (device.state !== 'down' || isCut(device)));
  const far = destinations.filter(({ kind }) => kind !== '4pyun');
  const isFaulty = (id: string): boolean => faults.some((fault) => fault.id === id);
  if (queue.uploader !== 'offline' || !isFaulty(PLATFORM)) return [];
  if (!far.every(({ name }) => isFaulty(`destination/${name}`)) || near.length + far.length === 0) return [];
  const names = [PLATFORM, ...far.map(({ name }) => name), ...near.map(({ id }) => id)];
  const sinceMs = (queue.offlineForMs ?? 0) + TOGETHER_MS;
  const isNearCut = near.length > 0 && near.every((device) => isCut(device) && (device.downForMs ?? 0) <= sinceMs);
  if (isNearCut && near.length + far.length > 1)
    return [{ id: NETWORK, level: error, ...alertText.network(names), page: 'diagnostics' }];
  if (far.length === 0 || near.some(({ state }) => state === 'down')) return [];
  return [{ id: NETWORK, level: warn, ...alertText.uplink(names.slice(0, 1 + far.length)), page: 'queue' }];
}

/** A device that is read all the same. That its model is not checked was somebody's wish. */
function ofUnproven({ id, unproven = [] }: DeviceLive): readonly Fault[] {
  const codes = unproven.map(({ code }) => code).filter((code) => code !== 'identityOff');
  if (codes.length === 0) return [];
  return [{ id: `${id}/unproven`, level: warn, ...alertText.unproven(id, codes), page: 'diagnostics', causes: [id] }];
}

function ofQueue(queue: QueueBrief): readonly Fault[] {
  const { uploader, waiting, held, parked, review, offlineForMs = 0, why, detail } = queue;
  const [page, id] = ['queue', PLATFORM] as const;
  return [
    ...(uploader === 'refused'
      ? [{ id, level: error, ...alertText.refused(waiting, why, detail), page } as const]
      : []),
    ...(uploader === 'paused' ? [{ id, level: warn, ...alertText.paused(waiting), page } as const] : []),
    ...(uploader === 'offline' && offlineForMs > OFFLINE_AFTER_MS
      ? [{ id, level: warn, ...alertText.offline(waiting, offlineForMs, why), page, causes: [NETWORK] } as const]
      : []),
    ...(parked > 0 ? [{ id: 'records/parked', level: error, ...alertText.parked(parked), page } as const] : []),
    ...(held > 0 ? [{ id: 'records/held', level: warn, ...alertText.held(held), page } as const] : []),
    ...(review > 0 ? [{ id: 'records/review', level: warn, ...alertText.review(review), page: 'inbox' } as const] : []),
  ];
}

/** The platform has complaints of its own. */
function ofDestination({ name, kind, state, waiting, oldestForMs = 0, lastError }: DestinationRow): readonly Fault[] {
  const [page, id] = ['queue', `destination/${name}`] as const;
  if (kind === '4pyun') return [];
  if (state === 'stopped') return [{ id, level: error, ...alertText.destinationStopped(name, lastError), page }];
  if (state === 'paused') return [{ id, level: warn, ...alertText.destinationPaused(name), page }];
  const isLate = state === 'failing' && (kind === 'ping' || oldestForMs > OFFLINE_AFTER_MS);
  if (!isLate) return [];
  return [{ id, level: warn, ...alertText.destinationFails(name, waiting, lastError), page, causes: [NETWORK] }];
}

function ofIntakePort({ key, address, forMs, why }: PortTrouble): Fault {
  return { id: `port/${key}`, level: error, ...alertText.intakeDown(key, address, forMs, why), page: 'config' };
}

/** Lanes report the effect of a channel that is down; these are the faults to be repaired at the far end. */
function ofIntake({ intake, clock: { wallMs: nowWallMs }, config }: Facts): readonly Fault[] {
  const { channels, senders, smallSums, uncounted, refused } = intake;
  const page = 'diagnostics' as const;
  const down = channels.filter(({ up, forMs }) => !up && forMs > OFFLINE_AFTER_MS);
  const expired = uncounted.filter(
    ({ status, atWallMs }) => status === 'expired' && nowWallMs - atWallMs < EXPIRED_SHOWN_MS,
  );
  const turnedAway = refused.filter(({ lastWallMs }) => nowWallMs - lastWallMs < EXPIRED_SHOWN_MS);
  return [
    ...turnedAway.slice(0, REFUSED_SHOWN_MAX).map((sender): Fault => {
      const [who, sinceMs] = [sender.holder ?? sender.from, nowWallMs - sender.firstWallMs];
      const text = alertText.refusedSender({ ...sender, who, several: sender.count !== 1, sinceMs });
      return { id: `sender/${sender.holder ?? ''}/${sender.from}`, level: error, ...text, page };
    }),
    ...down.map(({ id, forMs }): Fault => {
      const line = config.lines.find(({ devices }) => devices.some((device) => device.id === id));
      const causes = line === undefined ? [] : [`${line.id}/${id}`, line.id];
      return { id: `channel/${id}`, level: error, ...alertText.channelDown(id, forMs), page, causes };
    }),
    ...senders.map(({ sender, offsetMs }): Fault => {
      return { id: `clock/${sender}`, level: warn, ...alertText.senderClock(sender, offsetMs), page };
    }),
    ...smallSums.map((sender): Fault => ({ id: `sums/${sender}`, level: warn, ...alertText.smallSums(sender), page })),
    ...(expired.length === 0
      ? []
      : [{ id: 'payments/expired', level: warn, ...alertText.expired(expired.length), page } as const]),
  ];
}

function ofClock({ quality }: Overview['clock']): readonly Fault[] {
  return quality === 'unknown' ? [{ id: 'clock', level: warn, ...alertText.clockUnknown, page: 'diagnostics' }] : [];
}

function ofDisk({ freeBytes, stalled, unkept, daysLeft = DISK_DAYS, damage }: Overview['disk']): readonly Fault[] {
  const page = 'diagnostics' as const;
  const { unreadable, lostPages } = damage?.saved ?? { unreadable: 0, lostPages: 0 };
  // A row has its place in the WAL when no other file has any.
  const full = freeBytes < FULL_BYTES ? alertText.diskFull('full') : undefined;
  const words = stalled === undefined ? full : alertText.stalled(stalled, unkept);
  return [
    ...(words === undefined ? [] : [{ id: 'disk', level: error, ...words, page } as const]),
    ...(damage === undefined
      ? []
      : [
          {
            id: 'database',
            level: unreadable + lostPages > 0 ? error : warn,
            ...alertText.damaged(damage),
            page,
          } as const,
        ]),
    ...(stalled === undefined && daysLeft < DISK_DAYS
      ? [{ id: 'disk/days', level: warn, ...alertText.diskDays(Math.floor(daysLeft)), page } as const]
      : []),
  ];
}
