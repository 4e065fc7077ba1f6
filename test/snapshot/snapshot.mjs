/**
 * The frame around a change that is meant to change nothing: everything a user, an installer, a vendor or the platform can observe, written into
 * one folder and compared with the former one. usage: npm run proof -- snapshot [--out FOLDER] [--against FOLDER] [--only PART,…]
 *
 * Without `--against` it compares with what stands in FOLDER (default `.snapshot`), then replaces it. Exit 1: something differs, or a part failed.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS } from './parts.mjs';

const { values } = parseArgs({
  options: { out: { type: 'string', default: '.snapshot' }, against: { type: 'string' }, only: { type: 'string' } },
});
const wanted = values.only?.split(',') ?? Object.keys(PARTS);
for (const name of wanted)
  if (!(name in PARTS)) {
    console.error(`unknown part "${name}"; there are: ${Object.keys(PARTS).join(', ')}`);
    process.exit(2);
  }

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-snapshot-'));
let failed = false;
for (const name of wanted) {
  const begun = Date.now();
  let files = 0;
  const write = (file, content) => {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === 'string' || Buffer.isBuffer(content) ? content : `${JSON.stringify(content, null, 1)}\n`,
    );
    files++;
  };
  try {
    await PARTS[name](write);
  } catch (error) {
    failed = true;
    console.error(`${name}: ${error.stack}`);
  }
  console.log(`${name}: ${files} files, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

const filesOf = (root) =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .filter((file) => wanted.includes(file.split('/')[0]))
    : [];
/** The first line that is not the same, of a text. */
function firstDifference(before, after) {
  const [was, is] = [before.toString().split('\n'), after.toString().split('\n')];
  const at = was.findIndex((line, index) => line !== is[index]);
  const line = at < 0 ? was.length : at;
  return `line ${line + 1}\n    - ${(was[line] ?? '').slice(0, 200)}\n    + ${(is[line] ?? '').slice(0, 200)}`;
}

const former = values.against ?? values.out;
const [before, after] = [new Set(filesOf(former)), new Set(filesOf(folder))];
const differences = [];
for (const file of [...new Set([...before, ...after])].sort()) {
  // Pictures of pages are for eyes: two browsers do not draw the same bytes twice.
  if (file.endsWith('.png')) continue;
  if (!after.has(file)) differences.push(`gone: ${file}`);
  else if (!before.has(file)) differences.push(`new: ${file}`);
  else {
    const [was, is] = [readFileSync(join(former, file)), readFileSync(join(folder, file))];
    if (!was.equals(is)) differences.push(`differs: ${file}, ${firstDifference(was, is)}`);
  }
}

if (before.size === 0) console.log(`nothing to compare with: ${former} has no snapshot of these parts`);
else if (differences.length === 0) console.log(`the same as ${former}, ${after.size} files`);
else {
  failed = true;
  for (const difference of differences) console.log(difference);
  console.log(`${differences.length} of ${after.size} files differ from ${former}`);
}
for (const name of wanted) {
  const target = join(values.out, name);
  rmSync(target, { recursive: true, force: true });
  if (!existsSync(join(folder, name))) continue;
  mkdirSync(values.out, { recursive: true });
  try {
    renameSync(join(folder, name), target);
  } catch {
    // Another file system.
    cpSync(join(folder, name), target, { recursive: true });
  }
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
