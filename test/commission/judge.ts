/** Teaches random boards and compares with their truth. */
import { type Proposal, proposalOf } from '../../src/commission/teach/proposal.ts';
import { type RandomBoard, randomBoard } from './boards.ts';
import { FAMILIES, oddBoard } from './odd-boards.ts';

export interface Taught {
  /** Boards of which every wired signal was found, with its polarity, and nothing else. */
  readonly whole: number;
  readonly wrongInGreen: readonly string[];
  readonly missed: readonly string[];
  /** Share of the wired signals that were shown as certain, rightly. */
  readonly greenPercent: number;
}

export function taughtBoards(boards: {
  readonly from: number;
  readonly count: number;
  readonly withEmpty?: boolean;
}): Taught {
  let [whole, green, roles] = [0, 0, 0];
  const wrongInGreen: string[] = [];
  const missed: string[] = [];
  for (let seed = boards.from; seed < boards.from + boards.count; seed += 1) {
    const board = randomBoard(seed);
    const { car, empty, taken, truth, traits } = board;
    const proposal = proposalOf({ car, taken, by: 'button', ...(boards.withEmpty && { empty }) });
    const right = proposal.roles.filter((each) => isRight(each, board));
    const wrong = proposal.roles.filter((each) => !isRight(each, board));
    const name = ({ role, device, point }: Proposal['roles'][number]): string => `${role} ${device}.${point}`;
    if (wrong.length === 0 && right.length === truth.size) whole += 1;
    else missed.push(`board ${seed}: ${wrong.map(name).join(', ')} (${traits.join(', ')})`);
    for (const each of wrong)
      if (each.confidence === 'sure') wrongInGreen.push(`board ${seed}: ${name(each)} (${traits.join(', ')})`);
    green += right.filter(({ confidence }) => confidence === 'sure').length;
    roles += truth.size;
  }
  return { whole, wrongInGreen, missed, greenPercent: Math.round((100 * green) / roles) };
}

/** What was wrong in green on so many boards of each odd family, by its name. */
export function oddWrongInGreen(count: number): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(FAMILIES).map(([name, family]) => {
    const wrong = Array.from({ length: count }, (_, at) => at + 1).flatMap((seed) => {
      const board = oddBoard(family, seed);
      return proposalOf({ car: board.car, taken: board.taken, by: 'button' })
        .roles.filter((each) => each.confidence === 'sure' && !isRight(each, board))
        .map(({ role, point, activeLow }) => `board ${seed}: ${role} ${point}${activeLow ? ' inverted' : ''}`);
    });
    return [name, wrong] as const;
  });
  return Object.fromEntries(found.filter(([, wrong]) => wrong.length > 0));
}

const isRight = ({ role, device, point, activeLow }: Proposal['roles'][number], { truth }: RandomBoard): boolean =>
  [...truth].some(
    ([each, wired]) =>
      each === role && wired.some((one) => one.at === `${device}.${point}` && one.activeLow === activeLow),
  );
