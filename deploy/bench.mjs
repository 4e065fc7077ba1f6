// Runs benchmarks: `npm run bench -- NAME… [--OPTION VALUE…]`. Each prints a table of ratios to something measured in the same run, then the same
// as JSON. Options are the bench's own. Without a name it lists what there is.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const available = readdirSync('test/bench')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('--'));
const names = firstOption === -1 ? words : words.slice(0, firstOption);
const options = words.slice(names.length);
if (names.length === 0 || names.some((name) => !available.includes(name))) {
  process.stderr.write(`npm run bench -- NAME…   ${available.join(' ')}\n`);
  process.exit(2);
}
// Compiled like the product, so that what is measured is what is shipped; into dist/, beside the code it measures.
const arguments_ = ['node_modules/typescript/bin/tsc', '-p', 'test/bench/tsconfig.json'];
const { status } = spawnSync(process.execPath, arguments_, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const name of names) {
  const file = `dist/test/bench/${name}.js`;
  if (!existsSync(file)) process.exit(1);
  const bench = await import(new URL(`../${file}`, import.meta.url).href);
  const { title, rows } = await bench.run(options);
  process.stdout.write(`\n${title}\n`);
  console.table(rows);
  process.stdout.write(`${JSON.stringify({ bench: name, title, rows })}\n`);
}
