/** Which errors are the disk's, so that the store waits for it, and which are mistakes of ours. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diskFault } from '../../src/store/thread/database.ts';

it.each(['EIO', 'ENXIO', 'ENODEV', 'EUCLEAN', 'EMFILE', 'ENFILE'])('%s: a disk that fails', (code) => {
  expect(diskFault(Object.assign(new Error(code), { code, syscall: 'open' }))).toBe('io');
});

it('a file that is gone is the disk, a program that is not there is not', () => {
  const gone = (): unknown => {
    try {
      return readFileSync('/nowhere/at/all');
    } catch (error) {
      return error;
    }
  };
  expect(diskFault(gone())).toBe('io');
  expect(diskFault(spawnSync('/nowhere/at/all').error)).toBeUndefined();
  expect(diskFault(new TypeError('ours'))).toBeUndefined();
  expect(diskFault(undefined)).toBeUndefined();
});
