/**
 * One car teaches the wiring: from what all inputs did while one car was let through, the role and the polarity of each. `sure` is what
 * every explanation that is left says alike; what one car cannot tell is `likely`, with the action that would. Pure.
 */
import type { Role } from '../../lane/types.ts';
import type { TaughtAsk, TaughtRole, TeachResult } from '../../page/api/api-setup.ts';
import { type EmptyOpening, type Explanation, explanationsOf, isArmPart, type SignalPart } from './explanations.ts';
import { type Recording, type Wave, wavesOf } from './waves.ts';

export interface TeachFacts {
  /** One opening with one car. */
  readonly car: Recording;
  /** One opening with the lane empty, if there was one. */
  readonly empty?: Recording;
  /** What the person opened with. */
  readonly by: 'button' | 'remote' | 'auto';
  /** Points of other lanes. */
  readonly taken: ReadonlySet<string>;
}

export type Proposal = Pick<TeachResult, 'roles' | 'asks' | 'unexplained' | 'chattering'>;

/** A board has 32 inputs at the most, two lanes move some 14: more at once is no single car. */
const MOVED_MAX = 20;

export function proposalOf({ car, empty, by, taken }: TeachFacts): Proposal {
  const { moved, chattering } = wavesOf(car, taken);
  const nothing = { roles: [], asks: ['again'], unexplained: moved.map(({ point }) => point), chattering } as const;
  if (moved.length > MOVED_MAX) return nothing;
  const explanations = explanationsOf(moved, empty && emptyOf(empty, taken));
  const [best] = explanations;
  if (best === undefined || !isOpening(best)) return nothing;
  const roles = (Object.entries(best.cast) as [SignalPart, Wave][]).map(([part, wave]): TaughtRole => {
    const isAgreed = explanations.every(({ cast }) => isSame(cast[part], wave));
    const isPulse = part === 'press' || part === 'relay';
    const isSure = isAgreed && !isPulse && best.unexplained.length === 0 && wave.twins.length === 0;
    const others = new Set(explanations.flatMap(({ cast }) => cast[part]?.point ?? []));
    others.delete(wave.point);
    const parts = new Set(explanations.flatMap(({ cast }) => partOf(cast, wave) ?? []));
    parts.delete(part);
    const dot = wave.point.indexOf('.');
    return {
      role: roleOf(part, by),
      device: wave.point.slice(0, dot),
      point: wave.point.slice(dot + 1),
      activeLow: activeLowOf(part, wave),
      confidence: isSure ? 'sure' : 'likely',
      others: [...wave.twins, ...others],
      maybe: [...parts].map((each) => roleOf(each, by)),
    };
  });
  return { roles, asks: asksOf(best, explanations, empty !== undefined), unexplained: best.unexplained, chattering };
}

const roleOf = (part: SignalPart, by: TeachFacts['by']): Role =>
  part === 'press' ? by : part === 'relay' ? 'auto' : (part satisfies Role);

const partOf = (cast: Explanation['cast'], { point }: Wave): SignalPart | undefined =>
  (Object.keys(cast) as SignalPart[]).find((part) => cast[part]?.point === point);

/** A closed arm is at its lower limit; everything else is off at rest. */
const activeLowOf = (part: SignalPart, { rest }: Wave): boolean => (part === 'down' ? rest === false : rest === true);

const isSame = (a: Wave | undefined, b: Wave): boolean => a?.point === b.point;

/** At least two signals that belong together, one of them a loop or the arm. */
const isOpening = ({ cast }: Explanation): boolean =>
  Object.keys(cast).length >= 2 && Object.keys(cast).some((part) => part !== 'press' && part !== 'relay');

function emptyOf(empty: Recording, taken: ReadonlySet<string>): EmptyOpening {
  const { moved } = wavesOf(empty, taken);
  const each = moved.flatMap((wave) => [wave, ...wave.twins.map((point) => ({ ...wave, point, twins: [] }))]);
  return { moved: new Map(each.map((wave) => [wave.point, wave])) };
}

function asksOf(best: Explanation, explanations: readonly Explanation[], hadEmpty: boolean): readonly TaughtAsk[] {
  // Another lane moved meanwhile, or more than one car did: nothing of it is certain.
  if (best.unexplained.length > 0) return ['again'];
  const doubtful = (Object.entries(best.cast) as [SignalPart, Wave][]).filter(
    ([part, wave]) => !explanations.every(({ cast }) => isSame(cast[part], wave)),
  );
  // An opening without a car parts arm and button from the loops, and nothing else.
  const tellsMore = doubtful.some(([, wave]) => {
    const parts = explanations.flatMap(({ cast }) => partOf(cast, wave) ?? []);
    return parts.some(isArmPart) && !parts.every(isArmPart);
  });
  const asks: TaughtAsk[] = doubtful.length === 0 ? [] : [tellsMore && !hadEmpty ? 'empty' : 'slower'];
  // Which contact a pulse is, is known by who made it.
  if (best.cast.press !== undefined) asks.push('press');
  return asks;
}
