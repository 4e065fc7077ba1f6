/** What each part of the snapshot observes. Each is given `write(file, content)`. All of them ask the built program, none its sources. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configurations } from './configurations.mjs';
import { pages, wire } from './running-box.mjs';

const MAIN = 'dist/src/main.js';
const LANGUAGES = ['zh', 'en'];
const SEEDS = [1, 2, 3];
const KEPT = 'test/kept';

/** Exit code and both streams of a command. */
export function lanewarden(words, { cwd } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(process.cwd(), MAIN), ...words], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}
const whole = ({ status, stdout, stderr }) => `${stdout}${stderr}exit ${status}\n`;

/** Two at a time: each is a process of its own. */
async function each(items, work) {
  const queue = [...items];
  await Promise.all(
    [0, 1].map(async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

/** A text as data; of a function what it says of three names for its arguments, else its source. */
function written(value) {
  if (typeof value === 'function') {
    try {
      return { says: written(value('⟨1⟩', '⟨2⟩', '⟨3⟩')) };
    } catch {
      return { source: String(value) };
    }
  }
  if (Array.isArray(value)) return value.map(written);
  if (value instanceof Map || value instanceof Set) return written([...value]);
  if (value instanceof RegExp) return String(value);
  // A text that was given no time names the present one.
  if (typeof value === 'string') return value.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '⟨time⟩');
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, written(member)]));
  return value;
}

/** Every sentence as it is written, also of tables that only a function reaches; `{}`: what is put in. */
function literalsOf(code) {
  const bare = code.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');
  const found = bare.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
  return found.map((each) =>
    each
      .slice(1, -1)
      .replaceAll(/\$\{[^}]*\}/g, '{}')
      .replaceAll('\n', '\\n'),
  );
}

async function texts(write) {
  const files = readdirSync('dist/src/text', { recursive: true }).filter((file) => file.endsWith('.js'));
  const literals = new Set();
  for (const file of files.sort()) {
    const path = join(process.cwd(), 'dist/src/text', file);
    for (const literal of literalsOf(readFileSync(path, 'utf8'))) literals.add(literal);
    write(file.replace(/\.js$/, '.json'), written({ ...(await import(pathToFileURL(path).href)) }));
  }
  write('literals.txt', `${[...literals].sort().join('\n')}\n`);
}

async function commands(write) {
  const { stdout } = await lanewarden(['--help', '--lang', 'en']);
  const names = [...(stdout.split('Options:')[0] ?? '').matchAll(/^ {2}(\S+) {2,}/gm)].map(([, name]) => name);
  if (names.length < 20) throw new Error(`only ${names.length} commands in the help`);
  const asked = LANGUAGES.flatMap((language) => [
    [`${language}/help.txt`, ['--help', '--lang', language]],
    ...names.map((name) => [`${language}/${name}.txt`, [name, '--help', '--lang', language]]),
    ...['man', 'bash', 'reference'].map((what) => [
      `${language}/completion-${what}.txt`,
      ['completion', what, '--lang', language],
    ]),
  ]);
  await each(asked, async ([file, words]) => write(file, whole(await lanewarden(words))));
}

async function configuration(write) {
  write('schema.json', (await lanewarden(['schema'])).stdout);
  write('profile-schema.json', (await lanewarden(['profile', 'schema'])).stdout);
  const help = (await lanewarden(['schema', '--help', '--lang', 'en'])).stdout;
  const names = /in the language of --lang\): ([\w, -]+)/.exec(help)?.[1]?.split(', ') ?? [];
  if (names.length === 0) throw new Error('the help of schema names no page');
  const asked = LANGUAGES.flatMap((language) => names.map((name) => ({ language, name })));
  await each(asked, async ({ language, name }) =>
    write(`${language}/${name}.md`, (await lanewarden(['schema', '--markdown', name, '--lang', language])).stdout),
  );
}

async function check(write) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-check-'));
  writeFileSync(
    join(folder, 'secrets.yaml'),
    'cloud.appSecret: "a-secret-of-the-snapshot"\ncameras.cam1: "another-of-them"\n',
    { mode: 0o600 },
  );
  const asked = configurations().flatMap(({ name, text }) => {
    writeFileSync(join(folder, `${name}.yaml`), text);
    return [...LANGUAGES.map((language) => ({ name, language })), { name, language: 'en', json: true }];
  });
  await each(asked, async ({ name, language, json }) => {
    const words = ['check', '--config', `${name}.yaml`, '--lang', language, ...(json ? ['--json'] : [])];
    write(`${name}.${json ? 'json' : `${language}.txt`}`, whole(await lanewarden(words, { cwd: folder })));
  });
  rmSync(folder, { recursive: true });
}

async function scenarios(write) {
  const folders = [
    '../shared/spec/scenarios',
    '../shared/spec/scenarios-2',
    '../shared/spec/scenarios-3',
    'test/scenarios',
  ];
  const asked = folders.filter(existsSync).flatMap((folder) =>
    LANGUAGES.map((language) => ({
      folder,
      language,
      files: readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .sort(),
    })),
  );
  await each(asked, async ({ folder, language, files }) => {
    const paths = files.map((file) => join(folder, file));
    write(
      `${folder.split('/').at(-1)}.${language}.json`,
      (await lanewarden(['scenario', '--json', '-v', '--lang', language, ...paths])).stdout,
    );
  });
}

async function worlds(write) {
  await each(SEEDS, async (seed) =>
    write(
      `seed-${seed}.json`,
      (await lanewarden(['simulate', '--vehicles', '150', '--seed', String(seed), '--json'])).stdout,
    ),
  );
}

/** What an older version left behind, as today's commands show it. */
async function kept(write) {
  for (const version of readdirSync(KEPT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)) {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-kept-'));
    cpSync(join(KEPT, version), folder, { recursive: true });
    chmodSync(join(folder, 'secrets.yaml'), 0o600);
    const config = join(folder, 'lanewarden.yaml');
    const state = join(folder, 'state');
    writeFileSync(config, readFileSync(config, 'utf8').replace('/var/lib/lanewarden', state));
    const { records, journal } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    const ids = records.map(([id]) => String(id));
    const day = journal.from.slice(0, 10);
    for (const language of LANGUAGES) {
      const asked = [
        ['check', ['check', '--config', config]],
        ['queue', ['queue', 'ls', '--json', '--store', state]],
        ['report', ['report', '--day', day, '--json', '--store', state]],
        ['report-csv', ['report', '--day', day, '--csv', '--config', config]],
        ['verify', ['verify', '--store', state]],
        ['replay', ['replay', '--config', config, '--from', journal.from, '--to', journal.to]],
        ...ids.flatMap((id) => [
          [`show-${id}`, ['queue', 'show', id, '--store', state]],
          [`why-${id}`, ['why', id, '--config', config]],
        ]),
      ];
      for (const [name, words] of asked)
        write(
          `${version}/${language}/${name}.txt`,
          whole(await lanewarden([...words, '--lang', language])).replaceAll(folder, '⟨folder⟩'),
        );
    }
    rmSync(folder, { recursive: true });
  }
}

async function profiles(write) {
  const { stdout } = await lanewarden(['profile', 'list', '--lang', 'en']);
  write('list.txt', stdout);
  for (const kind of ['src/delivery/profiles', 'drivers/modbus/profiles', 'drivers/serial-line/profiles'])
    for (const file of readdirSync(kind).filter((name) => name.endsWith('.yaml')))
      write(`${file}.txt`, whole(await lanewarden(['profile', 'lint', join(kind, file), '--lang', 'en'])));
}

export const PARTS = { texts, commands, configuration, check, scenarios, worlds, kept, profiles, wire, pages };
