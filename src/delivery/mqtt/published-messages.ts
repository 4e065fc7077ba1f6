/**
 * Published messages: topics and their JSON; what comes in: provisioning files, whose topics are here, and what the centre has. Pure.
 *
 *   lanewarden/<box>/status            retained; the broker itself publishes `offline` when the box is gone
 *   lanewarden/<box>/heartbeat         retained, once a minute; comes in at a connection: what the box was when it was last heard of
 *   lanewarden/<box>/<lane>/state      retained
 *   lanewarden/<box>/<lane>/release    each release as it is decided, and when it is withdrawn because it was paid for after all
 *   lanewarden/<box>[/<lane>]/report   what the box testifies of itself, each until the broker has it, in the order of its ids
 *   lanewarden/<box>/gap               what was lost before it could be published, and why
 *   lanewarden/<box>/received          comes in, retained: what the centre has
 *   lanewarden/<box>/provision/result  retained, only when configured: how the last provisioning file went
 *   homeassistant/…/config             retained, only when configured
 */

import type { LaneView } from '../../lane/view.ts';
import type { ChainRow, SignedHead } from '../../store/chain/chain.ts';
import type { Observation } from '../../store/observation.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import type { ReportingView } from '../../text/lanes/reporting.ts';
import type { Text } from '../../text/text.ts';
import type { Gap, HeartbeatBody, StateBody, StatusBody } from '../contract.ts';
import type { NumberRange } from '../destination/message-queue.ts';
import { observationBody, releaseBody } from '../fact-bodies.ts';

export interface PublishedMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  /** Called when the broker has it. */
  readonly done?: () => void;
}

/** All numbers of a series up to this one. */
export interface NumbersThrough {
  readonly series: string;
  readonly through: number;
}

/** One that is kept elsewhere until it has arrived for good. */
export interface KeptMessage extends PublishedMessage {
  readonly series: string;
  readonly n: number;
  /** The broker acknowledged it for the first time. */
  readonly sent: () => void;
  /** It would survive the end of the broker: it need not be kept any more. */
  readonly done: () => void;
}

export interface PublishedLane {
  readonly id: string;
  readonly name: string;
}

const statusTopic = (box: string): string => `${baseTopic(box)}/status`;
const laneTopic = (box: string, laneId: string, what: 'state' | 'release' | 'report'): string =>
  `${baseTopic(box)}/${laneId}/${what}`;
export const baseTopic = (box: string): string => `lanewarden/${box}`;

const message = (topic: string, value: unknown, retain: boolean): PublishedMessage => ({
  topic,
  payload: JSON.stringify(value),
  retain,
});

export function onlineMessage(
  box: string,
  version: string,
  lanes: readonly PublishedLane[],
  sinceWallMs: number,
  {
    head,
    numbers,
    stalled,
  }: {
    readonly head?: SignedHead | undefined;
    readonly numbers?: NumberRange | undefined;
    readonly stalled?: string | undefined;
  } = {},
): PublishedMessage {
  const evidence = head && { evidence: evidenceOf(head) };
  const disk = stalled === undefined ? {} : { disk: stalled };
  return message(
    statusTopic(box),
    {
      status: 'online',
      version,
      lanes: lanes.map(({ id }) => id),
      since: iso(sinceWallMs),
      ...disk,
      ...evidence,
      ...(numbers && { numbers }),
    } satisfies StatusBody,
    true,
  );
}

/** What a centre wants to know of a box that has nothing else to say. Absent: the disk does not answer; null: there is none. */
export interface Heartbeat {
  readonly wallMs: number;
  readonly version: string;
  /** SHA-256 of the text of the configuration in force. */
  readonly config: string;
  /** Since the program began. */
  readonly upMs: number;
  readonly head?: SignedHead;
  readonly waiting?: number;
  /** Of the oldest waiting record. */
  readonly oldestForMs?: number | null;
  /** Of all lanes, since midnight in Beijing. */
  readonly blindMs?: number;
  readonly diskDaysLeft?: number | null;
}

/** As docs/en/fleet.md describes it; the same for every destination. */
export function heartbeatBody(box: string, beat: Heartbeat): HeartbeatBody {
  const { wallMs, version, config, upMs, head, waiting, oldestForMs, blindMs, diskDaysLeft } = beat;
  return {
    ...{ box, at: iso(wallMs), version, config, upSeconds: seconds(upMs) },
    ...(head && { evidence: evidenceOf(head) }),
    ...(waiting !== undefined && { waiting }),
    ...(oldestForMs !== undefined && { oldestSeconds: oldestForMs === null ? null : seconds(oldestForMs) }),
    ...(blindMs !== undefined && { blindSecondsToday: seconds(blindMs) }),
    ...(diskDaysLeft !== undefined && {
      diskDaysLeft: diskDaysLeft === null ? null : Math.round(10 * diskDaysLeft) / 10,
    }),
  };
}

const seconds = (ms: number): number => Math.round(ms / 1_000);

export function heartbeatMessage(box: string, beat: Heartbeat): PublishedMessage {
  return message(heartbeatTopic(box), heartbeatBody(box, beat), true);
}

/** As docs/en/evidence-format.md describes it. */
function evidenceOf({ chain, last, head, wallMs, key, signature }: SignedHead) {
  return { chain, last, head, wallMs, key, signature };
}

/** Also registered as the last will. */
export function offlineMessage(box: string): PublishedMessage {
  return message(statusTopic(box), { status: 'offline' }, true);
}

export function stateMessage(
  box: string,
  lane: PublishedLane,
  view: LaneView,
  { earned, missing }: ReportingView,
  causes: Readonly<Record<string, string>> = {},
): PublishedMessage {
  const { arm, loops, opening, bodies, lastPlate, degraded, modes, alarms } = view;
  const state: StateBody = {
    ...{ lane: lane.id, name: lane.name, arm, loops, bodies },
    opening: opening === undefined ? null : { granted: opening.granted },
    plate: lastPlate?.text ?? null,
    ...{ degraded, modes, alarms },
    ...(Object.keys(causes).length > 0 && { causes }),
    reporting: { earned: earned?.how ?? null, ...(earned?.by !== undefined && { by: earned.by }), missing },
  };
  return message(laneTopic(box, lane.id, 'state'), state, true);
}

/** As `contract.ts` has it. */
export const releaseMessage = (box: string, record: OutboxRecord, withdrawn: boolean, row?: ChainRow) =>
  message(laneTopic(box, record.laneId, 'release'), releaseBody(record, withdrawn, row), false);

/** Releases that are kept no more, so that they cannot be published. */
export function gapMessage(box: string, gap: Gap): PublishedMessage {
  return message(`${baseTopic(box)}/gap`, { gap }, false);
}

/** The `id` grows by one. */
export function reportMessage(box: string, observation: Observation): PublishedMessage {
  const { laneId } = observation;
  const topic = laneId === '' ? `${baseTopic(box)}/report` : laneTopic(box, laneId, 'report');
  return message(topic, observationBody(observation), false);
}

export const heartbeatTopic = (box: string): string => `${baseTopic(box)}/heartbeat`;
export const receivedTopic = (box: string): string => `${baseTopic(box)}/received`;

/** What a centre says that it has for good. undefined: it says nothing of the kind. */
export function receivedIn(payload: string): NumbersThrough | undefined {
  try {
    const { series, through } = JSON.parse(payload) as Readonly<Record<string, unknown>>;
    return typeof series === 'string' && typeof through === 'number' ? { series, through } : undefined;
  } catch {
    return undefined;
  }
}

/** Of one box, and of all boxes at this broker. */
export const provisionTopics = (box: string): readonly string[] => [
  `${baseTopic(box)}/provision`,
  baseTopic('provision'),
];

/** How a provisioning file went, whichever way it came. */
export interface ProvisionAnswer {
  /** SHA-256 of the file. */
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly code?: string;
  readonly text: Text;
}

export function provisionMessage(box: string, { id, state, code, text }: ProvisionAnswer): PublishedMessage {
  return message(`${baseTopic(box)}/provision/result`, { file: id, state, ...(code && { code }), text }, true);
}

/** A connectivity sensor of the box; of each lane its arm, its faults and its last release. */
export function discoveryMessages(
  box: string,
  version: string,
  lanes: readonly PublishedLane[],
): readonly PublishedMessage[] {
  const nameless = `lanewarden_${ascii(box)}`;
  const device = {
    identifiers: [nameless],
    name: `lanewarden ${box}`,
    manufacturer: 'lanewarden',
    sw_version: version,
  };
  const availability = {
    availability_topic: statusTopic(box),
    availability_template: '{{ value_json.status }}',
  };
  const entity = (component: string, key: string, entry: Readonly<Record<string, unknown>>): PublishedMessage =>
    message(
      `homeassistant/${component}/${nameless}/${key}/config`,
      { unique_id: `${nameless}_${key}`, device, ...entry },
      true,
    );
  return [
    entity('binary_sensor', 'status', {
      ...{ name: 'status', device_class: 'connectivity', state_topic: statusTopic(box) },
      ...{ value_template: '{{ value_json.status }}', payload_on: 'online', payload_off: 'offline' },
    }),
    ...lanes.flatMap(({ id, name }) => {
      const [state, release] = [laneTopic(box, id, 'state'), laneTopic(box, id, 'release')];
      return [
        entity('sensor', `${ascii(id)}_arm`, {
          ...{ name: `${name} arm`, state_topic: state, value_template: '{{ value_json.arm }}', ...availability },
        }),
        entity('binary_sensor', `${ascii(id)}_problem`, {
          ...{ name: `${name} problem`, device_class: 'problem', state_topic: state, ...availability },
          value_template: "{{ 'ON' if value_json.degraded or value_json.alarms else 'OFF' }}",
        }),
        entity('sensor', `${ascii(id)}_release`, {
          ...{ name: `${name} release`, state_topic: release, value_template: '{{ value_json.methodDesc }}' },
          ...{ json_attributes_topic: release, ...availability },
        }),
      ];
    }),
  ];
}

/** Home Assistant takes letters, digits, `-` and `_` only. */
function ascii(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, (character) => `u${character.codePointAt(0)?.toString(16)}`);
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
