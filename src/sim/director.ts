/** Runs stories one after the other and records how each really went. It must not know their content, nor move anything itself. */
import { createScriptRunner, type Script } from './script-runner.ts';
import { type ExpectedRelease, type Story, type StoryOptions, type StoryStage, scriptOf } from './stories.ts';

/** One story as it really went. */
export interface Truth {
  readonly id: number;
  readonly story: Story;
  readonly options: StoryOptions;
  /** Clock.nowMs when the first vehicle came into view. */
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly plates: readonly string[];
  /** `atMs` (Clock.nowMs): when the arm left down, or the tailgater came onto B. */
  readonly releases: readonly (ExpectedRelease & { readonly atMs: number })[];
}

/** A story, or a vehicle that waits at the arm for somebody outside this world, whose truth is therefore not known. */
export interface StreetVisit extends Omit<Truth, 'story'> {
  readonly story: Story | 'arrive';
}

export const isStory = (visit: StreetVisit): visit is Truth => visit.story !== 'arrive';

/** Fields that a script adds as it goes. */
export interface OpenVisit extends StreetVisit {
  finishedAtMs?: number;
  readonly plates: string[];
  readonly releases: (ExpectedRelease & { readonly atMs: number })[];
}

export interface Director {
  /** @returns its number, or undefined when the queue is full */
  order(story: StreetVisit['story'], options: StoryOptions): number | undefined;
  /** Orders that have not begun are dropped. */
  clear(): void;
  /** Starts due stories and resumes every script whose wait is over. */
  step(nowMs: number): void;
  /** An earlier story is still running. */
  isBehindAnother(id: number): boolean;
  readonly idle: boolean;
  /** The last thousand. */
  readonly truths: readonly Truth[];
}

const WAITING_LIMIT = 50;
const TRUTH_KEPT = 1000;
/** Stories whose vehicle goes straight through, so that another may follow closely. */
const CAN_BE_FOLLOWED: ReadonlySet<StreetVisit['story']> = new Set([
  'paid',
  'paidMotorcycle',
  'trailer',
  'button',
  'remote',
]);

export function createDirector(hands: {
  readonly stageFor: (truth: OpenVisit) => StoryStage;
  readonly onStory: (visit: StreetVisit) => void;
}): Director {
  const waiting: { id: number; story: StreetVisit['story']; options: StoryOptions }[] = [];
  const truths: Truth[] = [];
  const runner = createScriptRunner();
  let running: OpenVisit[] = [];
  let orders = 0;
  let nowMs = 0;

  function* played(visit: OpenVisit): Script {
    yield* scriptOf(visit.story, visit.options, hands.stageFor(visit));
    visit.finishedAtMs = nowMs;
    running = running.filter((other) => other !== visit);
    hands.onStory(visit);
  }
  const beginNext = (): void => {
    const [next] = waiting;
    if (!next || !mayBegin(next.options, running)) return;
    waiting.shift();
    const visit: OpenVisit = { ...next, startedAtMs: nowMs, plates: [], releases: [] };
    if (isStory(visit)) truths.push(visit);
    if (truths.length > TRUTH_KEPT) truths.shift();
    running.push(visit);
    runner.run(played(visit));
    hands.onStory(visit);
  };

  return {
    truths,
    get idle() {
      return waiting.length === 0 && running.length === 0;
    },
    order: (story, options) => {
      if (waiting.length >= WAITING_LIMIT) return undefined;
      orders += 1;
      waiting.push({ id: orders, story, options });
      return orders;
    },
    clear: () => {
      waiting.length = 0;
    },
    step: (atMs) => {
      nowMs = atMs;
      beginNext();
      runner.step(atMs);
    },
    isBehindAnother: (id) => running.some((other) => other.id < id),
  };
}

function mayBegin(options: StoryOptions, running: readonly StreetVisit[]): boolean {
  const [ahead] = running;
  if (!ahead) return true;
  return options.close === true && running.length === 1 && CAN_BE_FOLLOWED.has(ahead.story);
}
