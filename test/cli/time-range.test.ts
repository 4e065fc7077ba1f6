/** Times on a command line: one way of writing them, for every command that takes any. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/arguments.ts';
import { evidenceCommand } from '../../src/cli/evidence/evidence.ts';
import { personCommand } from '../../src/cli/evidence/person.ts';
import { verifyCommand } from '../../src/cli/evidence/verify.ts';
import { queueCommand } from '../../src/cli/queue/queue.ts';
import { replayCommand } from '../../src/cli/replay/replay.ts';
import { reportCommand } from '../../src/cli/report/report.ts';
import { whyCommand } from '../../src/cli/report/why.ts';
import { camerasCommand } from '../../src/cli/status/cameras.ts';
import { daysOf, neededRange, timeRange } from '../../src/cli/time-range.ts';
import { programRun } from './program-run.ts';

const NOW = Date.parse('2026-11-26T10:00:00+08:00');
const at = (text: string) => Date.parse(`${text}+08:00`);
const of = (values: Record<string, string>) => timeRange(values, NOW);

describe('times of a command line', () => {
  it('--last ends now', () => {
    expect(of({ last: '1h' })).toEqual({ fromWallMs: NOW - 3_600_000, toWallMs: NOW });
    expect(of({ last: '90min' })).toEqual({ fromWallMs: NOW - 5_400_000, toWallMs: NOW });
    expect(of({ last: '7d' })).toEqual({ fromWallMs: NOW - 7 * 86_400_000, toWallMs: NOW });
    for (const wrong of ['1', '0h', '-1h', 'an hour', '']) expect(() => of({ last: wrong })).toThrow(UsageError);
    expect(() => of({ last: 'today' })).toThrow('--day today');
  });

  it('--day is a day in Beijing', () => {
    const day = (text: string) => ({ fromWallMs: at(`${text}T00:00`), toWallMs: at(`${text}T00:00`) + 86_400_000 });
    expect(of({ day: 'today' })).toEqual(day('2026-11-26'));
    expect(of({ day: 'yesterday' })).toEqual(day('2026-11-25'));
    expect(of({ day: '2026-02-28' })).toEqual(day('2026-02-28'));
    for (const wrong of ['2026-02-30', 'tomorrow', '26.11.2026']) expect(() => of({ day: wrong })).toThrow(UsageError);
  });

  it('--from and --until take days, times of today, and times with a zone', () => {
    const from = (text: string) => of({ from: text })?.fromWallMs;
    expect(from('2026-11-24T08:00')).toBe(at('2026-11-24T08:00'));
    expect(from('2026-11-24 08:00:30')).toBe(at('2026-11-24T08:00:30'));
    expect(from('2026-11-24')).toBe(at('2026-11-24T00:00'));
    expect(from('2026-11-24T08:00Z')).toBe(Date.UTC(2026, 10, 24, 8));
    expect(from('2026-11-24T08:00+09:00')).toBe(Date.UTC(2026, 10, 23, 23));
    expect(from('08:30')).toBe(at('2026-11-26T08:30'));
    expect(from('yesterday')).toBe(at('2026-11-25T00:00'));
    // A day names all of itself, at both ends.
    expect(of({ from: 'yesterday', until: 'yesterday' })).toEqual(of({ day: 'yesterday' }));
    expect(of({ from: '2026-11-24', until: '2026-11-25' })?.toWallMs).toBe(at('2026-11-26T00:00'));
    expect(of({ until: '2026-11-25T08:00' })?.toWallMs).toBe(at('2026-11-25T08:00'));
    expect(of({ from: 'today', until: 'now' })).toEqual({ fromWallMs: at('2026-11-26T00:00'), toWallMs: NOW });
    for (const wrong of ['2026-02-30T08:00', '2026-02-30', '25:00', 'soon', '2026-11-24T'])
      expect(() => from(wrong)).toThrow(`--from ${wrong}: not a time`);
    expect(() => of({ from: 'today', until: 'yesterday' })).toThrow('later than');
  });

  it('none, one way, or an error that names both', () => {
    expect(of({})).toBeUndefined();
    expect(() => neededRange({}, NOW)).toThrow('--last 1h');
    expect(() => neededRange({ until: 'today' }, NOW)).toThrow('--last 1h');
    expect(() => of({ last: '1h', day: 'today' })).toThrow('--last and --day');
    expect(() => of({ last: '1h', from: 'today' })).toThrow('--last and --from');
  });

  it('as days: seven that end today, or each that is touched', () => {
    expect(daysOf({ last: '7d' }, NOW)).toHaveLength(7);
    expect(daysOf({ last: '7d' }, NOW).at(-1)).toBe('2026-11-26');
    expect(daysOf({ last: '11h' }, NOW)).toEqual(['2026-11-25', '2026-11-26']);
    expect(daysOf({ day: 'yesterday' }, NOW)).toEqual(['2026-11-25']);
    expect(daysOf({ from: '2026-11-24', until: '2026-11-25' }, NOW)).toEqual(['2026-11-24', '2026-11-25']);
    expect(daysOf({ from: '2026-11-24', until: 'today' }, NOW)).toEqual(['2026-11-24', '2026-11-25', '2026-11-26']);
    expect(daysOf({ from: 'yesterday' }, NOW)).toEqual(['2026-11-25', '2026-11-26']);
  });
});

describe('each command that takes times', () => {
  const commands = [
    ...[evidenceCommand, personCommand, verifyCommand, queueCommand],
    ...[whyCommand, replayCommand, reportCommand, camerasCommand],
  ];
  const run = (...words: string[]) => programRun(commands, [...words, '--lang', 'en'], {});
  const WORDS: Readonly<Record<string, readonly string[]>> = { person: ['粤B12345'], queue: ['ls'] };

  it.each(commands.map(({ name }) => name))('%s reads them in the same way', async (name) => {
    const words = [name, ...(WORDS[name] ?? [])];
    expect((await run(name, '--help')).out).toMatch(
      /--last TIME .*1h[\s\S]*--day DAY[\s\S]*--from TIME[\s\S]*--until TIME/,
    );
    expect(await run(...words, '--last', 'week')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--last week: write 30min, 1h or 7d'),
    });
    expect(await run(...words, '--day', 'today', '--last', '1h')).toMatchObject({ code: 2 });
    // Its name of before `--to` was the destination.
    expect((await run(...words, '--to', 'soon')).err).toContain('--until soon: not a time');
    // Right words reach what is missing: there is no such configuration.
    expect((await run(...words, '--last', '1h', '--config', '/nowhere.yaml')).code).toBe(66);
  });
});
