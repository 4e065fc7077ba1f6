/** Firefox over WebDriver BiDi: Debian has no geckodriver, and the browser itself answers. */
import { spawn } from 'node:child_process';
import { WebSocket } from 'undici';
import { temporaryFolder } from '../../stories/processes.ts';
import type { Engine } from './engine.ts';

const MISSING = 'apt-get install firefox-esr';

export async function openFirefox(): Promise<Engine> {
  const profile = temporaryFolder();
  const words = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
  const browser = spawn('firefox-esr', words, {
    env: { ...process.env, HOME: profile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    browser.once('error', () => reject(new Error(MISSING)));
    browser.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    exited.then(() => reject(new Error(said)));
  });
  const ask = await connected(`${address}/session`);
  await ask('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } });
  return {
    name: 'firefox',
    open: async (size) => {
      // Cookies of its own.
      const { userContext } = await ask<{ readonly userContext: string }>('browser.createUserContext', {});
      const { context } = await ask<{ readonly context: string }>('browsingContext.create', {
        type: 'tab',
        userContext,
      });
      await ask('browsingContext.setViewport', { context, viewport: size });
      const act = (actions: readonly object[]) => ask<void>('input.performActions', { context, actions });
      return {
        goto: (url) => ask<void>('browsingContext.navigate', { context, url, wait: 'complete' }),
        evaluate: async <T>(expression: string): Promise<T> => {
          // Strings only: BiDi has a form of its own for everything else.
          const { result, exceptionDetails } = await ask<Evaluated>('script.evaluate', {
            expression: `Promise.resolve().then(() => (${expression})).then((value) => JSON.stringify({ value }))`,
            ...{ target: { context }, awaitPromise: true },
          });
          if (result === undefined) throw new Error(exceptionDetails?.text);
          return (JSON.parse(result.value) as { readonly value: T }).value;
        },
        press: (x, y) => {
          const actions = [
            { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ];
          return act([{ type: 'pointer', id: 'finger', actions }]);
        },
        type: (text) => {
          const actions = [...text].flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]);
          return act([{ type: 'key', id: 'keys', actions }]);
        },
        screenshot: async () => {
          const { data } = await ask<{ readonly data: string }>('browsingContext.captureScreenshot', { context });
          return Buffer.from(data, 'base64');
        },
        close: () => ask<void>('browser.removeUserContext', { userContext }),
      };
    },
    end: async () => {
      browser.kill();
      await exited;
    },
  };
}

interface Evaluated {
  readonly result?: { readonly value: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** Commands by their number; what the browser says on its own is not listened to. */
async function connected(address: string): Promise<<T>(method: string, params: object) => Promise<T>> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  const waiting = new Map<
    number,
    (answer: { readonly error?: string; readonly message?: string; readonly result?: unknown }) => void
  >();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data));
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let count = 0;
  return <T>(method: string, params: object): Promise<T> =>
    new Promise((resolve, reject) => {
      count += 1;
      waiting.set(count, ({ error, message, result }) =>
        error === undefined ? resolve(result as T) : reject(new Error(`${method}: ${error} ${message}`)),
      );
      socket.send(JSON.stringify({ id: count, method, params }));
    });
}
