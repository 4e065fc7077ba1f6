/**
 * Every page in WebKit and Firefox: axe, sizes of what is tapped, nothing that sticks out, also at twice the size. `npm run proof -- engines` goes
 * through all of them; the long tests through the three that are opened most, in WebKit on a phone.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, SIZES, startDemo } from './browser.ts';
import { axe, overflow, small } from './engines/checks.ts';
import { type Engine, type EnginePage, openEngine } from './engines/engine.ts';
import { eventuallyAsked } from './eventually-asked.ts';
import { PAGES, WIDTHS } from './page-names.ts';

const isWhole = process.env.ENGINE_PAGES === 'all';
/** A window of 1280 × 800 that is looked at at 200 %. */
const ENLARGED = { width: 640, height: 400 };
const VIEWS = isWhole ? [...WIDTHS, ENLARGED] : [SIZES.phone];
/** With a mouse things may be smaller. */
const PHONE_MOST = 400;
const NAMES = isWhole ? PAGES : ['overview', 'releases', 'wizard'];

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo('--speed', '10');
});
afterAll(async () => {
  await demo?.end();
});

describe.each(isWhole ? (['webkit', 'firefox'] as const) : (['webkit'] as const))('in %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  });
  afterAll(async () => {
    await engine?.end();
  });

  /** Drawn, and what it asked the box for has come. */
  const settled = (page: EnginePage): Promise<void> =>
    eventuallyAsked('the page is drawn', () =>
      page.evaluate<boolean>(
        `document.querySelector('h1') !== null && document.querySelector('#content p.empty[role=status]') === null`,
      ),
    );

  let page: EnginePage;
  // WebDriver has one session at a time.
  afterEach(() => page?.close());

  it.each(VIEWS)('each page is clean: $width px', async (size) => {
    page = await engine.open(size);
    await page.goto(`${demo.url}/#/releases`);
    await eventuallyAsked('there is a release', () =>
      page.evaluate<boolean>(`document.querySelector('.release a') !== null`),
    );
    const detail = await page.evaluate<string>(`document.querySelector('.release a').getAttribute('href').slice(2)`);
    const found: string[] = [];
    for (const language of ['zh', 'en']) {
      await page.evaluate(`localStorage.setItem('lanewarden.language', '${language}')`);
      await page.goto(`${demo.url}/?${language}`);
      for (const to of [...NAMES, detail]) {
        await page.evaluate(`(location.hash = '#/${to}', null)`);
        await settled(page);
        found.push(...(await axe(page)).map((each) => `${language} ${to}: ${each}`));
        const wide = await overflow(page);
        if (wide > 0) found.push(`${language} ${to}: sticks out by ${wide} px`);
        if (size.width <= PHONE_MOST)
          found.push(...(await small(page)).map((each) => `${language} ${to}: under 44 px: ${each}`));
      }
    }
    expect(found).toEqual([]);
  });
});
