/** Each link leads to a file that is there, and to a heading of it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headingAnchor } from '../../../src/text/page/help.ts';
import type { Known } from './known.ts';
import { type Fault, type Pages, root } from './pages.ts';

const anchorsOf = (text: string): readonly string[] =>
  (text.replaceAll(/```[\s\S]*?```/g, '').match(/^#+ .*$/gm) ?? []).map((line) =>
    headingAnchor(line.replace(/^#+ /, '')),
  );

export function linkFaultsOf(page: string, pages: Pages, { paths }: Known): readonly Fault[] {
  let inBlock = false;
  return (pages.get(page) ?? '').split('\n').flatMap((line, index) => {
    if (line.trimStart().startsWith('```')) inBlock = !inBlock;
    const links = inBlock ? [] : [...line.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    return links.flatMap(([, path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path).replace(/\/$/, '');
      const at = { page, line: index + 1 };
      if (path !== '' && !paths.has(target)) return [{ ...at, what: `the link ${path} leads nowhere` }];
      if (target.endsWith('.svg') && !/<\/svg>\s*$/.test(readFileSync(join(root, target), 'utf8')))
        return [{ ...at, what: `${target} is no whole drawing` }];
      const text = pages.get(target);
      if (anchor === undefined || text === undefined) return [];
      return anchorsOf(text).includes(decodeURIComponent(anchor))
        ? []
        : [{ ...at, what: `${target} has no heading #${anchor}` }];
    });
  });
}
