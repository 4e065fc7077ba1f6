/** The house rules that a walk over the sources can check. Each failure says the reason of its rule. */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(code: string): Import[] {
  const statements = code.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gms);
  const dynamic = code.matchAll(/\bimport\('([^']+)'\)/g);
  return [
    ...[...statements].map((match) => ({
      from: match[2] ?? '',
      // `import { type A, type B }` is erased as well.
      typeOnly: match[1] !== undefined || /^\s*(?:import|export)\s*\{(\s*type\s+[\w\s]+,?)+\s*\}/.test(match[0]),
    })),
    ...[...dynamic].map((match) => ({ from: match[1] ?? '', typeOnly: false })),
  ];
}

const sources: Source[] = ['src', 'drivers'].flatMap(walk).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
  return { path, text, code, imports: importsOf(code) };
});

/** Where a relative import points, as a path from the root; undefined for a package. */
const target = (source: Source, from: string): string | undefined =>
  from.startsWith('.') ? relative(root, join(root, dirname(source.path), from)) : undefined;

const under = (path: string, ...places: string[]): boolean =>
  places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)));

/** Which of our own files each place may import, and why not more. The first rule that fits a file counts. */
const OWN_IMPORTS: readonly {
  readonly place: string;
  readonly may: readonly string[];
  readonly mayTypes?: readonly string[];
  readonly why: string;
}[] = [
  {
    place: 'src/lane/',
    may: ['src/lane/'],
    why: 'the lane engine is pure: the same events must give the same verdicts a year later',
  },
  {
    place: 'drivers/index.ts',
    may: ['drivers/', 'src/driver.ts'],
    why: 'the registry names the kinds and knows nothing else',
  },
  ...['hikvision', 'dahua', 'vzenith', 'json-push'].map((maker) => ({
    place: `drivers/${maker}/`,
    may: ['src/driver.ts', 'OWN', 'drivers/camera-http/'],
    why: "a maker's camera is a camera on the network first: its pictures and its events share one login, because it counts bad logins together and locks the address, and one guard of where it may be",
  })),
  {
    place: 'drivers/alarm-output/',
    may: ['src/driver.ts', 'OWN', 'drivers/modbus/'],
    why: "its relay is on a Modbus board: the frames of reads, and the gate that lets nothing but reads through, are Modbus's",
  },
  {
    place: 'drivers/',
    may: ['src/driver.ts', 'OWN'],
    why: 'a driver knows its device and its contract; a second driver, a lane or a file is none of its business',
  },
  { place: 'src/driver.ts', may: ['src/clock.ts'], why: 'the contract of the drivers stands on nothing' },
  { place: 'src/clock.ts', may: [], why: 'time stands on nothing' },
  {
    place: 'src/text/',
    may: ['src/text/', 'src/driver.ts'],
    mayTypes: ['src/'],
    why: 'texts render what others decide',
  },
  {
    place: 'src/sim/',
    may: ['src/sim/', 'src/clock.ts', 'src/text/'],
    mayTypes: ['src/'],
    why: 'a simulator that shares the codec shares its mistakes',
  },
  {
    place: 'src/line/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/'],
    why: 'the line carries bytes for whoever asks',
  },
  {
    place: 'src/store/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/'],
    mayTypes: ['src/lane/'],
    why: 'the store keeps what it is given',
  },
  {
    place: 'src/cloud/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/'],
    mayTypes: ['src/lane/', 'src/store/'],
    why: 'the cloud sees records, not lanes',
  },
  {
    place: 'src/intake/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/', 'src/mqtt/', 'src/http/'],
    mayTypes: ['src/lane/', 'src/config/', 'src/log.ts'],
    why: 'the intake turns messages into events',
  },
  {
    place: 'src/http/',
    may: ['OWN', 'src/text/'],
    mayTypes: ['src/clock.ts'],
    why: 'what both servers stand on: sockets, bodies, problems and limits, and no route of either',
  },
  {
    place: 'src/mqtt/',
    may: ['OWN', 'src/clock.ts', 'src/text/'],
    mayTypes: ['src/config/', 'src/lane/', 'src/log.ts', 'src/store/'],
    why: 'a broker carries what it is given, in or out',
  },
  {
    place: 'src/config/',
    may: ['OWN', 'src/clock.ts', 'src/driver.ts', 'src/text/', 'src/lane/settings.ts', 'src/lane/types.ts'],
    mayTypes: ['src/lane/', 'src/log.ts'],
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
      'src/cloud/',
      'src/config/',
      'src/http/problem.ts',
      'src/page/durable-files.ts',
      'src/system/disk-speed.ts',
      'src/lane/types.ts',
    ],
    mayTypes: ['src/'],
    why: 'commissioning joins wires, cameras and the platform for a person; it decides nothing about a lane and no driver knows of it',
  },
  {
    place: 'src/page/',
    may: ['OWN', 'src/config/', 'src/text/', 'src/http/'],
    mayTypes: ['src/'],
    why: 'the page gets functions from app.ts',
  },
  {
    place: 'src/status/',
    may: [
      'OWN',
      'src/lane/',
      'src/cloud/',
      'src/config/camera-address.ts',
      'src/driver.ts',
      'src/app/wire-monitor-view.ts',
      'src/text/',
    ],
    mayTypes: ['src/'],
    why: 'what the page sees of a running box: it renders what others know, and HTTP is none of its business',
  },
  {
    place: 'src/ui/',
    may: ['OWN', 'src/text/page/', 'src/text/text.ts'],
    mayTypes: [
      'src/page/api/api.ts',
      'src/page/api/api-intake.ts',
      'src/page/api/api-setup.ts',
      'src/page/api/api-wizard.ts',
    ],
    why: 'the page runs in a browser: it knows the box by its interface only, and every byte of it goes over the air',
  },
  { place: 'src/log.ts', may: ['src/text/'], why: 'the log renders texts' },
  {
    place: 'src/app/bridge.ts',
    may: ['src/lane/', 'src/driver.ts', 'src/app/captures.ts'],
    mayTypes: ['src/store/types.ts', 'src/store/record-types.ts'],
    why: 'a bridge is one lane: no wire, no cloud',
  },
  {
    place: 'src/app/captures.ts',
    may: ['src/driver.ts'],
    mayTypes: ['src/app/frame-ring.ts'],
    why: 'pictures wait here, whatever they show',
  },
  { place: 'src/app/frame-ring.ts', may: ['src/driver.ts'], why: 'frames of one camera: no lane, no store' },
];

describe('imports', () => {
  for (const source of sources) {
    const rule = OWN_IMPORTS.find(({ place }) => under(source.path, place));
    if (rule === undefined) continue;
    it(`${source.path} imports only what its place may`, () => {
      const own = `${source.path.split('/').slice(0, 2).join('/')}/`;
      const allowed = (path: string, typeOnly: boolean): boolean =>
        under(path, ...rule.may.map((place) => (place === 'OWN' ? own : place))) ||
        (typeOnly && under(path, ...(rule.mayTypes ?? [])));
      const wrong = source.imports
        .map(({ from, typeOnly }) => ({ path: target(source, from), typeOnly }))
        .filter(({ path, typeOnly }) => path !== undefined && !allowed(path, typeOnly))
        .map(({ path }) => path);
      expect(wrong, `${rule.place} may not import these: ${rule.why}`).toEqual([]);
    });
  }
});

/** Each outside package lives in one place, so that it can be replaced there. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  serialport: ['src/line/port.ts', 'src/simulate/simulate.ts'],
  '@serialport/bindings-interface': [
    'src/line/',
    'src/sim/',
    'src/app/app.ts',
    'src/commission/',
    'src/simulate/demo/demo-park.ts',
    'src/simulate/demo/demo-page.ts',
  ],
  '@serialport/parser-delimiter': ['drivers/serial-line/'],
  'modbus-serial': ['drivers/modbus/'],
  onoff: ['drivers/gpio/'],
  undici: ['src/cloud/', 'drivers/camera-http/'],
  'better-sqlite3': ['src/store/'],
  zod: [
    'src/config/',
    'src/intake/',
    'src/page/',
    'drivers/',
    'src/driver.ts',
    'src/simulate/scenario/scenario-file.ts',
  ],
  yaml: ['src/config/', 'src/simulate/scenario/scenario-file.ts'],
  pino: ['src/log.ts'],
  hono: ['src/intake/', 'src/page/'],
  '@hono/node-server': ['src/intake/', 'src/page/'],
  'jpeg-js': ['src/sim/'],
  fflate: ['src/store/', 'src/cli/', 'src/system/backup.ts', 'src/system/support-file.ts'],
  mqtt: ['src/intake/', 'src/mqtt/'],
  sharp: ['src/cloud/'],
  preact: ['src/ui/'],
  'unix-dgram': ['src/system/notify.ts'],
  selfsigned: ['src/page/'],
  'prom-client': ['src/page/'],
};

const packageName = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');

describe('packages', () => {
  it.each(sources.map((source) => [source.path, source] as const))('%s', (path, source) => {
    const outside = source.imports
      .map(({ from }) => from)
      .filter((from) => !from.startsWith('.') && !from.startsWith('node:'));
    for (const from of outside) {
      expect(builtinModules, `write node:${from}`).not.toContain(from);
      expect(
        under(path, ...(PACKAGES[packageName(from)] ?? [])),
        `${from} has its place in ${PACKAGES[packageName(from)]?.join(', ') ?? 'no file: add it to README and to this table'}`,
      ).toBe(true);
    }
    if (under(path, 'src/lane/')) expect(source.imports.filter(({ from }) => !from.startsWith('.'))).toEqual([]);
  });

  it('are all in package.json with an exact version, and none besides', () => {
    const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    for (const version of Object.values({ ...dependencies, ...optionalDependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const used = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => packageName(from))));
    // Types, and what is built into the page.
    const typesOnly = ['@serialport/bindings-interface', 'preact'];
    for (const name of used)
      if (!name.startsWith('.') && !name.startsWith('node:') && !typesOnly.includes(name))
        expect({ ...dependencies, ...optionalDependencies }, `${name} is imported`).toHaveProperty([name]);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      expect(readme, `${name} needs its sentence in README`).toContain(`\`${name}\``);
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
    except: ['src/cloud/', 'src/line/supervise.ts', 'src/intake/mqtt.ts', 'src/mqtt/'],
    why: 'chance is for jitter only: everything else is repeatable',
  },
];

describe('sources', () => {
  it.each(sources.map((source) => [source.path, source] as const))('%s keeps the house rules', (path, source) => {
    expect(source.text, 'a file begins with what it is').toMatch(/^(#!.*\n)?\/\*\*/);
    for (const { pattern, except, why } of BANNED) {
      if (under(path, ...(except ?? []))) continue;
      expect(source.code.match(pattern)?.[0], why).toBeUndefined();
    }
    expect(source.text.split('\n').length, 'a file this long is two files').toBeLessThanOrEqual(350);
    expect(path, 'a name says what a thing is').not.toMatch(/utils|helpers|common|manager|service/i);
  });
});

describe('error codes', () => {
  const codes = sources.flatMap(({ path, code }) =>
    [...code.matchAll(/export type (\w+Code) =([^;]*);/g)].flatMap(([, type, body]) =>
      [...(body ?? '').matchAll(/'(\w+)'/g)].map(([, each]) => [`${type}.${each}`, path] as const),
    ),
  );
  const documented = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  it.each(codes)('%s is explained in docs/errors.md', (code) => {
    expect(documented, 'a code that nobody explains is a code that nobody can act on').toContain(`\`${code}\``);
  });
});
