/** Long commands on a terminal: how far they are, in colour unless NO_COLOR says otherwise, and nothing of it where it is none. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DIST } from '../stories/processes.ts';

const COMMAND = ['simulate', '--vehicles', '300', '--world', 'ordinary', '--lang', 'en'];

/** `script` gives it a terminal of its own. */
function onTerminal(environment: Readonly<Record<string, string>>): string {
  const words = [process.execPath, join(DIST, 'src/main.js'), ...COMMAND].join(' ');
  const { stdout, status } = spawnSync('script', ['--quiet', '--return', '--command', words, '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '', ...environment },
  });
  expect(status, stdout).toBe(0);
  return stdout.replaceAll('\u001b', 'ESC');
}

it('says how far it is, and leaves nothing of it behind', () => {
  const shown = onTerminal({});
  expect(shown).toMatch(/ESC\[36mordinary \d+ %ESC\[0m/);
  // The last of it is cleared before the figures come.
  const figures = shown.slice(shown.lastIndexOf('ESC[2K'));
  expect(figures).toContain('ordinary');
  expect(figures).not.toContain(' %ESC');
});

it('without colour where NO_COLOR is set', () => {
  const shown = onTerminal({ NO_COLOR: '1' });
  expect(shown).toMatch(/\rESC\[2Kordinary \d+ %/);
  expect(shown).not.toContain('ESC[36m');
});

it('in a pipe there is nothing but the figures', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(DIST, 'src/main.js'), ...COMMAND], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).not.toContain('\u001b');
});
