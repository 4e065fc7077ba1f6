/** WebKit, the engine of iPhones and of WeChat on them: the browser of webkit2gtk by WebDriver, on a screen of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from '../../../src/sim/management-system.ts';
import { eventuallyAsked } from '../eventually-asked.ts';
import type { Engine, EnginePage, ViewSize } from './engine.ts';

const BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
const MISSING = 'apt-get install webkit2gtk-driver xvfb';
const SCREEN = '1600x1200x24';

export async function openWebKit(): Promise<Engine> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise<string>((resolve, reject) => {
    screen.once('error', () => reject(new Error(MISSING)));
    screen.stdio[3]?.once('data', (number: Buffer) => resolve(`:${number.toString().trim()}`));
  });
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1' },
    stdio: 'ignore',
  });
  driver.once('error', () => {});
  const ask = asker(`http://127.0.0.1:${port}`);
  await eventuallyAsked('WebKitWebDriver answers', () => ask('GET', '/status').then(() => true), MISSING);
  return {
    name: 'webkit',
    open: (size) => openWindow(ask, size),
    end: async () => {
      for (const child of [driver, screen]) await ended(child);
    },
  };
}

type Ask = <T>(method: string, path: string, body?: object) => Promise<T>;

const asker =
  (base: string): Ask =>
  async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(base + path, { method, ...(body && { body: JSON.stringify(body), headers }) });
    const { value } = (await answer.json()) as { readonly value: never };
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };

/** With its bar of buttons the browser is never as narrow as a phone; a window that a page opens has none. */
const OPEN = (width: number, height: number): string =>
  `return String(window.open(location.href, '_blank', 'width=${width},height=${height},toolbar=no'))`;

async function openWindow(ask: Ask, { width, height }: ViewSize): Promise<EnginePage> {
  const args = ['--automation', '--javascript-can-open-windows-automatically=true'];
  const alwaysMatch = { acceptInsecureCerts: true, 'webkitgtk:browserOptions': { binary: BROWSER, args } };
  const { sessionId } = await ask<{ readonly sessionId: string }>('POST', '/session', {
    capabilities: { alwaysMatch },
  });
  const at = `/session/${sessionId}`;
  await ask('POST', `${at}/url`, { url: 'data:text/html,<title>lanewarden</title>' });
  const [first] = await ask<string[]>('GET', `${at}/window/handles`);
  await ask('POST', `${at}/execute/sync`, { script: OPEN(width, height), args: [] });
  const handle = (await ask<string[]>('GET', `${at}/window/handles`)).find((each) => each !== first);
  await ask('POST', `${at}/window`, { handle });
  return {
    goto: (url: string) => ask<void>('POST', `${at}/url`, { url }),
    evaluate: async <T>(expression: string): Promise<T> => {
      const script = `const done = arguments[0];
        Promise.resolve().then(() => (${expression})).then((value) => done({ value }), (error) => done({ error: String(error) }))`;
      const said = await ask<{ value: T; error?: string }>('POST', `${at}/execute/async`, { script, args: [] });
      if (said.error !== undefined) throw new Error(said.error);
      return said.value;
    },
    press: async (x: number, y: number) => {
      const actions = [
        { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      const pointer = { type: 'pointer', id: 'finger', parameters: { pointerType: 'mouse' }, actions };
      await ask('POST', `${at}/actions`, { actions: [pointer] });
    },
    type: async (text: string) => {
      const focused = await ask<Readonly<Record<string, string>>>('GET', `${at}/element/active`);
      await ask('POST', `${at}/element/${Object.values(focused)[0]}/value`, { text });
    },
    screenshot: async () => Buffer.from(await ask<string>('GET', `${at}/screenshot`), 'base64'),
    close: () => ask<void>('DELETE', at),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill();
  });
}
