/** Texts about destinations: faults of their configuration, and what they log. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './destination.made.ts';
import { CATEGORIES } from './destination.made.ts';

export { destinationFaultText } from './destination.made.ts';

/** Why a destination did not take a message: `category: detail`, or as the destination put it. */
export function destinationFault(why: string): Text {
  const [, category = '', detail = ''] = /^(\w+)(?:: (.*))?$/s.exec(why) ?? [];
  const words = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  if (words === undefined) return { zh: why, en: why };
  return detail === '' ? words : { zh: `${words.zh}（${detail}）`, en: `${words.en} (${detail})` };
}

export const destinationLog = {
  ...table.destinationLog,
  fault: (name: string, why: string): Text => ({
    zh: `去向 ${name}：${destinationFault(why).zh}，会自动重试`,
    en: `destination ${name}: ${destinationFault(why).en}; it is tried again`,
  }),
};
