/** What the documents may speak of: read from the program, its configuration and the files. The documents and their checker are no source. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../../drivers/index.ts';
import { GLOBAL_OPTIONS } from '../../../src/cli/arguments.ts';
import type { Command } from '../../../src/cli/command.ts';
import { configJsonSchema, type JsonSchema } from '../../../src/config/json-schema.ts';
import { allRoutes } from '../../../src/page/listener.ts';
import { allCommands } from '../../../src/process.ts';
import { OUTSIDE_WORDS } from './outside.ts';
import { root } from './pages.ts';
import { type Saying, sayingsOf } from './sayings.ts';

const SOURCES = ['src', 'drivers', 'deploy', 'test', '.ci'];
const SINGLE = [
  'package.json',
  'vitest.config.ts',
  'biome.json',
  '.npmrc',
  '.gitignore',
  'NOTICE',
  'LICENSE',
  'CHANGELOG.md',
];
const NO_TEXT = /\.(png|jpe?g|gz|db|zip|bin|woff2?|ico)$/;

export interface Known {
  /** Words and hyphenated words of every source. */
  readonly words: ReadonlySet<string>;
  /** Numbers of four digits or more in every source. */
  readonly numbers: ReadonlySet<string>;
  /** Every sentence of the program, in both languages. */
  readonly texts: string;
  readonly sayings: readonly Saying[];
  /** Files and folders of the repository. */
  readonly paths: ReadonlySet<string>;
  readonly commands: readonly Command[];
  readonly config: JsonSchema;
  /** `GET /api/v1/…`, with what is named in braces. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** `StoreCode.full` */
  readonly errorCodes: ReadonlySet<string>;
  readonly scripts: ReadonlySet<string>;
}

export const WORD = /[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*/g;
export const globalOptions = GLOBAL_OPTIONS;

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules') return [];
    return entry.isDirectory() ? [`${path}/`, ...filesIn(path)] : [path];
  });
}

const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A sentence as a reader sees it: quotes without escapes, and values left out of templates. */
const spoken = (source: string): string => source.replaceAll("\\'", '’');

function routes(): Known['routes'] {
  const ofPage = allRoutes({ parts: { update: {}, provision: {} } } as unknown as Parameters<typeof allRoutes>[0]).map(
    ({ method, path }) => ({ method, path }),
  );
  const ofIntake = [
    ...text('src/intake/openapi.ts').matchAll(/'(\/api\/v1\/[\w/{}]+)': \{((?:\s*(?:get|post): [^\n]*,?)+)/g),
  ].flatMap(([, path = '', operations = '']) =>
    [...operations.matchAll(/\b(get|post): /g)].map(([, method = '']) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    })),
  );
  return [...ofPage, ...ofIntake];
}

/** No link: what it points to stands where it is, or on another machine. */
function isText(path: string): boolean {
  const file = lstatSync(path);
  return file.isFile() && file.size < 3_000_000;
}

export async function known(): Promise<Known> {
  const files = SOURCES.flatMap(filesIn);
  const code = files.filter(
    (path) =>
      !path.startsWith('test/docs/check/') &&
      !path.endsWith('/') &&
      !path.endsWith('.md') &&
      !NO_TEXT.test(path) &&
      isText(join(root, path)),
  );
  const words = new Set(OUTSIDE_WORDS.trim().split(/\s+/));
  const numbers = new Set<string>();
  const errorCodes = new Set<string>();
  for (const source of [...files, ...[...code, ...SINGLE].map(text)])
    for (const word of source.match(WORD) ?? []) {
      words.add(word);
      for (const part of word.split(/[-_]/)) if (/^\d{4,}$/.test(part)) numbers.add(part);
      for (const part of word.includes('-') ? word.split('-') : []) words.add(part);
      if (/^\d+(_\d{3})+$/.test(word)) numbers.add(word.replaceAll('_', ''));
    }
  for (const path of code.filter((name) => /^(src|drivers)\//.test(name)))
    for (const [, type, body = ''] of text(path)
      .replaceAll(/\/\/.*$/gm, '')
      .matchAll(/export type (\w+Code) =([^;]*);/g))
      for (const [, each] of body.matchAll(/'(\w+)'/g)) errorCodes.add(`${type}.${each}`);
  const inDocs = filesIn('docs');
  const texts = spoken(
    code
      .filter((path) => /^src\/text\/.*\.ts$/.test(path) || /^deploy\/(help|fleet\/grafana)\//.test(path))
      .map(text)
      .join('\n'),
  );
  return {
    words,
    numbers,
    errorCodes,
    texts,
    sayings: sayingsOf(texts),
    paths: new Set(
      [...files, ...inDocs, ...readdirSync(root), ...SOURCES.map((folder) => `${folder}/`), 'docs/'].map((path) =>
        path.replace(/\/$/, ''),
      ),
    ),
    commands: await allCommands(),
    config: configJsonSchema({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, 'en'),
    routes: routes(),
    scripts: new Set(Object.keys((JSON.parse(text('package.json')) as { scripts: object }).scripts)),
  };
}
