/** Records all inputs while a person lets one car through, until the lane is at rest again. It only reads; a person acts. */
import type { FieldWatch } from '../../app/field-monitor.ts';
import type { Config, LaneConfig } from '../../config/types.ts';
import type { Clock } from '../../driver.ts';
import { Problem } from '../../http/problem.ts';
import type { TeachResult } from '../../page/api/api-setup.ts';
import type { JobHandle } from '../../page/jobs.ts';
import { learnText } from '../../text/commission.ts';
import { teachText } from '../../text/teach.ts';
import { whole } from '../learn.ts';
import type { LevelSample } from '../learning.ts';
import { type Proposal, proposalOf, type TeachFacts } from './proposal.ts';
import type { Seen } from './taught.ts';
import { type Recording, wavesOf } from './waves.ts';

export interface TeachRequest {
  readonly lane: LaneConfig;
  readonly act: 'car' | 'empty';
  readonly by: TeachFacts['by'];
}

export interface TeachParts {
  readonly clock: Clock;
  readonly watch: FieldWatch;
  readonly config: Pick<Config, 'lanes'>;
  /** The last opening with a car of each lane and what came of it: for the opening without one, and for what a person confirms. */
  readonly seen: Map<string, Seen>;
}

const TICK_MS = 200;
/** One answer that is missed costs no lesson: what moved meanwhile is seen that much later. */
const LOST_MS = 2_000;
/** The attendant has to be called, and the car to be driven up. */
const WAIT_MS = 5 * 60_000;
/** An arm stands up this long without anything that moves, and a car waits this long under it. */
const QUIET_MS = 8_000;
/** With an input that has moved and not come back. */
const QUIET_STUCK_MS = 40_000;
/** A lane that is never quiet is judged by what is known. */
const LONGEST_MS = 4 * 60_000;
/** 32 inputs that chatter ten times a second for the whole time are less. */
const SAMPLES_MAX = 100_000;

/** Throws Problem `invalid` with every faulty field. */
export function teachRequest(input: Readonly<Record<string, unknown>>, parts: TeachParts): TeachRequest {
  const lane = parts.config.lanes.find(({ id }) => id === input.lane);
  const act = (['car', 'empty'] as const).find((each) => each === (input.act ?? 'car'));
  const by = (['button', 'remote', 'auto'] as const).find((each) => each === (input.by ?? 'button'));
  return whole<TeachRequest>({ lane, act, by }, { lane: learnText.noLane, act: teachText.badAct, by: teachText.badBy });
}

/** Throws Problem `conflict` when nothing moved or a device was lost; returns undefined when cancelled. */
export async function teach(
  request: TeachRequest,
  parts: TeachParts,
  job: JobHandle,
): Promise<TeachResult | undefined> {
  const { lane, act, by } = request;
  const car = parts.seen.get(lane.id)?.car;
  if (act === 'empty' && car === undefined) throw new Problem('conflict', { detail: teachText.carFirst });
  const taken = takenOf(lane, parts.config.lanes);
  const recorded = await record(request, parts, taken, job);
  if (recorded === undefined) return undefined;
  const facts = { car: car === undefined || act === 'car' ? recorded : car, by, taken };
  const proposal = proposalOf({ ...facts, ...(act === 'empty' && { empty: recorded }) });
  parts.seen.set(lane.id, { car: facts.car, roles: proposal.roles });
  return { lane: lane.id, ...proposal, ...drawn(facts.car, proposal) };
}

/** Inputs of the other lanes. */
function takenOf(lane: LaneConfig, lanes: readonly LaneConfig[]): ReadonlySet<string> {
  const others = lanes.filter(({ id }) => id !== lane.id);
  const own = new Set(pointsOf(lane));
  // Fire and mains may serve several lanes.
  return new Set(others.flatMap(pointsOf).filter((point) => !own.has(point)));
}
const pointsOf = ({ points }: LaneConfig): readonly string[] =>
  Object.values(points).map(({ device, point }) => `${device}.${point}`);

async function record(
  { act, by }: TeachRequest,
  { clock, watch }: TeachParts,
  taken: ReadonlySet<string>,
  job: JobHandle,
): Promise<Recording | undefined> {
  const before = new Map<string, boolean>();
  for (const [key, { value }] of watch.now()) if (value !== undefined) before.set(key, value);
  if (watch.now().size === 0) throw new Problem('conflict', { detail: learnText.noPoints });
  const samples: LevelSample[] = [];
  const levels = new Map(before);
  const lostAtMs = new Map<string, number>();
  const stop = watch.watch({
    reading: ({ deviceId, reading }) => {
      lostAtMs.delete(deviceId);
      const point = `${deviceId}.${reading.point}`;
      const value = reading.kind === 'level' ? reading.value : undefined;
      if (value !== undefined ? levels.get(point) === value : levels.has(point)) return;
      if (value !== undefined) levels.set(point, value);
      if (samples.length < SAMPLES_MAX) samples.push({ point, value, atMs: reading.atMs });
    },
    lost: (deviceId) => void lostAtMs.set(deviceId, lostAtMs.get(deviceId) ?? clock.nowMs()),
  });
  const fromMs = clock.nowMs();
  const soFar = (): Recording => ({ fromMs, toMs: clock.nowMs(), before, samples });
  try {
    let seen = -1;
    while (!job.signal.aborted) {
      const [lost] = [...lostAtMs].filter(([, atMs]) => clock.nowMs() - atMs > LOST_MS);
      if (lost !== undefined) throw new Problem('conflict', { detail: teachText.lost(lost[0]) });
      const recording = soFar();
      const { moved } = wavesOf(recording, taken);
      if (moved.length !== seen) {
        seen = moved.length;
        job.progress(seen === 0 ? teachText.ask(act, by) : teachText.seen(moved.map(({ point }) => point)));
      }
      const takenMs = recording.toMs - fromMs;
      if (moved.length > 0 && (isOver(recording, moved, act) || takenMs > LONGEST_MS)) return recording;
      if (moved.length === 0 && takenMs > WAIT_MS)
        throw new Problem('conflict', { detail: learnText.nothingMoved(before.size) });
      await clock.sleep(TICK_MS, job.signal);
    }
    return undefined;
  } finally {
    stop();
  }
}

/** An arm has come down again or a loop was left, and nothing that is no chatter has moved for a while. */
function isOver({ toMs }: Recording, moved: ReturnType<typeof wavesOf>['moved'], act: TeachRequest['act']): boolean {
  const ends = moved.flatMap(({ spans }) => spans.flatMap((span) => [span.fromMs, span.toMs]));
  const lastMs = Math.max(...ends.filter(Number.isFinite));
  // The button alone begins an opening and does not end one.
  const longest = Math.max(...moved.flatMap(({ spans }) => spans.map((span) => span.toMs - span.fromMs)));
  const hasMoved = moved.length >= (act === 'car' ? 2 : 1) && Number.isFinite(lastMs) && longest >= QUIET_MS / 4;
  // A car that has come up behind stands on loop A again; what has not come back at all may be the car itself.
  const isBack = moved.every(({ spans }) => spans.length > 1 || spans[0]?.toMs !== Number.POSITIVE_INFINITY);
  return hasMoved && toMs - lastMs >= (isBack ? QUIET_MS : QUIET_STUCK_MS);
}

/** What the page draws: inputs with a part, then those without. Edges as debounced. */
function drawn({ fromMs, toMs, before, samples }: Recording, proposal: Proposal) {
  const shown = [
    ...proposal.roles.flatMap(({ device, point, others }) => [`${device}.${point}`, ...others]),
    ...proposal.unexplained,
  ];
  const waves = [...new Set(shown)].map((at) => ({
    at,
    before: before.get(at) ?? null,
    edges: samples
      .flatMap(({ point, value, atMs }) => (point === at && value !== undefined ? [{ atMs, level: value }] : []))
      .slice(0, EDGES_SHOWN),
  }));
  return { fromMs, toMs, waves };
}
const EDGES_SHOWN = 60;
