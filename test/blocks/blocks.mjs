// Every shell block of the documents, executed where its mark says, or marked with the reason why not; docs/en/contributing-documents.md says how to mark one.
//   node test/blocks/blocks.mjs [--base FOLDER] [--package FILE.deb] [--marks] [PAGE…]
// With words only the pages that have one of them in their name. --marks: only whether all is marked, and the languages agree.
// As root, after `npm run package -- --arch amd64`. Needs debootstrap, or a root made before: --base FOLDER; iproute2; the network for the packages, once.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { newestPackage } from '../../deploy/newest-package.mjs';
import { differencesOf, pairsOfPages, readPage } from './pages.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'dist-deb/root-box' },
    package: { type: 'string' },
    marks: { type: 'boolean' },
  },
});

const pairs = pairsOfPages()
  .filter(({ zh, en }) => positionals.length === 0 || positionals.some((word) => `${zh} ${en}`.includes(word)))
  .map(({ zh, en }) => ({ zh: readPage(zh), en: readPage(en) }));
const faults = pairs.flatMap(({ zh, en }) => [
  ...zh.faults,
  ...(zh.page === en.page ? [] : en.faults),
  ...differencesOf(zh, en),
  ...zh.blocks.flatMap(({ page, line, mark }) =>
    commandsElsewhere(mark).map((command) => `${page}:${line}: .ci/run has no ${command}`),
  ),
]);

/** What is said to be run by a leg of its own. */
function commandsElsewhere(mark) {
  const ci = readFileSync('.ci/run', 'utf8');
  const reasons = (mark?.except ?? []).map(({ reason }) => /^\.ci\/run: (.*)$/.exec(reason)?.[1]);
  return [mark?.command, ...reasons].filter((command) => command !== undefined && !ci.includes(command));
}

if (values.marks) {
  process.stdout.write(faults.map((fault) => `${fault}\n`).join(''));
  process.exit(faults.length === 0 ? 0 : 1);
}
const deb = resolve(values.package ?? newestPackage('amd64') ?? 'dist-deb/lanewarden_….deb');
const root = resolve('dist-deb/root-docs');
if (process.env.LANEWARDEN_DOCS === undefined) {
  const { documentsRoot } = await import('./root.mjs');
  documentsRoot(root, resolve(values.base));
  const words = ['unshare', '--net', '--mount', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, LANEWARDEN_DOCS: '1', LANEWARDEN_PACKAGE: deb };
  process.exit(spawnSync('setpriv', ['--pdeathsig', 'TERM', ...words], { stdio: 'inherit', env }).status ?? 1);
}
const { runPages } = await import('./run.mjs');
const results = await runPages(pairs, { root, deb });
for (const fault of faults) process.stdout.write(`RED ${fault}\n`);
const { summary } = await import('./report.mjs');
process.stdout.write(summary(pairs, results));
process.exit(faults.length === 0 && results.every(({ fault }) => fault === undefined) ? 0 : 1);
