/** What is signed by each recipe, for any fields; and what a profile is given of a record. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type PlatformProfile, profileForm, type SignatureForm } from '../../../src/delivery/request/profile-form.ts';
import { factsOfRecord } from '../../../src/delivery/request/record-facts.ts';
import { platformRequest } from '../../../src/delivery/request/request.ts';
import fc from '../../property.ts';
import { release } from '../../store/open.ts';
import { outboxRecord } from '../upload/records.ts';

const inputs = {
  ...{
    facts: {},
    values: {},
    secrets: { key: '密' },
    nowMs: Date.UTC(2026, 10, 27, 10, 0, 0, 250),
    nonce: new Uint8Array(16).fill(0xab),
  },
};

/** As the form completes it. */
function requestOf(form: object): PlatformProfile['request'] {
  return profileForm().shape.request.parse(form);
}

const pairs = (fields: Readonly<Record<string, string>>, more: Partial<SignatureForm> = {}) =>
  platformRequest(
    requestOf({
      encoding: 'form',
      fields: {
        ...Object.fromEntries(Object.entries(fields).map(([name, constant]) => [name, { constant }])),
        sign: { signature: true },
      },
      signature: { recipe: 'sorted-pairs', tail: '&key=', secret: 'key', hash: 'md5', ...more },
    }),
    inputs,
  );

describe('sorted pairs', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/).filter((each) => each !== 'sign');
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

  it('are sorted by code unit, whatever the fields, and signed over UTF-8', () => {
    expect(pairs({ b: '1', _: '2', B: '3', a_b: '4', aB: '5' }).signedText).toBe('B=3&_=2&aB=5&a_b=4&b=1&key=密');
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1 }), (fields) => {
        const sorted = Object.keys(fields).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const text = `${sorted.map((each) => `${each}=${fields[each]}`).join('&')}&key=密`;
        const { signature, signedText } = pairs(fields);
        expect(signedText).toBe(text);
        expect(signature).toBe(createHash('md5').update(text).digest('hex'));
      }),
    );
  });

  it('leave out what is not signed, and end without a secret where there is no tail', () => {
    expect(pairs({ a: '1', photo: 'x' }, { except: ['photo'] }).signedText).toBe('a=1&key=密');
    expect(pairs({ a: '1', b: '2' }, { separator: '', textCase: 'upper' }).signedText).toBe('A=1B=2&KEY=密');
    const { signedText, signature } = pairs({ a: '1' }, {
      tail: undefined,
      hash: 'hmac-sha256',
      digest: 'base64url',
    } as Partial<SignatureForm>);
    expect(signedText).toBe('a=1');
    expect(signature).toMatch(/^[\w-]{43}$/);
  });
});

describe('the body and a key, and parts', () => {
  it('sign the whole body from a header', () => {
    const { body, signedText, headers } = platformRequest(
      requestOf({
        encoding: 'json',
        headers: {
          'X-Sign': { signature: true },
          'X-Who': { constant: '门卫 1' },
          'content-type': { constant: 'application/json' },
        },
        fields: { a: { constant: '1', number: true }, b: { constant: '二' } },
        signature: { recipe: 'text-and-key', over: 'body', tail: '', secret: 'key', hash: 'sha1', case: 'upper' },
      }),
      inputs,
    );
    expect(body.toString()).toBe('{"a":1,"b":"二"}');
    expect(signedText).toBe('{"a":1,"b":"二"}密');
    expect(headers).toEqual({
      accept: 'application/json',
      'X-Sign': createHash('sha1').update('{"a":1,"b":"二"}密').digest('hex').toUpperCase(),
      'X-Who': '%E9%97%A8%E5%8D%AB 1',
      'content-type': 'application/json',
    });
  });

  it('join the named parts, with and without their names, in each form of time and nonce', () => {
    const form = (more: object) =>
      requestOf({
        encoding: 'form',
        query: { t: { now: 'local-iso' }, sign: { signature: true } },
        fields: { ms: { now: 'utc-ms' }, n: { nonce: 'uuid' }, d: { nonce: 'digits' } },
        signature: { recipe: 'parts', parts: ['t', 'ms', 'n', 'd', 'secret'], secret: 'key', hash: 'sha256', ...more },
      });
    const texts = [
      '2026-11-27T18:00:00+08:00',
      '2026-11-27T10:00:00.250Z',
      'abababab-abab-4bab-abab-abababababab',
      '1'.repeat(16),
      '密',
    ];
    expect(platformRequest(form({}), inputs).signedText).toBe(texts.join(''));
    const named = ['t', 'ms', 'n', 'd', 'secret'].map((name, index) => `${name}=${texts[index]}`).join('&');
    expect(platformRequest(form({ names: true }), inputs).signedText).toBe(named);
    const json = platformRequest(form({ parts: ['data', 'secret'], normal: 'sorted-json' }), inputs).signedText;
    expect(json).toBe(`${JSON.stringify({ d: texts[3], ms: texts[1], n: texts[2] })}密`);
  });
});

describe('the facts of a record', () => {
  const none = { wanted: [] };

  it('are those of its plate: a sum and a kind of vehicle of another one are not its own', () => {
    const known = {
      car: { plate: '粤B12345', carType: '2' },
      owed: { plate: '粤B12345', by: 'told', amount: 1_500, wallMs: 0 },
      entry: { serial: 'IN-7', wallMs: Date.UTC(2023, 2, 21, 14, 29, 59), unpaid: true },
    } as const;
    const own = factsOfRecord(outboxRecord({ known }), none);
    expect(own).toMatchObject({ owed: 1_500, carType: '2', entrySerial: 'IN-7', parked: 5_400_876 });
    const other = { text: '京AD12345', confidence: 1 } as const;
    const corrected = factsOfRecord(outboxRecord({ known, release: release('1', { plate: other }) }), none);
    expect(corrected).not.toHaveProperty('owed');
    expect(corrected).not.toHaveProperty('carType');
    expect(corrected).toMatchObject({ plateColor: 'unknown', entrySerial: 'IN-7' });
  });

  it('of a cut text keep whole characters, and a long key is as unique as it was', () => {
    const { body } = platformRequest(
      requestOf({
        encoding: 'json',
        fields: {
          cut: { constant: '😀😀😀', maxLength: 2 },
          key: { fact: 'serial', keyLength: 16, case: 'upper' },
          owed: { fact: 'owed', unit: 'fen', number: true },
          stay: { fact: 'parked', unit: 'seconds' },
          odd: { constant: '007', number: true },
        },
      }),
      { ...inputs, facts: { serial: 'a'.repeat(17), owed: 1_500, parked: 5_400_876 } },
    );
    const key = createHash('sha256').update('A'.repeat(17)).digest('hex').slice(0, 16);
    expect(JSON.parse(body.toString())).toEqual({ cut: '😀😀', key, owed: 1_500, stay: '5400', odd: '007' });
  });
});
