/** What was compiled ahead (deploy/code-cache.cjs): it is used, and neither a damaged file nor another source of the same length is believed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-compiled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = (word: string) => `exports.say = () => { const words = ['${word}']; return words.join(' '); };`;
const main = `require('./code-cache.js');
console.log(require('./part.js').say());
if (process.env.LANEWARDEN_MAKE_CODE_CACHE) {
  const alive = setInterval(() => {}, 1000);
  process.once('SIGTERM', () => clearInterval(alive));
}`;
const cache = join(folder, 'part.js.cache');
const run = (environment: Record<string, string> = {}): string => {
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'main.js')], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  return `${status} ${stdout.trim()}`;
};

it('serves what it was made of, and nothing else', () => {
  copyFileSync('deploy/code-cache.cjs', join(folder, 'code-cache.js'));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, 'main.js'), main);
  writeFileSync(join(folder, 'part.js'), source('one'));
  expect(run({ LANEWARDEN_MAKE_CODE_CACHE: '1' })).toBe('0 one');
  expect(existsSync(cache)).toBe(true);
  expect(run()).toBe('0 one');

  const good = readFileSync(cache);
  // As a card does whose power failed: the length is there, the content is not.
  for (const from of [0, 32, Math.floor(good.length / 2)]) {
    const damaged = Buffer.from(good);
    damaged.fill(0, from);
    writeFileSync(cache, damaged);
    expect(run(), `damaged from byte ${from}`).toBe('0 one');
  }
  writeFileSync(cache, '');
  expect(run()).toBe('0 one');

  writeFileSync(cache, good);
  writeFileSync(join(folder, 'part.js'), source('two'));
  expect(run()).toBe('0 two');
});
