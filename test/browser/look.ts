/** A moment of a walk through the page that a person would look at: clean, no wider than the screen, and kept as a picture where somebody wants to see it. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axe, overflow } from './engines/checks.ts';

export async function look(page: Page, name: string): Promise<void> {
  expect(await axe(page), name).toEqual([]);
  expect(await overflow(page), name).toBe(0);
  await keepPicture(page, name);
}

/** SCREENSHOTS=FOLDER keeps the picture under this name. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: folder } = process.env;
  if (folder === undefined) return;
  await page.screenshot({ path: join(folder, `${name.replaceAll(/[/?=]/g, '_')}.png`), fullPage: true });
}
