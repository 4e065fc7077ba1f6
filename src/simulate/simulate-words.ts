/** What a trainer types while a simulated park goes on: vehicles, faults, questions. It reads words and acts on the park it is given. */
import { FAULTS, isFault } from '../sim/faults.ts';
import { STORIES, type Story } from '../sim/stories.ts';
import { simulateText } from '../text/commands/simulate.ts';
import type { Text } from '../text/text.ts';
import type { SimulatedPark } from './simulate-park.ts';

/** Words that mean a story by another name. */
const OTHER_NAMES: Readonly<Record<string, Story>> = { manual: 'button', tailgate: 'tailgater', backout: 'backOut' };
const storyOf = (word: string): Story | undefined =>
  OTHER_NAMES[word] ?? STORIES.find((story) => story.toLowerCase() === word.toLowerCase());

export interface Typed {
  readonly say: (text: Text) => void;
  readonly report: () => void;
  readonly quit: () => void;
}

/** Acts on one line; what makes no sense is answered and changes nothing. */
export function actOn(
  line: string,
  park: Pick<SimulatedPark, 'worlds' | 'faults'>,
  { say, report, quit }: Typed,
): void {
  const words = line
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const [named] = park.worlds.has(words[0] ?? '') ? words.splice(0, 1) : [...park.worlds.keys()];
  const [first, ...rest] = words;
  if (first === undefined) return;
  const story = storyOf(first);
  if (story !== undefined) {
    const [plate] = rest;
    const taken = park.worlds.get(named ?? '')?.send(story, plate === undefined ? {} : { plate }) !== undefined;
    if (!taken) say(simulateText.full(named ?? ''));
    return;
  }
  if (first === 'faults') say(simulateText.faults(park.faults.active));
  else if (first === 'fault') changeFault(rest, park, say);
  else if (first === 'report') report();
  else if (first === 'quit' || first === 'exit') quit();
  else say(simulateText.help(STORIES, FAULTS, first === 'help' ? undefined : first));
}

function changeFault(words: readonly string[], { faults }: Pick<SimulatedPark, 'faults'>, say: Typed['say']): void {
  const [name = '', how = 'on'] = words;
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(how) ?? [];
  const known = how === 'on' || how === 'off' || (percent !== undefined && Number(percent) <= 100);
  if (isFault(name) && known) faults.set(name, how !== 'off', percent === undefined ? 1 : Number(percent) / 100);
  else if (name !== '') say(simulateText.badFault(words.join(' '), FAULTS));
  say(simulateText.faults(faults.active));
}
