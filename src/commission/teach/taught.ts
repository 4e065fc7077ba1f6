/** What a person confirmed of what one car taught: each signal once, each input once. */
import { Problem } from '../../http/problem.ts';
import { ROLES } from '../../lane/types.ts';
import type { SheetWords } from '../../page/api/api-wizard.ts';
import { learnText } from '../../text/commission.ts';
import { teachText } from '../../text/teach.ts';
import type { Text } from '../../text/text.ts';
import type { PersonsWord } from '../sheet.ts';
import type { Proposal } from './proposal.ts';
import { type Recording, wavesOf } from './waves.ts';

type Taught = NonNullable<SheetWords['taught']>;

/** What the inputs of a lane did when they were taught last. */
export interface Seen {
  readonly car: Recording;
  readonly roles: Proposal['roles'];
}

/** Throws Problem `invalid`. */
export function checkTaught(taught: Taught): void {
  const errors = taught.flatMap(({ role, device, point }, index) => {
    const isOther = !ROLES.some((each) => each === role);
    const isTwice = taught
      .slice(0, index)
      .some((other) => other.role === role || (other.device === device && other.point === point));
    if (isOther) return [{ field: `taught[${index}].role`, message: learnText.badRole }];
    return isTwice ? [{ field: `taught[${index}]`, message: teachText.twice(role) }] : [];
  });
  if (errors.length > 0) throw new Problem('invalid', { errors });
}

/** What of it rests on the word of a person: what the test did not show for sure. undefined: it did. */
export function personsWord(
  { role, device, point, activeLow }: Taught[number],
  seen: Seen | undefined,
): PersonsWord | undefined {
  const proposed = seen?.roles.find((each) => each.device === device && each.point === point);
  const isSure = proposed?.confidence === 'sure' && proposed.role === role && proposed.activeLow === activeLow;
  return isSure ? undefined : { ...(proposed && { seenAs: proposed.role }) };
}

/** In one opening with one car each of these moves before the next one. */
const ORDERS = [
  ['down', 'up'],
  ['approach', 'barrier', 'exit'],
] as const;

const PULSES: ReadonlySet<string> = new Set(['button', 'remote', 'auto']);

/** Throws Problem `conflict`, naming what was seen, where the recording contradicts what a person confirmed. */
export function checkSeen(taught: Taught, { car, roles }: Seen): void {
  const waves = wavesOf(car).moved;
  const movedMs = (at: string): number | undefined =>
    waves.find(({ point, twins }) => point === at || twins.includes(at))?.spans[0]?.fromMs;
  const named = (role: string) => {
    const found = taught.find((each) => each.role === role);
    const point = found && `${found.device}.${found.point}`;
    const atMs = point === undefined ? undefined : movedMs(point);
    return point === undefined || atMs === undefined ? [] : [{ role, point, seconds: (atMs - car.fromMs) / 1_000 }];
  };
  const swapped = ORDERS.flatMap((order) => {
    const all = order.flatMap(named);
    return all.flatMap((first, index) => {
      const next = all[index + 1];
      return next !== undefined && next.seconds < first.seconds ? [[first, next] as const] : [];
    });
  });
  const isSwapped = (role: string): boolean => swapped.some((pair) => pair.some((each) => each.role === role));
  // Which pulse is whose no recording shows; arm and loops it does.
  const others = taught.flatMap(({ role, device, point }) => {
    const proposed = roles.find((each) => each.device === device && each.point === point);
    if (proposed === undefined || PULSES.has(proposed.role) || isSwapped(role)) return [];
    const fitting = [proposed.role, ...proposed.maybe];
    return fitting.includes(role) ? [] : [teachText.isOther(`${device}.${point}`, fitting, role)];
  });
  const lines = [...swapped.map(([first, next]) => teachText.swapped(first, next)), ...others];
  if (lines.length > 0) throw new Problem('conflict', { detail: joined([...lines, teachText.mendTaught]) });
}

const joined = (lines: readonly Text[]): Text => ({
  zh: lines.map(({ zh }) => zh).join('\n'),
  en: lines.map(({ en }) => en).join('\n'),
});
