// Takes the pictures of docs/screenshots from the demonstration: every page on a phone and on a desk, in Chinese; some in English, some dark. Those of
// a first use (`first-…`) come from the walk: SCREENSHOTS=FOLDER LONG=1 npx vitest run test/browser/walk-chromium.long.test.ts
import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const MOST_BYTES = 150_000;
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

/** Page, what is done on it before, and the names of what is taken. */
const SHOTS = [
  { name: 'overview', at: 'overview' },
  { name: 'releases', at: 'releases' },
  { name: 'release', at: 'RELEASE' },
  { name: 'signals-of-release', at: 'RELEASE', before: (page) => measure(page) },
  { name: 'queue', at: 'queue' },
  { name: 'account', at: 'account' },
  { name: 'wizard', at: 'wizard' },
  { name: 'signals', at: 'signals' },
  { name: 'config', at: 'config/form', before: (page) => unfold(page) },
  { name: 'config-text', at: 'config/text' },
  { name: 'diagnostics', at: 'diagnostics' },
  { name: 'logs', at: 'logs' },
  { name: 'backup', at: 'backup' },
  { name: 'users', at: 'users' },
  { name: 'api', at: 'api' },
  { name: 'about', at: 'about' },
];
const MORE = [
  { name: 'overview', size: 'desktop', language: 'en', dark: true },
  { name: 'release', size: 'desktop', language: 'en', dark: false },
  { name: 'overview', size: 'phone', language: 'en', dark: true },
  { name: 'config', size: 'phone', language: 'en', dark: false },
];

async function unfold(page) {
  await page.locator('.group > summary').nth(1).click();
  await page.locator('.group[open] .field').first().waitFor();
}

async function measure(page) {
  const drawing = page.locator('.waveform-place');
  await drawing.scrollIntoViewIfNeeded();
  await drawing.focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'm', 'ArrowRight', 'ArrowRight']) await drawing.press(key);
  await page.locator('.waveform').evaluate((element) => element.closest('.card').scrollIntoView());
}

const demo = spawn(process.execPath, [
  'dist/src/main.js',
  'demo',
  '--page',
  '127.0.0.1:0',
  '--speed',
  '4',
  '--lang',
  'en',
]);
let said = '';
demo.stdout.setEncoding('utf8').on('data', (text) => {
  said += text;
});
demo.stderr.setEncoding('utf8').on('data', (text) => {
  said += text;
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

try {
  while (!/http:\/\/127\.0\.0\.1:\d+/.test(said)) {
    if (demo.exitCode !== null) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
  mkdirSync(folder, { recursive: true });
  const release = await waitForReleases(url);
  for (const size of Object.keys(SIZES))
    for (const shot of SHOTS) await take(url, shot, release, { size, language: 'zh', dark: false });
  for (const { name, ...look } of MORE) {
    const shot = SHOTS.find((each) => each.name === name);
    await take(url, shot, release, look);
  }
} finally {
  await browser.close();
  demo.kill('SIGINT');
}

/** Enough has happened today for the lists to be worth a look; the address of one release, whose signals are there. */
async function waitForReleases(url) {
  const page = await browser.newPage({ locale: 'zh-CN', viewport: SIZES.desktop });
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await page.goto(`${url}/#/releases?day=${today}`);
  await page.locator('.release').nth(2).waitFor({ timeout: 180_000 });
  await page.waitForTimeout(5_000);
  const href = await page.locator('.release a').nth(1).getAttribute('href');
  await page.close();
  return href.replace('#/', '');
}

async function take(url, { name, at, before }, release, { size, language, dark }) {
  const page = await browser.newPage({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    viewport: SIZES[size],
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}/#/${at === 'RELEASE' ? release : at}`);
  await page.locator('h1').first().waitFor();
  await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached', timeout: 10_000 });
  await page.waitForLoadState('load');
  await page.waitForTimeout(600);
  await before?.(page);
  const file = `${folder}/${name}-${size}${language === 'en' ? '-en' : ''}${dark ? '-dark' : ''}.png`;
  // 256 colours are enough for a page, and a fifth of the bytes.
  await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toFile(file);
  await page.close();
  const { size: bytes } = statSync(file);
  if (bytes > MOST_BYTES) throw new Error(`${file} has ${bytes} bytes`);
}
