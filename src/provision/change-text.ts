/** What a signed file changes, in words. */
import { CHANGES } from '../text/fleet/provision.made.ts';
import type { Text } from '../text/text.ts';
import type { Changes } from './change-rows.ts';

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
