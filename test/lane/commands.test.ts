/** The commands `scenario` and `replay` as a person and a program meet them: exit codes, lines of faults, JSON, differences. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/arguments.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { readLaneSettings } from '../../src/config/settings-file.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { scenarioCommand } from '../../src/simulate/scenario/scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-scenario-'));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function scenario(files: readonly string[], values: Readonly<Record<string, unknown>> = {}) {
  const said = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += String(chunk);
        done();
      },
    });
  const context = {
    language: 'en',
    stdout: into('out'),
    stderr: into('err'),
    environment: {},
    signal: new AbortController().signal,
    kinds: () => Promise.reject(new RangeError('no driver is asked for')),
  } as const;
  const code = await scenarioCommand.run(values, files, context);
  return { code, ...said };
}

const GOOD = 'test/scenarios/spec/02-button-release.yaml';
const wrong = () =>
  file('wrong.yaml', readFileSync(GOOD, 'utf8').replace('method: 1', 'method: 3').replace('at: 1.2', 'at: 9'));

describe('lanewarden scenario', () => {
  it('exits 0 when every expectation holds', async () => {
    const { code, out, err } = await scenario([GOOD]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe('ok    button release\n1 scenarios: 1 passed, 0 failed\n');
  });

  it('exits 1 and prints the timeline, and what was decided beside what was expected', async () => {
    const { code, out } = await scenario([GOOD, wrong()]);
    expect(code).toBe(1);
    expect(out).toContain('FAIL  button release');
    expect(out).toContain('1.200  down off');
    expect(out).toContain('expected  method=3');
    expect(out).toContain('decided  method=1');
    expect(out).toContain('✗ method should be 3, is 1');
    expect(out).toContain('✗ at should be 9, is 1.2');
    expect(out).toContain('button pressed 0.2 s before the opening');
  });

  it('exits 2 on a file that is not valid, with the line of each fault', async () => {
    const bad = file(
      'bad.yaml',
      [
        'name: bad',
        'lane:',
        '  direction: exit',
        '  points: [down, up]',
        'timeline:',
        '  - {t: 1, down: off}',
        '  - {t: 0.5, barrier: on}',
        '  - {t: 2, dwn: on}',
        'expect: []',
        '',
      ].join('\n'),
    );
    const { code, err, out } = await scenario([GOOD, bad]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${bad}:8:`);
    const order = file('order.yaml', readFileSync(bad, 'utf8').replace('dwn: on', 'down: on'));
    const second = await scenario([order]);
    expect(second.err).toContain(`${order}:7:`);
    expect(second.err).toContain('time goes back: 0.5 after 1');
    expect(second.err).toContain('this lane has no barrier wired');
  });

  it('exits 66 when there is no such file, and wants at least one', async () => {
    expect((await scenario([join(folder, 'none.yaml')])).code).toBe(66);
    await expect(scenario([])).rejects.toBeInstanceOf(UsageError);
  });

  it('says the same in JSON', async () => {
    const { code, out } = await scenario([GOOD, wrong()], { json: true });
    expect(code).toBe(1);
    const said = JSON.parse(out);
    expect(said.ok).toBe(false);
    expect(said.scenarios.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, false]);
    expect(said.scenarios[1].pairs[0].problems.map(({ en }: { en: string }) => en)).toEqual([
      'method should be 3, is 1',
      'at should be 9, is 1.2',
    ]);
  });

  it('holds releases beyond those expected against it, and totals', async () => {
    const text = readFileSync(GOOD, 'utf8');
    const beyond = file('beyond.yaml', `${text.slice(0, text.indexOf('expect:'))}expect: []\nsummary: {passages: 2}\n`);
    const { code, out } = await scenario([beyond]);
    expect(code).toBe(1);
    expect(out).toContain('this release was not expected');
    expect(out).toContain('the total of passages should be 2, is 1');
  });
});

describe('lanewarden replay', () => {
  it('reads settings that change only what they name', () => {
    const change = readLaneSettings(file('settings.yaml', 'settle: 3s\nreportFrom: sure\n'));
    const before = { ...DEFAULT_SETTINGS, transitMs: 1234 };
    expect(change(before)).toEqual({ ...before, settleMs: 3000, reportFrom: 'sure' });
    expect(() => readLaneSettings(file('unknown.yaml', 'setle: 3s\n'))).toThrow(ConfigError);
  });
});
