/** What a room may have in lines, and the house in rooms and arrows between them: `budget.json`. `npm run budget` compares it with the present numbers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, roomOf } from './graph.ts';
import { filesNamed, root } from './sources.ts';

export const FILE = 'test/tidy/budget.json';

/** The name of a record in docs/decisions, beside a number that was raised. */
export interface Allowed {
  readonly most: number;
  readonly raisedBy?: string;
}

/** By `src/ROOM`, `src` (the files at its top), `drivers`, and the two numbers of the whole. */
export type Budget = Readonly<Record<string, Allowed>>;

/** Everybody may stand on the ground, so no arrow to it says anything. */
const GROUND = [
  'src/written-time.ts',
  'src/clock.ts',
  'src/driver.ts',
  'src/kinds.ts',
  'src/limits.ts',
  'src/log.ts',
  'src/small-file.ts',
];

export const ROOMS = 'rooms';
export const ARROWS = 'arrows between rooms';

const lineCount = (path: string): number => readFileSync(join(root, path), 'utf8').split('\n').length - 1;

const budgetOf = (path: string): string => (/^src\/[^/]+$/.test(path) ? 'src' : roomOf(path));

/** Lines as an editor counts them, of everything that is written by hand: programs, styles, profiles, tables of texts. */
export function presentNumbers(): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const path of filesNamed(/(?<!\.made)\.(tsx?|css|ya?ml|txt)$/).toSorted())
    numbers.set(budgetOf(path), (numbers.get(budgetOf(path)) ?? 0) + lineCount(path));
  const arrows = [...graphOf(roomOf)].filter(([from]) => !GROUND.includes(from));
  return new Map([
    ...[...numbers].toSorted(([a], [b]) => a.localeCompare(b)),
    [ROOMS, [...numbers.keys()].filter((name) => name.startsWith('src/')).length],
    [ARROWS, arrows.flatMap(([, targets]) => [...targets].filter((to) => !GROUND.includes(to))).length],
  ]);
}

export const readBudget = (): Budget => JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Budget;

const isCounted = (name: string): boolean => name !== ROOMS && name !== ARROWS;

/** How far below its budget a number may be: rooms and arrows are counted to the last one. */
export const slack = (name: string, most: number): number =>
  isCounted(name) ? Math.max(30, Math.ceil(most * 0.03)) : 0;

/** Half of the slack is free to use, so that a repair of three lines needs no decision. */
const comfortable = (name: string, present: number): number => present + Math.floor(slack(name, present) / 2);

/** Lowers what has shrunk; raises the rest only by a record. */
function rewritten(budget: Budget, record: string | undefined): Budget {
  return Object.fromEntries(
    [...presentNumbers()].map(([name, present]): [string, Allowed] => {
      const former = budget[name];
      const most = comfortable(name, present);
      if (former !== undefined && most <= former.most) return [name, { ...former, most }];
      if (former !== undefined && present <= former.most) return [name, former];
      return [name, record === undefined ? (former ?? { most }) : { most, raisedBy: record }];
    }),
  );
}

if (import.meta.main) {
  const [write, record] = process.argv.slice(2);
  if (write === 'write')
    writeFileSync(join(root, FILE), `${JSON.stringify(rewritten(readBudget(), record), null, 2)}\n`);
  const budget = readBudget();
  for (const [name, present] of presentNumbers())
    process.stdout.write(`${name.padEnd(22)} ${String(present).padStart(6)} of ${budget[name]?.most ?? 'none'}\n`);
}
