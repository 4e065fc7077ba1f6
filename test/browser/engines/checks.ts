/** What must hold of every page in every engine: axe, sizes of what is tapped, and nothing that sticks out. */
import { AXE } from '../browser.ts';
import type { EnginePage } from './engine.ts';

/** What axe finds, one line each; empty: clean. */
export async function axe(page: Pick<EnginePage, 'evaluate'>): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>('typeof axe === "object"')))
    await page.evaluate(`(() => { ${AXE}; return true; })()`);
  return page.evaluate(`axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    resultTypes: ['violations'],
  }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + help + '\\n  ' + html.slice(0, 200) + '\\n  ' + failureSummary)))`);
}

/** By how much the page is wider than the screen. */
export const overflow = (page: Pick<EnginePage, 'evaluate'>): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** What is tapped and has less than 44 px either way: buttons, fields, and ticks with their label. What stands in a sentence, as a time does, is as high as its line. */
export const small = (page: Pick<EnginePage, 'evaluate'>): Promise<readonly string[]> =>
  page.evaluate(`[...document.querySelectorAll('button:not(.time), a.button, summary, select, input, textarea')].flatMap((one) => {
    const box = one.closest('label') ?? one;
    const { width, height } = box.getBoundingClientRect();
    const isSmall = one.getClientRects().length > 0 && (width < 43.5 || height < 43.5);
    return isSmall ? [box.outerHTML.slice(0, 120) + ' ' + Math.round(width) + '×' + Math.round(height)] : [];
  })`);
