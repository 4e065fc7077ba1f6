/** Tests of the store, of commands and of the page run the built program. A fresh copy of the sources has none, and gets it here. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export function setup(): void {
  if (existsSync('dist/src/main.js')) return;
  // Not as the tests are run: the page would be made for its developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['deploy/build.mjs', 'test'], { stdio: 'inherit', env });
}
