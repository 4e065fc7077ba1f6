/** What a lane can see with the points it has, and what it cannot: said before it is found out in the field. Pure. */
import type { Role } from '../lane/types.ts';
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
  lane: Pick<LaneConfig, 'points' | 'camera'>,
  hasIntake: boolean,
  isCameraOff = false,
): Abilities {
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
      ...when(!has('auto') && !hasIntake, abilityText.noPaid),
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

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
