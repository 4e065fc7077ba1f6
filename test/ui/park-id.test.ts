import { describe, expect, it } from 'vitest';
import { parkId } from '../../src/ui/wizard/park-text.ts';

const ID = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';

describe('the id of a park', () => {
  it.each([
    ID,
    ID.toUpperCase(),
    ID.replaceAll('-', ''),
    ` ${ID}\n`,
    `{${ID}}`,
    `urn:uuid:${ID}`,
    `uuid:${ID}`,
    '49f0cc52 e8c7 41e3 b54d af666b8cc11a',
    ID.replaceAll('-', '–'),
  ])('is taken as it was pasted: %s', (typed) => {
    expect(parkId(typed)).toBe(ID);
  });

  it.each(['', '49f0cc52-e8c7', `${ID}0`, ID.replace('4', 'g')])('stays as typed until it is one: %j', (typed) => {
    expect(parkId(typed)).toBe(typed);
  });
});
