/** What a running box says: to the platform, a webhook, a broker; and its pages and interfaces as the demonstration shows them. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** The webhook is on loopback: it is confirmed as the page does it. */
async function confirmed(state, config) {
  const built = (path) => import(join(process.cwd(), 'dist/src', path));
  const { ConfirmedPeers } = await built('app/confirmed-peers.js');
  const { systemClock } = await built('clock.js');
  const { CAMERA_KINDS, DRIVER_KINDS } = await import(join(process.cwd(), 'dist/drivers/index.js'));
  const { loadConfig } = await built('config/file.js');
  const { writtenPeers } = await built('config/written-peers.js');
  const { openBoxKey } = await built('evidence/box-key.js');
  const { openStore } = await built('store/store.js');
  const clock = systemClock();
  const store = await openStore({ path: state, clock, wallTrusted: true });
  const peers = await ConfirmedPeers.read({ store, clock, key: await openBoxKey(join(state, 'page')) });
  const written = writtenPeers(loadConfig(config, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {}));
  for (const peer of written) await peers.confirm(peer, 'li', 'page');
  await store.close();
}

const MAIN = 'dist/src/main.js';
const LONGEST_MS = 90_000;
/** Longer than any first retry. */
const QUIET_MS = 10_000;
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const PAGES = [
  'overview',
  'releases',
  'duty',
  'queue',
  'account',
  'signals',
  'wizard',
  'config',
  'config/text',
  'config/secrets',
];
const MORE_PAGES = ['config/history', 'diagnostics', 'privacy', 'logs', 'backup', 'users', 'api', 'about', 'nowhere'];

/** Waits for a condition, not for a time. */
async function until(condition, what) {
  const end = Date.now() + LONGEST_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${LONGEST_MS / 1000} s for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function start(words) {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const running = { child, said: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      running.said += text;
    });
  running.ended = new Promise((resolve) => child.on('close', resolve));
  return running;
}

/** What differs from one run to the next: clocks, signatures, random names, ports, lengths of signed bodies. */
const masked = (text) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+08:00)?/g, '⟨time⟩')
    .replaceAll(/\b1[78]\d{8}(\d{3})?\b/g, '⟨stamp⟩')
    .replaceAll(/\b[0-9A-Fa-f]{16,}\b/g, '⟨hex⟩')
    .replaceAll(/v1,[\w+/=]+/g, '⟨signature⟩')
    .replaceAll(/127\.0\.0\.1:\d+/g, '⟨address⟩')
    .replaceAll(/("uptimeS?|"elapsedMs|"rss\w*|"pid)":\d+/g, '$1":0');

/** The boxes' waiting records, sent to a far end that takes everything. */
export async function wire(write) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-wire-'));
  cpSync('test/kept/1.0.0-rc.1', folder, { recursive: true });
  chmodSync(join(folder, 'secrets.yaml'), 0o600);
  const taken = [];
  const server = createServer((incoming, answer) => {
    const chunks = [];
    incoming
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        const { host, connection, date, 'content-length': length, ...headers } = incoming.headers;
        const body = Buffer.concat(chunks).toString('latin1');
        // Pictures are compared by the tests of the upload; here their bytes would hide everything else.
        taken.push({
          url: incoming.url,
          method: incoming.method,
          headers,
          body: Buffer.from(body.replaceAll(/\xff\xd8[\s\S]*?\xff\xd9/g, '(jpeg)'), 'latin1').toString('utf8'),
        });
        answer.setHeader('content-type', 'application/json');
        answer.end(JSON.stringify({ code: '1001', message: 'ok' }));
      });
  });
  server.keepAliveTimeout = LONGEST_MS;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  writeFileSync(
    join(folder, 'secrets.yaml'),
    `${readFileSync(join(folder, 'secrets.yaml'), 'utf8')}\nhook.key: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n`,
    { mode: 0o600 },
  );
  const config = join(folder, 'lanewarden.yaml');
  const text = readFileSync(config, 'utf8')
    .replace('/var/lib/lanewarden', join(folder, 'state'))
    .replace(/url: http:\/\/127\.0\.0\.1:34181/, `url: ${url}`)
    .replaceAll(/listen: 127\.0\.0\.1:\d+/g, 'listen: "127.0.0.1:0"');
  writeFileSync(
    config,
    `${text}page: { listen: "127.0.0.1:0" }\ndestinations:\n  - { name: office, kind: webhook, url: ${url}/hook, secret: { secret: hook.key } }\n`,
  );
  await confirmed(join(folder, 'state'), config);
  const box = start(['run', '--config', config, '--lang', 'en']);
  try {
    await until(
      () => taken.some(({ url: path }) => path === '/hook'),
      () => `the webhook\n${box.said}`,
    );
    // What waits for its picture or its clock by rule stays; the rest has gone out when nothing new comes.
    let seen = -1;
    for (let quietMs = 0; quietMs < QUIET_MS; quietMs += 250) {
      if (taken.length !== seen) quietMs = 0;
      seen = taken.length;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  } finally {
    box.child.kill('SIGTERM');
    await box.ended;
    server.close();
  }
  const requests = taken.map(({ url, method, headers, body }) => {
    const [, type] = /"type":"([\w.]+)"/.exec(body) ?? [];
    // Of what the box says of itself at its own moments only the kind and the headers' names are the program's.
    const isOwn = type !== undefined && type !== 'lanewarden.release';
    const request = isOwn
      ? { url, method, headers: Object.keys(headers).sort(), type }
      : { url, method, headers, body };
    return masked(JSON.stringify(request)).replaceAll(/\d{6,}/g, '⟨number⟩');
  });
  // How often a report of the minute goes out is the machine's; which kinds and shapes there are is the program's.
  write('requests.json', [...new Set(requests)].sort());
  rmSync(folder, { recursive: true, force: true });
}

/** Names of things on a page, without what changes while a car drives by. */
const NAMES = 'h1, h2, h3, legend, label, th, summary, nav a';

/** Parts of a page come one after the other: it is as it stays when a second look, half a second later, finds the same. */
async function settledNames(page) {
  let before;
  for (;;) {
    const found = await page.locator(NAMES).allInnerTexts();
    const names = new Set(found.map((each) => each.replaceAll(/\d+/g, '#').replaceAll(/\s+/g, ' ').trim()));
    const text = `${[...names].sort().join('\n')}\n`;
    if (text === before) return text;
    before = text;
    await page.waitForTimeout(500);
  }
}

export async function pages(write) {
  const demo = start(['demo', '--today', '--page', '127.0.0.1:0', '--lang', 'en']);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
  try {
    await until(
      () => /http:\/\/127\.0\.0\.1:\d+/.test(demo.said),
      () => `the page\n${demo.said}`,
    );
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.said);
    for (const language of ['zh', 'en']) {
      const answer = await fetch(`${url}/api/openapi.json`, { headers: { 'accept-language': language } });
      const { paths, components } = await answer.json();
      // Examples name the releases of the moment.
      const withoutExamples = JSON.parse(
        JSON.stringify({ paths, components }, (key, value) =>
          /^(x-)?(example|codeSamples)/.test(key) ? undefined : value,
        ),
      );
      write(`openapi.${language}.json`, withoutExamples);
      for (const [size, viewport] of Object.entries(SIZES)) {
        const context = await browser.newContext({
          viewport,
          locale: language === 'zh' ? 'zh-CN' : 'en-GB',
          reducedMotion: 'reduce',
        });
        const page = await context.newPage();
        for (const name of [...PAGES, ...MORE_PAGES]) {
          await page.goto(`${url}/#/${name}`);
          await page.locator('h1').first().waitFor();
          await page.locator('#content p.empty[role=status]').first().waitFor({ state: 'detached' });
          const file = `${name.replaceAll('/', '-')}-${size}-${language}`;
          write(`${file}.png`, await page.screenshot());
          // What the status page asks for first follows from the traffic of the moment.
          if (name !== 'overview') write(`${file}.txt`, await settledNames(page));
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    demo.child.kill('SIGINT');
    await demo.ended;
  }
}
