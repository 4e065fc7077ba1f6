/** Provisioning: why a file is refused and what to do, what it changes, the command. Both languages; Chinese first. */
import type { Changes } from '../../provision/change-rows.ts';
import type { ProvisionCode } from '../../provision/provision-code.ts';
import type { Text } from '../text.ts';
import * as table from './provision.made.ts';
import { CHANGES, PROVISION_FAULTS } from './provision.made.ts';

export const provisionFault = (code: ProvisionCode, { zh, en }: Text): Text => ({
  zh: `${PROVISION_FAULTS[code].zh}${zh === '' ? '' : `（${zh}）`}`,
  en: `${PROVISION_FAULTS[code].en}${zh === '' ? '' : ` (${en})`}`,
});

/** `by`: who acts in its name: no user can be called so. */
export const provisionText = { ...table.provisionText, by: '(provision)' } as const;
const SHOWN_MAX = 100;

/** One line each. */
export function changeLines({ configuration, secrets, profiles, users, tokens, confirms }: Changes): readonly Text[] {
  const left = configuration.length - SHOWN_MAX;
  const named = (rows: Changes['secrets']) => rows.map(({ name, how }) => CHANGES.named(name, how));
  const lists = { secrets: named(secrets), profiles: named(profiles), users, tokens, confirms };
  return [
    CHANGES.configuration(configuration.length),
    ...configuration.slice(0, SHOWN_MAX).map(({ path, before, after }) => {
      if (before === undefined) return CHANGES.added(path, String(after));
      return after === undefined ? CHANGES.removed(path, before) : CHANGES.changed(path, before, after);
    }),
    ...(left > 0 ? [CHANGES.more(left)] : []),
    ...(Object.keys(lists) as (keyof typeof lists)[]).flatMap((of) =>
      lists[of].length === 0 ? [] : [CHANGES[of](lists[of])],
    ),
  ];
}
