/** Runs stories one after the other and says when each begins and ends. It must not know their content, nor move anything itself. */
import { createScriptRunner, type Script } from './script-runner.ts';
import { type Story, type StoryOptions, type StoryStage, scriptOf } from './stories.ts';

/** A story as it goes; `arrive`: a vehicle that waits at the arm for somebody outside this world. */
export interface StreetVisit {
  readonly id: number;
  readonly story: Story | 'arrive';
  readonly options: StoryOptions;
  /** Clock.nowMs when the first vehicle came into view. */
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
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
}

const WAITING_LIMIT = 50;
/** Stories whose vehicle goes straight through, so that another may follow closely. */
const CAN_BE_FOLLOWED: ReadonlySet<StreetVisit['story']> = new Set([
  'paid',
  'paidMotorcycle',
  'trailer',
  'button',
  'remote',
]);

export function createDirector(hands: {
  readonly stageFor: (visit: StreetVisit) => StoryStage;
  readonly onStory: (visit: StreetVisit) => void;
}): Director {
  const waiting: { id: number; story: StreetVisit['story']; options: StoryOptions }[] = [];
  const runner = createScriptRunner();
  let running: StreetVisit[] = [];
  let orders = 0;
  let nowMs = 0;

  function* played(visit: StreetVisit): Script {
    yield* scriptOf(visit.story, visit.options, hands.stageFor(visit));
    running = running.filter((other) => other !== visit);
    hands.onStory({ ...visit, finishedAtMs: nowMs });
  }
  const beginNext = (): void => {
    const [next] = waiting;
    if (!next || !mayBegin(next.options, running)) return;
    waiting.shift();
    const visit = { ...next, startedAtMs: nowMs };
    running.push(visit);
    runner.run(played(visit));
    hands.onStory(visit);
  };

  return {
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
