/** The state of a line in words, for a technician. */

import { HEALTH } from '../text/fault.made.ts';
import { faultWord } from '../text/fault.ts';
import { joined, type Text } from '../text/text.ts';
import type { LineHealth } from './health.ts';

/** In one line. */
export function healthText({ lineId, wired, open, wireShare, devices }: LineHealth): Text {
  const texts = devices.map((device) => {
    const faults = Object.entries(device.faults).map(([code, count]) => HEALTH.fault(faultWord(code), count));
    return joined([paceText(device, wired), ...faults], ' ', ' ');
  });
  return wired ? HEALTH.wire(lineId, open, wireShare * 100, joined(texts)) : HEALTH.line(lineId, joined(texts));
}

function paceText(device: LineHealth['devices'][number], wired: boolean): Text {
  const { deviceId, state, roundMs, longestRoundMs = 0, turnaroundMs = 0, wireShare } = device;
  if (state === 'unknown' || roundMs === undefined) return HEALTH.unknown(deviceId);
  if (!wired) return HEALTH.asked(deviceId, roundMs, longestRoundMs);
  return HEALTH.polled(deviceId, roundMs, longestRoundMs, turnaroundMs, wireShare * 100);
}
