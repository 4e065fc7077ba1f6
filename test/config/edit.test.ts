/** One value of a YAML text is changed, or it is said that it cannot be. */
import { describe, expect, it } from 'vitest';
import { editYaml, fillPlaces } from '../../src/config/edit.ts';

describe('a text whose alias has no anchor', () => {
  it.each([
    ['an alias to nothing', 'a: *nothing\nb: 1\n', ['b'], 2],
    ['an alias before its anchor', 'a: *x\nb: &x 1\nc: 2\n', ['c'], 3],
    ['an edit that takes the anchor away', 'a: &x 1\nb: *x\n', ['a'], undefined],
  ] as const)('is not editable: %s', (_, text, path, value) => {
    expect(editYaml(text, path, value)).toBeUndefined();
  });

  it('has no places to be filled', () => {
    expect(fillPlaces('a: *nothing\nb: $(x)\n', { x: 1 })).toBeUndefined();
  });
});
