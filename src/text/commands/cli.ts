/** Texts of the command line: help, usage errors, the report of `check`. Both languages; Chinese first. */
import type { Text } from '../text.ts';
import * as table from './cli.made.ts';

export {
  CAUSE_NAMES,
  checkText,
  cliText,
  completionText,
  schemaText,
  versionText,
  wireCommandText,
} from './cli.made.ts';

/** Per cent of each class, as measured in the simulator. `near` and `close`: reported or kept for review; `paid`: paid passages falsely reported. */
export interface WiringShares {
  readonly manual: number;
  readonly far: number;
  readonly near: number;
  readonly close: number;
  readonly paid: number;
}

export const abilityText = {
  ...table.abilityText,
  cure: (what: keyof typeof table.cure, now: WiringShares, then: WiringShares): Text =>
    table.cure[what]({
      ...now,
      ...{
        manualThen: then.manual,
        farThen: then.far,
        nearThen: then.near,
        closeThen: then.close,
        paidThen: then.paid,
      },
    }),
};
