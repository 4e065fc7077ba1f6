import { describe, expect, test } from 'vitest';
import { understandPlate } from '../../src/intake/plate-normalization.ts';
import fc, { anyCharacter } from '../property.ts';

/** undefined: there is no plate in it. */
const normalizePlate = (text: string) => {
  const understood = understandPlate(text);
  return understood.kind === 'plate' ? understood.plate : undefined;
};

describe('one plate, one text', () => {
  test.each([
    ['粤B12345', '粤B12345', undefined],
    ['粤B·12345', '粤B12345', undefined],
    ['粤B●D12345', '粤BD12345', 'green'],
    [' 粤 b 12345\n', '粤B12345', undefined],
    ['粤Ｂ１２３４５', '粤B12345', undefined],
    ['粵B12345', '粤B12345', undefined],
    ['滬A-D1234', '沪AD1234', undefined],
    ['蓝粤B12345', '粤B12345', 'blue'],
    ['黄牌粤B12345', '粤B12345', 'yellow'],
    ['黄绿粤BD12345', '粤BD12345', 'green'],
    ['渐变绿色粤B12345D', '粤B12345D', 'green'],
    ['粤B12345蓝', '粤B12345', 'blue'],
    ['粤B12345（黄牌）', '粤B12345', 'yellow'],
    ['粤BD12345 绿色', '粤BD12345', 'green'],
    ['粤Z1234港黑', '粤Z1234港', 'black'],
    ['粤BO1I45', '粤B01145', undefined],
    ['京OI2345', '京O12345', undefined],
    ['粤BD12345', '粤BD12345', 'green'],
    ['粤BDF1234', '粤BDF1234', 'green'],
    ['粤B12345D', '粤B12345D', 'green'],
    ['粤BFO1234', '粤BF01234', 'green'],
    ['京A1234警', '京A1234警', 'white'],
    ['粤B1234挂', '粤B1234挂', 'yellow'],
    ['粤B1234掛', '粤B1234挂', 'yellow'],
    ['粤B1234学', '粤B1234学', 'yellow'],
    ['粤ZAB12港', '粤ZAB12港', 'black'],
    ['粤Z1234澳', '粤Z1234澳', 'black'],
    ['沪A0023领', '沪A0023领', 'black'],
    ['使014001', '使014001', 'black'],
    ['224001使', '224001使', 'black'],
    ['黑A12345', '黑A12345', undefined],
    ['无A123456', '无A123456', undefined],
    ['WJ京12345', 'WJ京12345', undefined],
    ['AB 1234', 'AB1234', undefined],
  ])('%s is %s', (written, text, color) => {
    expect(normalizePlate(written)).toEqual(color === undefined ? { text } : { text, color });
  });

  const words = '无牌车 _无_ 无 无车牌 无牌车辆 无号牌 未知 未识别车牌 未上牌 临时车 临时车牌 临牌 N/A';
  test.each(['', ' ', 'noplate', 'No Plate', 'unknown', 'undefined', '000000', '-', '---', '·', ...words.split(' ')])(
    '%j is no plate',
    (written) => {
      expect(normalizePlate(written)).toBeUndefined();
    },
  );
});

describe('what is no plate', () => {
  test.each([
    ['=1+1', '=1+1'],
    ['+CMD', '+CMD'],
    ['粤B\u202e12345', '粤B\\u{202E}12345'],
    ['\u2067粤B12345\u2069', '\\u{2067}粤B12345\\u{2069}'],
    ['http://example.test', 'http://example.test'],
    ['www.example-park.test/pay', 'www.example-park.test/pay'],
    ['<img src=x onerror=1>', '<img src=x onerror=1>'],
    ['粤B12345;DROP', '粤B12345;DROP'],
    ['粤B1234567890', '粤B1234567890'],
    ['\u001b[31m粤B12345', '\\u{1B}[31m粤B12345'],
    ['🚗12345', '🚗12345'],
    ['粤B12345?', '粤B12345?'],
    ['粤B１２３４５％', '粤B１２３４５％'],
    ['\ud800粤B12345', '\\u{D800}粤B12345'],
    ['x'.repeat(200), 'x'.repeat(64)],
  ])('%j is a text', (written, text) => {
    expect(understandPlate(written)).toEqual({ kind: 'text', text });
    expect(normalizePlate(written)).toBeUndefined();
  });

  test.each([
    'B',
    'กข 1234',
    'А123ВС 77',
    '서울12가3456',
    '品川500さ1234'.slice(0, 9),
    'دبي12345',
    '粤B12345\0\0',
    '粤B12345\ufeff',
    'M-AB 1234',
  ])('%j of any country is one', (written) => {
    expect(understandPlate(written).kind).toBe('plate');
  });
});

const PROVINCE = fc.constantFrom(...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼');
const LETTER = fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ');
const SERIAL = fc.string({
  unit: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'),
  minLength: 4,
  maxLength: 4,
});
const plate = fc
  .tuple(PROVINCE, LETTER, SERIAL, fc.constantFrom('5', 'A', '12', '警', '挂', '学', '港', '澳', '领'))
  .map((parts) => parts.join(''));

const toFullWidth = (text: string) =>
  text.replaceAll(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));

describe('for every plate', () => {
  test('width, case, spaces and dots do not matter', () => {
    const between = fc.constantFrom('', ' ', '·', '•', '.', '-', '\u200b', '\u3000', '\t');
    fc.assert(
      fc.property(plate, fc.infiniteStream(between), fc.boolean(), fc.boolean(), (text, marks, wide, lower) => {
        let written = [...text].flatMap((character) => [marks.next().value as string, character]).join('');
        if (lower) written = written.toLowerCase();
        if (wide) written = toFullWidth(written);
        expect(normalizePlate(written)).toEqual(normalizePlate(text));
        expect(normalizePlate(text)?.text).toBe(text);
      }),
    );
  });

  test('two that differ stay different', () => {
    fc.assert(
      fc.property(plate, plate, (one, other) => {
        fc.pre(one !== other);
        expect(normalizePlate(one)?.text).not.toBe(normalizePlate(other)?.text);
      }),
    );
  });
});

test('for every text at all: it never throws, is idempotent, short, and one line without spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (text) => {
      const found = normalizePlate(text);
      if (found === undefined) return;
      expect(found.text).toMatch(/^[\p{L}\p{Nd}\p{M}]{1,10}$/u);
      const again = normalizePlate(found.text);
      expect(again?.text).toBe(found.text);
    }),
    { numRuns: 2000 },
  );
});
