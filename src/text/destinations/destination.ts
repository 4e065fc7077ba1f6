/** Texts about destinations: faults of their configuration, and what they log. Both languages; Chinese first. */
import { detailed, plain, type Text } from '../text.ts';
import { CATEGORIES } from './destination.made.ts';

export { destinationFaultText, destinationLog } from './destination.made.ts';

/** Why a destination did not take a message: `category: detail`, or as the destination put it. */
export function destinationFault(why: string): Text {
  const [, category = '', detail] = /^(\w+)(?:: (.*))?$/s.exec(why) ?? [];
  const words = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  return words === undefined ? plain(why) : detailed(words, detail);
}
