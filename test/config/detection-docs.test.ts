/** What is published of detection: the same figures in both languages, and those that `check` tells. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MEASURED, type WiringKey } from '../../src/config/measured-shares.ts';

const measured = (language: string, page: string): readonly string[] => {
  const text = readFileSync(new URL(`../../docs/${language}/${page}.md`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/<!-- measured: (\w+) -->\n([\s\S]*?)<!-- end of \1(?:, sealed \w+)? -->/g)];
  expect(blocks.length, page).toBeGreaterThan(0);
  return blocks.flatMap(([, , block = '']) => block.split('\n').filter((line) => line.startsWith('|')));
};

it.each(['detection', 'detection-both'])('docs/zh and docs/en have the same figures in %s', (page) => {
  const figures = (language: string) => measured(language, page).map((row) => row.match(/\d+(?:\.\d+)?(?: %)?|[✓✗–]/g));
  expect(figures('zh')).toEqual(figures('en'));
});

it('docs/en/detection.md has the figures that the configuration is told by', () => {
  const rows = measured('en', 'detection');
  for (const [key, { manual, far, near, close, paid }] of Object.entries(MEASURED) as [
    WiringKey,
    (typeof MEASURED)[WiringKey],
  ][])
    expect(rows).toContain(
      `| ${key.replace('none', 'no loops')} | ${[manual, far, near, close, paid].map((share) => `${share} %`).join(' | ')} |`,
    );
});
