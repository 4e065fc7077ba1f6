/** What a trainer types while a simulated park goes on: vehicles, single movements, faults, questions. It reads words and acts on the park it is given. */
import { createInterface } from 'node:readline';
import type { Clock } from '../clock.ts';
import type { Role } from '../lane/types.ts';
import { FAULTS, type FaultInjector, isFault } from '../sim/faults.ts';
import { STORIES, type Story } from '../sim/stories.ts';
import type { LaneWorld } from '../sim/world.ts';
import { simulateText } from '../text/commands/simulate.made.ts';
import { simulateWordsText, TYPED } from '../text/commands/simulate-words.made.ts';
import { filled, joined, type Text } from '../text/text.ts';

/** Words that mean a story by another name. */
const OTHER_NAMES: Readonly<Record<string, Story | 'arrive'>> = {
  ...{ manual: 'button', tailgate: 'tailgater', backout: 'backOut', car: 'button', arrive: 'arrive' },
};
const storyOf = (word: string): Story | 'arrive' | undefined =>
  OTHER_NAMES[word.toLowerCase()] ?? STORIES.find((story) => story.toLowerCase() === word.toLowerCase());

export interface Park {
  readonly worlds: ReadonlyMap<string, Pick<LaneWorld, 'send' | 'clear' | 'press' | 'moveArm' | 'force'>>;
  readonly faults: Pick<FaultInjector, 'set' | 'active'>;
}

export interface Typed {
  readonly say: (text: Text) => void;
  readonly quit: () => void;
  /** Random vehicles come, or do not. */
  readonly traffic: (on: boolean) => void;
  /** The table of what was found and missed; undefined: there is none. */
  readonly report?: () => void;
}

/** What a word did: went on at once, waits for so long, or was not understood. */
type Done = 'done' | 'unknown' | { readonly waitMs: number };

interface Line {
  /** Of the words that follow. */
  lane: string;
  readonly words: string[];
}

const LOOPS: Readonly<Record<string, Role>> = { a: 'approach', b: 'barrier', c: 'exit' };
const CONTACTS = { button: 'button', remote: 'remote', relay: 'auto' } as const;
/** A plate has a figure in it, and no command has. */
const isPlate = (word: string | undefined, park: Park): word is string =>
  word !== undefined && /\d/.test(word) && !park.worlds.has(word);

/** Reads lines until `signal` aborts or they end, one after the other, and acts on every word. */
export function actOnLines(
  input: NodeJS.ReadableStream,
  park: Park,
  typed: Typed,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): void {
  const lines = createInterface({ input });
  signal.addEventListener('abort', () => lines.close(), { once: true });
  let before = Promise.resolve();
  lines.on('line', (line) => {
    before = before.then(() => actOn(line, park, typed, (ms) => clock.sleep(ms, signal)));
  });
}

/** Acts on the words of one line. At one that makes no sense it stops and says so; those before it have been done. */
export async function actOn(
  line: string,
  park: Park,
  typed: Typed,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  const words = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
  const rest: Line = { lane: [...park.worlds.keys()][0] ?? '', words };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const done = actOnWord(word, rest, park, typed);
    if (done === 'unknown') return typed.say(helpText(word));
    if (done !== 'done') await sleep(done.waitMs);
  }
}

function helpText(unknown?: string): Text {
  const places = { unknown, stories: STORIES.join(' | '), faults: FAULTS.join(' ') };
  return joined(
    Object.values(TYPED).map((line) => filled<typeof places>(line, places)),
    '\n',
    '\n',
  );
}

function actOnWord(word: string, line: Line, park: Park, typed: Typed): Done {
  const story = storyOf(word);
  if (story !== undefined) return sendOne(story, line, park, typed);
  const verb = VERBS[word];
  if (verb !== undefined) return verb(line, park, typed);
  if (!park.worlds.has(word)) return 'unknown';
  line.lane = word;
  return 'done';
}

function sendOne(story: Story | 'arrive', { lane, words }: Line, park: Park, { say }: Typed): Done {
  const plate = isPlate(words[0], park) ? words.shift() : undefined;
  const taken = park.worlds.get(lane)?.send(story, plate === undefined ? {} : { plate }) !== undefined;
  if (!taken) say(simulateWordsText.full(lane));
  return 'done';
}

type Verb = (line: Line, park: Park, typed: Typed) => Done;

const acts =
  (act: (...of: Parameters<Verb>) => void): Verb =>
  (...of) => {
    act(...of);
    return 'done';
  };

/** A verb whose next words must be of these; anything else is said with what is possible, and ends the line. */
const checked =
  (usage: string, take: (words: string[], park: Park, lane: string, typed: Typed) => Done | undefined): Verb =>
  ({ words, lane }, park, typed) => {
    const given = [...words];
    const done = take(words, park, lane, typed);
    if (done !== undefined) return done;
    const taken = given.slice(0, given.length - words.length).join(' ');
    typed.say(simulateWordsText.badWord(`${usage.split(' ')[0]} ${taken}`.trim(), usage));
    words.length = 0;
    return 'done';
  };

const SECONDS = /^(\d{1,4}(?:\.\d+)?)s?$/;
const at = <T>(table: Readonly<Record<string, T>>, word = ''): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;
const onOff = (word: string | undefined): boolean | undefined => at({ on: true, off: false }, word);

const VERBS: Readonly<Record<string, Verb>> = {
  arm: checked('arm up | arm down', (words, park, lane) => {
    const to = at({ up: 'up', down: 'down' } as const, words.shift());
    if (to === undefined) return undefined;
    park.worlds.get(lane)?.moveArm(to);
    return 'done';
  }),
  loop: checked('loop a|b|c on|off', (words, park, lane) => {
    const role = at(LOOPS, words.shift()?.toLowerCase());
    const on = onOff(words.shift());
    if (role === undefined || on === undefined) return undefined;
    // Off: as the vehicles make it.
    park.worlds.get(lane)?.force(role, on ? true : undefined);
    return 'done';
  }),
  press: checked('press button | press remote | press relay', (words, park, lane) => {
    const contact = at(CONTACTS, words.shift());
    if (contact === undefined) return undefined;
    park.worlds.get(lane)?.press(contact);
    return 'done';
  }),
  traffic: checked('traffic on | traffic off', (words, { worlds }, _lane, { traffic }) => {
    const on = onOff(words.shift());
    if (on === undefined) return undefined;
    traffic(on);
    if (!on) for (const world of worlds.values()) world.clear();
    return 'done';
  }),
  wait: checked('wait 5', (words) => {
    const [, seconds] = SECONDS.exec(words.shift() ?? '') ?? [];
    return seconds === undefined ? undefined : { waitMs: Number(seconds) * 1_000 };
  }),
  fault: acts(({ words }, { faults }, { say }) => {
    const name = words.shift() ?? '';
    const how = /^(on|off|[\d.]+%)$/.test(words[0] ?? '') ? (words.shift() as string) : 'on';
    const share = how.endsWith('%') ? Number(how.slice(0, -1)) / 100 : 1;
    if (isFault(name) && share <= 1) faults.set(name, how !== 'off', share);
    else if (name !== '') say(simulateText.badFault(`${name} ${how === 'on' ? '' : how}`.trim(), FAULTS.join(' ')));
    say(simulateWordsText.faults(faults.active.join(' ')));
  }),
  faults: acts((_line, { faults }, { say }) => say(simulateWordsText.faults(faults.active.join(' ')))),
  report: (_line, _park, { report }) => {
    if (report === undefined) return 'unknown';
    report();
    return 'done';
  },
  help: acts((_line, _park, { say }) => say(helpText())),
  quit: acts((_line, _park, { quit }) => quit()),
  exit: acts((_line, _park, { quit }) => quit()),
};
