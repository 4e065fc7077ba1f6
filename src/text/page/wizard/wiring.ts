/** Texts of the wiring test on the page, beside those of `ui-wizard.ts`. Chinese first. */
import type { Text } from '../../text.ts';
import * as table from './wiring.made.ts';

export { teachAsk } from './wiring.made.ts';

export const wiringText = {
  ...table.wiringText,
  /** `role`: what the box took it for; undefined: it saw none. */
  seenAs: (role: Text | undefined, isSame: boolean): Text =>
    role === undefined
      ? { zh: '没有测出来', en: 'not shown by the test' }
      : isSame
        ? { zh: '测得相符，但不能确定', en: 'the test agrees and is not certain' }
        : { zh: `测得像「${role.zh}」`, en: `the test took it for the ${role.en}` },
} as const;
