/** The house rules that a walk over the sources can check. Each failure says the reason of its rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectNone, root, sources, target, under } from './tidy/sources.ts';

/** Which of our own files each place may import, and why not more. The first rule that fits a file counts. */
const OWN_IMPORTS: readonly {
  readonly place: string;
  readonly may: readonly string[];
  readonly mayTypes?: readonly string[];
  readonly why: string;
}[] = [
  {
    place: 'src/lane/',
    may: ['src/lane/', 'src/kinds.ts'],
    why: 'the lane engine is pure: the same events must give the same verdicts a year later',
  },
  {
    place: 'src/account/duty/',
    may: ['src/account/duty/'],
    why: 'who was on duty is folded from shifts alone: the same shifts must give the same person a year later',
  },
  {
    place: 'src/account/',
    may: ['src/account/', 'src/text/'],
    mayTypes: ['src/lane/', 'src/clock.ts', 'src/store/days/', 'src/store/observation.ts'],
    why: 'the account is a fold of the journal: the same events give the same rows a year later',
  },
  {
    place: 'drivers/index.ts',
    may: ['drivers/', 'src/driver.ts'],
    why: 'the registry names the kinds and knows nothing else',
  },
  ...['hikvision', 'dahua', 'vzenith', 'huaxia', 'json-push', 'gat1400', 'onvif'].map((maker) => ({
    place: `drivers/${maker}/`,
    may: ['src/driver.ts', 'OWN', 'drivers/camera-http/', 'src/outward/'],
    why: "a maker's camera is a camera on the network first: its pictures and its events share one login, because it counts bad logins together and locks the address, and one guard of where it may be",
  })),
  {
    place: 'drivers/alarm-output/',
    may: ['src/driver.ts', 'OWN', 'drivers/modbus/', 'src/kinds.ts'],
    why: "its relay is on a Modbus board: the frames of reads, and the gate that lets nothing but reads through, are Modbus's; what it may sound for is written once, by the lane",
  },
  {
    place: 'drivers/camera-http/',
    may: ['src/driver.ts', 'OWN', 'src/outward/', 'src/limits.ts'],
    why: 'a camera is reached by the one door out; its forms and its guard are its own',
  },
  {
    place: 'drivers/',
    may: ['src/driver.ts', 'OWN'],
    why: 'a driver knows its device and its contract; a second driver, a lane or a file is none of its business',
  },
  {
    place: 'src/driver.ts',
    may: ['src/clock.ts'],
    why: 'the contract of the drivers stands on nothing',
  },
  { place: 'src/kinds.ts', may: [], why: 'what everybody calls a thing stands on nothing' },
  { place: 'src/limits.ts', may: ['src/clock.ts'], why: 'a limit knows nothing of what it limits' },
  { place: 'src/clock.ts', may: [], why: 'time stands on nothing' },
  {
    place: 'src/text/',
    may: ['src/text/', 'src/driver.ts'],
    mayTypes: ['src/kinds.ts'],
    why: 'texts render what others decide: who has a thing of its own to word does so beside it, with a table from here',
  },
  {
    place: 'src/sim/',
    may: ['src/sim/', 'src/clock.ts', 'src/text/'],
    mayTypes: ['src/'],
    why: 'a simulator that shares the codec shares its mistakes',
  },
  {
    place: 'src/line/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/', 'src/outward/'],
    why: 'the line carries bytes for whoever asks',
  },
  {
    place: 'src/store/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/small-file.ts', 'src/text/', 'src/kinds.ts'],
    mayTypes: ['src/lane/'],
    why: 'the store keeps what it is given',
  },
  {
    place: 'src/outward/',
    may: ['OWN', 'src/clock.ts'],
    why: 'the door knows a purpose and a peer, and nothing of what is sent',
  },
  {
    place: 'src/delivery/request/',
    may: ['src/delivery/request/', 'src/delivery/back-off.ts', 'src/text/', 'src/kinds.ts'],
    mayTypes: ['src/lane/', 'src/store/'],
    why: 'a profile and a record give a request: no network, no file, no clock',
  },
  {
    place: 'src/delivery/',
    may: [
      'OWN',
      'src/clock.ts',
      'src/driver.ts',
      'src/small-file.ts',
      'src/text/',
      'src/outward/',
      'src/store/error.ts',
      'src/store/observation.ts',
      'src/store/observation-text.ts',
    ],
    mayTypes: ['src/lane/', 'src/store/', 'src/account/', 'src/log.ts'],
    why: 'a delivery sends what the store keeps: lanes and wires are none of its business',
  },
  {
    place: 'src/management/',
    may: ['OWN', 'src/delivery/request/', 'src/text/', 'src/outward/', 'src/kinds.ts', 'src/limits.ts'],
    mayTypes: ['src/lane/'],
    why: 'a profile and a message give payments: no lane, no store, no clock',
  },
  {
    place: 'src/intake/',
    may: [
      'OWN',
      'src/limits.ts',
      'src/clock.ts',
      'src/driver.ts',
      'src/text/',
      'src/delivery/mqtt/',
      'src/http/',
      'src/outward/',
      'src/kinds.ts',
    ],
    mayTypes: ['src/lane/', 'src/config/', 'src/log.ts', 'src/management/'],
    why: 'the intake turns messages into events',
  },
  {
    place: 'src/http/',
    may: ['OWN', 'src/limits.ts', 'src/text/'],
    mayTypes: ['src/clock.ts'],
    why: 'what both servers stand on: sockets, bodies, problems and limits, and no route of either',
  },
  {
    place: 'src/config/',
    may: [
      'OWN',
      'src/small-file.ts',
      'src/clock.ts',
      'src/driver.ts',
      'src/text/',
      'src/account/duty/roster.ts',
      'src/kinds.ts',
      'src/lane/settings.ts',
      'src/lane/types.ts',
      'src/delivery/request/',
      'src/delivery/settings.ts',
      'src/management/',
      'src/outward/',
    ],
    mayTypes: ['src/lane/', 'src/account/', 'src/log.ts'],
    why: 'the configuration is read before anything runs',
  },
  {
    place: 'src/commission/',
    may: [
      'OWN',
      'src/clock.ts',
      'src/driver.ts',
      'src/text/',
      'src/line/',
      'src/delivery/',
      'src/outward/',
      'src/config/',
      'src/http/problem.ts',
      'src/small-file.ts',
      'src/system/box-network.ts',
      'src/system/disk-speed.ts',
      'src/lane/types.ts',
    ],
    mayTypes: ['src/'],
    why: 'commissioning joins wires, cameras and the platform for a person; it decides nothing about a lane and no driver knows of it',
  },
  {
    place: 'src/page/',
    may: [
      'OWN',
      'src/small-file.ts',
      'src/limits.ts',
      'src/config/',
      'src/text/',
      'src/http/',
      'src/delivery/contract.ts',
      'src/delivery/fact-bodies.ts',
    ],
    mayTypes: ['src/'],
    why: 'the page gets functions from app.ts; what programs read of a release has one source',
  },
  {
    place: 'src/provision/',
    may: [
      'OWN',
      'src/config/',
      'src/text/',
      'src/small-file.ts',
      'src/page/access/',
      'src/page/api/rights.ts',
      'src/http/token-scopes.ts',
    ],
    mayTypes: ['src/'],
    why: 'a signed file is made and read on any machine; applying it is for src/box',
  },
  {
    place: 'src/status/',
    may: [
      'OWN',
      'src/account/',
      'src/lane/',
      'src/delivery/',
      'src/config/camera-address.ts',
      'src/driver.ts',
      'src/store/record-states.ts',
      'src/store/files/picture-forecast.ts',
      'src/store/event-text.ts',
      'src/store/observation-text.ts',
      'src/app/frame-streams.ts',
      'src/app/record-reason.ts',
      'src/app/watch/root-cause.ts',
      'src/intake/payment-csv.ts',
      'src/intake/payment-fates.ts',
      'src/text/',
    ],
    mayTypes: ['src/'],
    why: 'what the page sees of a running box: it renders what others know, and HTTP is none of its business',
  },
  {
    place: 'src/ui/',
    may: [
      'OWN',
      'src/text/page/',
      'src/text/lanes/reporting.ts',
      'src/text/text.ts',
      'src/page/api/rights.ts',
      'src/page/api/forms.ts',
    ],
    mayTypes: [
      'src/page/api/api.ts',
      'src/page/api/api-account.ts',
      'src/page/api/api-clock.ts',
      'src/page/api/api-duty.ts',
      'src/page/api/api-intake.ts',
      'src/page/api/api-live.ts',
      'src/page/api/api-setup.ts',
      'src/page/api/api-token.ts',
      'src/page/api/api-wizard.ts',
    ],
    why: 'the page runs in a browser: it knows the box by its interface only, and every byte of it goes over the air',
  },
  { place: 'src/log.ts', may: ['src/text/'], why: 'the log renders texts' },
  {
    place: 'src/app/bridge.ts',
    may: ['src/lane/', 'src/driver.ts', 'src/app/pictures/captures.ts'],
    mayTypes: ['src/store/types.ts', 'src/store/record-types.ts', 'src/app/bridge-options.ts'],
    why: 'a bridge is one lane: no wire, no cloud',
  },
  {
    place: 'src/app/pictures/captures.ts',
    may: ['src/driver.ts'],
    mayTypes: ['src/app/pictures/frame-ring.ts'],
    why: 'pictures wait here, whatever they show',
  },
  { place: 'src/app/pictures/frame-ring.ts', may: ['src/driver.ts'], why: 'frames of one camera: no lane, no store' },
];

/** Constants, the same a year later. */
const ANYWHERE = 'src/written-time.ts';

it('each file imports only what its place may', () => {
  for (const rule of OWN_IMPORTS) {
    const ruled = sources.filter(({ path }) => OWN_IMPORTS.find(({ place }) => under(path, place)) === rule);
    const wrong = ruled.flatMap((source) => {
      const own = `${source.path.split('/').slice(0, 2).join('/')}/`;
      const may = rule.may.map((place) => (place === 'OWN' ? own : place));
      return source.imports
        .map(({ from, typeOnly }) => ({ path: target(source, from), typeOnly }))
        .filter(
          ({ path, typeOnly }) =>
            path !== undefined && !under(path, ANYWHERE, ...may, ...(typeOnly ? (rule.mayTypes ?? []) : [])),
        )
        .map(({ path }) => `${source.path} -> ${path}`);
    });
    expectNone(wrong, `${rule.place} may not import these: ${rule.why}`);
  }
});

/** Each outside package lives in one place, so that it can be replaced there. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  serialport: ['src/line/port.ts', 'src/simulate/simulate.ts'],
  '@serialport/bindings-interface': [
    'src/line/',
    'src/sim/',
    'src/app/events.ts',
    'src/commission/',
    'src/simulate/demo/demo-park.ts',
    'src/simulate/demo/demo-page.ts',
  ],
  '@serialport/parser-delimiter': ['drivers/serial-line/'],
  'modbus-serial': ['drivers/modbus/'],
  onoff: ['drivers/gpio/'],
  undici: ['src/outward/', 'src/delivery/', 'drivers/camera-http/'],
  'better-sqlite3': ['src/store/', 'src/management/pull/'],
  mysql2: ['src/management/pull/'],
  pg: ['src/management/pull/'],
  tedious: ['src/management/pull/'],
  zod: [
    'src/config/',
    'src/delivery/contract.ts',
    'src/http/',
    'src/intake/',
    'src/page/',
    'src/provision/',
    'src/delivery/request/',
    'src/management/',
    'drivers/',
    'src/driver.ts',
    'src/simulate/scenario/scenario-file.ts',
  ],
  yaml: ['src/config/', 'src/simulate/scenario/scenario-file.ts'],
  pino: ['src/log.ts'],
  hono: ['src/http/'],
  '@hono/node-server': ['src/http/'],
  'jpeg-js': ['src/sim/'],
  fflate: ['src/store/', 'src/cli/', 'src/evidence/', 'src/system/backup.ts', 'src/system/support-file.ts'],
  mqtt: ['src/intake/', 'src/delivery/mqtt/broker.ts'],
  preact: ['src/ui/'],
  jsqr: ['src/ui/'],
  'unix-dgram': ['src/system/notify.ts'],
  selfsigned: ['src/page/'],
  uqr: ['src/page/'],
  'iconv-lite': ['src/management/charset.ts'],
  'fast-xml-parser': ['src/management/xml.ts'],
};

const packageName = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

describe('packages', () => {
  it('each is imported where it has its place', () => {
    const outside = sources.flatMap((source) =>
      source.imports
        .filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'))
        .map(({ from }) => ({ path: source.path, from })),
    );
    expectNone(
      outside.filter(({ from }) => builtinModules.includes(from)).map(({ path, from }) => `${path}: ${from}`),
      'a module of Node is written node:…',
    );
    expectNone(
      outside
        .filter(({ path, from }) => !under(path, ...(PACKAGES[packageName(from)] ?? [])))
        .map(
          ({ path, from }) =>
            `${path}: ${from}, in ${PACKAGES[packageName(from)]?.join(', ') ?? 'no file: add it to README and to this table'}`,
        ),
      'each outside package has its place, so that it can be replaced there',
    );
    expectNone(
      sources
        .filter(({ path, imports }) => under(path, 'src/lane/') && imports.some(({ from }) => !from.startsWith('.')))
        .map(({ path }) => path),
      'the lane engine stands on no library and on nothing of Node',
    );
  });

  it('are all in package.json with an exact version, and none besides', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    for (const version of Object.values({ ...dependencies, ...optionalDependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const used = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => packageName(from))));
    // Types, and what is built into the page.
    const typesOnly = ['@serialport/bindings-interface', 'preact', 'jsqr'];
    for (const name of used)
      if (!name.startsWith('.') && !name.startsWith('node:') && !typesOnly.includes(name))
        expect({ ...dependencies, ...optionalDependencies }, `${name} is imported`).toHaveProperty([name]);
    for (const page of ['docs/zh/architecture.md', 'docs/en/architecture.md'])
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
        expect(readFileSync(join(root, page), 'utf8'), `${name} needs its sentence in ${page}`).toContain(
          `| \`${name}\` |`,
        );
  });

  it('come from the registry by name: no address in the lock file', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "(http|git|file)/);
  });
});

/** What no source may contain, and why. */
const BANNED: readonly { readonly pattern: RegExp; readonly except?: readonly string[]; readonly why: string }[] = [
  {
    pattern:
      /\bDate\.now\b|new Date\(\)|\bperformance\.|\bsetTimeout\b|\bsetInterval\b|\bhrtime\b|AbortSignal\.timeout/,
    except: ['src/clock.ts', 'src/ui/'],
    why: 'time comes from Clock only, so that it can be tested and so that a clock step changes no interval',
  },
  {
    pattern: /\bwrite(FC(5|6|15|16|22|23)|Coils?|Registers?)\b|\bgpioset\b/,
    why: 'this program acts on nothing: these are the words with which libraries and tools switch things',
  },
  {
    pattern: /throw new Error\(/,
    why: 'an error has a class with a closed set of codes, so that a person can be told what to do',
  },
  { pattern: /export default/, why: 'names are the same everywhere' },
  { pattern: /\bconsole\./, why: 'output goes through Log or the command context' },
  {
    pattern: /\bMath\.random\b/,
    except: ['src/delivery/', 'src/evidence/park-witness.ts', 'src/line/supervise.ts', 'src/intake/mqtt.ts'],
    why: 'chance is for jitter only: everything else is repeatable',
  },
];

it('no source contains what is banned', () => {
  for (const { pattern, except, why } of BANNED) {
    const wrong = sources
      .filter(({ path }) => !under(path, ...(except ?? [])))
      .map(({ path, code }) => ({ path, found: code.match(pattern)?.[0] }))
      .filter(({ found }) => found !== undefined);
    expectNone(
      wrong.map(({ path, found }) => `${path}: ${found}`),
      why,
    );
  }
});

it.each(['zh', 'en'])('each error code is explained in a page of docs/%s, errors*.md', (language) => {
  const folder = join(root, 'docs', language);
  const documented = readdirSync(folder)
    .filter((name) => /^errors(-\w+)?\.md$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const codes = sources.flatMap(({ path, code }) =>
    [...code.matchAll(/export type (\w+Code) =([^;]*);/g)].flatMap(([, type, body]) =>
      [...(body ?? '').matchAll(/'(\w+)'/g)].map(([, each]) => ({ path, code: `${type}.${each}` })),
    ),
  );
  expect(codes.length).toBeGreaterThan(20);
  expectNone(
    codes.filter((each) => !documented.includes(`\`${each.code}\``)).map(({ path, code }) => `${path}: ${code}`),
    'a code without an explanation is a code that a person cannot act on',
  );
});
