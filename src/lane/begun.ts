/** What began an opening. It knows no vehicle and no payment. */
import type { Begun, Opening } from './opening.ts';
import { isWired } from './step-context.ts';
import type { LaneSettings } from './types.ts';

export const PRESS_FACT = { button: 'buttonPressed', remote: 'remotePressed', hand: 'armRaisedAgain' } as const;

/** A pulse longer than this before the start did not begin the opening. */
const PULSE_BEFORE_MS = 3_000;

/** What moved the arm: of relay and press the nearer to its start; no command seen where the relay is watched is a hand, too. */
export function begunBy(opening: Opening, settings: LaneSettings): Begun {
  const { press, startMs } = opening;
  const windowMs = PULSE_BEFORE_MS + (isWired(settings, 'down') ? 0 : settings.closeTimeMs);
  const pulseMs = opening.pulseMs !== null && opening.pulseMs >= startMs - windowMs ? opening.pulseMs : null;
  if (press !== null)
    return pulseMs !== null && Math.abs(startMs - pulseMs) < Math.abs(startMs - press.atMs) ? 'relay' : 'hand';
  if (pulseMs !== null) return 'relay';
  return isWired(settings, 'auto') && !opening.commandsBlind && opening.seen ? 'hand' : 'unknown';
}
