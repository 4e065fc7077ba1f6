/** What an alarm output may sound for, from the lanes to whoever has one. It knows no device and decides nothing. */
import type { AlarmCause } from '../driver.ts';
import type { LaneEffect } from '../lane/types.ts';

export interface AlarmCauses {
  tell(laneId: string, effect: LaneEffect): void;
  listen(hear: (cause: AlarmCause) => void): void;
}

export function createAlarmCauses(): AlarmCauses {
  const listeners: ((cause: AlarmCause) => void)[] = [];
  return {
    tell(laneId, effect) {
      const cause = causeOf(laneId, effect);
      if (cause !== undefined) for (const hear of listeners) hear(cause);
    },
    listen: (hear) => void listeners.push(hear),
  };
}

/** A release kept for review only (maintenance, or too uncertain to report) is none to sound for, and neither is the end of an alarm. */
function causeOf(laneId: string, effect: LaneEffect): AlarmCause | undefined {
  if (effect.kind === 'release' && effect.release.reported)
    return { kind: 'release', what: effect.release.verdict, laneId };
  return effect.kind === 'alarm' && effect.on ? { kind: 'alarm', what: effect.alarm, laneId } : undefined;
}
