/** The demonstration as its user runs it: the compiled program, its exit codes, and what can be looked at afterwards. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DIST, program, start, temporaryFolder } from './processes.ts';

const broken = mkdtempSync(join(DIST, 'broken-'));
afterAll(() => rmSync(broken, { recursive: true, force: true }));

/** A copy of the program in which one piece of code says something else. */
function brokenProgram(file: string, from: string, to: string): string {
  for (const part of ['src', 'drivers']) cpSync(join(DIST, part), join(broken, part), { recursive: true });
  const code = readFileSync(join(broken, file), 'utf8');
  expect(code, 'the code to break is there').toContain(from);
  writeFileSync(join(broken, file), code.replaceAll(from, to));
  return join(broken, 'src/main.js');
}

// Side by side, because they mostly wait.
describe.concurrent('lanewarden demo --once', () => {
  it('exits 0, and a replay of its journal gives the same verdicts', async () => {
    const folder = temporaryFolder();
    const demo = program(['demo', '--once', '--keep', folder, '--lang', 'en']);
    expect(await demo.ended, demo.output()).toBe(0);
    expect(demo.output()).toContain('the platform got 2 records, each signed correctly and with its picture');
    const config = join(folder, 'lanewarden.yaml');
    const replay = program([
      'replay',
      '--config',
      config,
      '--from',
      '2020-01-01',
      '--to',
      '2099-01-01',
      '--lang',
      'en',
    ]);
    expect(await replay.ended, replay.output()).toBe(0);
    expect(replay.output()).toContain('0 that matter (0 changed, 0 gone, 0 new), 0 where only seconds differ, 2 same');
    // Of the tailgater there is also what was to be seen just before and after.
    const queue = program(['queue', 'show', '2', '--config', config, '--lang', 'en']);
    expect(await queue.ended, queue.output()).toBe(0);
    expect(queue.output()).toMatch(/ s before the release, kept on the box only\n.* s after the release/);
  });

  it('exits 1 when the signature is computed wrongly', async () => {
    const main = brokenProgram('src/delivery/request/signature.js', 'toUpperCase()', 'toLowerCase()');
    const demo = start(process.execPath, [main, 'demo', '--once', '--lang', 'en']);
    expect(await demo.ended, demo.output()).toBe(1);
    expect(demo.output()).toContain('missing');
  });

  it('goes on until it is told to stop, and then ends cleanly', async () => {
    const demo = program(['demo', '--speed', '20', '--lang', 'en']);
    await demo.says('seqno');
    // What one sees first is a lane that works, and where to look.
    expect(demo.output()).not.toContain('no payment messages');
    expect(demo.output()).toContain('press “Manual release”');
    const { code } = await demo.end('SIGINT');
    expect(code, demo.output()).toBe(0);
  });

  it.each(['127.0.0.2', '[::1]', '[::]', '0.0.0.0'])(
    'at %s its payments and the arm are reached there',
    async (host) => {
      const demo = program(['demo', '--today', '--speed', '20', '--page', `${host}:0`, '--lang', 'en']);
      await demo.says('grant received');
      const [, arm] = /GET (\S+)/.exec(demo.output()) ?? [];
      expect((await fetch(arm ?? '')).status).toBe(200);
      await demo.end('SIGINT');
    },
  );
});
