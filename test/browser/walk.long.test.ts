/** From a new box to its first release by phone, the same walk in three engines; in Chromium every tap and character is counted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../stories/lane.ts';
import { axe, overflow } from './engines/checks.ts';
import { ENGINES, type Engine, openEngine } from './engines/engine.ts';
import { newSite, walk } from './engines/walk.ts';

/** What a walk may cost: local-page.md, "What must hold". */
const MOST = { taps: 14, characters: 90, machineMs: 60_000 };

describe.each(ENGINES)('in %s', { timeout: 180_000 }, (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  }, 60_000);
  afterAll(async () => {
    await engine?.end();
  });

  it.each(name === 'chromium' ? (['zh', 'en'] as const) : (['zh'] as const))(
    'a new box comes to its first release, in %s',
    async (language) => {
      const site = await newSite();
      const page = await engine.open('phone');
      const found: string[] = [];
      const look = async (step: string): Promise<void> => {
        found.push(...(await axe(page)).map((each) => `${step}: ${each}`));
        const wide = await overflow(page);
        if (wide > 0) found.push(`${step}: sticks out by ${wide} px`);
        const { SCREENSHOTS } = process.env;
        if (SCREENSHOTS === undefined) return;
        mkdirSync(SCREENSHOTS, { recursive: true });
        writeFileSync(join(SCREENSHOTS, `${name}-${language}-${step}.png`), await page.screenshot());
      };
      const { effort, machineMs, wholeMs } = await walk(page, site, { language, look });
      const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;
      console.log(
        `${name}, ${language}: ${effort.taps} taps, ${effort.furtherFields} fields more by the keyboard’s key, ${effort.characters} characters, ${seconds(machineMs)} of waiting for the box, ${seconds(wholeMs)} in all with two cars`,
      );
      expect(found).toEqual([]);
      expect(effort.taps).toBeLessThanOrEqual(MOST.taps);
      expect(effort.characters).toBeLessThanOrEqual(MOST.characters);
      if (name === 'chromium') expect(machineMs).toBeLessThanOrEqual(MOST.machineMs);
      await page.close();
    },
  );
});
