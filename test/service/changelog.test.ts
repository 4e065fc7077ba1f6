/** What changed, in a file for each language: the same releases, sections and number of entries, by Keep a Changelog, and the newest is this program. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const SECTIONS = { 新增: 'Added', 变更: 'Changed', 移除: 'Removed', 修复: 'Fixed', 安全: 'Security' };
const ORDER = Object.values(SECTIONS);
/** Entries that somebody would still read. */
const ENTRIES_MAX = 100;

interface Part {
  readonly release: string;
  readonly section: string;
  readonly entries: number;
  readonly steps: number;
}

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  for (const block of text.split(/^## /m).slice(1)) {
    const [head = '', ...sections] = block.split(/^### /m);
    const heading = head.split('\n', 1)[0] ?? '';
    const release = heading.replace('[未发布]', '[Unreleased]');
    for (const [index, part] of [head, ...sections].entries()) {
      const name = index === 0 ? '' : (part.split('\n', 1)[0] ?? '');
      const section = SECTIONS[name as keyof typeof SECTIONS] ?? name;
      const count = (pattern: RegExp): number => part.match(pattern)?.length ?? 0;
      parts.push({ release, section, entries: count(/^- /gm), steps: count(/^\d\. /gm) });
    }
  }
  return parts;
}

const zh = partsOf(read('CHANGELOG.md'));
const en = partsOf(read('CHANGELOG.en.md'));
const releases = [...new Set(en.map(({ release }) => release))];

describe('CHANGELOG.md and CHANGELOG.en.md', () => {
  it('have the same releases, sections and numbers of entries', () => expect(zh).toEqual(en));

  it('are by Keep a Changelog: what is to come, then releases with their days, newest first, known sections', () => {
    expect(releases[0]).toBe('[Unreleased]');
    const days = releases
      .slice(1)
      .map((release) => /^\[\d+\.\d+\.\d+(?:-rc\.\d+)?\] - (\d{4}-\d\d-\d\d)$/.exec(release)?.[1]);
    expect(days).not.toContain(undefined);
    expect(days).toEqual([...days].sort().reverse());
    for (const release of releases) {
      const sections = en.flatMap((part) => (part.release === release && part.section !== '' ? [part.section] : []));
      expect(sections, release).toEqual(ORDER.filter((each) => sections.includes(each)));
    }
  });

  it('begin with the version of this program, and five steps for who updates to it', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(releases[1]).toMatch(`[${version}]`);
    expect(en.find(({ release }) => release === releases[1])?.steps).toBe(5);
  });

  it.each(releases)('%s is short', (release) => {
    const entries = en.filter((part) => part.release === release).reduce((sum, part) => sum + part.entries, 0);
    expect(entries).toBeLessThanOrEqual(ENTRIES_MAX);
  });

  it('speak one language each', () => {
    const prose = (text: string): string => text.replaceAll(/`[^`]*`|\]\([^)]*\)/g, '');
    expect(prose(read('CHANGELOG.en.md')).match(/\p{Script=Han}+/gu)).toEqual(['中文']);
    for (const line of prose(read('CHANGELOG.md'))
      .split('\n')
      .filter((each) => each.startsWith('- ')))
      expect(line).toMatch(/\p{Script=Han}/u);
  });
});
