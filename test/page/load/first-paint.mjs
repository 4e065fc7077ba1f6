/**
 * What a phone at a cabinet waits for: `npm start`, and beside it `node test/page/load/first-paint.mjs http://127.0.0.1:8080 5`. Chromium with an empty
 * cache, six times slower, over 3G (1.6 Mbit/s, 150 ms there and back, or as given: RTT KBIT). Prints the median of so many runs, in ms from the
 * request: the first paint, the list of releases, one release with its picture; and from the tap, where the page is open already.
 */
import { chromium } from 'playwright-core';

const [url = 'http://127.0.0.1:8080', runs = '5', roundTripMs = '150', kbit = '1600'] = process.argv.slice(2);
const bytesPerSecond = (Number(kbit) * 1_000) / 8;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

/** In the page: when `selector` is there, ms from the request of the page. */
const when = (selector) => `new Promise((resolve) => {
  const look = () => document.querySelector(${JSON.stringify(selector)}) ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})`;
const PAINT = `new Promise((resolve) => new PerformanceObserver((list, observer) => {
  const [first] = list.getEntriesByName('first-contentful-paint');
  if (first) { observer.disconnect(); resolve(first.startTime); }
}).observe({ type: 'paint', buffered: true }))`;

/** From a tap on the page that is open: its link is found by its address. */
const tapped = (hash, selector) => `new Promise((resolve) => {
  const from = performance.now();
  document.querySelector('a[href=${JSON.stringify(hash)}]').click();
  const look = () => document.querySelector(${JSON.stringify(selector)}) ? resolve(performance.now() - from) : requestAnimationFrame(look);
  look();
})`;

async function measured(path, expression, opened) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: Number(roundTripMs),
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond / 2,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await page.goto(`${url}/${path}`, { waitUntil: opened === undefined ? 'commit' : 'load' });
  if (opened !== undefined) {
    await page.locator(opened).first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle').catch(() => undefined);
  }
  const ms = await page.evaluate(expression);
  await context.close();
  return ms;
}

const context = await browser.newContext({ ignoreHTTPSErrors: true });
const page = await context.newPage();
await page.goto(`${url}/#/releases`);
await page.locator('.release a').first().waitFor();
const release = await page.locator('.release a').first().getAttribute('href');
await context.close();

for (const [name, path, expression, opened] of [
  ['list, from the tap', '#/overview', tapped('#/releases', '.release a'), 'a[href="#/releases"]'],
  ['a release, from the tap', '#/releases', tapped(release, '.facts'), '.release a'],
  ['first paint', '', PAINT],
  ['list', '#/releases', when('.release a')],
  ['a release', release, when('.facts')],
  [
    'its picture',
    release,
    `new Promise((resolve) => { const look = () => [...document.querySelectorAll('.picture img')].some((one) => one.naturalWidth > 0) ? resolve(performance.now()) : requestAnimationFrame(look); look(); })`,
  ],
]) {
  const all = [];
  for (let run = 0; run < Number(runs); run += 1) all.push(await measured(path, expression, opened));
  all.sort((a, b) => a - b);
  process.stdout.write(
    `${name}: ${Math.round(all[all.length >> 1])} ms (${all.map((ms) => Math.round(ms)).join(', ')})\n`,
  );
}
await browser.close();
