import { describe, expect, test } from 'vitest';
import type { ConfigFault } from '../../src/config/errors.ts';
import { loadConfig } from '../../src/config/file.ts';
import { kinds } from './kinds.ts';
import { CANARY, faultsIn, GOOD, SECRETS, workshop } from './workshop.ts';

/** What is changed in the good configuration, and the one fault that must come of it: code, line, column, path, and words of it. */
interface Case {
  readonly what: string;
  readonly change: readonly [from: string, to: string];
  readonly fault: readonly [code: string, line: number, column: number, path: string];
  readonly zh: string;
  readonly en: string;
}

const CASES: readonly Case[] = [
  {
    what: 'an unknown key at the top',
    change: ['version: 1\n', 'version: 1\nclould: {}\n'],
    fault: ['unknownKey', 2, 1, 'clould'],
    zh: '是不是想写 cloud？',
    en: 'did you mean cloud?',
  },
  {
    what: 'an unknown key deep inside',
    change: ['settle: 4s', 'setle: 4s'],
    fault: ['unknownKey', 27, 17, 'lanes[0].settings.setle'],
    zh: '是不是想写 settle？',
    en: 'did you mean settle?',
  },
  {
    what: 'a key that resembles none lists those there are',
    change: ['  url: https://platform.example\n', '  url: https://platform.example\n  xyzzy: 1\n'],
    fault: ['unknownKey', 6, 3, 'cloud.xyzzy'],
    zh: '这里可以写的键：url、appId',
    en: 'the keys that may stand here: url, appId',
  },
  {
    what: 'an unknown key of a device',
    change: ['unit: 1 }', 'unitt: 1 }'],
    fault: ['unknownKey', 12, 51, 'lines[0].devices[0].unitt'],
    zh: '是不是想写 unit？',
    en: 'did you mean unit?',
  },
  {
    what: 'a value of a device out of range',
    change: ['unit: 1 }', 'unit: 300 }'],
    fault: ['value', 12, 57, 'lines[0].devices[0].unit'],
    zh: '“unit”不能大于 247',
    en: '"unit" cannot be more than 247',
  },
  {
    what: 'a missing key',
    change: ['    direction: exit\n', ''],
    fault: ['missing', 19, 5, 'lanes[0].direction'],
    zh: '缺少“direction”',
    en: '"direction" is missing',
  },
  {
    what: 'a park without its number',
    change: ['  uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"', '  uuid: 停车场'],
    fault: ['value', 3, 9, 'park.uuid'],
    zh: 'park_uuid',
    en: 'park_uuid',
  },
  {
    what: 'a park that is not there',
    change: ['park:\n  uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"\n', ''],
    fault: ['missing', 1, 1, 'park'],
    zh: '缺少“park”',
    en: '"park" is missing',
  },
  {
    what: 'a value of the wrong type',
    change: ['baudRate: 38400', 'baudRate: fast'],
    fault: ['value', 10, 15, 'lines[0].baudRate'],
    zh: '可选：1200、2400',
    en: 'one of: 1200, 2400',
  },
  {
    what: 'a baud rate with a digit too many',
    change: ['baudRate: 38400', 'baudRate: 384000'],
    fault: ['value', 10, 15, 'lines[0].baudRate'],
    zh: '是不是想写 38400？',
    en: 'did you mean 38400?',
  },
  {
    what: 'a group where a list belongs',
    change: ['cameras:\n  - id: cam1\n', 'cameras:\n    id: cam1\n'],
    fault: ['type', 14, 5, 'cameras'],
    zh: '应当是列表',
    en: 'must be a list',
  },
  {
    what: 'a word that is not one of the choices',
    change: ['direction: exit', 'direction: exti'],
    fault: ['value', 21, 16, 'lanes[0].direction'],
    zh: '是不是想写 exit？',
    en: 'did you mean exit?',
  },
  {
    what: 'a duration without a unit we know',
    change: ['settle: 4s', 'settle: 4 seconds'],
    fault: ['value', 27, 25, 'lanes[0].settings.settle'],
    zh: '不是时长',
    en: 'is not a duration',
  },
  {
    what: 'a duration out of range',
    change: ['settle: 4s', 'settle: 2h'],
    fault: ['value', 27, 25, 'lanes[0].settings.settle'],
    zh: '应当在 0ms 和 10min 之间',
    en: 'between 0ms and 10min',
  },
  {
    what: 'a size that is none',
    change: ['  url: https://platform.example\n', '  url: https://platform.example\n  maxPicture: big\n'],
    fault: ['value', 6, 15, 'cloud.maxPicture'],
    zh: '不是容量',
    en: 'is not a size',
  },
  {
    what: 'an address that is none',
    change: ['url: https://platform.example', 'url: platform.example'],
    fault: ['value', 5, 8, 'cloud.url'],
    zh: '不是可用的网址',
    en: 'not a usable address',
  },
  {
    what: 'a port that is none',
    change: ['port: /dev/ttyTEST0', 'port: COM3'],
    fault: ['value', 9, 11, 'lines[0].port'],
    zh: '不是串口路径',
    en: 'neither the path of a serial port',
  },
  {
    what: 'a kind that does not exist',
    change: ['kind: board', 'kind: bord'],
    fault: ['reference', 12, 26, 'lines[0].devices[0].kind'],
    zh: '是不是想写 board？',
    en: 'did you mean board?',
  },
  {
    what: 'a profile that does not exist: the nearest first',
    change: ['profile: board-a', 'profile: bord-b'],
    fault: ['reference', 12, 42, 'lines[0].devices[0].profile'],
    zh: '最接近的在前：board-b、board-a',
    en: 'the nearest first: board-b, board-a',
  },
  {
    what: 'a profile by a path',
    change: ['profile: board-a', 'profile: ../profiles/board-a'],
    fault: ['reference', 12, 42, 'lines[0].devices[0].profile'],
    zh: '没有名为',
    en: 'there is no profile',
  },
  {
    what: 'a device without its profile',
    change: ['profile: board-a, ', ''],
    fault: ['missing', 12, 9, 'lines[0].devices[0].profile'],
    zh: 'board-a、board-b',
    en: 'there are: board-a, board-b',
  },
  {
    what: 'a point of a device that does not exist',
    change: ['down: io1.di1', 'down: io2.di1'],
    fault: ['reference', 23, 13, 'lanes[0].points.down'],
    zh: '是不是想写 io1？',
    en: 'did you mean io1?',
  },
  {
    what: 'a point that the device does not have',
    change: ['{ point: io1.di2,', '{ point: io1.input7,'],
    fault: ['reference', 24, 26, 'lanes[0].points.approach.point'],
    zh: '它的点位：di1、di2、di3、di4',
    en: 'its points: di1, di2, di3, di4',
  },
  {
    what: 'a point that is not device.point',
    change: ['down: io1.di1', 'down: di1'],
    fault: ['value', 23, 13, 'lanes[0].points.down'],
    zh: '不是“设备.点位”',
    en: 'not device.point',
  },
  {
    what: 'an unknown key of a point',
    change: ['activeLow: true', 'activelow: true'],
    fault: ['unknownKey', 24, 35, 'lanes[0].points.approach.activelow'],
    zh: '是不是想写 activeLow？',
    en: 'did you mean activeLow?',
  },
  {
    what: 'two roles on one point',
    change: ['down: io1.di1', 'down: io1.di3'],
    fault: ['duplicate', 25, 25, 'lanes[0].points.barrier.point'],
    zh: '已经接在车道 0123 的 down 上',
    en: 'is already down of lane 0123',
  },
  {
    what: 'a lane that cannot see its barrier',
    change: ['      down: io1.di1\n', ''],
    fault: ['missing', 22, 5, 'lanes[0].points'],
    zh: '没有接道闸到位信号',
    en: 'no barrier signal',
  },
  {
    what: 'a camera that does not exist',
    change: ['camera: cam1', 'camera: cam2'],
    fault: ['reference', 26, 13, 'lanes[0].camera'],
    zh: '是不是想写 cam1？',
    en: 'did you mean cam1?',
  },
  {
    what: 'a second lane with the same id',
    change: ['intake:\n', '  - { id: 0123, direction: entry, points: { up: io1.di4 } }\nintake:\n'],
    fault: ['duplicate', 28, 11, 'lanes[1].id'],
    zh: '第 19 行',
    en: 'line 19',
  },
  {
    what: 'two lines on one port',
    change: [
      'cameras:\n',
      '  - { id: b, port: /dev/ttyTEST0, devices: [{ id: io2, kind: board, profile: board-b }] }\ncameras:\n',
    ],
    fault: ['duplicate', 13, 20, 'lines[1].port'],
    zh: '第 9 行',
    en: 'line 9',
  },
  {
    what: 'two devices of one name',
    change: ['unit: 1 }\n', 'unit: 1 }\n      - { id: io1, kind: board, profile: board-b, unit: 2 }\n'],
    fault: ['duplicate', 13, 15, 'lines[0].devices[1].id'],
    zh: '第 12 行',
    en: 'line 12',
  },
  {
    what: 'two boards of one address on a wire, one by default',
    change: [
      'unit: 1 }\n',
      'unit: 2 }\n      - { id: io2, kind: board, profile: board-b }\n      - { id: io3, kind: board, profile: board-b, unit: 1 }\n',
    ],
    fault: ['duplicate', 14, 57, 'lines[0].devices[2].unit'],
    zh: '第 13 行的设备是这个站号',
    en: 'the device of line 13 has it',
  },
  {
    what: 'a device that asks where another master asks',
    change: ['    baudRate: 38400\n', '    baudRate: 38400\n    listenOnly: true\n'],
    fault: ['value', 13, 26, 'lines[0].devices[0].kind'],
    zh: '只听不发',
    en: 'listen-only',
  },
  {
    what: 'an id with a dot',
    change: ['- id: rs485', '- id: rs.485'],
    fault: ['value', 8, 9, 'lines[0].id'],
    zh: '编号“rs.485”不能用',
    en: '"rs.485" cannot be an id',
  },
  {
    what: 'a secret that is not in secrets.yaml',
    change: ['{ secret: cloud.appSecret }', '{ secret: cloud.secret }'],
    fault: ['secret', 6, 24, 'cloud.appSecret.secret'],
    zh: 'cloud.secret: "密钥"',
    en: 'write a line  cloud.secret: "the secret"',
  },
  {
    what: 'a secret of a camera that is not in secrets.yaml',
    change: ['{ secret: cameras.cam1 }', '{ secret: cameras.cam2 }'],
    fault: ['secret', 17, 25, 'cameras[0].password.secret'],
    zh: 'chmod 600',
    en: 'chmod 600',
  },
  {
    what: 'a secret written where its name belongs',
    change: ['appSecret: { secret: cloud.appSecret }', `appSecret: ${CANARY}`],
    fault: ['type', 6, 14, 'cloud.appSecret'],
    zh: '不能直接写在这个文件里',
    en: 'must not stand in this file',
  },
  {
    what: 'an end of a token without its time zone',
    change: ['secret: intake.pms }]', 'secret: intake.pms, until: 2026-12-01T00:00:00 }]'],
    fault: ['value', 29, 75, 'intake.http.tokens[0].until'],
    zh: '不是带时区的日期时间',
    en: '2026-12-01T00:00:00+08:00',
  },
  {
    what: 'a next secret that has no value',
    change: [
      'appSecret: { secret: cloud.appSecret }',
      'appSecret: { secret: cloud.appSecret }\n  nextSecret: { secret: cloud.next }',
    ],
    fault: ['secret', 7, 25, 'cloud.nextSecret.secret'],
    zh: 'cloud.next',
    en: 'cloud.next',
  },
  {
    what: 'a name of the page that is an address',
    change: ['version: 1\n', 'version: 1\npage: { hosts: ["http://box"] }\n'],
    fault: ['value', 2, 17, 'page.hosts[0]'],
    zh: '不是主机名',
    en: 'not a host name',
  },
  {
    what: 'a password written where its name belongs',
    change: ['{ secret: cameras.cam1 }', CANARY],
    fault: ['type', 17, 15, 'cameras[0].password'],
    zh: '不能直接写在这个文件里',
    en: 'must not stand in this file',
  },
  {
    what: 'pictures by their address, and no address',
    change: ['  url: https://platform.example\n', '  url: https://platform.example\n  picture: url\n'],
    fault: ['missing', 6, 3, 'cloud.picture'],
    zh: '没有写图片地址',
    en: 'the picture address is missing',
  },
  {
    what: 'one address for all pictures',
    change: [
      '  url: https://platform.example\n',
      '  url: https://platform.example\n  pictureUrl: https://p.example/now.jpg\n',
    ],
    fault: ['value', 6, 15, 'cloud.pictureUrl'],
    zh: '{serial}',
    en: 'with {serial} or {file}',
  },
  {
    what: 'a placeholder that does not exist',
    change: [
      '  url: https://platform.example\n',
      '  url: https://platform.example\n  pictureUrl: https://p.example/{serial}/{plate}.jpg\n',
    ],
    fault: ['value', 6, 15, 'cloud.pictureUrl'],
    zh: '{serial}',
    en: 'with {serial} or {file}',
  },
  {
    what: 'a GPIO kind that does not exist',
    change: ['version: 1\n', 'version: 1\ngpio: [{ id: pi, kind: board, chip: x, lines: { in17: 17 } }]\n'],
    fault: ['reference', 2, 24, 'gpio[0].kind'],
    zh: '没有“board”这种',
    en: 'no kind "board"',
  },
  {
    what: 'a newer version of the format',
    change: ['version: 1', 'version: 2'],
    fault: ['value', 1, 10, 'version'],
    zh: '可选：1',
    en: 'one of: 1',
  },
  {
    what: 'a tab',
    change: ['    direction: exit', '\tdirection: exit'],
    fault: ['syntax', 21, 1, ''],
    zh: '制表符',
    en: 'a tab',
  },
  {
    what: 'a key written twice',
    change: ['    direction: exit\n', '    direction: exit\n    direction: entry\n'],
    fault: ['syntax', 22, 5, ''],
    zh: '同一个键写了两次',
    en: 'written twice',
  },
  {
    what: 'an anchor that does not exist',
    change: ['camera: cam1', 'camera: *cam'],
    fault: ['syntax', 26, 13, ''],
    zh: '锚点',
    en: 'anchor',
  },
];

/** The intake of the good configuration, and the port of its second listener in line 30. */
const WITH_TLS = GOOD.replace(
  '  http: { enabled: true,',
  '  https: { enabled: true, listen: 0.0.0.0:8443 }\n  http: { enabled: true,',
);
const MORE_PORTS: readonly (readonly [what: string, from: string, to: string, other: string | undefined])[] = [
  [
    'the port of plain HTTP, written',
    'enabled: true, tokens',
    'enabled: true, listen: 127.0.0.1:8443, tokens',
    'intake.http',
  ],
  ['the port that plain HTTP has of itself', '0.0.0.0:8443', ':8081', 'intake.http'],
  ['the port of the page', '0.0.0.0:8443', '192.0.2.1:8080', 'page'],
  ['the port of plain HTTP at another address', '0.0.0.0:8443 }', '192.0.2.1:8081 }', 'intake.http'],
];

describe('the port with TLS of the intake', () => {
  test.each(MORE_PORTS)('is a fault where it is %s', (_what, from, to, other) => {
    const [fault, ...more] = faultsOf(WITH_TLS.replace(from, to));
    expect(fault).toMatchObject({ code: 'duplicate', line: 29, path: 'intake.https.listen' });
    expect(`${fault?.message.zh} ${fault?.message.en}`).toContain(`${other}.listen`);
    expect(fault?.hint.en).toContain('another port');
    expect(more).toEqual([]);
  });

  test.each([
    [
      'on another address',
      'listen: 0.0.0.0:8443 }',
      'listen: 192.0.2.1:8081 }',
      'true, tokens',
      'true, listen: 127.0.0.1:8081, tokens',
    ],
    ['switched off', 'enabled: true, listen: 0.0.0.0:8443', 'enabled: false, listen: 0.0.0.0:8081', '', ''],
    [
      'beside plain HTTP that is off',
      'listen: 0.0.0.0:8443',
      'listen: 0.0.0.0:8081',
      '  http: { enabled: true',
      '  http: { enabled: false',
    ],
    ['any that is free', '0.0.0.0:8443', '0.0.0.0:0', 'true, tokens', 'true, listen: 0.0.0.0:0, tokens'],
  ])('is none %s', (_what, from, to, other, otherTo) => {
    expect(faultsOf(WITH_TLS.replace(from, to).replace(other, otherTo))).toEqual([]);
  });
});

describe('each fault says where it is, what it is and what to do', () => {
  test.each(CASES)('$what', ({ change: [from, to], fault: [code, line, column, path], zh, en }) => {
    expect(GOOD).toContain(from);
    const faults = faultsOf(GOOD.replace(from, to));
    expect(faults.map((fault) => [fault.code, fault.line, fault.column, fault.path])).toEqual([
      [code, line, column, path],
    ]);
    const [fault] = faults;
    expect(`${fault?.message.zh} ${fault?.hint.zh}`).toContain(zh);
    expect(`${fault?.message.en} ${fault?.hint.en}`).toContain(en);
    expect(JSON.stringify(faults)).not.toContain(CANARY);
  });
});

describe('all faults at once', () => {
  test('of shape, of references and of secrets, in the order of the lines', () => {
    const bad = GOOD.replace('uuid:', 'uid:')
      .replace('38400', 'fast')
      .replace('cameras.cam1', 'cameras.cam9')
      .replace('io1.di1', 'io7.di1')
      .replace('camera: cam1', 'camera: cam7')
      .replace('settle: 4s', 'settle: never');
    expect(faultsOf(bad).map(({ line, code }) => [line, code])).toEqual([
      [2, 'missing'],
      [3, 'unknownKey'],
      [10, 'value'],
      [17, 'secret'],
      [23, 'reference'],
      [26, 'reference'],
      [27, 'value'],
    ]);
  });

  test('a faulty device is not said to be missing as well', () => {
    expect(faultsOf(GOOD.replace('unit: 1 }', 'unit: x }')).map(({ path }) => path)).toEqual([
      'lines[0].devices[0].unit',
    ]);
  });
});

describe('secrets.yaml', () => {
  test('that is not there: each secret is named, with what to write', () => {
    const faults = faultsOf(GOOD, null);
    expect(faults.map(({ code, line }) => [code, line])).toEqual([
      ['secret', 6],
      ['secret', 17],
      ['secret', 29],
    ]);
    expect(faults[0]?.hint.zh).toMatch(/在 \/.*secrets\.yaml 里写一行 {2}cloud\.appSecret: "密钥"/);
  });

  test.each([0o644, 0o640, 0o604])('that others may read (%o): the mode is the only fault', (mode) => {
    const faults = catchFaults(workshop(GOOD, SECRETS, mode));
    expect(faults.map(({ code, file }) => [code, file.endsWith('secrets.yaml')])).toEqual([['secret', true]]);
    expect(faults[0]?.hint.en).toMatch(/chmod 600 \/.*secrets\.yaml/);
  });

  test.each([
    ['nested', 'cloud:\n  appSecret: "x"\n', 1, 'do not nest'],
    ['a list', '- a\n', 1, 'lines of "name: value"'],
    ['not YAML', 'cloud.appSecret: "abc\n', 2, 'not valid YAML'],
  ])('that is %s', (_what, secrets, line, words) => {
    const fault = faultsOf(GOOD, secrets).find(({ file }) => file.endsWith('secrets.yaml'));
    expect(fault?.line).toBe(line);
    expect(`${fault?.message.en} ${fault?.hint.en}`).toContain(words);
  });

  test('a token that could be guessed, and two systems with one token', () => {
    const short = faultsOf(GOOD, SECRETS.replace(`${CANARY}-token`, 'short'));
    expect(short.map(({ message }) => message.en)).toEqual(['token "pms" is shorter than 16 characters']);
    const twice = GOOD.replace('{ name: pms,', '{ name: other, secret: intake.pms }, { name: pms,');
    expect(faultsOf(twice).map(({ message }) => message.en)).toEqual(['tokens "pms" and "other" have the same value']);
  });

  test('a secret put in place of its name is not repeated', () => {
    const faults = faultsOf(GOOD.replace('cloud.appSecret }', '0123456789abcdef0123456789abcdef }'));
    expect(JSON.stringify(faults)).not.toContain('0123456789abcdef');
    expect(faults[0]?.message.en).toContain('must be the name of a secret');
  });
});

test.each([
  ['', 'the file is empty'],
  ['# nothing\n', 'the file is empty'],
  ['just words\n', '"" must be a group of keys, not text'],
  ['- 1\n', '"" must be a group of keys, not a list'],
  [`a: ${'x'.repeat(1_000_001)}`, 'not valid YAML: the file is larger than 1 MB'],
])('a file that is no configuration (%#)', (text, message) => {
  expect(faultsOf(text).map((fault) => fault.message.en)).toEqual([message]);
});

test('__proto__ is a key like any other, and unknown', () => {
  expect(faultsOf(GOOD.replace('version: 1\n', 'version: 1\n__proto__: { polluted: true }\n'))).toMatchObject([
    { code: 'unknownKey', line: 2 },
  ]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

const catchFaults = (file: string) => faultsIn(() => loadConfig(file, kinds, {}));

function faultsOf(config: string, secrets: string | null = SECRETS): readonly ConfigFault[] {
  return catchFaults(workshop(config, secrets));
}
