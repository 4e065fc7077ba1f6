/** What each command answers to wrong arguments. The compiler demands a row for each command of the program. */
import type { CommandName } from '../../src/text/commands/manual.ts';

/** `folder`: an empty one. */
export type Wrong = readonly [words: readonly string[], exitCode: number];

const BEFORE_STORE = ['--store', 'nowhere'];

/** Arguments that are wrong in themselves are refused as such, though the store or the configuration is missing as well. */
export const WRONG: Readonly<Record<CommandName, readonly Wrong[]>> = {
  run: [],
  demo: [
    [['--seed', 'x'], 2],
    [['--speed', '0'], 2],
  ],
  simulate: [[['--lanes', '99'], 2]],
  practice: [
    [[], 2],
    [['--story', '41', 'true'], 2],
  ],
  // 2: nobody could be asked, as monitoring has it.
  status: [
    [['x'], 2],
    [BEFORE_STORE, 2],
  ],
  check: [[['--config', 'nowhere.yaml'], 66]],
  scenario: [
    [[], 2],
    [['nowhere.yaml'], 66],
  ],
  replay: [
    [[], 2],
    [['--from', '2026-01-02', '--to', '2026-01-01'], 2],
    [['--from', '2026-01-01', '--to', '2026-01-02', '--settings', 'nowhere.yaml'], 66],
  ],
  evidence: [
    [[...BEFORE_STORE], 2],
    [['1', '2', '--file', 'x.zip', ...BEFORE_STORE], 2],
    [['1', ...BEFORE_STORE], 66],
  ],
  verify: [
    [['nowhere.zip'], 66],
    [['nowhere.zip', '--from', 'x'], 2],
    [['nowhere.zip', ...BEFORE_STORE], 2],
    [['--from', 'x', ...BEFORE_STORE], 2],
    [BEFORE_STORE, 66],
  ],
  person: [
    [BEFORE_STORE, 2],
    [['粤B12345', ...BEFORE_STORE], 66],
    [['粤B12345', '--erase', '--yes', ...BEFORE_STORE], 2],
    [['粤B12345', '--erase', '--reason', 'x', ...BEFORE_STORE], 2],
  ],
  probe: [[['nowhere'], 2]],
  snapshot: [
    [['cam1'], 66],
    [['--kind', 'hikvision'], 2],
    [['--out', 'x.png'], 2],
  ],
  cameras: [
    [['--limit', 'x', ...BEFORE_STORE], 2],
    [BEFORE_STORE, 69],
  ],
  queue: [
    [['wibble', ...BEFORE_STORE], 2],
    [['show', ...BEFORE_STORE], 2],
    [['show', 'x', ...BEFORE_STORE], 2],
    [['show', '1', '2', ...BEFORE_STORE], 2],
    [['ls', '--limit', 'x', ...BEFORE_STORE], 2],
    [['ls', '--state', 'x', ...BEFORE_STORE], 2],
    [['retry', ...BEFORE_STORE], 2],
    [['drop', '1', ...BEFORE_STORE], 2],
    [['export', ...BEFORE_STORE], 2],
    [['import', ...BEFORE_STORE], 2],
    [['ls', ...BEFORE_STORE], 66],
  ],
  report: [
    [['--day', 'x', ...BEFORE_STORE], 2],
    [BEFORE_STORE, 66],
  ],
  why: [
    [['x', ...BEFORE_STORE], 2],
    [['1', ...BEFORE_STORE], 66],
  ],
  sign: [[[], 78]],
  diagnose: [[['--hours', 'x'], 2]],
  backup: [[[], 66]],
  restore: [
    [BEFORE_STORE, 2],
    [['nowhere.zip', ...BEFORE_STORE], 66],
    [['nowhere.zip', '--yes', ...BEFORE_STORE], 66],
    [['there.txt', ...BEFORE_STORE], 2],
  ],
  provision: [
    [[], 2],
    [['show'], 2],
    [['nowhere.lwp'], 66],
    [['make', 'there.txt'], 2],
    [['make', 'nowhere.yaml', '--key', 'there.txt', '--out', 'x.lwp'], 66],
    [['make', 'there.txt', '--key', 'there.txt', '--out', 'x.lwp'], 1],
    [['key', 'there.txt'], 1],
    [['there.txt'], 1],
  ],
  update: [
    [[], 2],
    [['nowhere.deb'], 66],
    [['there.txt', '--signature', 'nowhere.sig'], 66],
  ],
  profile: [
    [[], 2],
    [['show'], 2],
    [['show', 'a', 'b'], 2],
    [['show', 'nowhere'], 66],
    [['lint', 'nowhere.yaml'], 66],
    [['lint', 'there.txt'], 78],
  ],
  passwd: [
    [BEFORE_STORE, 2],
    [['somebody', ...BEFORE_STORE], 66],
  ],
  token: [
    [['--new', 'x', ...BEFORE_STORE], 2],
    [['--new', 'x', '--scope', 'config', ...BEFORE_STORE], 2],
    [['--new', 'x', '--scope', 'read', '--revoke', 'y', ...BEFORE_STORE], 2],
    [['--scope', 'read', ...BEFORE_STORE], 2],
    [['--new', '-', '--scope', 'read', ...BEFORE_STORE], 2],
    [BEFORE_STORE, 66],
  ],
  label: [
    [['--wait', '900'], 2],
    [['-c', 'nowhere/lanewarden.yaml'], 66],
  ],
  'setup-code': [[BEFORE_STORE, 66]],
  schema: [[['--markdown', 'wibble'], 2]],
  completion: [[['wibble'], 2]],
  version: [],
};
