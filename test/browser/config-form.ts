/** Parts and fields of the configuration form, by the keys that stand in the file: on the page they have names instead. */
import type { Locator, Page } from 'playwright-core';

export const part = (page: Page, key: string): Locator => page.locator(`details.group[data-key="${key}"]`);
export const field = (page: Page, key: string): Locator =>
  page.locator(`[data-key="${key}"]`).locator('input, select, textarea').first();

/** Opens parts from the outside in; one that holds a fault is open already. */
export async function unfold(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const summary = part(page, key).locator('> summary');
    await summary.waitFor();
    if ((await summary.evaluate('node => node.parentElement.open')) !== true) await summary.click();
  }
}

/** The settings of a part that are not shown at first. */
export const more = (page: Page, key: string): Promise<void> =>
  part(page, key).locator('> .group-body > details.more > summary').click();
