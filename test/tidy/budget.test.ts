/** The house only shrinks: lines of each room, rooms, and arrows between them have a budget, and what has become smaller stays so. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { type Budget, FILE, presentNumbers, readBudget, slack } from './budget.ts';
import { expectNone, root } from './sources.ts';

const budget = readBudget();
const present = presentNumbers();

it('nothing is above its budget', () => {
  expectNone(
    [...present]
      .filter(([name, number]) => number > (budget[name]?.most ?? 0))
      .map(([name, number]) => `${name}: ${number} of ${budget[name]?.most ?? 'none'}`),
    `look for what stands there twice; if it is all needed, raise the number in ${FILE} and name a record of docs/decisions beside it (raisedBy)`,
  );
});

it('what has shrunk stays small', () => {
  expectNone(
    Object.entries(budget)
      .filter(([name, { most }]) => (present.get(name) ?? 0) < most - slack(name, most))
      .map(([name, { most }]) => `${name}: ${present.get(name) ?? 0} of ${most}`),
    'it has become smaller: lower its budget with npm run budget -- write',
  );
});

/** The budget as each commit left it, oldest first; none outside a repository. */
function formerBudgets(): Budget[] {
  const git = (input: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], {
      ...{ cwd: root, input, maxBuffer: 1e9, encoding: 'utf8' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  if (!existsSync(join(root, '.git'))) return [];
  const log = ['log', '--reverse', `--format=%H:${FILE}`, '--diff-filter=AM', '--', FILE];
  const versions = git(git('', ...log), 'cat-file', '--batch').split(/^[0-9a-f]+ blob \d+$/m);
  return versions.slice(1).map((version) => JSON.parse(version) as Budget);
}

it('a budget is raised by a decision record only', () => {
  const versions = [...formerBudgets(), budget];
  const raised = versions
    .slice(1)
    .flatMap((version, index) =>
      Object.entries(version).filter(
        ([name, { most, raisedBy }]) => most > (versions[index]?.[name]?.most ?? 0) && raisedBy === undefined,
      ),
    );
  expectNone(
    raised.map(([name, { most }]) => `${name}: ${most}`),
    `a number of ${FILE} has risen and names no record (raisedBy)`,
  );
  expectNone(
    Object.entries(budget)
      .filter(([, { raisedBy }]) => raisedBy !== undefined && !existsSync(join(root, `docs/decisions/${raisedBy}.md`)))
      .map(([name, { raisedBy }]) => `${name}: docs/decisions/${raisedBy}.md`),
    'the record is not there',
  );
});
