/** The centre's documents in two languages: the same commands in each, so that running those of one (readme.mjs) proves both. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const FLEET = resolve(import.meta.dirname, '../../deploy/fleet');
const read = (name: string): string => readFileSync(join(FLEET, name), 'utf8');
/** Comments are in the language of the page. */
const commands = (script: string): string =>
  script
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .map((line) => line.replace(/\s+#\s.*$/, ''))
    .join('\n');
const blocksOf = (text: string) =>
  [...text.matchAll(/^```sh ?(\w*)\n([\s\S]*?)^```$/gm)].map(([, kind, script = '']) => [kind, commands(script)]);
const outline = (text: string) =>
  text
    .split('\n')
    .map((line) =>
      line.startsWith('|') ? '|'.repeat(line.split(/(?<!\\)\|/).length) : /^(#+|\d\.|-) /.exec(line)?.[1],
    )
    .filter((mark) => mark !== undefined);

it('the instructions have the same commands, in the same order', () => {
  const [zh, en] = [blocksOf(read('README.md')), blocksOf(read('README.en.md'))];
  expect(zh.length).toBeGreaterThan(8);
  expect(en).toEqual(zh);
});

it.each(['README', 'PLAN'])('%s says as much in both languages, and names the other', (name) => {
  const [zh, en] = [read(`${name}.md`), read(`${name}.en.md`)];
  expect(outline(en)).toEqual(outline(zh));
  expect(zh).toContain(`[English](${name}.en.md)`);
  expect(en).toContain(`[中文](${name}.md)`);
  // In blocks and quotations there may be some: names of parks and people.
  const words = en
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`]*`/g, '')
    .replace('[中文]', '');
  expect(words.match(/[\u4e00-\u9fff]+/g)).toBeNull();
});
