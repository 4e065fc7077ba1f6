/** Finds the point of a role by asking for an action and waiting for the edge. It only reads; a person acts. */

import type { FieldWatch } from '../app/field-monitor.ts';
import type { Config, LaneConfig } from '../config/types.ts';
import type { Clock } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import { FIELD_ROLES, ROLES, type Role } from '../lane/types.ts';
import type { LearnResult } from '../page/api/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import { type LearnAction, learnText } from '../text/commission.ts';
import type { Text } from '../text/text.ts';
import { Learning, type LearningNow, type LearningSettings } from './learning.ts';

export interface LearnRequest {
  readonly lane: LaneConfig;
  readonly role: Role;
  readonly action: LearnAction;
}

export interface LearnParts {
  readonly clock: Clock;
  readonly watch: FieldWatch;
  readonly config: Pick<Config, 'lanes'>;
}

const ACTIONS: readonly LearnAction[] = ['occupy', 'leave', 'open', 'close', 'press'];
const TICK_MS = 100;
/** An arm travels up to 6 s between its limits; everything else changes at once. */
const ARM_QUIET_MS = 7_000;
/** An arm stays away from a limit, or at it, for longer than anybody presses a button. */
const LIMIT_LEAST_MS = 2_000;
const QUIET_MS = 800;
/** A person walks to the car, and the attendant has to be called. */
const WAIT_MS = 3 * 60_000;

/** Throws Problem `invalid` with every faulty field. */
export function learnRequest(input: Readonly<Record<string, unknown>>, { config }: LearnParts): LearnRequest {
  const lane = config.lanes.find(({ id }) => id === input.lane);
  const role = ROLES.find((each) => each === input.role);
  const action = ACTIONS.find((each) => each === input.action);
  return whole<LearnRequest>(
    { lane, role, action },
    { lane: learnText.noLane, role: learnText.badRole, action: learnText.badAction },
  );
}

/** The fields of a request, each of which was found; else what `faults` says of those that were not. Throws Problem `invalid`. */
export function whole<T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined },
  faults: Readonly<Record<keyof T, Text>>,
): T {
  const missing = (Object.keys(faults) as (keyof T & string)[]).filter((field) => fields[field] === undefined);
  if (missing.length === 0) return fields as T;
  throw new Problem('invalid', { errors: missing.map((field) => ({ field, message: faults[field] })) });
}

/** Throws Problem `conflict` when nothing moved, or did not move back; returns undefined when cancelled. */
export async function learnPoint(
  request: LearnRequest,
  { clock, watch, config }: LearnParts,
  job: JobHandle,
): Promise<LearnResult | undefined> {
  const levels = new Map<string, boolean>();
  for (const [key, { value }] of watch.now()) if (value !== undefined) levels.set(key, value);
  if (watch.now().size === 0) throw new Problem('conflict', { detail: learnText.noPoints });
  const settings = settingsOf(request, config.lanes);
  const learning = new Learning(settings, levels);
  const stop = watch.watch({
    reading: ({ deviceId, reading }) => {
      const point = `${deviceId}.${reading.point}`;
      if (reading.kind === 'level') learning.take({ point, value: reading.value, atMs: reading.atMs });
      else if (!levels.has(point)) learning.take({ point, value: undefined, atMs: reading.atMs });
    },
    lost: (deviceId) => learning.forget(deviceId),
  });
  try {
    let reported: LearningNow | undefined;
    let sinceMs = clock.nowMs();
    while (!job.signal.aborted) {
      learning.tick(clock.nowMs());
      const { now } = learning;
      if (now.kind === 'done') return resultOf(now.learned);
      if (now !== reported) {
        reported = now;
        sinceMs = clock.nowMs();
        job.progress(textOf(now, request, settings.taken));
      }
      if (clock.nowMs() - sinceMs > WAIT_MS) throw new Problem('conflict', { detail: givenUp(now, learning.known) });
      await clock.sleep(TICK_MS, job.signal);
    }
    return undefined;
  } finally {
    stop();
  }
}

function settingsOf({ lane, role, action }: LearnRequest, lanes: readonly LaneConfig[]): LearningSettings {
  const isLimit = role === 'up' || role === 'down';
  // The arm leaves a limit at once and reaches one at the end of its way.
  const reaches = (role === 'up' && action === 'open') || (role === 'down' && action === 'close');
  const taken = lanes.flatMap((each) =>
    Object.entries(each.points)
      .filter(([other]) => each.id !== lane.id || other !== role)
      .map(
        ([other, at]) => [`${at.device}.${at.point}`, each.id === lane.id ? other : `${each.name} ${other}`] as const,
      ),
  );
  const own = Object.entries(lane.points).filter(([other]) => other !== role);
  // What an opening moves: none of it is what opened.
  const follow = own
    .filter(([other]) => FIELD_ROLES.some((role) => role === other))
    .map(([, { device, point }]) => `${device}.${point}`);
  return {
    becomes: becomesOf(role, action),
    ...(action === 'press' && { isPress: true, follow: new Set(follow) }),
    order: isLimit && reaches ? 'last' : 'first',
    quietMs: isLimit ? ARM_QUIET_MS : QUIET_MS,
    leastMs: isLimit ? LIMIT_LEAST_MS : 0,
    taken: new Map(taken),
  };
}

function becomesOf(role: Role, action: LearnAction): boolean {
  if (action === 'leave') return false;
  if (action === 'open') return role !== 'down';
  if (action === 'close') return role === 'down';
  return true;
}

function textOf(now: LearningNow, { action, role }: LearnRequest, taken: LearningSettings['taken']) {
  switch (now.kind) {
    case 'settling':
      return learnText.settling(now.points);
    case 'back':
      return learnText.back(
        action,
        role,
        now.points.map((point) => ({ point, taken: taken.get(point) })),
      );
    case 'again':
      return learnText.again(now.points, action, role);
    case 'wrongOne':
      return learnText.wrongOne(now.point, now.taken, action, role);
    case 'onlyArm':
      return learnText.onlyArm(now.point, now.taken, action, role);
    case 'unclear':
      return learnText.unclear(now.points.join(' '), action, role);
    default:
      return learnText.ask(action, role);
  }
}

const givenUp = (now: LearningNow, known: number) =>
  now.kind === 'back' ? learnText.noReturn(now.points.join(' ')) : learnText.nothingMoved(known);

function resultOf({ point, ...learned }: Extract<LearningNow, { kind: 'done' }>['learned']): LearnResult {
  const at = point.indexOf('.');
  return { device: point.slice(0, at), point: point.slice(at + 1), ...learned };
}
