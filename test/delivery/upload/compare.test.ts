/** The signature comparison: each kind of difference is named, and nothing secret is shown. */

import { describe, expect, it } from 'vitest';
import { comparisonText } from '../../../src/delivery/request/receipt-text.ts';
import { compareSignatures, maskedHint } from '../../../src/delivery/request/signature-comparison.ts';
import fc from '../../property.ts';
import { maskedText } from '../by-hand.ts';

const FIELDS = {
  gate_id: '1001',
  gate_name: '通道A',
  park_uuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a',
  parking_serial: '1001-01ARYZ6S41TSV4RRFFQ69G5FAV',
  plate: '粤KKKKKK',
  reason: '按钮开闸, a & b=c',
  release_type: '2',
};
const text = (fields: Record<string, string>, more = '') => `签名错误: ${maskedText(fields)}${more}`;
const differences = (hint: string) => {
  const comparison = compareSignatures(FIELDS, hint);
  return comparison.kind === 'different' ? comparison.differences : comparison.kind;
};

describe('the comparison', () => {
  it('says that the secret is wrong when the texts are equal', () => {
    expect(differences(text(FIELDS))).toBe('equal');
    expect(differences(maskedText(FIELDS))).toBe('equal');
    expect(differences(text(FIELDS, ' sign=ABCDEF'))).toBe('equal');
  });

  it('finds the lost charset, also from the one field of the platform’s own example', () => {
    const lost = [{ kind: 'charset', field: 'plate', ours: '粤KKKKKK', theirs: '?KKKKKK' }];
    expect(differences('plate=?KKKKKK')).toEqual(lost);
    expect(differences('sign error, text is "plate=?KKKKKK".')).toEqual(lost);
    expect(differences(text({ ...FIELDS, plate: '?KKKKKK' }))).toEqual(lost);
    const garbled = Buffer.from('粤KKKKKK').toString('latin1');
    expect(differences(text({ ...FIELDS, plate: garbled }))).toMatchObject([{ kind: 'charset', field: 'plate' }]);
    expect(differences(text({ ...FIELDS, plate: '\uFFFD\uFFFDKKKKKK' }))).toMatchObject([{ kind: 'charset' }]);
  });

  it('finds the lost charset in the hint of another car: no plate has a question mark', () => {
    const other = { ...FIELDS, plate: '粤B12345' };
    expect(compareSignatures(other, 'plate=?KKKKKK')).toEqual({
      kind: 'different',
      differences: [{ kind: 'charset', field: 'plate', ours: '粤B12345', theirs: '?KKKKKK' }],
    });
    expect(compareSignatures({ ...FIELDS, plate: 'B12345' }, 'plate=?KKKKKK')).toMatchObject({
      differences: [{ kind: 'value' }],
    });
  });

  it('knows UTF-8 read as GBK also where a byte of it took the letter behind', () => {
    // 粤 is E7 B2 A4: GBK has 绮 for E7 B2, and A4 with the B behind it is nothing, for some decoders with the B and for others without.
    for (const plate of ['绮\uFFFDB12345', '绮\uFFFD12345', '绮?12345', '绮?B12345', '绮\uE4C812345'])
      expect(compareSignatures({ plate: '粤B12345' }, `plate=${plate}&app_secret=***`), plate).toMatchObject({
        differences: [{ kind: 'charset' }],
      });
  });

  it('finds a value that is another', () => {
    expect(differences(text({ ...FIELDS, release_type: '1' }))).toEqual([
      { kind: 'value', field: 'release_type', ours: '2', theirs: '1' },
    ]);
    expect(differences(text({ ...FIELDS, plate: '粤KKKKK8' }))).toMatchObject([{ kind: 'value', field: 'plate' }]);
  });

  it('tells another value beyond ASCII from a lost charset', () => {
    const kindOf = (theirs: string) => {
      const found = differences(text({ ...FIELDS, gate_name: theirs }));
      return typeof found === 'string' ? found : found.map(({ kind }) => kind).join();
    };
    for (const other of ['通道B', '出口A', '进道A', 'A', '道通A', '出?A', '通道?'])
      expect(kindOf(other), other).toBe('value');
    const bytes = Buffer.from('通道A');
    const read = (charset: string) => new TextDecoder(charset).decode(bytes);
    const lost = [
      '??A',
      '??????A',
      '\uFFFD\uFFFDA',
      '通?A',
      read('windows-1252'),
      read('gbk'),
      bytes.toString('latin1'),
    ];
    for (const garbled of [...lost, read('gbk').replaceAll('\uFFFD', '?')])
      expect(kindOf(garbled), garbled).toBe('charset');
  });

  it('finds a value signed as it travels', () => {
    expect(differences(text({ ...FIELDS, gate_name: encodeURIComponent('通道A') }))).toMatchObject([
      { kind: 'encoded', field: 'gate_name' },
    ]);
  });

  it('finds what is missing on either side, empties by name', () => {
    const { reason: _, ...without } = FIELDS;
    expect(differences(text(without))).toMatchObject([{ kind: 'missing', field: 'reason' }]);
    expect(differences(text({ ...FIELDS, app_id: 'op1' }))).toEqual([
      { kind: 'extra', field: 'app_id', theirs: 'op1', empty: false },
    ]);
    expect(differences(`car_desc=&${maskedText(FIELDS)}`)).toEqual([
      { kind: 'extra', field: 'car_desc', theirs: '', empty: true },
    ]);
  });

  it('finds another order', () => {
    const pairs = maskedText(FIELDS).split('&app_secret')[0]?.split('&gate_name') ?? [];
    expect(differences(`gate_name${pairs[1]}&${pairs[0]}&app_secret=***`)).toMatchObject([{ kind: 'order' }]);
  });

  it('takes a hint as it is pasted: a whole answer, out of a page, URL-encoded', () => {
    const hint = maskedText({ ...FIELDS, release_type: '1' });
    const other = [{ kind: 'value', field: 'release_type', ours: '2', theirs: '1' }];
    const escaped = (text: string) =>
      JSON.stringify(text).replaceAll(
        /[^ -~]|[=&]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    expect(differences(`{"code":"401","hint":${escaped(hint)}}\n`)).toEqual(other);
    expect(differences(`{"code":"401","message":${escaped(hint)},"hint":""}`)).toEqual(other);
    expect(differences(encodeURIComponent(hint))).toEqual(other);
    expect(differences(new URLSearchParams({ v: hint }).toString().slice(2))).toEqual(other);
    const plain = { ...FIELDS, reason: 'a' };
    const paged = maskedText({ ...plain, release_type: '1' }).replaceAll('&', '&amp;');
    expect(compareSignatures(plain, paged)).toEqual({ kind: 'different', differences: other });
    const literal = { ...FIELDS, reason: 'a&amp;b%3D' };
    expect(compareSignatures(literal, maskedText(literal))).toEqual({ kind: 'equal' });
    for (const broken of ['{', '{}', '{"hint":5}', 'plate%3D%E7']) expect(differences(broken)).toBe('noText');
  });

  it('knows the whole text also without the secret at its end', () => {
    const whole = maskedText(FIELDS).replace('&app_secret=***', '');
    expect(differences(whole)).toBe('equal');
    expect(differences(`sign error: [${whole}]`)).toBe('equal');
    expect(differences(whole.slice(0, -20))).not.toBe('equal');
  });

  it('takes a text that was wrapped, or has a line for each field', () => {
    const hint = maskedText({ ...FIELDS, release_type: '1' });
    const other = [{ kind: 'value', field: 'release_type', ours: '2', theirs: '1' }];
    for (let at = 1; at < hint.length; at += 1)
      expect(differences(`${hint.slice(0, at)}\r\n${hint.slice(at)}`), String(at)).toEqual(other);
    const plain = { ...FIELDS, reason: 'a' };
    const lines = maskedText({ ...plain, release_type: '1' });
    for (const between of ['\n', '&\n', '\r\n  &', '\n  '])
      expect(compareSignatures(plain, lines.replaceAll('&', between))).toEqual({
        kind: 'different',
        differences: other,
      });
    const poem = { ...FIELDS, reason: 'a\nb' };
    expect(compareSignatures(poem, maskedText(poem)).kind).toBe('equal');
  });

  it('says when there is nothing to compare', () => {
    for (const hint of ['', '签名错误', 'invalid signature', 'error=1']) expect(differences(hint)).toBe('noText');
  });

  it('has words for each outcome in both languages', () => {
    for (const hint of ['plate=?KKKKKK', text({ ...FIELDS, plate: 'x' }), text(FIELDS), ''])
      for (const line of comparisonText(compareSignatures(FIELDS, hint))) {
        expect(line.zh).toMatch(/[一-龥]/);
        expect(line.en).toMatch(/[a-z]/);
      }
  });

  it('is equal for any fields, and never for a changed one', () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,8}$/).filter((key) => !['sign', 'app_secret'].includes(key));
    const value = fc.stringMatching(/^[\w一-龥:.-]{1,12}$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1 }), fc.nat(), value, (fields, at, other) => {
        expect(compareSignatures(fields, maskedText(fields)).kind).toBe('equal');
        const keys = Object.keys(fields);
        const changed = keys[at % keys.length] as string;
        fc.pre(other !== fields[changed]);
        expect(compareSignatures(fields, maskedText({ ...fields, [changed]: other })).kind).toBe('different');
      }),
    );
  });

  it('masks a secret that the platform failed to mask', () => {
    expect(maskedHint('plate=x&app_secret=hunter2, sorry')).not.toContain('hunter2');
    expect(maskedHint('plate%3Dx%26app_secret%3dhunter2%26z%3D1')).toBe('plate%3Dx%26app_secret%3d***%26z%3D1');
    expect(maskedHint('{"app_secret": "hunter2"}')).toBe('{"app_secret": "***"}');
    const shown = JSON.stringify(compareSignatures(FIELDS, `${maskedText(FIELDS).replace('***', 'hunter2')}`));
    expect(shown).not.toContain('hunter2');
  });
});
