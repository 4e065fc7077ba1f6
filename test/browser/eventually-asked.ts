/** As `eventually`, of what can only be asked for. */
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

const AGAIN_MS = 50;

/** Asks until it holds; an answer that fails is one that does not hold. */
export async function eventuallyAsked(
  what: string,
  holds: () => Promise<boolean>,
  details: string | (() => string | Promise<string>) = '',
  withinMs = LONGEST_WAIT_MS,
): Promise<void> {
  const limitMs = performance.now() + withinMs;
  let failed = '';
  for (;;) {
    const is = await holds().catch((error: Error) => {
      failed = error.message;
      return false;
    });
    if (is) return;
    if (performance.now() > limitMs)
      throw new Error(
        `never came true: ${what}\n${failed}\n${typeof details === 'string' ? details : await details()}`,
      );
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
