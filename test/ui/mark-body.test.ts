/** What the form of review sends: nothing that was chosen is lost, and money is named where it is the point. */
import { describe, expect, it } from 'vitest';
import { lacksAmount, markBody } from '../../src/ui/review/mark-body.ts';

const given = { words: '', plate: '', yuan: '' };

describe('a mark', () => {
  it.each(['owed', 'recovered', 'answer'] as const)('%s keeps the words', (kind) => {
    const body = markBody(7, kind, { ...given, words: ' 收据 12 ', yuan: '15' });
    expect(body).toMatchObject({ ids: [7], kind, words: '收据 12' });
  });

  it.each(['owed', 'recovered'] as const)('%s has its plate and amount, and is none without an amount', (kind) => {
    const body = markBody(7, kind, { ...given, plate: ' 粤B12345 ', yuan: '15.5' });
    expect(body).toEqual({ ids: [7], kind, plate: '粤B12345', amount: 1550 });
    for (const yuan of ['', ' ', '0', '-1', 'ten']) expect(markBody(7, kind, { ...given, yuan }), yuan).toBeUndefined();
  });

  it('made in the list says where its amount is still to be written', () => {
    expect(lacksAmount({ kind: 'owed' })).toBe(true);
    expect(lacksAmount({ kind: 'recovered' })).toBe(true);
    expect(lacksAmount({ kind: 'owed', amount: 1550 })).toBe(false);
    expect(lacksAmount({ kind: 'wrong' })).toBe(false);
  });

  it('of another kind names no money', () => {
    expect(markBody(7, 'wrong', { ...given, plate: '粤B12345', yuan: '15' })).toEqual({ ids: [7], kind: 'wrong' });
  });
});
