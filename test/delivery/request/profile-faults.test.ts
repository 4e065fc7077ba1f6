/** What is wrong in a platform profile is told with its place and with what to write instead, in both languages. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultsOf } from './profiles.ts';

const file = (name: string): string => readFileSync(new URL(`./held-back/${name}.yaml`, import.meta.url), 'utf8');
const GATE = file('gate-events-v2');
const BOLINK = file('bolink-upload-liftrod');
const TDZN = file('tdznyun-enter-notify');

/** Each changes one thing in a profile that is right. */
const WRONG: readonly (readonly [what: string, text: string, from: string, to: string, path: string, said: RegExp])[] =
  [
    ['an unknown key', GATE, 'encoding: json', 'encodng: json', 'request.encodng', /did you mean encoding/],
    ['an unknown fact', GATE, 'fact: owed', 'fact: owned', 'request.data.amount.fact', /did you mean owed/],
    [
      'no origin',
      GATE,
      "{ constant: '2', number: true }",
      '{ number: true }',
      'request.fields.version',
      /write one of fact, value/,
    ],
    [
      'two origins',
      GATE,
      '{ value: park }',
      '{ value: park, fact: lane }',
      'request.query.park',
      /several origins: fact, value/,
    ],
    ['a time without its form', GATE, ', time: local-compact', '', 'request.data.when', /add time: unix-seconds/],
    [
      'a form where there is no time',
      GATE,
      '{ fact: serial }',
      '{ fact: serial, time: utc }',
      'request.data.event',
      /not a time/,
    ],
    ['money in minutes', GATE, 'unit: yuan', 'unit: minutes', 'request.data.amount', /write unit: fen or yuan/],
    [
      'a value that never is',
      GATE,
      'remote: REMOTE',
      'remot: REMOTE',
      'request.data.how.values.remot',
      /its values are button, remote/,
    ],
    ['a number as a text', GATE, 'remote: REMOTE', 'remote: 7', 'request.data.how.values.remote', /quotes/],
    ['an undeclared value', GATE, '{ value: park }', '{ value: prak }', 'request.query.park', /there is park/],
    [
      'an unused value',
      GATE,
      '  park: { text',
      '  spare: { text: { zh: 备用, en: spare } }\n  park: { text',
      'values.spare',
      /used nowhere/,
    ],
    ['an undeclared secret', GATE, 'secret: key', 'secret: kye', 'request.signature.secret', /there is key/],
    ['a secret in the body', GATE, '{ fact: lane }', '{ secret: key }', 'request.data.lane.secret', /headers only/],
    [
      'no place for the signature',
      GATE,
      "{ signature: true, prefix: 'v2=' }",
      '{ constant: none }',
      'request.signature',
      /write NAME: { signature: true } once/,
    ],
    [
      'two places for the signature',
      GATE,
      '{ nonce: hex }',
      '{ signature: true }',
      'request.headers.X-Signature',
      /not in 2/,
    ],
    [
      'an unknown part',
      GATE,
      'X-Time, X-Nonce]',
      'X-Tim, X-Nonce]',
      'request.signature.parts',
      /the name of a field, header/,
    ],
    ['a hash without a key', GATE, 'hash: hmac-sha256', 'hash: sha256', 'request.signature', /choose hmac/],
    [
      'a body that signs itself',
      BOLINK,
      'over: data, tail: key=, secret: ukey, hash: md5, case: upper }\nanswer',
      'over: body, tail: key=, secret: ukey, hash: md5, case: upper }\nanswer',
      'request.signature',
      /headers or query/,
    ],
    [
      'a text of fields',
      BOLINK,
      'over: data, tail: key=, secret: ukey, hash: md5, case: upper }\nanswer',
      'tail: key=, secret: ukey, hash: md5, case: upper }\nanswer',
      'request.signature.over',
      /over: data or over: body/,
    ],
    ['an object in a form', TDZN, '{ data: text }', '{ data: object }', 'request.fields.bizContent', /data: text/],
    [
      'a number in a form',
      TDZN,
      '{ value: pid }',
      '{ value: pid, number: true }',
      'request.fields.pid.number',
      /encoding: json/,
    ],
    ['data without a place', TDZN, '    bizContent: { data: text }\n', '', 'request.data', /data: object/],
    [
      'a token without a login',
      TDZN,
      '{ value: pid }',
      '[{ value: pid }, { token: true }]',
      'request.fields.pid[1]',
      /add session/,
    ],
    ['a login without use', BOLINK, '{ token: true }', '{ constant: x }', 'session', /write NAME: { token: true }/],
    ['a file in JSON', GATE, 'none: {}', 'none: { part: photo }', 'pictures.none.part', /pictureBase64/],
    [
      'a picture nobody makes',
      GATE,
      'facts: [pictureBase64, pictureSha256]',
      'facts: [pictureSha256]',
      'request.data.photo',
      /facts: \[pictureBase64\]/,
    ],
    [
      'a picture nobody sends',
      GATE,
      'none: {}',
      'none: { facts: [pictureUrl] }',
      'pictures.none.facts',
      /used nowhere|fact: pictureUrl/,
    ],
    [
      'a name that sorts itself',
      GATE,
      '    lane: { fact: lane }',
      "    '7': { fact: lane }",
      'request.data.7',
      /begins with a letter/,
    ],
    ['a query in the path', GATE, 'path: /v2/gate/events', 'path: /v2/gate?x=1', 'request.path', /must be/],
  ];

describe('a platform profile', () => {
  it('has no fault as it stands', () => {
    for (const text of [GATE, BOLINK, TDZN]) expect(faultsOf(text)).toEqual([]);
  });

  it.each(WRONG)('with %s', (_, text, from, to, path, said) => {
    expect(text).toContain(from);
    const faults = faultsOf(text.replace(from, to));
    const found = faults.find((fault) => fault.path === path);
    expect(faults.map((fault) => fault.path)).toContain(path);
    expect(`${found?.message.en}; ${found?.hint.en}`).toMatch(said);
    expect(found?.message.zh).toMatch(/\p{Script=Han}/u);
    expect(found?.line).toBeGreaterThan(1);
  });
});
