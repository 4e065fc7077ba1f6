/** Who holds a port, from a copy of /proc: several processes, and those whose files this user may not see. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { portHolders } from '../../src/line/port-holders.ts';

const root = mkdtempSync(join(tmpdir(), 'lanewarden-proc-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('names programs and processes by the device they have open', async () => {
  const opened = { 12: ['/dev/null', '/dev/ttyUSB0'], 34: ['/dev/ttyUSB0', '/dev/ttyUSB1'], 56: ['/etc/hosts'] };
  for (const [pid, files] of Object.entries(opened)) {
    mkdirSync(join(root, 'proc', pid, 'fd'), { recursive: true });
    for (const [index, file] of files.entries()) symlinkSync(file, join(root, 'proc', pid, 'fd', `${index}`));
    writeFileSync(join(root, 'proc', pid, 'comm'), `program${pid}\n`);
  }
  // Of another user: its files cannot be listed.
  mkdirSync(join(root, 'proc', '78'));
  mkdirSync(join(root, 'proc', 'sys'));
  const holders = await portHolders(new Set(['/dev/ttyUSB0', '/dev/ttyUSB1', '/dev/ttyUSB2']), root);
  expect(holders.get('/dev/ttyUSB0')).toEqual([
    { pid: 12, program: 'program12' },
    { pid: 34, program: 'program34' },
  ]);
  expect(holders.get('/dev/ttyUSB1')).toEqual([{ pid: 34, program: 'program34' }]);
  expect(holders.has('/dev/ttyUSB2')).toBe(false);
});
