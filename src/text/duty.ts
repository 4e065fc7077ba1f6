/** Texts about who is on duty. Both languages; Chinese first. */
import { configFaultText, type FaultText } from './config.ts';
import * as table from './duty.made.ts';
import type { Text } from './text.ts';

export { vehicleCsvText } from './duty.made.ts';

export const dutyFaultText = {
  ...table.dutyFaultText,
  unknownLane: configFaultText.unknownLane,
  unknownBooth: (name: string, booths: readonly string[]): FaultText => ({
    message: { zh: `没有“${name}”这个岗亭`, en: `there is no booth "${name}"` },
    hint: {
      zh: booths.length === 0 ? '先在 duty.booths 里写上' : `duty.booths 里有：${booths.join('、')}`,
      en: booths.length === 0 ? 'name it in duty.booths first' : `duty.booths has: ${booths.join(', ')}`,
    },
  }),
};

/** What was done to the PIN of an operator. */
export function pinText(operator: string, done: 'set' | 'changed' | 'removed'): Text {
  const zh = { set: '设了', changed: '改了', removed: '去掉了' }[done];
  const en = { set: 'set', changed: 'changed', removed: 'removed' }[done];
  return { zh: `${zh} ${operator} 的上岗 PIN`, en: `${en} the PIN of ${operator}` };
}

/** In the audit log. No sign-on: the user may be somebody else than the operator. */
export function affirmedText(shifts: readonly { readonly lane: string; readonly operator: string }[]): Text {
  const all = shifts.map(({ lane, operator }) => `${lane} ${operator}`);
  return {
    zh: `说当班没有换人：${all.join('、')}`,
    en: `said that nobody had changed on duty: ${all.join(', ')}`,
  };
}
