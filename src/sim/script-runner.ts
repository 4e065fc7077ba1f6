/** Lets scripts go on when what they wait for has come, and does what is due later. It must not know what the scripts do. */

/** Waits for a time in milliseconds, or for something to become so. */
export type Script = Generator<number | (() => boolean), void>;

export interface ScriptRunner {
  run(script: Script): void;
  at(atMs: number, act: () => void): void;
  step(nowMs: number): void;
  /** No script is under way. */
  readonly idle: boolean;
  /** When something is due that no script waits for. */
  readonly nextMs: number;
}

const OVER = (): boolean => false;

interface Running {
  readonly script: Script;
  wait: number | (() => boolean);
}

export function createScriptRunner(): ScriptRunner {
  let running: Running[] = [];
  let timers: { readonly atMs: number; readonly act: () => void }[] = [];
  return {
    run: (script) => void running.push({ script, wait: 0 }),
    at: (atMs, act) => {
      timers.push({ atMs, act });
      timers.sort((a, b) => a.atMs - b.atMs);
    },
    step: (nowMs) => {
      for (let due = timers[0]; due !== undefined && due.atMs <= nowMs; due = timers[0]) {
        timers = timers.slice(1);
        due.act();
      }
      for (const one of running) goOn(one, nowMs);
      if (running.some(({ wait }) => wait === OVER)) running = running.filter(({ wait }) => wait !== OVER);
    },
    get idle() {
      return running.length === 0;
    },
    get nextMs() {
      return timers[0]?.atMs ?? Number.POSITIVE_INFINITY;
    },
  };
}

function goOn(one: Running, nowMs: number): void {
  while (typeof one.wait === 'number' ? nowMs >= one.wait : one.wait()) {
    const { value, done } = one.script.next();
    if (done) {
      one.wait = OVER;
      return;
    }
    one.wait = typeof value === 'number' ? nowMs + value : (value as () => boolean);
  }
}
