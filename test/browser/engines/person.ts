/**
 * A person with a phone in front of the page, in any engine: finds by name, as the eye does, presses what is really there and not covered, types,
 * and every tap and character is counted.
 */
import { eventuallyAsked } from '../eventually-asked.ts';
import type { EnginePage } from './engine.ts';
import { heldBackMs } from './held-back.ts';

export interface Effort {
  /** Buttons, links, ticks and choices, and the first field of each form: from one field to the next the keyboard has a key. */
  taps: number;
  /** Fields that the keyboard's key led to. */
  furtherFields: number;
  /** Secrets, and what is pasted, count as one. */
  characters: number;
}

type What = 'button' | 'link' | 'tick' | 'field';

export interface Person {
  readonly effort: Effort;
  /** Presses it when it is there, uncovered and not greyed out. `name`: all of it, or the beginning with `…` at its end. */
  tap(what: What, name: string, withinMs?: number): Promise<void>;
  /** Types over what stands in the fields, by their labels, one after the other. */
  fill(values: Readonly<Record<string, string>>, how?: 'typed' | 'pasted'): Promise<void>;
  /** Chooses of a list, by the label. */
  choose(label: string, value: string): Promise<void>;
  /** Waits for a text that can be seen. */
  sees(text: string, withinMs?: number): Promise<void>;
  /** Now, without waiting. */
  shows(text: string): Promise<boolean>;
  can(what: What, name: string): Promise<boolean>;
  seesNot(text: string, withinMs?: number): Promise<void>;
  evaluate<T>(expression: string): Promise<T>;
  /** What else the person waits for. */
  waits(wait: Promise<void>): Promise<void>;
  /** Spent until something was there to press or to see: by the clock, and without what other work of the machine took of it. */
  waited(): { readonly clockMs: number; readonly ownMs: number };
}

/** In the page: the point at which a thing is pressed, or why it cannot be. What moves is not pressed: an eye waits until it stands still. */
const FIND = `(what, name) => {
  const clean = (text) => (text ?? '').replace(/\\s+/g, ' ').trim();
  const fits = (text) => name.endsWith('…') ? text.startsWith(name.slice(0, -1)) : text === name;
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden';
  const texts = (one) => [clean(one.getAttribute('aria-label')), clean(one.textContent)];
  const labels = (one) => [...(one.labels ?? [])].map((label) => clean(label.textContent));
  const all = {
    button: () => [...document.querySelectorAll('button, summary')].filter((one) => texts(one).some(fits)),
    link: () => [...document.querySelectorAll('a[href]')].filter((one) => texts(one).some(fits)),
    tick: () => [...document.querySelectorAll('input[type=checkbox], input[type=radio]')].filter((one) => labels(one).some(fits)),
    field: () => [...document.querySelectorAll('input, select, textarea')].filter((one) => labels(one).some(fits)),
  };
  const one = all[what]().filter(shown).at(-1);
  if (one === undefined) return { why: 'not there' };
  if (one.disabled) return { why: 'greyed out' };
  const beforeTop = one.getBoundingClientRect().top;
  one.scrollIntoView({ block: 'center', behavior: 'instant' });
  if (Math.abs(one.getBoundingClientRect().top - beforeTop) > 1) return { why: 'still moving' };
  const { left, top, width, height } = (what === 'tick' ? one.labels[0] ?? one : one).getBoundingClientRect();
  const point = { x: left + Math.min(width / 2, 100), y: top + height / 2 };
  const there = document.elementFromPoint(point.x, point.y);
  const label = what === 'tick' ? one.closest('label') ?? one : one;
  if (!label.contains(there)) return { why: 'covered by ' + (there?.outerHTML ?? 'nothing').slice(0, 100) };
  window.found = one;
  return { ...point, isFocused: document.activeElement === one, form: clean(one.form?.textContent).slice(0, 40) };
}`;

/** A tap has had its effect by then. */
const MISSED_MS = 3_000;
const MISSED_MOST = 3;

type Found = {
  readonly x: number;
  readonly y: number;
  readonly isFocused: boolean;
  readonly form: string;
  readonly why?: string;
};

const shownText = (text: string): string =>
  `document.body.innerText.replace(/\\s+/g, ' ').includes(${JSON.stringify(text)})`;

export function person(page: EnginePage): Person {
  let [clockMs, ownMs] = [0, 0];
  const waited = async (wait: Promise<void>): Promise<void> => {
    const [fromMs, heldMs] = [performance.now(), heldBackMs()];
    await wait;
    const tookMs = performance.now() - fromMs;
    clockMs += tookMs;
    ownMs += Math.max(0, tookMs - (heldBackMs() - heldMs));
  };
  const effort: Effort = { taps: 0, furtherFields: 0, characters: 0 };
  const find = async (what: What, name: string, withinMs?: number): Promise<Found> => {
    let found: Found | undefined;
    await waited(
      eventuallyAsked(
        `${what} "${name}" can be pressed`,
        async () => {
          const before = found;
          found = await page.evaluate<Found>(`(${FIND})(${JSON.stringify(what)}, ${JSON.stringify(name)})`);
          return found.why === undefined && found.x === before?.x && found.y === before.y;
        },
        async () => `${found?.why}\n${await page.evaluate<string>('document.body.innerText')}`,
        withinMs,
      ),
    );
    return found as Found;
  };
  const press = async ({ x, y }: Found): Promise<void> => page.press(x, y);
  /** Where the page moved under the finger, it is tapped again: on a busy machine, and not counted. */
  const ticked = async (name: string): Promise<void> => {
    const isTicked = (): Promise<boolean> => page.evaluate<boolean>('found.checked');
    for (let again = 0; again < MISSED_MOST; again += 1) {
      const done = await eventuallyAsked(`"${name}" is ticked`, isTicked, () => '', MISSED_MS).then(
        () => true,
        () => false,
      );
      if (done) return;
      await press(await find('tick', name));
    }
  };
  const sees = (text: string, is: boolean, withinMs?: number): Promise<void> =>
    waited(
      eventuallyAsked(
        `"${text}" is ${is ? '' : 'not '}seen`,
        async () => (await page.evaluate<boolean>(shownText(text))) === is,
        () => page.evaluate<string>('document.body.innerText'),
        withinMs,
      ),
    );
  return {
    effort,
    tap: async (what, name, withinMs) => {
      effort.taps += 1;
      await press(await find(what, name, withinMs));
      if (what === 'tick') await ticked(name);
    },
    fill: async (values, how = 'typed') => {
      let form: string | undefined;
      for (const [label, value] of Object.entries(values)) {
        const field = await find('field', label);
        if (form === field.form) effort.furtherFields += 1;
        else if (!field.isFocused) effort.taps += 1;
        form = field.form;
        if (!field.isFocused) await press(field);
        const isSecret = await page.evaluate<boolean>('(found.select(), found.type === "password")');
        effort.characters += isSecret || how === 'pasted' ? 1 : value.length;
        await page.type(value);
        await eventuallyAsked(
          `"${label}" says what was typed`,
          () => page.evaluate<boolean>(`found.value === ${JSON.stringify(value)}`),
          () => page.evaluate<string>('found.value'),
        );
      }
    },
    choose: async (label, value) => {
      effort.taps += 2;
      await find('field', label);
      // The list that opens is the system's: no driver reaches into it.
      await page.evaluate(
        `(found.value = ${JSON.stringify(value)}, found.dispatchEvent(new Event('input', { bubbles: true })), found.dispatchEvent(new Event('change', { bubbles: true })))`,
      );
    },
    sees: (text, withinMs) => sees(text, true, withinMs),
    shows: (text) => page.evaluate<boolean>(shownText(text)),
    can: async (what, name) =>
      (await page.evaluate<Found>(`(${FIND})(${JSON.stringify(what)}, ${JSON.stringify(name)})`)).why === undefined,
    seesNot: (text, withinMs) => sees(text, false, withinMs),
    evaluate: page.evaluate,
    waits: waited,
    waited: () => ({ clockMs, ownMs }),
  };
}
