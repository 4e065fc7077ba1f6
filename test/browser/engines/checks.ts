/** What must hold of every page in every engine: axe, sizes of what is tapped, and nothing that sticks out. */
import { AXE } from '../browser.ts';
import type { EnginePage } from './engine.ts';

/** What axe finds, one line each; empty: clean. */
export async function axe({ evaluate }: Pick<EnginePage, 'evaluate'>): Promise<readonly string[]> {
  if (!(await evaluate<boolean>('typeof axe === "object"'))) await evaluate(`(() => { ${AXE}; return true; })()`);
  return evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    resultTypes: ['violations'],
  }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + help + '\\n  ' + html.slice(0, 200) + '\\n  ' + failureSummary)))`);
}

/** By how much the page is wider than the screen. */
export const overflow = ({ evaluate }: Pick<EnginePage, 'evaluate'>): Promise<number> =>
  evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
