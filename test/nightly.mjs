/**
 * npm run proof -- nightly [NAME…]: what .ci/run has no time for, one after the other, and all of it although one fails. Writes what came of each, when and
 * of which commit, into both support.md pages. As root, on a machine that .ci/run has prepared; all of it takes hours.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const proof = (...words) => ['node', 'test/proof.mjs', ...words];
const STEPS = {
  packages: [
    'sh',
    '-euc',
    'for arch in amd64 arm64; do node deploy/package.mjs --arch "$arch"; node deploy/usb.mjs --arch "$arch"; done',
  ],
  hardware: [
    'sh',
    '-euc',
    'node dist/src/main.js scenario test/scenarios/[1-5]*.yaml --through-hardware --speed 16 --lang en',
  ],
  verified: ['node', 'test/box/box.mjs', 'verified by itself'],
  usb: ['node', 'test/box/offline.mjs'],
  arm64: ['node', 'test/package/arm64.mjs'],
  vm: proof('vm'),
  'vm-arm64': proof('vm-arm64'),
  image: proof('image'),
  'image-arm64': proof('image', '--arch', 'arm64', '--cuts', '2'),
  former: proof('former'),
  'broken-packages': proof('broken-packages'),
  apt: proof('apt'),
  node: proof('node', '20', '22', '24', '26'),
  reproducible: proof('reproducible'),
  windows: proof('windows'),
  engines: proof('engines'),
  'fleet-instructions': ['node', 'test/fleet/readme.mjs'],
  fleet: proof('fleet'),
  fuzz: proof('fuzz'),
  stories: proof('stories'),
  mutations: proof('mutations'),
  // Whole; .ci/run takes a sample of what takes minutes.
  long: ['env', 'ENGINES=chromium', 'npm', 'run', '-s', 'test:long'],
};
const PAGES = {
  'docs/en/support.md': {
    heading: '## The last nights',
    head: '| proof | result | minutes | day | commit |',
    passed: 'passed',
    failed: '**failed**',
    never: 'not yet',
  },
  'docs/zh/support.md': {
    heading: '## 最近几夜',
    head: '| 验证 | 结果 | 分钟 | 日期 | 提交 |',
    passed: '通过',
    failed: '**没通过**',
    never: '还没跑过',
  },
};

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(STEPS);
const unknown = names.filter((name) => STEPS[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`nightly knows no ${unknown.join(', ')}; there are: ${Object.keys(STEPS).join(', ')}\n`);
  process.exit(2);
}
const done = names.map((name) => {
  process.stdout.write(`== ${name}\n`);
  const begunMs = Date.now();
  const [command, ...words] = STEPS[name];
  const { status } = spawnSync(command, words, { stdio: 'inherit' });
  return { name, isGreen: status === 0, minutes: Math.ceil((Date.now() - begunMs) / 60_000) };
});
for (const { name, isGreen, minutes } of done)
  process.stdout.write(`${isGreen ? 'passed' : 'FAILED'}  ${name} (${minutes} min)\n`);
for (const [page, words] of Object.entries(PAGES)) writeNight(page, words);
process.exit(done.every(({ isGreen }) => isGreen) ? 0 : 1);

/** Under its heading, down to the next one; what was not run keeps its row. */
function writeNight(page, { heading, head, passed, failed, never }) {
  const text = readFileSync(page, 'utf8');
  const at = text.indexOf(`${heading}\n`);
  const next = text.indexOf('\n## ', at + heading.length);
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  const former = text.slice(at, next).split('\n');
  const rows = Object.keys(STEPS).map((name) => {
    const ran = done.find((one) => one.name === name);
    if (ran === undefined) return former.find((row) => row.startsWith(`| ${name} |`)) ?? `| ${name} | ${never} | | | |`;
    const day = new Date().toISOString().slice(0, 10);
    return `| ${name} | ${ran.isGreen ? passed : failed} | ${ran.minutes} | ${day} | \`${commit}\` |`;
  });
  const night = [heading, '', '`npm run proof -- nightly`:', '', head, '|---|---|---|---|---|', ...rows, ''];
  writeFileSync(page, text.slice(0, at) + night.join('\n') + text.slice(next));
}
