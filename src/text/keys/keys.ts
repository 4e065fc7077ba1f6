/** Meaning of each key of the configuration, for the JSON Schema, the documentation and the page's form. */
import { receiveText } from '../page/pushes.made.ts';
import { directionName } from '../page/ui-lane.made.ts';
import { keptForName } from '../page/ui-wizard.made.ts';
import { parityName } from '../page/wizard/first.made.ts';
import type { Text } from '../text.ts';
import { DESTINATION_KEYS, KEYS, KIND_KEYS } from './keys.made.ts';

/** Meaning of the key at `path`; undefined without a text. */
export function keyText(path: string): Text | undefined {
  const [, of, kind, key = ''] = /^(devices|cameras|destinations)\.([^.]+)\.(.+)$/.exec(path) ?? [];
  const ofKinds = of === 'destinations' ? DESTINATION_KEYS : KIND_KEYS;
  return own(KEYS, path) ?? own(ofKinds, `${kind}.${key}`) ?? own(ofKinds, key);
}

type Names = Readonly<Record<string, Text>>;

const CHOICES: Readonly<Record<string, Names>> = {
  'lanes.direction': directionName,
  'lines.parity': parityName,
  'store.keep': keptForName,
};

/** What a person reads in place of each choice of the key at `path`; undefined: the choices as they are written. */
export const choiceText = (path: string): Names | undefined =>
  /^cameras\.[^.]+\.receive$/.test(path) ? receiveText : own(CHOICES, path);

/** Paths come from files: one may be called like a member of every object. */
const own = <T>(texts: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined;
