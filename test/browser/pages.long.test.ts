/**
 * Every page, in both languages, at three widths, light and dark: axe finds nothing, nothing sticks out, nothing complains; SCREENSHOTS=FOLDER keeps a
 * picture of each. Then every page by every role: what a role is offered, a page, a link, a file or a button, the server does not refuse.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { UserRole } from '../../src/page/api/api.ts';
import { ofMinutes } from '../at-length.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { type Demo, openBrowser, openPage, startDemoWithPast } from './browser.ts';
import { axe, overflow } from './engines/checks.ts';
import { keepPicture } from './look.ts';
import { PAGES, WIDTHS } from './page-names.ts';

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  [browser, demo] = await Promise.all([openBrowser(), startDemoWithPast('--speed', '10')]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.end();
});

/** Drawn, and what it asked the box for has come. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached', timeout: LONGEST_WAIT_MS });
}

const LOOKS = (['zh', 'en'] as const).flatMap((language) => [false, true].map((dark) => ({ language, dark })));
/** A page has the same width when it is dark, so one width has both. */
const looks = (width: number) =>
  ofMinutes(
    LOOKS,
    LOOKS.filter(({ dark }) => !dark || width === WIDTHS[0]?.width),
  );

describe.each(WIDTHS)('$width px', (size) => {
  it.each(looks(size.width))('every page is clean: $language, dark: $dark', async (options) => {
    const { page, complaints } = await openPage(browser, { ...options, size });
    await page.goto(`${demo.url}/#/releases`);
    const detail = ((await page.locator('.release a').first().getAttribute('href')) ?? '').replace('#/', '');
    const found: Record<string, unknown> = {};
    for (const name of [...PAGES, detail]) {
      await page.evaluate(`location.hash = '#/${name}'`);
      await settled(page);
      const problems = [...(await axe(page))];
      const wide = await overflow(page);
      if (wide > 0) problems.push(`sticks out by ${wide} px`);
      if (problems.length > 0) found[name] = problems;
      await keepPicture(page, [size.width, options.language, options.dark ? 'dark' : 'light', name].join('-'));
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

const ROLES: readonly UserRole[] = ['booth', 'viewer', 'operator', 'auditor', 'installer'];
/** Ends the session, changes the language or prints: not of the page that is looked at. */
const LEFT_ALONE = /退出|English|打印|复制/;

describe('by every role', () => {
  let box: PageBox;
  let record: number;
  beforeAll(async () => {
    box = await pageBox({ speed: 10 });
    const installer = await box.as('installer');
    box.park.controls.send('tailgater');
    const items = async () => (await box.ask('GET', '/api/v1/releases', { cookie: installer })).json.items;
    await vi.waitUntil(async () => (await items()).length > 0, { timeout: LONGEST_WAIT_MS, interval: 100 });
    record = (await items()).at(-1).id;
  });
  afterAll(async () => {
    await box?.close();
  });

  /** A page of this role, the pages that it is offered, and what the server refused it. */
  async function opened(
    role: UserRole,
    options: { readonly language: 'zh' | 'en'; readonly size: 'phone' | 'desktop' },
  ) {
    const { page, complaints } = await openPage(browser, options);
    page.setDefaultTimeout(LONGEST_WAIT_MS);
    const [name = '', value = ''] = (await box.as(role)).split('=');
    await page.context().addCookies([{ name, value, url: box.url }]);
    const refused: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() === 403) refused.push(`${answer.request().method()} ${new URL(answer.url()).pathname}`);
    });
    await page.goto(`${box.url}/#/overview`);
    await settled(page);
    const offered = await page
      .locator('nav.side a.page-link')
      .evaluateAll((links) => links.map((link) => (link as unknown as { hash: string }).hash.slice(2)));
    const go = async (to: string): Promise<void> => {
      await page.evaluate(`location.hash = '#/${to}'`);
      await settled(page);
    };
    return {
      page,
      complaints,
      refused,
      go,
      pages: [...offered, `releases/${record}`, role === 'booth' ? 'account' : 'account?day=today'],
    };
  }

  const filesOf = (page: Page) =>
    page.locator('a[download]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));

  it.each(ROLES.flatMap((role) => (['phone', 'desktop'] as const).map((size) => ({ role, size }))))(
    'is whole as $role on a $size, in both languages',
    async ({ role, size }) => {
      for (const language of ['zh', 'en'] as const) {
        const { page, complaints, refused, go, pages } = await opened(role, { language, size });
        const found: string[] = [];
        for (const to of pages) {
          await go(to);
          if ((await page.locator('.card.stop').count()) > 0) found.push(`${to}: not for this role`);
          const wide = await overflow(page);
          if (wide > 0) found.push(`${to}: sticks out by ${wide} px`);
          // The same whoever looks, on whatever screen.
          const files = size === 'phone' || language === 'en' ? [] : await filesOf(page);
          for (const file of files) {
            const answer = await page.request.get(new URL(file ?? '', box.url).href);
            if (answer.status() === 403) found.push(`${to}: ${file} is refused`);
          }
          const links = await page
            .locator('#content a[href^="#/"]')
            .evaluateAll((all) =>
              all.map((link) => (link as unknown as { hash: string }).hash.slice(2).split(/[/?]/)[0]),
            );
          for (const link of new Set(links))
            if (!pages.some((each) => each.split(/[/?]/)[0] === link)) found.push(`${to}: links to ${link}`);
        }
        expect([...found, ...refused, ...complaints]).toEqual([]);
        await page.context().close();
      }
    },
  );

  // Opened as it is drawn: one that opens with the next picture is not there for an Escape pressed meanwhile.
  it('opens a dialog in the moment of the click', async () => {
    const { page, go } = await opened('viewer', { language: 'zh', size: 'desktop' });
    await go(`releases/${record}`);
    await page.locator('button.picture').waitFor();
    const open = `(async () => {
      document.querySelector('button.picture').click();
      await Promise.resolve();
      await Promise.resolve();
      return document.querySelector('dialog')?.open;
    })()`;
    expect(await page.evaluate(open)).toBe(true);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.context().close();
  });

  // An installer may do all there is.
  it.each(ROLES.filter((role) => role !== 'installer'))('shows %s no button that is refused', async (role) => {
    const { page, refused, go, pages } = await opened(role, { language: 'zh', size: 'desktop' });
    let pressed = 0;
    for (const to of pages) {
      await go(to);
      const buttons = page.locator('#content button:enabled');
      for (let at = 0; at < (await buttons.count()); at += 1) {
        const button = buttons.nth(at);
        if (!(await button.isVisible()) || LEFT_ALONE.test((await button.textContent()) ?? '')) continue;
        await button.click();
        pressed += 1;
        // What it opens is gone through once: what would be sent is sent.
        for (const sends of await page.locator('dialog[open] button:enabled').all())
          if (await sends.isVisible()) await sends.click();
        while ((await page.locator('dialog').count()) > 0) {
          await page.keyboard.press('Escape');
          await page.evaluate('new Promise(requestAnimationFrame)');
        }
        if (!(await page.evaluate<string>('location.hash')).includes(to)) await go(to);
      }
    }
    expect(refused).toEqual([]);
    if (role !== 'booth') expect(pressed).toBeGreaterThan(0);
    await page.context().close();
  });
});
