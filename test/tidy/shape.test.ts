/** The shape of the house: how much stands in a file and a function, and the contract of each room at its door. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'vitest';
import { functionsOf } from './functions.ts';
import { expectNone, root, sources } from './sources.ts';

const LOOSE_FILES_MAX = 9;
/** Past 350 lines a file is a smell; it is split where it has two subjects, not to meet a number. */
const LINES_MAX = 500;
const FUNCTION_LINES_MAX = 80;

/** Five lines, each with a word to look for. */
const CONTRACT = ['Does', 'In, out', 'Must not know', 'Limits', 'Begin with'];

it(`at most ${LOOSE_FILES_MAX} files stand in src itself`, () => {
  const loose = sources.map(({ path }) => path).filter((path) => dirname(path) === 'src');
  expectNone(
    loose.length > LOOSE_FILES_MAX ? loose : [],
    'at the top stand the entries and the ground under everybody; the rest has a room',
  );
});

it(`a file has at most ${LINES_MAX} lines and begins with what it is`, () => {
  expectNone(
    sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX)
      .map(({ path, lines }) => `${path}: ${lines}`),
    'a file this long is two files',
  );
  expectNone(
    sources.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ path }) => path),
    'the first lines of a file say what it is and what it must not know',
  );
});

it(`a function has at most ${FUNCTION_LINES_MAX} lines`, () => {
  const long = sources
    .filter(({ text }) => text.split('\n').length > FUNCTION_LINES_MAX)
    .flatMap((source) =>
      functionsOf(source)
        .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
        .map(({ name, lines }) => `${source.path} ${name}: ${lines}`),
    );
  expectNone(long, 'a function longer than a screen has parts with names of their own');
});

it('each room has its contract at its door', () => {
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`);
  const contract = (room: string): string => {
    const file = join(root, room, 'README.md');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  expectNone(
    rooms.flatMap((room) =>
      CONTRACT.filter((part) => !new RegExp(`^- \\*\\*${part}\\*\\*: .{10,}$`, 'm').test(contract(room))).map(
        (part) => `${room}/README.md: ${part}`,
      ),
    ),
    'who enters a room wants to know in five lines what it does, what goes in and out, what it must not know, and where to begin',
  );
  expectNone(
    rooms.flatMap((room) =>
      [...contract(room).matchAll(/`((?:[\w-]+\/)*[\w-]+\.tsx?)`/g)]
        .map(([, file = '']) => (file.startsWith('src/') ? file : `${room}/${file}`))
        .filter((file) => !existsSync(join(root, file))),
    ),
    'a contract names files that are there',
  );
});
