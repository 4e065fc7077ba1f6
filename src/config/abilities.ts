/** What a lane can see with the points it has, and what it cannot: said before it is found out in the field. Pure. */
import { type Role, TOLD_KINDS } from '../lane/types.ts';
import { abilityText, CAUSE_NAMES } from '../text/cli.ts';
import type { Text } from '../text/text.ts';
import type { LaneConfig } from './types.ts';

export interface Abilities {
  readonly can: readonly Text[];
  readonly limits: readonly Text[];
}

const CAUSES: readonly Role[] = ['auto', 'button', 'remote', 'fire', 'mains'];

/** `hasIntake`: paid exits are told by message; `isCameraOff`: nothing is asked of its camera, for its address. */
export function laneAbilities(
  lane: Pick<LaneConfig, 'points' | 'camera' | 'direction' | 'settings'>,
  hasIntake: boolean,
  isCameraOff = false,
): Abilities {
  const isEntry = lane.direction === 'entry';
  const has = (role: Role) => lane.points[role] !== undefined;
  const causes = CAUSES.filter(has).flatMap((role) => CAUSE_NAMES[role] ?? []);
  const when = (holds: boolean, text: Text) => (holds ? [text] : []);
  const approach = has('approach');
  const barrier = has('barrier');
  return {
    can: [
      abilityText.opening,
      ...when(approach && barrier, abilityText.passageByBoth),
      ...when(!approach && barrier, abilityText.passageByBarrier),
      ...when(approach && !barrier, abilityText.passageByApproach),
      ...when(has('exit'), abilityText.passageForSure),
      ...when(causes.length > 0, abilityText.cause(joined(causes))),
      ...when(lane.camera !== undefined && !isCameraOff, abilityText.picture),
    ],
    limits: [
      ...when(isEntry, abilityText.entry),
      ...when(!has('auto') && !hasIntake, isEntry ? abilityText.noEntries : abilityText.noPaid),
      ...when(has('auto'), pulses(lane.settings, hasIntake)),
      ...when(lane.settings.tells.length > 0 && !hasIntake, abilityText.tellsNowhere),
      ...when(!approach && !barrier, abilityText.noLoops),
      ...when(!approach && barrier, abilityText.noApproach),
      ...when(approach && !barrier, abilityText.noBarrier),
      ...when(!has('down'), abilityText.noDown),
      ...when(!has('up'), abilityText.noUp),
      ...when(!has('button') && !has('remote'), abilityText.noCause),
      ...when(lane.camera === undefined, abilityText.noCamera),
      ...when(isCameraOff, abilityText.cameraOff),
    ],
  };
}

/** What follows from what the management system tells of. */
function pulses({ autoCommandIsGrant, tells }: LaneConfig['settings'], hasIntake: boolean): Text {
  if (autoCommandIsGrant !== 'auto') return autoCommandIsGrant ? abilityText.pulseAlways : abilityText.pulseNever;
  if (!hasIntake || tells.length === 0) return abilityText.tellsNothing;
  const missing = TOLD_KINDS.filter((kind) => !tells.includes(kind));
  return missing.length === 0 ? abilityText.tellsAll : abilityText.tellsSome(missing);
}

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
