/** The documents have no fault, and what the checker is for turns it red: one change of each kind, in one tree or in both. `npm run docs:check` prints the faults. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changed, changesOf } from './changes.ts';
import { checkerOf } from './checker.ts';
import { known } from './known.ts';
import { limitFaultsOf } from './limits.ts';
import { readPages, root } from './pages.ts';

const pages = readPages();
const all = await known();
const check = await checkerOf(all);

it('the documents have no fault', () => expect(check(pages)).toEqual([]));

/** In one page, or in a page and its twin, where only what the program says can tell. */
const CHANGES: readonly (readonly [string, string, string, ...string[]])[] = [
  ['a command', 'lanewarden check', 'lanewarden chekc', 'docs/zh/install.md', 'docs/en/install.md'],
  [
    'an option of another command',
    'lanewarden provision',
    'lanewarden provision --vehicles',
    'docs/zh/fleet.md',
    'docs/en/fleet.md',
  ],
  ['a script', 'npm run package', 'npm run pakage', 'docs/zh/update.md', 'docs/en/update.md'],
  ['a bench', 'npm run bench -- footprint', 'npm run bench -- foot', 'docs/zh/figures.md', 'docs/en/figures.md'],
  ['a figure in a table', '52 ms', '53 ms', 'docs/en/figures.md'],
  ['a figure in prose', '515 毫秒', '525 毫秒', 'docs/zh/figures.md'],
  [
    'a key',
    '`cloud.mode: production`',
    '`cloud.mod: production`',
    'docs/zh/commissioning.md',
    'docs/en/commissioning.md',
  ],
  [
    'a value of a key',
    '`cloud.mode: production`',
    '`cloud.mode: metrics`',
    'docs/zh/commissioning.md',
    'docs/en/commissioning.md',
  ],
  ['a key in YAML', 'receive: mqtt', 'recieve: mqtt', 'docs/zh/camera-push.md', 'docs/en/camera-push.md'],
  ['a metric', '`lanewarden_running`', '`lanewarden_runs`', 'docs/zh/page-api.md', 'docs/en/page-api.md'],
  ['a route', 'POST /api/v1/update', 'POST /api/v1/backup/update', 'docs/zh/page-api.md', 'docs/en/page-api.md'],
  ['a code', '`ProblemCode.slow`', '`ProblemCode.late`', 'docs/zh/errors.md', 'docs/en/errors.md'],
  ['a file', 'test/lane/rules.test.ts', 'test/lane/rule.test.ts', 'docs/zh/contributing.md', 'docs/en/contributing.md'],
  ['a link to another page', '[cameras](cameras.md)', '[cameras](store.md)', 'docs/en/index.md'],
  ['a figure in both languages', '515', '525', 'docs/zh/figures.md', 'docs/en/figures.md'],
  ['a field of another thing', '`parking_serial`', '`plate_number`', 'docs/zh/glossary.md', 'docs/en/glossary.md'],
  ['an option of another program', 'runuser -u', 'runuser -q', 'deploy/fleet/README.md', 'deploy/fleet/README.en.md'],
  ['a link', '(cameras.md)', '(camera.md)', 'docs/zh/hardware-tested.md', 'docs/en/hardware-tested.md'],
  ['a heading that is linked', '## Numbers', '## Numbering', 'docs/en/publishing.md'],
  ['a saying', '“近来的推送”', '“最近的推送”', 'docs/zh/camera-push.md'],
  ['another saying', '“Recent pushes”', '“Recent records”', 'docs/en/camera-push.md'],
  ['a message', '`does not answer`', '`does not reply`', 'docs/en/troubleshooting.md'],
  ['a generated page', 'watches the lanes', 'watches the lane', 'docs/en/commands.md'],
];

describe('it turns red at', () => {
  it.each(CHANGES)('%s: %s → %s', (_what, was, now, ...paths) => {
    const other = new Map(pages);
    for (const path of paths) {
      expect(pages.get(path), path).toContain(was);
      other.set(path, (pages.get(path) ?? '').replaceAll(was, now));
    }
    expect(check(other)).not.toEqual([]);
  });

  it.each([false, true])('nineteen of twenty random changes, in both languages alike: %s', (both) => {
    const found = changesOf(pages, all.texts, 2, 20).filter((change) => check(changed(pages, change, both)).length > 0);
    expect(found.length).toBeGreaterThanOrEqual(19);
  });

  it('a limit that is another one in the program', () => {
    const read = (path: string): string =>
      readFileSync(join(root, path), 'utf8').replace('TRIAL_PULSES = 100;', 'TRIAL_PULSES = 120;');
    const faults = [...pages].flatMap(([page, text]) => limitFaultsOf(read)(page, text));
    expect(faults.map(({ what }) => what)).toEqual([
      '"a trial ({} relay pulses" has 100, and src/lane/complete-feed.ts TRIAL_PULSES is 120',
      '"a trial of {} pulses" has 100, and src/lane/complete-feed.ts TRIAL_PULSES is 120',
    ]);
  });
});
