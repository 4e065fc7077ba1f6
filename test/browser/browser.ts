/** A real browser and a real demonstration for the tests of the page. Without Chromium they fail: nothing here is ever skipped. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { program, type Running } from '../stories/processes.ts';

/** The engine without the window that nobody sees draws a page with two thirds of the processor time. Debian has both. */
const CHROMIUM =
  process.env.CHROMIUM ??
  ['/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync) ??
  'chromium';

export type Size = 'phone' | 'desktop';
export const SIZES: Readonly<Record<Size, { readonly width: number; readonly height: number }>> = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 },
};

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(
      `no browser at ${CHROMIUM}: apt-get install chromium-headless-shell fonts-noto-cjk, or set CHROMIUM`,
    );
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
}

export interface Demo {
  /** Without a slash at its end. */
  readonly url: string;
  readonly running: Running;
  end(): Promise<void>;
}

/** The demonstration with its page on a free port, from now on. */
export const startDemo = (...words: readonly string[]): Promise<Demo> => startDemoWithPast('--today', ...words);

/** The same with its thirty days, as somebody sees it who tries it. */
export async function startDemoWithPast(...words: readonly string[]): Promise<Demo> {
  const running = program(['demo', '--page', '127.0.0.1:0', '--lang', 'en', ...words]);
  await running.says(/http:\/\/127\.0\.0\.1:\d+/);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output())?.[0] ?? '';
  return {
    url,
    running,
    end: async () => {
      // What asked it for a page then only heard that nobody listens.
      if (running.process.exitCode !== null || running.process.signalCode !== null)
        throw new Error(`the demonstration had ended before it was asked to\n${running.output()}`);
      await running.end('SIGINT');
    },
  };
}

export interface PageOptions {
  readonly language?: 'zh' | 'en';
  readonly size?: Size | { readonly width: number; readonly height: number };
  readonly dark?: boolean;
}

/** A page of its own, as another person with another device; what it complains of in its console is kept. */
export async function openPage(
  browser: Browser,
  { language = 'zh', size = 'desktop', dark = false }: PageOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({
    viewport: typeof size === 'string' ? SIZES[size] : size,
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    // The box signs for itself.
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(LONGEST_WAIT_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
