/** What a lane can and cannot detect with its wired points, reported by `check` before the field finds out. Pure. */
import { REPORTED_KINDS, type Role } from '../lane/types.ts';
import { cheatText } from '../text/commands/check-cheats.made.ts';
import type { WiringShares } from '../text/commands/cli.ts';
import { abilityText, CAUSE_NAMES } from '../text/commands/cli.ts';
import { reportingText } from '../text/lanes/reporting.ts';
import type { Text } from '../text/text.ts';
import { doubtfulAddress } from './camera-address.ts';
import { type Loops, MEASURED, MEASURED_WITH, type WiringKey } from './measured-shares.ts';
import { NO_COUNTS, paymentProofs, receivesMessages } from './payment-proofs.ts';
import type { Config, LaneConfig } from './types.ts';

export interface Abilities {
  readonly can: readonly Text[];
  readonly limits: readonly Text[];
}

const CAUSES: readonly Role[] = ['auto', 'button', 'remote', 'fire', 'mains'];

/** `hasIntake`: payments arrive by message; `isCameraOff`: its camera's address is unconfirmed and never requested. */
export function laneAbilities(
  lane: Pick<LaneConfig, 'points' | 'camera' | 'direction' | 'settings'>,
  hasIntake: boolean,
  isCameraOff = false,
): Abilities {
  const isEntry = lane.direction === 'entry';
  const has = (role: Role) => lane.points[role] !== undefined;
  const causes = CAUSES.filter(has).flatMap((role) => CAUSE_NAMES[role] ?? []);
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
      ...when(lane.camera !== undefined && !isCameraOff, abilityText.picture),
      abilityText.shares(MEASURED[wiring]),
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
      ...cheats(has, lane.settings, hasIntake),
      ...remediesOf(wiring),
    ],
  };
}

/** Of a lane as it is configured, with what its park has. */
export function abilitiesOf(config: Config, lane: LaneConfig): Abilities {
  const { intake, cameras } = config;
  const receives = receivesMessages(intake);
  const camera = cameras.find(({ id }) => id === lane.camera);
  const isCameraOff = camera !== undefined && doubtfulAddress(camera)?.why === 'unconfirmed';
  return laneAbilities(lane, receives, isCameraOff);
}

/** What it may report “nobody paid” by; what a running box has shown meanwhile is not known here. */
export function reportingNote(config: Config, lane: LaneConfig): Text {
  const { by, payments } = lane.reporting ?? {};
  if (by !== undefined) return payments === 'list' ? reportingText.byList(by) : reportingText.signed(by);
  return reportingText.toEarn(paymentProofs(config, lane, NO_COUNTS));
}

/** Cheats that other wiring would show. */
function cheats(
  has: (role: Role) => boolean,
  { autoCommandIsGrant, tells }: LaneConfig['settings'],
  hasIntake: boolean,
) {
  const isComplete = hasIntake && REPORTED_KINDS.every((kind) => tells.includes(kind));
  const pulsesPay = autoCommandIsGrant === true || (autoCommandIsGrant === 'auto' && !isComplete);
  return [
    ...when(has('auto') && pulsesPay, cheatText.bridgedRelay),
    ...when(has('down') !== has('up'), cheatText.magnet),
    ...when(!has('mains'), cheatText.mains),
  ];
}

/** Consequences of `intake.tells`. */
function pulses({ autoCommandIsGrant, tells }: LaneConfig['settings'], hasIntake: boolean): Text {
  if (autoCommandIsGrant !== 'auto') return autoCommandIsGrant ? abilityText.pulseAlways : abilityText.pulseNever;
  if (!hasIntake || tells.length === 0) return abilityText.tellsNothing;
  const missing = REPORTED_KINDS.filter((kind) => !tells.includes(kind));
  return missing.length === 0 ? abilityText.tellsAll : abilityText.tellsSome(missing);
}

function wiringOf(has: (role: Role) => boolean, camera: boolean, hasIntake: boolean): WiringKey {
  const both: Loops = has('exit') ? 'ABC' : 'AB';
  const loops: Loops = has('approach') ? (has('barrier') ? both : 'A') : has('barrier') ? 'B' : 'none';
  return `${loops}${camera ? ' camera' : ''}${hasIntake ? ' payments' : ''}`;
}

const when = (holds: boolean, text: Text): readonly Text[] => (holds ? [text] : []);

const EXIT = MEASURED['ABC camera payments'];

/** In any class. */
const isBetter = (then: WiringShares, now: WiringShares): boolean =>
  then.manual > now.manual ||
  then.far > now.far ||
  then.near > now.near ||
  then.close > now.close ||
  then.paid < now.paid;

/** Wiring that would show more: for an incomplete lane the first missing point that helps, for a complete one the possible additions. */
function remediesOf(wiring: WiringKey): readonly Text[] {
  const now = MEASURED[wiring];
  if (wiring === 'AB camera payments')
    return [
      ...when(isBetter(MEASURED_WITH.overview, now), abilityText.cure('overview', now, MEASURED_WITH.overview)),
      ...when(isBetter(MEASURED_WITH.beam, now), abilityText.cure('beam', now, MEASURED_WITH.beam)),
      ...when(isBetter(EXIT, now), abilityText.cure('exit', now, EXIT)),
    ];
  // With loop C besides nothing is missing, whatever the one without it measures.
  if (wiring === 'ABC camera payments') return [];
  const whole = MEASURED['AB camera payments'];
  return isBetter(whole, now) ? [abilityText.cure('whole', now, whole)] : [];
}

function joined(texts: readonly Text[]): Text {
  return { zh: texts.map(({ zh }) => zh).join('、'), en: texts.map(({ en }) => en).join(', ') };
}
