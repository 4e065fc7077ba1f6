/** How a person finds the page of a new box: on its console, in its log, by the command `label`; real addresses, and the set-up code while there is one. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pageUrls } from '../../src/page/access/label.ts';
import { eventually, program, temporaryFolder } from '../stories/processes.ts';
import { askAt, PASSWORD } from './page-box.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe('the label of a box', () => {
  it('stands on its console with real addresses, and without the code once a password is set', async () => {
    const folder = temporaryFolder();
    const runtime = join(folder, 'run');
    mkdirSync(runtime);
    const config = join(folder, 'lanewarden.yaml');
    // 0: whichever port is free.
    writeFileSync(config, `page: { listen: "0.0.0.0:0" }\nstore: { path: "${join(folder, 'state')}" }\n`);
    const running = program(['run', '--config', config, '--lang', 'en'], { RUNTIME_DIRECTORY: runtime });
    endings.push(() => running.end('SIGKILL'));
    await running.says(/set-up code [A-Z0-9-]+/);
    const [, code = ''] = /set-up code ([A-Z0-9-]+)/.exec(running.output()) ?? [];
    const label = (): string => {
      try {
        return readFileSync(join(runtime, 'label.issue'), 'utf8');
      } catch {
        return '';
      }
    };
    await eventually('the console has a label', () => label().includes(code), running.output);
    const [first = ''] = pageUrls({ host: '0.0.0.0', port: 0 }, true).map((url) => url.slice(0, -1));
    expect(label()).toContain(first);
    expect(label()).toMatch(/certificate, SHA-256: ([0-9A-F]{2}:){31}/);
    expect(label()).toMatch(/^[█▀▄ ]{25,}$/m);
    // A console has no Chinese characters, and takes a backslash for a command.
    expect(label()).not.toMatch(/\p{Script=Han}|\\/u);
    expect(running.output()).toContain(`local page: ${first}`);
    expect(running.output() + label()).not.toContain('//0.0.0.0');

    const said = program(['label', '--config', config, '--lang', 'zh']);
    expect(await said.ended, said.output()).toBe(0);
    expect(said.output()).toContain(`设置码：${code}`);

    const [, port = ''] = /https:\/\/[^/\s]+:(\d+)/.exec(label()) ?? [];
    const body = { code, user: 'li', password: PASSWORD };
    const made = await askAt(`https://127.0.0.1:${port}`, 'POST', '/api/v1/setup', { body });
    expect(made.status).toBe(200);
    await eventually('the code is gone', () => label() !== '' && !label().includes(code), label);
    await running.end();
  });

  it('names a configuration that is not there, whatever the usual folder has', async () => {
    const said = program(['label', '--config', join(temporaryFolder(), 'wrong.yaml'), '--lang', 'en']);
    expect([await said.ended, said.output()]).toEqual([66, expect.stringContaining('there is no configuration file')]);
  });

  it('is refused where no box has ever run', async () => {
    const config = join(temporaryFolder(), 'lanewarden.yaml');
    writeFileSync(config, 'store: { path: state }\n');
    const said = program(['label', '--config', config, '--wait', '1', '--lang', 'en']);
    expect([await said.ended, said.output()]).toEqual([66, expect.stringContaining('has never run here')]);
  });
});
