/**
 * What the engine will make of a grant: it is run ahead over everything received until then, on a state that is thrown away. So the answer to the
 * sender is the engine's own. Pure.
 */

import type { PaymentFate } from './counted.ts';
import type { LaneState } from './lane.ts';
import { LaneRunner } from './lane-runner.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from './types.ts';

export type GrantWord =
  /** It covers a passage, now or later. */
  | { readonly kind: 'counts' }
  /** `endMs`: when it was over, in lane time. */
  | { readonly kind: 'expired'; readonly endMs: number }
  /** A payment of before told again: it lets nobody out. */
  | { readonly kind: 'repeated' };

/** To be asked before the event is fed. */
export function grantWord(
  state: LaneState,
  settings: LaneSettings,
  event: Extract<LaneEvent, { kind: 'grant' }>,
): GrantWord {
  const { grant, atMs } = event;
  const fates: PaymentFate[] = [];
  let endMs = atMs;
  const after = (_: LaneEvent, effects: readonly LaneEffect[]): void => {
    for (const effect of effects)
      if (effect.kind === 'count' && effect.counted.of === 'payment' && effect.counted.grantId === grant.id)
        fates.push(effect.counted.fate);
      else if (effect.kind === 'note' && effect.grantId === grant.id)
        endMs = Number(effect.fact.values?.endAtMs ?? endMs);
  };
  const ahead = new LaneRunner({ settings, state, after });
  ahead.feed(event);
  while (ahead.state.inbox.pending.includes(event) && ahead.tick());
  if (!fates.includes('told') || fates.includes('repeated')) return { kind: 'repeated' };
  if (!fates.includes('expired') || fates.includes('late')) return { kind: 'counts' };
  return { kind: 'expired', endMs };
}
