/**
 * The counter: a vendor's program as a child process, given business events as lines of JSON and answering each with one. It knows no story,
 * and nothing of the box.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Clock } from '../../clock.ts';
import { parsed } from '../../store/thread/json.ts';

/** Values are flat, so that any language reads them with little. */
export type CounterEvent = { readonly event: string } & Readonly<Record<string, string | number | boolean>>;
export type CounterAnswer = Readonly<Record<string, unknown>>;

export interface Counter {
  /** Sends a line. Resolves with its answer, or `late` when none came in time, or `gone` when the program ended. */
  ask(event: CounterEvent, withinMs: number): Promise<CounterAnswer | 'late' | 'gone'>;
  /** Ends the program at once, as by a power cut, and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Time to end by itself when its input ends. */
const END_WITHIN_MS = 2_000;

export function startCounter(
  [program = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string>>,
  { clock, onOther }: { readonly clock: Clock; readonly onOther: (line: string) => void },
): Counter {
  const waiting = new Map<number, (answer: CounterAnswer | 'gone') => void>();
  let asked = 0;
  let child: ChildProcess;
  let ended: Promise<void> = Promise.resolve();
  const begin = (): void => {
    const mine = spawn(program, words, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child = mine;
    mine.stdin?.on('error', () => undefined); // it has ended, which is noticed below
    ended = new Promise((resolve) => {
      const over = (): void => {
        if (child === mine) for (const answer of [...waiting.values()]) answer('gone');
        resolve();
      };
      mine.once('close', over);
      mine.once('error', (error) => {
        onOther(error.message);
        over();
      });
    });
    createInterface({ input: mine.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const answer = answerIn(line);
      const resolve = answer && waiting.get(answer.n);
      if (resolve === undefined) return onOther(line);
      resolve(answer as CounterAnswer);
    });
  };
  begin();
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    ask: async (event, withinMs) => {
      asked += 1;
      const n = asked;
      const over = new AbortController();
      const answered = new Promise<CounterAnswer | 'gone'>((resolve) => {
        waiting.set(n, resolve);
        if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve('gone');
        child.stdin?.write(`${JSON.stringify({ n, ...event })}\n`);
      });
      const late = clock.sleep(withinMs, over.signal).then((): 'late' => 'late');
      const answer = await Promise.race([answered, late]);
      over.abort();
      waiting.delete(n);
      return answer;
    },
    restart: async () => {
      await kill();
      begin();
    },
    close: async () => {
      child.stdin?.end();
      await Promise.race([ended, clock.sleep(END_WITHIN_MS)]);
      await kill();
    },
  };
}

function answerIn(line: string): ({ readonly n: number } & CounterAnswer) | undefined {
  const answer = parsed<unknown>(line);
  const isAnswer = typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'n') === 'number';
  return isAnswer ? (answer as { readonly n: number }) : undefined;
}
