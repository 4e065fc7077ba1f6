/** The signature: every vector of the platform's pages and of ours, and the order of keys for any fields. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/delivery/request/sign.ts';
import fc from '../../property.ts';
import { maskedText, sign } from '../by-hand.ts';

/** `a=1&b=2&app_secret=S` as fields and secret. No value of the vectors contains `&`. */
function take(text: string): { fields: Record<string, string>; secret: string } {
  const pairs = text.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  const { app_secret: secret = '', ...fields } = Object.fromEntries(pairs) as Record<string, string>;
  return { fields, secret };
}

const release =
  'gate_id=1001&gate_name=通道A&operator=张三&park_uuid=49f0cc52-e8c7-41e3-b54d-af666b8cc11a&parking_serial=REL-0001&plate=粤B12345&plate_color=1&reason=设备异常&release_method=1&release_method_desc=遥控开闸&release_time=2023-03-21T15:59:59Z&release_type=2&app_secret=123';

const VECTORS: readonly (readonly [text: string, signature: string])[] = [
  ['app_id=op1234567723122&merchant=62626601&plate=粤TXXXXX&app_secret=123', '1701B126AE28C8BB6CB4A5D96A3828FE'],
  [
    'address=XXX栋XXX楼XXX公司&api_charge_type=12345&app_id=op1234567723122&end_time=2020-12-31T16:00:15Z&merchant=62626601&mobile=1807552XXXX&park_space_no=B0001&plate=粤TXXXXX&plate_color=1&realname=张三&start_time=2020-12-31T16:00:15Z&type=0&app_secret=123',
    '975FA7F729CD413CDB24CC6AE24A63EF',
  ],
  [
    'app_id=op88641899bd20661&car_type=1&enter_time=1563242533431&park_uuid=40e06b24-7320-4a61-8d97-7ebccb364a87&plate=粤B660PP&sign_type=MD5&timestamp=1563242932357&app_secret=XXX',
    'C983693C5F603AEF30514920FA3158FF',
  ],
  [release, 'E8A6EC07AAF98EEB22C52FF0636E78AE'],
  [`capture_image=https://files.4pyun.com/d/123566&${release}`, 'EB2CE0699CAE80579E282CE676F5FB26'],
  [`capture_image_hash=DF16D33739DEFE9BDA1F4C45D36FD7A7&${release}`, 'DE73CD44D1BCD7096CDFC8F0DA333C5C'],
];

describe('the vectors', () => {
  it.each(VECTORS)('%s', (text, signature) => {
    const { fields, secret } = take(text);
    const shuffled = Object.fromEntries(Object.entries(fields).reverse());
    expect(`${canonicalText(shuffled)}&app_secret=${secret}`).toBe(text);
    expect(sign(shuffled, secret)).toBe(signature);
  });

  it('leaves empty values out', () => {
    const fields = { app_id: 'op1', plate: '粤B12345', car_desc: '' };
    expect(canonicalText(fields)).toBe('app_id=op1&plate=粤B12345');
    expect(sign(fields, '123')).toBe('D405A5CB9A3178F2D6F28B35AB9B112A');
  });

  it('leaves the signature itself out, and shows no secret', () => {
    expect(canonicalText({ sign: 'ABC', plate: '粤B12345' })).toBe('plate=粤B12345');
    expect(maskedText({ plate: '粤B12345' })).toBe('plate=粤B12345&app_secret=***');
    expect(maskedText({})).toBe('app_secret=***');
  });
});

describe('any fields', () => {
  const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/).filter((name) => name !== 'sign');

  it('are sorted by code unit, not by locale: capitals before the underscore before small letters', () => {
    expect(canonicalText({ b: '1', _: '2', B: '3', a_b: '4', aB: '5', ab: '6' })).toBe('B=3&_=2&aB=5&a_b=4&ab=6&b=1');
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ minLength: 1 })), (fields) => {
        const keys = Object.keys(fields).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(canonicalText(fields)).toBe(keys.map((name) => `${name}=${fields[name]}`).join('&'));
      }),
    );
  });

  it('are signed over UTF-8', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme', minLength: 1 })), fc.string(), (fields, secret) => {
        const text = canonicalText(fields);
        const joined = text === '' ? `app_secret=${secret}` : `${text}&app_secret=${secret}`;
        const expected = createHash('md5').update(Buffer.from(joined, 'utf8')).digest('hex').toUpperCase();
        expect(sign(fields, secret)).toBe(expected);
      }),
    );
  });
});
