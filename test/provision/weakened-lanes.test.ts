/** Which lanes a change of the configuration may weaken: every key may, but those that say they do not. */
import { expect, it } from 'vitest';
import { weakeningChanges } from '../../src/provision/weakened-lanes.ts';

const BEFORE = `
cloud: { url: https://api.4pyun.com, appSecret: { secret: a } }
park: { uuid: 1 }
lines:
  - { id: bus, port: /dev/ttyUSB0, baudRate: 9600, devices: [{ id: io1, unit: 1 }, { id: io2, unit: 2 }] }
gpio: [{ id: pi, kind: gpio }]
cameras: [{ id: cam1, url: http://1 }, { id: cam2, url: http://2 }]
lanes:
  - { id: "1001", name: A, direction: exit, camera: cam1, points: { approach: io1.di1, button: { point: io1.di5 } }, settings: { settle: 5s } }
  - { id: "1002", name: B, direction: entry, camera: cam2, points: { approach: io2.di1, button: pi.di1 } }
intake: { http: { tokens: [{ name: pms, secret: { secret: t } }] }, knownVehicles: [{ plate: 粤B11111, kind: free }] }
publish: { mqtt: { url: mqtts://broker } }
destinations: [{ name: ops, kind: webhook, url: https://hook }]
page: { idle: 15min, maintenanceMax: 8h }
store: { path: /var/lib/lanewarden }
duty: { booths: [{ name: South, lanes: ["1001"] }] }
`;
const ALL = ['1001', '1002'];

const lanes = (from: string, to: string, before = BEFORE): readonly string[] => {
  expect(before).toContain(from);
  return [...new Set(weakeningChanges(before, before.replace(from, to)).flatMap((change) => change.lanes))].sort();
};

it.each([
  ['a button unwired', ', button: { point: io1.di5 }', '', ['1001']],
  ['a button on another point', 'io1.di5', 'io1.di8', ['1001']],
  ['a role more in a lane that is there', 'approach: io1.di1', 'approach: io1.di1, auto: io1.di7', ['1001']],
  ['a setting of the verdicts', 'settle: 5s', 'settle: 60s', ['1001']],
  ['a setting that was at its default', 'settle: 5s', 'settle: 5s, autoCommandIsGrant: true', ['1001']],
  ['the other direction', 'direction: exit', 'direction: entry', ['1001']],
  ['another number of a lane', 'id: "1002", name', 'id: "1009", name', ['1002']],
  ['another number of the first lane', 'id: "1001", name', 'id: "1009", name', ALL],
  ['another unit of a board', 'id: io2, unit: 2', 'id: io2, unit: 3', ['1002']],
  ['another speed of a wire', '9600', '19200', ALL],
  ['a wire under another name', 'id: bus', 'id: bus2', ALL],
  // Who reads the page's passwords, or finds a session open, is soon the second person.
  ['the page without TLS', 'idle: 15min', 'idle: 15min, https: false', ALL],
  ['sessions that stay open', 'idle: 15min', 'idle: 12h', ALL],
  ['the page elsewhere', 'idle: 15min', 'idle: 15min, listen: 127.0.0.1:8080', ALL],
  ['an output that sounds for nothing', 'unit: 2 }', 'unit: 2, releases: [] }', ['1002']],
  ['a board of the machine', 'kind: gpio', 'kind: gpio, chip: 1', ['1002']],
  ['the address of a camera', 'http://1', 'http://9', ['1001']],
  ['another camera', 'camera: cam1', 'camera: cam2', ['1001']],
  ['a second camera of a lane', 'camera: cam1', 'camera: cam1, cameras: [{ camera: cam2 }]', ['1001']],
  ['the address of the platform', 'https://api.4pyun.com', 'https://dead.example', ALL],
  ['the park', 'uuid: 1', 'uuid: 2', ALL],
  ['a known vehicle more', 'kind: free }]', 'kind: free }, { plate: 粤B22222, kind: free }]', ALL],
  ['a sender more', 'tokens: [', 'tokens: [{ name: mine, secret: { secret: x } }, ', ALL],
  ['a feed that tells all', 'intake: {', 'intake: { tells: [paid],', ALL],
  ['the broker', 'mqtts://broker', 'mqtts://nobody', ALL],
  // What is added reaches lanes that do not name it: pushes of one address go to another camera, a wire has one answer too many.
  ['a camera more', 'cameras: [', 'cameras: [{ id: cam3, url: http://3 }, ', ALL],
  ['a board more on a wire', 'devices: [', 'devices: [{ id: io3, unit: 3 }, ', ALL],
  ['a wire more', 'lines:', 'lines:\n  - { id: bus2, port: /dev/ttyUSB1, devices: [{ id: io9, unit: 9 }] }', ALL],
  ['a board more of the machine', 'gpio: [', 'gpio: [{ id: pi2, kind: gpio }, ', ALL],
  ['a destination gone', '{ name: ops, kind: webhook, url: https://hook }', '', ALL],
  ['the folder of the store', '/var/lib/lanewarden', '/tmp/empty', ALL],
  ['longer maintenance', 'maintenanceMax: 8h', 'maintenanceMax: 24h', ALL],
  ['a key that nobody has thought of', 'park: {', 'newSection: { key: 1 }\npark: {', ALL],
])('%s', (_, from, to, expected) => {
  expect(lanes(from, to)).toEqual(expected);
});

it.each([
  ['a name', 'name: A', 'name: C'],
  ['the reference of a secret', 'secret: a', 'secret: b'],
  ['the roster', 'lanes: ["1001"]', 'lanes: ["1002"]'],
  [
    'another lane, with points and a camera that are there',
    'intake:',
    '  - { id: "1003", camera: cam2, points: { approach: io2.di3 } }\nintake:',
  ],
  ['a destination more', 'destinations: [', 'destinations: [{ name: more, kind: ping, url: https://up }, '],
])('not %s', (_, from, to) => {
  expect(lanes(from, to)).toEqual([]);
});

it('not a broker where there was none', () => {
  const without = BEFORE.replace(/^publish.*\n/m, '');
  expect(lanes('page: {', 'publish: { mqtt: { url: mqtts://broker } }\npage: {', without)).toEqual([]);
});

it('names what weakens before what does not, however much of that there is', () => {
  const booths = Array.from({ length: 100 }, (_, at) => `{ name: b${at}, lanes: ["1001"] }`).join(', ');
  const after = BEFORE.replace('booths: [', `booths: [${booths}, `).replace(', button: { point: io1.di5 }', '');
  expect(weakeningChanges(BEFORE, after)[0]).toMatchObject({
    path: 'lanes[1001].points.button.point',
    lanes: ['1001'],
  });
});

const BROKERS = `
cloud: { appId: 20180101 }
lanes: [{ id: 1001, name: A }, { id: 1002, name: B }]
intake: { mqtt: { enabled: true }, systems: [{ name: pms, values: { park: 0017 }, lanes: { a: 017 } }] }
publish: { mqtt: { enabled: true } }
destinations: [{ name: ops }]
`;
const paths = (from: string, to: string, before = BROKERS): readonly string[] => {
  expect(before).toContain(from);
  const found = weakeningChanges(before, before.replace(from, to));
  return found.flatMap(({ path, lanes: weakened }) => (weakened.length > 0 ? [path] : [])).sort();
};

// What the program reads where it wants text is the number as it is written.
it.each([
  ['the number of an app', '20180101', '020180101', ['cloud.appId']],
  ['a value of a system', '0017', '17', ['intake.systems[pms].values.park']],
  ['the name of a lane at a system', 'a: 017', 'a: 0017', ['intake.systems[pms].lanes.a']],
  ['another spelling of a number', '20180101', '2.0180101e7', ['cloud.appId']],
])('%s is written otherwise', (_, from, to, expected) => {
  expect(paths(from, to)).toEqual(expected);
});

it('a lane whose number is written otherwise is another lane', () => {
  expect(paths('1002', '01002')).toEqual(['lanes[1002].id']);
  expect(weakeningChanges(BROKERS, BROKERS.replace('1002', '"1002"'))).toEqual([]);
});

const MOVED = [
  'lanes: [{ id: 1001, name: A }, { id: 1002, name: B }]',
  'lanes: [{ id: 1002, name: B }, { id: 1001, name: A }]',
] as const;

it('another lane in the first place is another name of the box, at its broker and in the session there, for every lane', () => {
  expect(weakeningChanges(BROKERS, BROKERS.replace(...MOVED))).toEqual(
    ['publish.mqtt.box', 'publish.mqtt.clientId', 'intake.mqtt.clientId'].map((path) => ({
      ...{ path, before: '1001', after: '1002', lanes: ALL },
    })),
  );
});

it.each([
  [
    'of a box and sessions that have names',
    '{ mqtt: { enabled: true',
    '{ mqtt: { clientId: c, box: b, enabled: true',
    [],
  ],
  [
    'without a broker, for the destinations',
    'mqtt: { enabled: true }',
    'mqtt: { enabled: false, box: b }',
    ['publish.mqtt.box'],
  ],
] as const)('another first lane %s', (_, from, to, expected) => {
  const before = BROKERS.replaceAll(from, to);
  expect(paths(...MOVED, before)).toEqual(expected);
  expect(weakeningChanges(before, before.replace(...MOVED)).map(({ path }) => path)).toEqual(expected);
});

it('and of a box that nobody hears, nothing', () => {
  const before = BROKERS.replaceAll('enabled: true', 'enabled: false').replace('[{ name: ops }]', '[]');
  expect(weakeningChanges(before, before.replace(...MOVED))).toEqual([]);
});
