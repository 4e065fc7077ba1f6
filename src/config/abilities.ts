/** What a lane can see with the points it has, and what it cannot: said before it is found out in the field. Pure. */
import type { Role } from '../lane/types.ts';
import { abilityText, CAUSE_NAMES } from '../text/cli.ts';
import type { Text } from '../text/text.ts';
import { type Loops, MEASURED, MEASURED_WITH, type WiringKey } from './measured-shares.ts';
import type { LaneConfig } from './types.ts';

export interface Abilities {
  readonly can: readonly Text[];
  readonly limits: readonly Text[];
}

const CAUSES: readonly Role[] = ['auto', 'button', 'remote', 'fire', 'mains'];

/** `hasIntake`: paid exits are told by message. */
export function laneAbilities(lane: Pick<LaneConfig, 'points' | 'camera'>, hasIntake: boolean): Abilities {
  const has = (role: Role) => lane.points[role] !== undefined;
  const causes = CAUSES.filter(has).flatMap((role) => CAUSE_NAMES[role] ?? []);
  const when = (holds: boolean, text: Text) => (holds ? [text] : []);
  const approach = has('approach');
  const barrier = has('barrier');
  const wiring = wiringOf(has, lane.camera !== undefined, hasIntake);
  return {
    can: [
      abilityText.opening,
      ...when(approach && barrier, abilityText.passageByBoth),
      ...when(!approach && barrier, abilityText.passageByBarrier),
      ...when(approach && !barrier, abilityText.passageByApproach),
      ...when(has('exit'), abilityText.passageForSure),
      ...when(causes.length > 0, abilityText.cause(joined(causes))),
      ...when(lane.camera !== undefined, abilityText.picture),
      abilityText.shares(MEASURED[wiring]),
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
      ...curesOf(wiring),
    ],
  };
}

function wiringOf(has: (role: Role) => boolean, camera: boolean, hasIntake: boolean): WiringKey {
  const both: Loops = has('exit') ? 'ABC' : 'AB';
  const loops: Loops = has('approach') ? (has('barrier') ? both : 'A') : has('barrier') ? 'B' : 'none';
  return `${loops}${camera ? ' camera' : ''}${hasIntake ? ' payments' : ''}`;
}

/** What would show more: of what is missing the first that helps; of a whole lane what could be added. */
function curesOf(wiring: WiringKey): readonly Text[] {
  const now = MEASURED[wiring];
  if (wiring === 'AB camera payments')
    return [
      abilityText.cure.overview(now, MEASURED_WITH.overview),
      abilityText.cure.beam(now, MEASURED_WITH.beam),
      abilityText.cure.exit(now, MEASURED['ABC camera payments']),
    ];
  const whole = MEASURED['AB camera payments'];
  return wiring === 'ABC camera payments' ? [] : [abilityText.cure.whole(now, whole)];
}

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
