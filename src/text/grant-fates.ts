/** Why a payment counted, or did not. */

import { ENDED } from './grant-fates.made.ts';
import { claimWayText } from './lanes/lane-facts.ts';
import type { Text } from './text.ts';

export function grantFateText(
  status: string,
  fate: string | undefined,
  use: { readonly lane: string; readonly way: string } | undefined,
): Text {
  if (status === 'used' && use !== undefined) {
    const way = claimWayText(use.way);
    return {
      zh: `放行了车道 ${use.lane} 的一辆车（${way.zh}）`,
      en: `it covered a vehicle in lane ${use.lane} (${way.en})`,
    };
  }
  const key = status === 'late' || status === 'waiting' ? status : (fate ?? status);
  return ENDED[key] ?? { zh: key, en: key };
}
