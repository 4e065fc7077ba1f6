// Makes a typed module of every table of texts: src/text/page/server.txt → src/text/page/server.made.ts, which git ignores.
// It runs by itself before the build, tests and checks. Before an editor or tsc in a fresh copy: node deploy/texts.mjs
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleOf } from './text-table.mjs';

const FOLDER = fileURLToPath(new URL('../src/text', import.meta.url));
const MADE = '.made.ts';

/** Makes what has changed, and removes what has no table. Whoever reads while it writes sees one whole module or the other. */
export function makeTexts(folder = FOLDER) {
  // With slashes on Windows too: the names stand in the modules.
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const faults = [];
  for (const file of files.filter((name) => name.endsWith('.txt'))) {
    const made = join(folder, file.replace(/\.txt$/, MADE));
    const toGround = posix.relative(posix.dirname(file), 'text.ts');
    const table = readFileSync(join(folder, file), 'utf8');
    const module = moduleOf(table, `src/text/${file}`, toGround.startsWith('.') ? toGround : `./${toGround}`);
    faults.push(...module.faults);
    if (module.faults.length > 0 || (existsSync(made) && readFileSync(made, 'utf8') === module.code)) continue;
    writeFileSync(`${made}.${process.pid}`, module.code);
    renameSync(`${made}.${process.pid}`, made);
  }
  for (const file of files.filter((name) => name.endsWith(MADE) && !files.includes(name.replace(MADE, '.txt'))))
    rmSync(join(folder, file));
  return faults;
}

/** Before the tests, too: vitest calls it. */
export function setup() {
  const faults = makeTexts();
  if (faults.length > 0) throw new Error(`texts\n${faults.join('\n')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = makeTexts();
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
