/** The walk as a test: what it costs is counted, and each step is looked at. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../../src/text/text.ts';
import { SIZES } from '../browser.ts';
import { axe, overflow, small } from './checks.ts';
import { type Engine, type EngineName, openEngine } from './engine.ts';
import { newSite, walk } from './walk.ts';

/** The port is typed, because a pty is in no list; the first adapter of a cabinet is chosen already. */
const PORT_TYPED = 1;
/** What a walk may cost, told in docs/en/commissioning.md. `waitedMs`: for the box, whatever else the machine does. */
const MOST = { taps: 16, characters: 30, waitedMs: 60_000 };

export function walkTest(name: EngineName, languages: readonly Language[]): void {
  describe(`in ${name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await openEngine(name);
    });
    afterAll(async () => {
      await engine?.end();
    });

    it.each(languages)('a new box comes to its first release, in %s', async (language) => {
      const site = await newSite();
      const page = await engine.open(SIZES.phone);
      const found: string[] = [];
      const look = async (step: string): Promise<void> => {
        found.push(...(await axe(page)).map((each) => `${step}: ${each}`));
        const wide = await overflow(page);
        if (wide > 0) found.push(`${step}: sticks out by ${wide} px`);
        found.push(...(await small(page)).map((each) => `${step}: smaller than 44 px: ${each}`));
        const { SCREENSHOTS } = process.env;
        if (SCREENSHOTS === undefined) return;
        mkdirSync(SCREENSHOTS, { recursive: true });
        writeFileSync(join(SCREENSHOTS, `${name}-${language}-${step}.png`), await page.screenshot());
      };
      const { effort, waited, wholeMs } = await walk(page, site, { language, look });
      const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;
      console.log(
        `${name}, ${language}: ${effort.taps - PORT_TYPED} taps (and one to type the port of the simulated wire), ${effort.furtherFields} fields more by the keyboard’s key, ${effort.characters} characters, ${seconds(waited.ownMs)} of waiting for the box (${seconds(waited.clockMs)} by the clock), ${seconds(wholeMs)} in all with two cars`,
      );
      expect(found).toEqual([]);
      expect(effort.taps - PORT_TYPED).toBeLessThanOrEqual(MOST.taps);
      expect(effort.characters).toBeLessThanOrEqual(MOST.characters);
      if (name === 'chromium') expect(waited.ownMs).toBeLessThanOrEqual(MOST.waitedMs);
      await page.close();
    });
  });
}
