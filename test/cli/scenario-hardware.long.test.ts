/** Scenarios through the whole program: the compiled command, the simulated boards, the platform that has the last word. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { program, temporaryFolder } from '../stories/processes.ts';

const spec = (name: string): string => fileURLToPath(new URL(`../scenarios/spec/${name}.yaml`, import.meta.url));
const own = (name: string): string => fileURLToPath(new URL(`../scenarios/${name}.yaml`, import.meta.url));
const play = (...words: string[]) =>
  program(['scenario', ...words, '--through-hardware', '--speed', '10', '--lang', 'en']);

describe('lanewarden scenario --through-hardware', () => {
  it('goes by what the platform got, over a silent board and a restart too', async () => {
    const files = ['03-remote-release', '06-tailgater', '07-tailgater-no-plate', '20-safety-loop-only'].map(spec);
    const run = play(...files, spec('22-stale-points'), spec('23-restart'), own('402-keep-open'));
    expect(await run.ended, run.output()).toBe(0);
    expect(run.output()).toContain('7 scenarios: 7 passed, 0 failed');
  });

  it('finds what differs: another plate, a release that does not come, a release nobody expects', async () => {
    const folder = temporaryFolder();
    const changed = (name: string, change: (text: string) => string): string => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, change(readFileSync(spec(name), 'utf8')));
      return file;
    };
    const wrongPlate = changed('03-remote-release', (text) =>
      text.replace(/(desc: 遥控开闸, plate: )\S+,/, '$1粤B00000,'),
    );
    const missing = changed('01-paid-exit', (text) => text.replace('expect: []', 'expect: [{ method: 1 }]'));
    const extra = changed('06-tailgater', (text) => text.replace(/expect:[\s\S]*/, 'expect: []\n'));
    const run = play(wrongPlate, missing, extra);
    expect(await run.ended, run.output()).toBe(1);
    expect(run.output()).toContain('plate should be 粤B00000');
    expect(run.output()).toContain('this release did not come');
    expect(run.output()).toContain('this release was not expected');
    expect(run.output()).toContain('3 scenarios: 0 passed, 3 failed');
  });

  it('says what it cannot tell, and runs the rest', async () => {
    const run = play(own('119-maintenance'), own('237-one-sample'), spec('05-opened-nobody-passed'));
    expect(await run.ended, run.output()).toBe(0);
    expect(run.output()).toContain('skip  maintenance mode: its mode is set by a person on the page');
    expect(run.output()).toContain('2 scenarios cannot run through hardware');
  });
});
