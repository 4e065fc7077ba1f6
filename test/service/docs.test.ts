/** The pages for the person at the cabinet: the messages they explain are those the program says, and their drawings are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');
const texts = readdirSync(`${root}/src/text`, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(`src/text/${name}`))
  .join('\n');

describe('docs/troubleshooting.md', () => {
  const messages = read('docs/troubleshooting.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) =>
      [...(line.split('|')[1] ?? '').matchAll(/`([^`]*[\u4e00-\u9fa5][^`]*)`/g)].map((match) => match[1]),
    );

  it('explains messages', () => expect(messages.length).toBeGreaterThan(8));

  it.each(messages)('%s is said by the program', (message) => {
    expect(texts).toContain(message);
  });
});

describe('docs/wiring.md', () => {
  it('shows drawings that are there and closed', () => {
    const drawings = [...read('docs/wiring.md').matchAll(/\((wiring\/[^)]+\.svg)\)/g)].map((match) => match[1]);
    expect(drawings).toHaveLength(4);
    for (const drawing of drawings) {
      expect(existsSync(`${root}/docs/${drawing}`), drawing).toBe(true);
      expect(read(`docs/${drawing}`)).toMatch(/<\/svg>\s*$/);
    }
  });
});

describe('docs/support.md', () => {
  const page = read('docs/support.md');
  const boards = readdirSync(`${root}/test/transcripts`)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace('.yaml', ''))
    .filter((name) => name !== 'alarm-output');

  it.each(boards)('%s stands beside where its bytes come from, in both languages', (name) => {
    const text = read(`test/transcripts/${name}.yaml`);
    const [zh, en] = text.includes('from: capture')
      ? ['线上截取', 'captured on a wire']
      : text.includes('from: manual')
        ? ['手册原文', 'printed in the manual']
        : ['按寄存器表推出', 'derived from the register table'];
    for (const head of [zh, en])
      expect(page.split('\n').find((line) => line.startsWith(`| ${head} |`))).toContain(name);
  });
});

it('each test that docs/stability.md names is there', () => {
  const named = [...read('docs/stability.md').matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(10);
  for (const path of named) expect(existsSync(`${root}/${path}`), path).toBe(true);
});

describe.each(['README.md', 'README.en.md'])('%s', (name) => {
  const readme = read(name);

  it('has the figures of docs/detection.md, in at most eighty lines', () => {
    const published = read('docs/detection.md').split('\n');
    const figures = [...readme.matchAll(/^\| .* \| ([\d.]+ %) \| ([\d.]+ %) \|$/gm)];
    expect(figures).toHaveLength(3);
    for (const [row, one, two] of figures)
      expect(
        published.some((line) => line.includes(`| ${one} |`) && line.includes(`| ${two} |`)),
        row,
      ).toBe(true);
    expect(readme.split('\n').length).toBeLessThanOrEqual(80);
  });

  it('leads to files that are there', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([^)#]+)[^)]*\)/g))
      expect(existsSync(`${root}/${path}`), path).toBe(true);
  });
});

it('docs/zh and docs/en have the same pages', () => {
  expect(readdirSync(`${root}/docs/zh`)).toEqual(readdirSync(`${root}/docs/en`));
});
