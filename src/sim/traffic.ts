/** Arrivals: the fixed story of the demonstration, and random traffic by rate and shares. It must not know the course of a story. */
import type { Clock } from '../clock.ts';
import { createRandom } from './random.ts';
import type { Story, StoryOptions } from './stories.ts';
import type { LaneWorld } from './world.ts';

/** A record the platform should receive. `desc` is the text of `release_method_desc`. */
export interface ExpectedRelease {
  readonly method: 0 | 1 | 2 | 3;
  readonly desc: string;
  readonly plate: string;
}

export interface TrafficOrder {
  /** Pause after the order before it. */
  readonly afterMs: number;
  readonly story: Story;
  readonly options: StoryOptions;
}

/** Nine vehicles, most of them paid, and the exact records the platform must receive, in order. */
export function fixedStory(): {
  readonly orders: readonly TrafficOrder[];
  readonly expected: readonly ExpectedRelease[];
} {
  const order = (story: Story, options: StoryOptions): TrafficOrder => ({ afterMs: 0, story, options });
  return {
    orders: [
      order('paid', { plate: '粤B12345' }),
      order('paid', { plate: '粤BD10086', close: true }),
      order('button', { plate: '粤B54321' }),
      order('paid', { plate: '湘A6K288' }),
      order('tailgater', { plate: '粤B66210', followerPlate: '粤A99999' }),
      order('backOut', { plate: '京N8P315' }),
      order('trailer', { plate: '粤S70231' }),
      order('paid', { plate: '粤E3T905' }),
    ],
    expected: [
      { method: 1, desc: '按钮开闸', plate: '粤B54321' },
      { method: 3, desc: '可疑跟车', plate: '粤A99999' },
    ],
  };
}

/** Frequency of each story, in any unit; omitted stories do not come. */
export type TrafficShares = Readonly<Partial<Record<Story, number>>>;

export const NORMAL_TRAFFIC: TrafficShares = {
  paid: 84,
  trailer: 2,
  backOut: 2,
  button: 3,
  remote: 2,
  crank: 0.5,
  tailgater: 4,
  motorcycle: 1,
  paidMotorcycle: 1,
  nobody: 0.5,
};

/** Share of vehicles other than cars. */
const VAN_SHARE = 0.1;
const TRUCK_SHARE = 0.04;
/** Gaps of tailgaters: from bumper to bumper to a car's length. */
const TAILGATE_GAPS_M = [0.8, 4] as const;

/** Endless orders. `closeShare`: share of the paid that follow the one before closely. */
export function* randomTraffic(options: {
  readonly seed: number;
  readonly perHour: number;
  readonly shares?: TrafficShares;
  readonly closeShare?: number;
  readonly unreadShare?: number;
}): Generator<TrafficOrder, never> {
  const random = createRandom(options.seed);
  const shares = Object.entries(options.shares ?? NORMAL_TRAFFIC) as [Story, number][];
  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  const pickStory = (): Story => {
    let left = random.next() * total;
    for (const [story, share] of shares) {
      left -= share;
      if (left < 0) return story;
    }
    return 'paid';
  };
  while (true) {
    const story = pickStory();
    const close = random.chance(options.closeShare ?? 0.2) && story === 'paid';
    const unread = random.chance(options.unreadShare ?? 0.03);
    // Independent arrivals: exponential gaps.
    const afterMs = (-Math.log(1 - random.next()) * 3_600_000) / options.perHour;
    const kind = random.next();
    const vehicle = kind < TRUCK_SHARE ? 'truck' : kind < TRUCK_SHARE + VAN_SHARE ? 'van' : 'car';
    const gapM = random.between(...TAILGATE_GAPS_M);
    yield { afterMs, story, options: { close, unread, vehicle, ...(story === 'tailgater' && { gapM }) } };
  }
}

const LOOK_AGAIN_MS = 500;

/** Sends the orders into the world at their times, until they end or `signal` aborts. While the lane is closed the next one waits. */
export async function playTraffic(
  world: LaneWorld,
  clock: Clock,
  orders: Iterable<TrafficOrder>,
  signal: AbortSignal,
  isClosed: () => boolean = () => false,
): Promise<void> {
  for (const order of orders) {
    await clock.sleep(order.afterMs, signal);
    while (isClosed() && !signal.aborted) await clock.sleep(LOOK_AGAIN_MS, signal);
    if (signal.aborted) return;
    world.send(order.story, order.options);
  }
}
