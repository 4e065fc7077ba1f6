/** Chromium by playwright-core. */
import { openBrowser } from '../browser.ts';
import type { Engine } from './engine.ts';

export async function openChromium(): Promise<Engine> {
  const browser = await openBrowser();
  return {
    name: 'chromium',
    open: async (size) => {
      const context = await browser.newContext({ viewport: size, ignoreHTTPSErrors: true });
      const page = await context.newPage();
      return {
        goto: async (url) => void (await page.goto(url)),
        evaluate: (expression) => page.evaluate(expression),
        press: (x, y) => page.mouse.click(x, y),
        type: (text) => page.keyboard.type(text),
        screenshot: () => page.screenshot(),
        close: () => context.close(),
      };
    },
    end: () => browser.close(),
  };
}
