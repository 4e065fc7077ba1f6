/** Messages made to be slow to read, from anyone who reaches a port, a broker or a camera's place: each is read, or refused, at once. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonOf, jsonOrNone } from '../../drivers/camera-http/content.ts';
import { readFault, readProfileToken } from '../../drivers/camera-http/onvif.ts';
import { partsOf } from '../../drivers/camera-http/push.ts';
import { readHikvisionPush } from '../../drivers/hikvision/codec.ts';
import { readMessage } from '../../drivers/json-push/codec.ts';
import { FORMS } from '../../drivers/json-push/forms.ts';
import { readOnvifMessages } from '../../drivers/onvif/codec.ts';
import { readVzenithPush } from '../../drivers/vzenith/codec.ts';
import { parseJson } from '../../src/http/body.ts';
import type { Problem } from '../../src/http/problem.ts';
import { intakeOpenApi } from '../../src/intake/openapi.ts';
import { captureOf } from '../../src/intake/pushes/capture.ts';
import { VALUES_MAX } from '../../src/limits.ts';
import { type MessageContent, messageContent } from '../../src/management/message.ts';
import type { FileForm, PushForm } from '../../src/management/profile-form.ts';
import { readLines } from '../../src/management/pull/lines.ts';

/** Computed in this thread, as other work of the machine is not meant. Wide: what is read in more than linear time takes seconds to centuries. */
const MOST_MS = 1_000;

/** Of what has a limit of its own: ten times what was measured, for a machine whose memory others use as well. */
const SHORT_MS = 300;
/** Of a capture, which a person asks for: a third of what it took with every plate looked for in all of it. */
const CAPTURE_MS = 350;

function expectQuick<T>(work: () => T, mostMs = MOST_MS): T | undefined {
  const before = process.threadCpuUsage();
  let result: T | undefined;
  try {
    result = work();
  } catch {
    // A refusal is an answer.
  }
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(mostMs);
  return result;
}

it('a plate that looks like base64', () => {
  const push = (license: string) =>
    readVzenithPush(
      Buffer.from(JSON.stringify({ payload: { AlarmInfoPlate: { result: { PlateResult: { license } } } } })),
    );
  for (const license of [`${'A'.repeat(199)}!`, `${'A'.repeat(39)}!`])
    expect(expectQuick(() => push(license))).toMatchObject([{ kind: 'read', plate: license }]);
  const packed = Buffer.from('粤B12345').toString('base64');
  expect(expectQuick(() => push(packed))).toMatchObject([{ kind: 'read', plate: '粤B12345' }]);
});

const FORM = 'application/x-www-form-urlencoded';
/** As many bytes as a camera may push. */
const PUSHED = 4_000_000;
const MEGABYTE = 1_000_000;

it.each([
  ['nothing', '--b\n\n'],
  ['a header', '--b\r\na: b\r\n\r\n'],
  ['a length', '--b\nContent-Length: 1\n\nx'],
])('a push of a camera in parts of %s', (_, part) => {
  const body = Buffer.from(part.repeat(PUSHED / part.length));
  expect(expectQuick(() => partsOf(body, 'multipart/form-data; boundary=b'))).toHaveLength(100);
});

it.each([
  ['lists in lists', (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2)],
  ['lists that do not end', (bytes: number) => '['.repeat(bytes)],
  ['members in members', (bytes: number) => `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`],
  ['empty lists', (bytes: number) => `[${'[],'.repeat(bytes / 3)}1]`],
])('the JSON of a camera: %s', (_, text) => {
  expect(expectQuick(() => jsonOf(Buffer.from(text(PUSHED))))).toBe(undefined);
  expect(expectQuick(() => jsonOrNone(text(PUSHED)))).toBe(undefined);
});

it('a form of a camera with fields without a value', () => {
  const read = (form: string) =>
    readMessage(Buffer.from(form), { fields: { plate: 'plate', id: 'id' }, confidenceMax: 1, colors: {} }, FORM);
  expect(expectQuick(() => read('a&'.repeat(MEGABYTE / 2)))).toBe(undefined);
  const json = encodeURIComponent('{"plate":"粤B12345","id":"a b+c"}');
  expect(read(`a=1&json=${json}&b`)).toMatchObject([{ plate: '粤B12345', id: 'a b+c' }]);
});

const each = (count: number, of: (at: string) => string, by = ''): string =>
  Array.from({ length: count }, (_, at) => of(at.toString(36))).join(by);
/** As many bytes as are there, of one text again and again. */
const filled = (text: string, bytes = PUSHED): string => text.repeat(bytes / Buffer.byteLength(text));

it('a form of a camera that is one long text', () => {
  const { uniview } = FORMS;
  for (const text of ['+a', '%7B', '%4', '%E4%B8%80'])
    expectQuick(() => readMessage(Buffer.from(`json={"a":"${filled(text)}"}`), uniview, FORM), SHORT_MS);
});

it('faults of ONVIF within one another, and the innermost of those that are read', () => {
  const fault = (levels: number) =>
    `<s:Fault>${each(levels, (at) => `<s:Subcode><s:Value>ter:C${at}</s:Value>`)}${'</s:Subcode>'.repeat(levels)}`;
  expect(readFault(fault(8))).toBe('C6');
  expect(expectQuick(() => readFault(`<Fault>${filled('<Subcode>', 200_000)}`), SHORT_MS)).toBe('Fault');
  expect(expectQuick(() => readFault(filled('<Fault>', 200_000)), SHORT_MS)).toBe('Fault');
});

it('profiles of ONVIF without number', () => {
  const profile = '<Profiles token="a"><VideoSourceConfiguration><SourceToken>x';
  expect(expectQuick(() => readProfileToken(filled(`${profile}</SourceToken>`), 1), SHORT_MS)).toBe('a');
  expectQuick(() => readProfileToken(filled('<Profiles token="a">'), 1), SHORT_MS);
});

it.each([
  ['one message', filled],
  ['messages', (item: string) => filled(`<NotificationMessage>${filled(item, 199_900)}`)],
  ['objects', (item: string) => filled(`<Frame >${filled(`<Object >${filled(item, 350)}`, 39_000)}`)],
  ['long objects', (item: string) => filled(`<Frame >${filled(`<Object >${filled(item, 1_990)}`, 199_000)}`)],
])('items of ONVIF without number, in %s', (_, text) => {
  for (const item of ['<SimpleItem a>', '<SimpleItem Name="x">'])
    expectQuick(() => readOnvifMessages(Buffer.from(`<Notify>${text(item)}`)), SHORT_MS);
});

it('a plate of ONVIF behind as many items as a message has', () => {
  const items = '<SimpleItem Name="x" Value="y"/>'.repeat(99);
  const message = `<NotificationMessage>${items}<SimpleItem Name="PlateNumber" Value="粤B12345"/></NotificationMessage>`;
  expect(readOnvifMessages(Buffer.from(message))).toMatchObject([{ plate: '粤B12345' }]);
});

const alerts = (count: number, alert: string) =>
  Buffer.from(`${`--b\r\nContent-Type: a\r\n\r\n${alert}\r\n`.repeat(count)}--b--\r\n`);

it.each([
  ['in XML', `<EventNotificationAlert><eventType>ANPR</eventType>${filled('<licensePlate >', 99_900)}`],
  ['in JSON', `{"eventType":"ANPR",${each(4_000, (at) => `"k${at}":{}`, ',')}}`],
  ['of lists', `{"eventType":"ANPR","x":[${filled('[],', 59_900)}1]}`],
])('alerts of Hikvision %s, as many as fit', (_, alert) => {
  const body = alerts(PUSHED / alert.length, alert);
  expectQuick(() => readHikvisionPush('multipart/form-data; boundary=b', body), SHORT_MS);
});

it('twenty alerts of Hikvision in one push are all read', () => {
  const alert = `<EventNotificationAlert><eventType>ANPR</eventType><licensePlate>粤B12345</licensePlate>${' '.repeat(3_000)}`;
  expect(readHikvisionPush('multipart/form-data; boundary=b', alerts(20, alert))).toHaveLength(20);
});

const plate = (index: number): string => `粤B${String(10_000 + index)}`;
const capture = (text: string) =>
  captureOf({ path: '/', contentType: 'text/plain', body: Buffer.from(text) }, { kind: 'vzenith', plate: plate(0) });

it.each([
  ['plates', Array.from({ length: 8_000 }, (_, index) => plate(index)).join(' ')],
  [
    'plates in base64',
    Array.from({ length: 8_000 }, (_, index) => Buffer.from(`粤B${10_000 + index}`).toString('base64')).join(',') +
      Buffer.from('粤B12345').toString('base64'),
  ],
])('a capture of thousands of %s has none of them', (_, text) => {
  const given = expectQuick(() => capture(text));
  expect(given).toMatchObject({
    path: '/',
    body: '',
    expect: { plate: null },
    source: expect.stringMatching('left out'),
  });
});

it('a capture of some plates has others in their place, and one of words of any length is made at once', () => {
  const of = (count: number) => Array.from({ length: count }, (_, index) => plate(index)).join(' ');
  const given = Buffer.from(capture(of(40)).body, 'base64').toString();
  expect(given).toHaveLength(of(40).length);
  expect(given).not.toMatch(/粤B100/);
  for (const word of ['A'.repeat(1_999), '/9j/'.repeat(24), 'password ', 'password: ', '粤B1'])
    expectQuick(() => capture(`${word}!`.repeat(MEGABYTE / (word.length + 1))));
  for (const letter of ['A', ' ', '1', '%2', '/9j/'])
    expectQuick(() => capture(letter.repeat(MEGABYTE / letter.length)));
});

it.each(['a ', '粤', '%E7', '/9j/', '1.1.1.1 ', 'password ', 'token=a&', '--b'])(
  'a capture as large as a push may be, of %j',
  (text) => {
    const body = Buffer.from(`${each(49, (at) => plate(Number.parseInt(at, 36)), ' ')} ${filled(text)}`);
    for (const contentType of ['text/plain', 'multipart/form-data; boundary=b'])
      expectQuick(() => captureOf({ path: '/', contentType, body }, { kind: 'vzenith', plate: plate(0) }), CAPTURE_MS);
  },
);

it('a capture keeps the text beside the largest picture, and none of too much text', () => {
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(2_900_000), Buffer.from([0xff, 0xd9])]);
  const text = `{"plate":"${plate(0)}","picture":"${picture.toString('base64')}"}`;
  const given = Buffer.from(capture(text).body, 'base64').toString();
  expect(given).toMatch(/^\{"plate":"粤A12345","picture":"\/9j\/.{100,300}"\}$/);
  expect(capture('a '.repeat(50_001))).toMatchObject({
    path: '/',
    body: '',
    source: expect.stringMatching('left out'),
  });
});

const contentOf = (encoding: PushForm['encoding'], text: string) => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  const message = { method: 'POST', path: '/', query: '', headers, body: Buffer.from(text) };
  return messageContent({ encoding, charset: 'utf-8', data: 'data' } as PushForm, message);
};

/** Each of about `bytes`, after `begin`. */
const TAILS: Readonly<Record<string, (bytes: number) => string>> = {
  'escaped quotes': (bytes) => '\\"'.repeat(bytes / 2),
  'quotes and backslashes before lines': (bytes) => '"\\\n'.repeat(bytes / 3),
  'open braces': (bytes) => '{'.repeat(bytes),
  'nested lists': (bytes) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
  digits: (bytes) => '1'.repeat(bytes),
  'signs and exponents': (bytes) => '-1e'.repeat(bytes / 3),
};

it.each(Object.entries(TAILS))('a message of a management system: %s', (_, tail) => {
  for (const bytes of [80_000, 900_000]) {
    expectQuick(() => contentOf('json', `{"data":{${tail(bytes)}`));
    expectQuick(() => contentOf('form', `data=${tail(bytes)}`));
    expectQuick(() => contentOf('form', `data=${encodeURIComponent(tail(bytes / 3))}`));
    expectQuick(() => contentOf('form', `"data":{${tail(bytes)}`));
    expectQuick(() => contentOf('multipart', `--x\r\na: b\r\n\r\n"data":{${tail(bytes)}\r\n--x--`));
    expectQuick(() => contentOf('json', JSON.stringify({ data: tail(bytes) })));
  }
});

/** Values of a JSON that is as much as `count` of them. */
const JSONS: Readonly<Record<string, (count: number) => string>> = {
  'empty lists': (count) => `[${'[],'.repeat(count / 2 - 1)}1]`,
  numbers: (count) => `[${'1,'.repeat(count - 1)}1]`,
  texts: (count) => `[${'"",'.repeat(count - 1)}1]`,
  names: (count) => `{${each(count, (at) => `"${at}":1`, ',')}}`,
  objects: (count) => `[${each(count / 2 - 1, (at) => `{"${at}":1}`, ',')}]`,
  'names of a prototype': (count) => `[${each(count / 2 - 1, (at) => `{"__prot\\u006f__${at}":1}`, ',')}]`,
};
const XMLS: Readonly<Record<string, (count: number) => string>> = {
  elements: (count) => `<a>${'<b/>'.repeat(count / 4 - 1)}</a>`,
  names: (count) => `<a>${each(count / 4 - 1, (at) => `<a${at}/>`)}</a>`,
  attributes: (count) => `<a ${each(count / 3 - 3, (at) => `a${at}=""`, ' ')}/>`,
  'attributes without a value': (count) => `<a ${'a '.repeat(count - 5)}/>`,
  instructions: (count) => `<a>${'<?a?>'.repeat(count / 4 - 1)}</a>`,
  entities: (count) => `<a>${'&amp;'.repeat(count - 4)}</a>`,
};
/** As many as fit into a message of a system. */
const MANY = 80_000;

it.each(Object.entries(JSONS))('a JSON of too many values, and one of as many as there may be: %s', (_, text) => {
  const parsed = (json: Buffer) => {
    try {
      return typeof parseJson(json);
    } catch (error) {
      return (error as Problem).code;
    }
  };
  for (const [count, expected] of [
    [10 * MANY, 'tooLarge'],
    [VALUES_MAX, 'object'],
  ] as const) {
    const json = Buffer.from(text(count));
    expect(expectQuick(() => parsed(json), SHORT_MS)).toBe(expected);
  }
  expect(expectQuick(() => contentOf('json', text(MANY)), SHORT_MS)).toBe('tooManyValues');
  expect(expectQuick(() => contentOf('json', text(VALUES_MAX)), SHORT_MS)).toMatchObject({ body: {} });
  expect(expectQuick(() => contentOf('form', `data=${encodeURIComponent(text(MANY))}`), SHORT_MS)).toMatchObject({
    body: { data: text(MANY) },
  });
});

it.each(Object.entries(XMLS))('an XML of too many values, and one of as many as there may be: %s', (_, text) => {
  expect(expectQuick(() => contentOf('xml', text(2 * MANY)), SHORT_MS)).toBe('tooManyValues');
  expect(expectQuick(() => contentOf('xml', text(VALUES_MAX)), SHORT_MS)).not.toBe('tooManyValues');
});

it.each(['%41', '+', '%4', 'a%'])('a form of %s', (text) => {
  expectQuick(() => contentOf('form', `a=${text.repeat(MEGABYTE / text.length)}`), SHORT_MS);
});

it('numbers that are no JSON are given up, and no name replaces a prototype', () => {
  for (const text of ['1-1', '1 1', '"" ""'])
    expect(expectQuick(() => contentOf('json', `[${text.repeat(300_000)}]`), SHORT_MS)).toBe('unreadable');
  const { body } = contentOf(
    'json',
    String.raw`{"__proto__":{"a":1},"\u005f_proto__":{"b":1},"c":1}`,
  ) as MessageContent;
  expect(Object.keys(body as object)).toEqual(['', 'c']);
  expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
});

it('five hundred messages of thirty fields, and in XML of eight, are below the limit', () => {
  const fields = each(30, (at) => `"field${at}":"v"`, ',');
  expect(parseJson(Buffer.from(`[${each(500, () => `{${fields}}`, ',')}]`))).toHaveLength(500);
  const items = `<p>${each(8, (at) => `<f${at}>v</f${at}>`)}</p>`.repeat(500);
  expect(contentOf('xml', `<all>${items}</all>`)).toMatchObject({ body: { all: { p: { length: 500 } } } });
});

it('an object as it was sent, with quotes and braces in its texts', () => {
  const inner = '{"a":"}\\"{","b":[1,{}]}';
  expect(contentOf('json', `{"data": ${inner} , "c": 5.00}`)).toMatchObject({ dataText: inner, body: { c: '5.00' } });
});

it('the description for programs, asked for by anyone without end', () => {
  expectQuick(() => {
    for (let asked = 0; asked < 300; asked += 1) JSON.stringify(intakeOpenApi('1.2.3', { origin: `http://${asked}` }));
  });
});

it('a line of a file of payments that is one long word', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hostile-')), 'payments.log');
  writeFileSync(path, `${'a'.repeat(100_000)}\nno=1,plate="粤B 1"; fee=2\n`);
  const form = { lines: 'pairs', charset: 'utf-8' } as FileForm;
  const before = process.cpuUsage();
  const answer = await readLines({
    kind: 'file',
    system: 'booth',
    path,
    form,
    place: undefined,
    from: 'start',
    limit: 10,
  });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(MOST_MS);
  expect(answer).toMatchObject({ rows: [{}, { no: '1', plate: '粤B 1', fee: '2' }] });
});
