/** Why a payment counted, or did not. */

import { ENDED, used } from './grant-fates.made.ts';
import { claimWayText } from './lanes/lane-facts.ts';
import { plain, type Text } from './text.ts';

export function grantFateText(
  status: string,
  fate: string | undefined,
  use: { readonly lane: string; readonly way: string } | undefined,
): Text {
  if (status === 'used' && use !== undefined) return used(use.lane, claimWayText(use.way));
  const key = status === 'late' || status === 'waiting' ? status : (fate ?? status);
  return ENDED[key] ?? plain(key);
}
