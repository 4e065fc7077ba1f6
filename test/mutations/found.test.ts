/** Each mutation (run.mjs) finds the one line that it breaks: who renames something in it changes the list at once. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

interface Room {
  readonly room: string;
  readonly mutations: readonly (readonly [file: string, rule: string, from: string, to: string])[];
  readonly suites: readonly (readonly string[])[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { ROOMS } = (await import(pathToFileURL(join(root, 'test/mutations/rooms.mjs')).href)) as {
  readonly ROOMS: readonly Room[];
};

it('each mutation finds its line, once', () => {
  const missed = ROOMS.flatMap(({ room, mutations }) =>
    mutations
      .map(([file, rule, from, to]) => {
        const found = readFileSync(join(root, room, file), 'utf8').split(from).length - 1;
        return { where: `${room}/${file}: ${rule}`, found: from === to ? 'changes nothing' : found };
      })
      .filter(({ found }) => found !== 1),
  );
  expect(missed).toEqual([]);
});

it('each room names tests that are there', () => {
  const missing = ROOMS.flatMap(({ suites }) => suites.flat()).filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
});
