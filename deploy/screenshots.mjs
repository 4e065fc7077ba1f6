// Takes the pictures of docs/screenshots, those that the documents show, in both languages: from the demonstration, and those of a first use
// (`first-…`) with `--walk` from the walk of test/browser.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const folder = fileURLToPath(new URL('../docs/screenshots', import.meta.url));
const MOST_BYTES = 150_000;
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

/** Page, what is done on it before, and the sizes in which the documents show it. */
const SHOTS = [
  { name: 'overview', at: 'overview', sizes: ['desktop', 'phone'] },
  { name: 'releases', at: 'releases', sizes: ['phone'] },
  { name: 'release', at: 'RELEASE', sizes: ['phone'] },
  { name: 'signals-of-release', at: 'RELEASE', sizes: ['desktop'], before: (page) => measure(page) },
  { name: 'queue', at: 'queue', sizes: ['phone'] },
  { name: 'account', at: 'account', sizes: ['phone'] },
  { name: 'duty', at: 'duty', sizes: ['phone'] },
  { name: 'signals', at: 'signals', sizes: ['phone'] },
  { name: 'config', at: 'config/form', sizes: ['phone'], before: (page) => unfold(page) },
  { name: 'diagnostics', at: 'diagnostics', sizes: ['phone'] },
  { name: 'backup', at: 'backup', sizes: ['phone'] },
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

/** Of the demonstration. */
let browser;

async function takeDemo() {
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
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });

  try {
    while (!/http:\/\/127\.0\.0\.1:\d+/.test(said)) {
      if (demo.exitCode !== null) throw new Error(said);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    const release = await waitForReleases(url);
    for (const language of ['zh', 'en'])
      for (const shot of SHOTS) for (const size of shot.sizes) await take(url, shot, release, size, language);
  } finally {
    await browser.close();
    demo.kill('SIGINT');
  }
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

async function take(url, { name, at, before }, release, size, language) {
  const page = await browser.newPage({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    viewport: SIZES[size],
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}/#/${at === 'RELEASE' ? release : at}`);
  await page.locator('h1').first().waitFor();
  await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached', timeout: 10_000 });
  await page.waitForLoadState('load');
  await page.waitForTimeout(600);
  // A box has no such bar.
  await page.locator('.bar.demo').evaluate((bar) => {
    bar.style.display = 'none';
  });
  await before?.(page);
  await keep(await page.screenshot(), name, size, language);
  await page.close();
}

/** 256 colours are enough for a page, and a fifth of the bytes. */
async function keep(picture, name, size, language) {
  const file = `${folder}/${name}-${size}${language === 'en' ? '-en' : ''}.png`;
  await sharp(picture).png({ palette: true, effort: 10 }).toFile(file);
  const { size: bytes } = statSync(file);
  if (bytes > MOST_BYTES) throw new Error(`${file} has ${bytes} bytes`);
}

/** Steps of the walk that the documents show. */
const WALKED = ['park', 'connected', 'lane', 'taught'];

async function takeWalk() {
  const taken = mkdtempSync(join(tmpdir(), 'walk-'));
  const environment = { ...process.env, SCREENSHOTS: taken, LONG: '1' };
  execFileSync('npx', ['vitest', 'run', 'test/browser/walk-chromium.long.test.ts'], {
    env: environment,
    stdio: 'inherit',
  });
  for (const language of ['zh', 'en'])
    for (const step of WALKED)
      await keep(readFileSync(join(taken, `chromium-${language}-${step}.png`)), `first-${step}`, 'phone', language);
}

mkdirSync(folder, { recursive: true });
if (process.argv.includes('--walk')) await takeWalk();
else await takeDemo();
