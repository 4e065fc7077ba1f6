/** What a story of a practice may do: cars in a lane, events at the counter, faults before the intake, and checks that say what was seen. It knows no story. */
import { practiceText as text } from '../../text/commands/practice.ts';
import type { Text } from '../../text/text.ts';
import type { Counter, CounterAnswer, CounterEvent } from './counter.ts';
import type { Sent } from './intake-proxy.ts';
import type { CarOutcome, Facts, PracticeSite } from './practice-site.ts';

/** A check that failed. */
export class PracticeFailure extends Error {
  override readonly name = 'PracticeFailure';
  readonly text: Text;
  constructor(seen: Text) {
    super(seen.en);
    this.text = seen;
  }
}

export interface PracticeLane {
  readonly id: string;
  /** A car drives up to the arm. Resolves when its plate is read, or it stands there unread. */
  arrive(plate: string, unread?: 'unread'): Promise<void>;
  /** The arm leaves down within ARM_WITHIN_MS after `sinceMs`: as it is, for a box on a busy machine may miss the pulse of a relay. */
  lifted(sinceMs: number): Promise<void>;
  /** The car is through, and the verdict on it is out. */
  verdict(): Promise<CarOutcome>;
  /** As before, and nobody paid. */
  unpaid(): Promise<void>;
  /** As `verdict`: it is covered, and by a message of this id if one is given. */
  paid(grantId?: unknown): Promise<void>;
}

export interface PracticeStage {
  readonly site: PracticeSite;
  /** Each of its own, far from the others letter by letter. */
  plate(k?: number): string;
  order(k?: number): string;
  /** A free lane, this story's until its end. */
  lane(): Promise<PracticeLane>;
  /** Nothing else is told or disturbed meanwhile. */
  alone<T>(act: () => Promise<T>): Promise<T>;
  /** An event at the counter, in its turn; fails without an answer. */
  tell(event: CounterEvent): Promise<CounterAnswer>;
  /** As `tell`, within `alone`. */
  ask(event: CounterEvent, withinMs?: number): Promise<CounterAnswer>;
  restart(): Promise<void>;
  /** Tries again until it holds, or fails with `otherwise`. */
  until<T>(holds: () => T | undefined | false, otherwise: () => Text, withinMs?: number): Promise<T>;
  /** Items sent to a path that fit, with their requests, first to last. */
  sent(path: string, fits: (item: Sent['items'][number]) => boolean): readonly SentItem[];
  received<K extends Facts['received'][number]['event']['kind']>(kind: K): readonly ReceivedOf<K>[];
}

export interface SentItem {
  readonly item: Sent['items'][number];
  readonly request: Sent;
}

export type ReceivedOf<K> = Omit<Facts['received'][number], 'event'> & {
  readonly event: Extract<Facts['received'][number]['event'], { kind: K }>;
};

export interface PracticeStory {
  readonly number: number;
  readonly title: Text;
  /** What the vendor's program must do. */
  readonly expected: Text;
  play(stage: PracticeStage): Promise<void>;
}

export const ARM_WITHIN_MS = 4_000;
export const ANSWER_WITHIN_MS = 10_000;
const VERDICT_WITHIN_MS = 60_000;
const ARRIVES_WITHIN_MS = 60_000;
const STANDS_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 25;

export function ensure(holds: boolean, seen: () => Text): asserts holds {
  if (!holds) throw new PracticeFailure(seen());
}

/** Hands out what there are few of, first come first served. */
export class Pool<T> {
  readonly #free: T[];
  readonly #waiting: ((one: T) => void)[] = [];
  constructor(all: readonly T[]) {
    this.#free = [...all];
  }
  take(): Promise<T> {
    const one = this.#free.shift();
    return one === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(one);
  }
  give(one: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(one);
    else next(one);
  }
}

export interface StageParts {
  readonly site: PracticeSite;
  readonly counter: Counter;
  readonly lanes: Pool<string>;
  /** One turn at the counter at a time. */
  readonly turn: Pool<'turn'>;
}

/** `end` gives the lanes back. */
export function createStage(
  number: number,
  { site, counter, lanes, turn }: StageParts,
): PracticeStage & { end(): void } {
  const { clock, facts, proxy } = site;
  const mine: string[] = [];
  const until: PracticeStage['until'] = async (holds, otherwise, withinMs = ANSWER_WITHIN_MS) => {
    const limitMs = clock.nowMs() + withinMs;
    for (;;) {
      const value = holds();
      if (value !== undefined && value !== false) return value as never;
      if (clock.nowMs() > limitMs) throw new PracticeFailure(otherwise());
      await clock.sleep(LOOK_EVERY_MS);
    }
  };
  const ask: PracticeStage['ask'] = async (event, withinMs = ANSWER_WITHIN_MS) => {
    const lineWallMs = clock.wallMs();
    const answer = await counter.ask(event, withinMs);
    if (answer === 'late') throw new PracticeFailure(text.noAnswer(event.event, withinMs / 1_000, lineWallMs));
    if (answer === 'gone') throw new PracticeFailure(text.programEnded(event.event));
    return answer;
  };
  const alone: PracticeStage['alone'] = async (act) => {
    await turn.take();
    try {
      return await act();
    } finally {
      proxy.behave('pass');
      turn.give('turn');
    }
  };
  return {
    ...{ site, until, ask, alone },
    plate: (k = 1) => plateOf(number, k),
    order: (k = 1) => `S${String(number).padStart(2, '0')}-${k}`,
    tell: (event) => alone(() => ask(event)),
    restart: () => counter.restart(),
    lane: async () => {
      const id = await lanes.take();
      mine.push(id);
      return createLane(id, site, until);
    },
    sent: (path, fits) =>
      proxy.sent
        .filter((request) => request.path === path)
        .flatMap((request) => request.items.filter(fits).map((item) => ({ item, request }))),
    received: (kind) => facts.received.filter(({ event }) => event.kind === kind) as never,
    end: () => {
      for (const id of mine.splice(0)) lanes.give(id);
    },
  };
}

function createLane(id: string, { clock, park, facts }: PracticeSite, until: PracticeStage['until']): PracticeLane {
  const world = park.worlds.get(id);
  let fromMs = clock.nowMs();
  const verdict = async (): Promise<CarOutcome> => {
    await until(
      () => facts.gone.some(({ laneId, atMs }) => laneId === id && atMs >= fromMs),
      () => text.stillThere(id),
      VERDICT_WITHIN_MS,
    );
    return until(
      () => facts.outcomes.find(({ laneId, atMs }) => laneId === id && atMs >= fromMs),
      () => text.noVerdict(id),
      VERDICT_WITHIN_MS,
    );
  };
  return {
    ...{ id, verdict },
    arrive: async (plate, unread) => {
      await until(
        () => world?.quiet() === true,
        () => text.laneBusy(id),
        ARRIVES_WITHIN_MS,
      );
      const seen = facts.plates.length;
      fromMs = clock.nowMs();
      world?.send('arrive', { plate, ...(unread && { unread: true }) });
      await until(
        () =>
          unread
            ? world?.levels().approach === true
            : facts.plates.slice(seen).some((one) => one.laneId === id && one.plate === plate),
        () => text.notRead(id),
        ARRIVES_WITHIN_MS,
      );
      if (unread) await clock.sleep(STANDS_AFTER_MS);
    },
    lifted: async (sinceMs) => {
      const lineWallMs = clock.wallMs() - (clock.nowMs() - sinceMs);
      const late = (afterS?: number): Text => text.notLifted(id, ARM_WITHIN_MS / 1_000, lineWallMs, afterS);
      const seenMs = await until(
        () => world?.levels().down === false && clock.nowMs(),
        late,
        // Longer than it may take, so as to say how late it came.
        sinceMs + ANSWER_WITHIN_MS - clock.nowMs(),
      );
      ensure(seenMs - sinceMs <= ARM_WITHIN_MS, () => late((seenMs - sinceMs) / 1_000));
    },
    unpaid: async () => {
      const outcome = await verdict();
      ensure(outcome.kind === 'unpaid', () => text.countedPaid(id));
    },
    paid: async (grantId) => {
      const outcome = await verdict();
      ensure(outcome.kind === 'paid', () => text.countedUnpaid(id));
      const by = outcome.grantId;
      if (grantId !== undefined) ensure(by === grantId, () => text.otherGrant(String(grantId), by));
    },
  };
}

/** Five figures, of which those of different stories differ in most. */
const FIGURES = { least: 10_000, span: 89_989, step: 41_113 };
const CARS_PER_STORY = 8;
export const plateOf = (number: number, k: number): string =>
  `粤B${FIGURES.least + (((number * CARS_PER_STORY + k) * FIGURES.step) % FIGURES.span)}`;
