/** Causes an alarm output may sound for, from the lanes to its subscribers. It knows no device and decides nothing. */
import type { AlarmCause } from '../driver.ts';
import type { LaneEffect } from '../lane/types.ts';

export interface AlarmCauses {
  /** `root`: what an alarm follows from. */
  report(laneId: string, effect: LaneEffect, root?: string): void;
  listen(onCause: (cause: AlarmCause) => void): void;
}

export function createAlarmCauses(): AlarmCauses {
  const listeners: ((cause: AlarmCause) => void)[] = [];
  return {
    report(laneId, effect, root) {
      const cause = causeOf(laneId, effect, root);
      if (cause !== undefined) for (const onCause of listeners) onCause(cause);
    },
    listen: (onCause) => void listeners.push(onCause),
  };
}

/** Neither a release kept for review (maintenance, or too uncertain to report) nor the end of an alarm sounds. */
function causeOf(laneId: string, effect: LaneEffect, root: string | undefined): AlarmCause | undefined {
  if (effect.kind === 'release' && effect.release.reported)
    return { kind: 'release', what: effect.release.verdict, laneId };
  if (effect.kind !== 'alarm' || !effect.on) return undefined;
  return { kind: 'alarm', what: effect.alarm, laneId, ...(root !== undefined && { root }) };
}
