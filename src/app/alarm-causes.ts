/** Causes an alarm output may sound for, from the lanes to its subscribers. It knows no device and decides nothing. */
import type { AlarmCause } from '../driver.ts';
import type { LaneEffect } from '../lane/types.ts';

export interface AlarmCauses {
  report(laneId: string, effect: LaneEffect): void;
  listen(onCause: (cause: AlarmCause) => void): void;
}

export function createAlarmCauses(): AlarmCauses {
  const listeners: ((cause: AlarmCause) => void)[] = [];
  return {
    report(laneId, effect) {
      const cause = causeOf(laneId, effect);
      if (cause !== undefined) for (const onCause of listeners) onCause(cause);
    },
    listen: (onCause) => void listeners.push(onCause),
  };
}

/** Neither a release kept for review (maintenance, or too uncertain to report) nor the end of an alarm sounds. */
function causeOf(laneId: string, effect: LaneEffect): AlarmCause | undefined {
  if (effect.kind === 'release' && effect.release.reported)
    return { kind: 'release', what: effect.release.verdict, laneId };
  return effect.kind === 'alarm' && effect.on ? { kind: 'alarm', what: effect.alarm, laneId } : undefined;
}
