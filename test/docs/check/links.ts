/** Each link leads to a file that is there, and to a heading of it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headingAnchor } from '../../../src/text/page/help.ts';
import type { Known } from './known.ts';
import { LINK_TEXTS } from './outside.ts';
import { type Fault, isHistory, languageOf, type Pages, root } from './pages.ts';

const anchorsOf = (text: string): readonly string[] =>
  (text.replaceAll(/```[\s\S]*?```/g, '').match(/^#+ .*$/gm) ?? []).map((line) =>
    headingAnchor(line.replace(/^#+ /, '')),
  );

const COMMON = [
  'the',
  'and',
  'for',
  'with',
  'not',
  'how',
  'what',
  'its',
  'are',
  'box',
  'one',
  'that',
  'from',
  'this',
  'who',
];

/** Words that bear meaning, without their endings. */
const stemsOf = (text: string): readonly string[] =>
  (text.toLowerCase().match(/[a-z]{2,}/g) ?? [])
    .filter((word) => !COMMON.includes(word))
    .map((word) => word.replace(/(ies|es|s|ed|d|ing)$/, '').slice(0, 5));

const texts = new Set(LINK_TEXTS.split('\n'));

/** A link says what it leads to: a word of it is one of the name or the headings there. In English; the twin has the same targets. */
function isNamed(shown: string, path: string, anchor: string | undefined, text: string | undefined): boolean {
  if (/^(→|!.*)$/.test(shown) || path === '' || texts.has(`${shown} → ${path}`)) return true;
  if (/^`?[\w/.-]+\.md`?$/.test(shown)) return path.endsWith(shown.replaceAll('`', '').replace(/^.*\//, ''));
  const there = stemsOf(
    `${path.replace(/^(\.\.\/)+|docs\/(en|zh)\/|\.md$/g, '')} ${text?.match(/^#{1,3} .*$/gm)?.join(' ') ?? ''}`,
  );
  return stemsOf(`${shown} ${anchor ?? ''}`).some((stem) => there.includes(stem));
}

export function linkFaultsOf(page: string, pages: Pages, { paths }: Known): readonly Fault[] {
  let inBlock = false;
  return (pages.get(page) ?? '').split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('```')) inBlock = !inBlock;
    const links = inBlock
      ? []
      : [...line.matchAll(/(?:\[([^[\]]*))?\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    return links.flatMap(([, shown = '', path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path).replace(/\/$/, '');
      const at = { page, line: index + 1 };
      if (path !== '' && !paths.has(target)) return [{ ...at, what: `the link ${path} leads nowhere` }];
      if (target.endsWith('.svg') && !/<\/svg>\s*$/.test(readFileSync(join(root, target), 'utf8')))
        return [{ ...at, what: `${target} is no whole drawing` }];
      const text = pages.get(target);
      if (!isHistory(page) && languageOf(page, pages) !== 'zh' && !isNamed(shown, path, anchor, text))
        return [{ ...at, what: `"${shown}" says nothing of ${path} (LINK_TEXTS in test/docs/check/outside.ts)` }];
      if (anchor === undefined || text === undefined) return [];
      return anchorsOf(text).includes(decodeURIComponent(anchor))
        ? []
        : [{ ...at, what: `${target} has no heading #${anchor}` }];
    });
  });
}
