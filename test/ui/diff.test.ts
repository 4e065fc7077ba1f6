/** Which lines differ: against a plain definition, for whatever texts. */

import { describe, expect, it } from 'vitest';
import { changedParts, diffLines } from '../../src/ui/config/diff.ts';
import fc from '../property.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((each) => each.join('\n'));

describe('comparison of two texts', () => {
  it('gives back both texts', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after);
        const side = (without: 'new' | 'gone'): string =>
          diff
            .filter(({ kind }) => kind !== without)
            .map(({ text }) => text)
            .join('\n');
        expect(side('new')).toBe(before);
        expect(side('gone')).toBe(after);
      }),
    );
  });

  it('tells a changed line as one gone and one new, the rest as the same', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'gone b',
      'new x',
      'same c',
    ]);
  });

  it('keeps three lines around a change and counts what it leaves out', () => {
    const before = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const after = before.map((line, at) => (at === 20 ? 'other' : line));
    const parts = changedParts(diffLines(before.join('\n'), after.join('\n')));
    expect(parts).toHaveLength(1);
    expect(parts[0]?.skipped).toBe(17);
    expect(parts[0]?.lines.map(({ kind }) => kind)).toEqual([
      ...['same', 'same', 'same'],
      ...['gone', 'new'],
      ...['same', 'same', 'same'],
    ]);
    expect(changedParts(diffLines('a', 'a'))).toEqual([]);
  });
});
