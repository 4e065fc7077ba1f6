/** Meaning of each key of the configuration, for the JSON Schema, the documentation and the page's form. */
import type { Text } from '../text.ts';
import { DESTINATION_KEYS, KEYS, KIND_KEYS } from './keys.made.ts';

/** Meaning of the key at `path`; undefined without a text. */
export function keyText(path: string): Text | undefined {
  const [, of, kind, key = ''] = /^(devices|cameras|destinations)\.([^.]+)\.(.+)$/.exec(path) ?? [];
  const ofKinds = of === 'destinations' ? DESTINATION_KEYS : KIND_KEYS;
  return own(KEYS, path) ?? own(ofKinds, `${kind}.${key}`) ?? own(ofKinds, key);
}

/** Paths come from files: one may be called like a member of every object. */
const own = (texts: Readonly<Record<string, Text>>, key: string): Text | undefined =>
  Object.hasOwn(texts, key) ? texts[key] : undefined;
