/** Texts about lanes, in Chinese and English. It words the lane's decisions and decides nothing. */
import type { AlarmKind, Direction, Fact, ReleaseDesc } from '../../kinds.ts';
import { beijingTime, joined, type Text } from '../text.ts';
import { OUT_BY_THE_ENTRANCE } from './entry-facts.made.ts';
import { ALARM, DESC } from './lane.made.ts';
import { factText, roleText } from './lane-facts.ts';

export { SETTING_TEXT } from './lane.made.ts';

export { factText, timedFactText } from './lane-facts.ts';

/** All kinds of a release. */
export const RELEASE_DESCS = Object.keys(DESC) as readonly ReleaseDesc[];

export const descText = (desc: ReleaseDesc): Text => DESC[desc];

/** What has changed, and since when. */
export const changedText = (changed: Fact, sinceWallMs: number): Text =>
  ALARM.since(beijingTime(sinceWallMs).slice(5, 16).replace('T', ' '), factText(changed));

interface Alarm {
  readonly alarm: AlarmKind;
  readonly role?: string;
  readonly on: boolean;
}

export const alarmText = ({ alarm, role, on }: Alarm): Text =>
  ALARM[on ? 'on' : 'over'](alarm, role ? roleText(role) : undefined);

/** Facts for the platform's staff; the others stay on the page. */
const GIST: readonly string[] = [
  'stateBegan',
  'modeReason',
  'buttonPressed',
  'remotePressed',
  'armRaisedAgain',
  'noCommand',
  'commandsNotSeen',
  'startNotSeen',
  'platesDiffer',
  'plateMismatch',
  'armWasDown',
  'barrierLoopFirst',
  'armStayedUp',
  'gapBefore',
  'passagePresumed',
  'nobodyPassed',
  'noGrant',
  'loopsUnproven',
  'pointsBad',
  'pointsWereBad',
  'maintenance',
];

interface Reasons {
  readonly facts: readonly Fact[];
  readonly desc?: ReleaseDesc;
  readonly direction?: Direction;
}

/** A release's gist for the platform's `reason`. */
export function reasonText({ facts, desc, direction }: Reasons): Text {
  const isOut = desc === 'wrongWay' && direction === 'exit';
  const gist = facts
    .filter((fact) => GIST.includes(fact.kind))
    .sort((a, b) => GIST.indexOf(a.kind) - GIST.indexOf(b.kind))
    .map((fact) => factText(fact, direction));
  // A wrong way out is the way in.
  if (isOut) gist.unshift(OUT_BY_THE_ENTRANCE);
  return joined(gist);
}
