/** Figures and names that one place of the sources has: numbers of scenarios, statuses, blocks that a tool has written, where a package is used, profiles. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DRIVER_KINDS } from '../../../drivers/index.ts';
import type { JsonSchema } from '../../../src/config/json-schema.ts';
import { platformProfiles } from '../../../src/delivery/request/profile.ts';
import { platformTranscript } from '../../../src/delivery/request/transcript.ts';
import { PROBLEM_STATUS, type ProblemCode } from '../../../src/http/problem.ts';
import { type Fault, root, type Section } from './pages.ts';
import { faultsIn } from './settings.ts';

const scenarios = new Set(
  readdirSync(join(root, 'test/scenarios'), { encoding: 'utf8', recursive: true }).flatMap(
    (name) => name.match(/(?<=^|\/)\d{3}(?=-)/g) ?? [],
  ),
);

/** `(318, 319, 346)` and `（318、319）` on the pages of the rules. */
const scenarioFaults = (page: string, text: string): readonly string[] =>
  !/\/lane-logic[\w-]*\.md$/.test(page)
    ? []
    : [...text.matchAll(/[(（](\d{3}(?:[、, –-]+\d{3})*)[)）]/g)]
        .flatMap(([, list = '']) => list.match(/\d{3}/g) ?? [])
        .filter((number) => !scenarios.has(number))
        .map((number) => `there is no scenario ${number} in test/scenarios`);

/** A row of a problem has its status. */
function statusFaults(text: string): readonly string[] {
  const [, code] = /^\| `ProblemCode\.(\w+)` \|/.exec(text) ?? [];
  const status = code === undefined ? undefined : PROBLEM_STATUS[code as ProblemCode];
  const written = /\| (\d{3})\b/.exec(text)?.[1];
  return status === undefined || written === undefined || written === String(status)
    ? []
    : [`ProblemCode.${code} is ${status}, not ${written}`];
}

const filesAt = (path: string): readonly string[] =>
  statSync(join(root, path)).isFile()
    ? [path]
    : readdirSync(join(root, path), { encoding: 'utf8', recursive: true })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${path}/${name}`);

/** A row of a package names places, and one of them has it. */
function packageFaults(page: string, text: string): readonly string[] {
  const [, name = ''] = page.endsWith('/architecture.md') ? (/^\| `([^`]*[^`/])` \|/.exec(text) ?? []) : [];
  const places = [...text.matchAll(/`((?:src|drivers)\/[\w./-]*\w)/g)].map(([, path = '']) => path);
  if (name === '' || places.length === 0) return [];
  return places
    .filter(
      (path) =>
        statSync(join(root, path), { throwIfNoEntry: false }) === undefined ||
        !filesAt(path).some((file) => readFileSync(join(root, file), 'utf8').includes(`'${name}`)),
    )
    .map((path) => `${path} does not use ${name}`);
}

/** As test/bench/published-table.mjs seals what it writes. */
export const sealOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

export function sealFaultsOf(page: string, text: string): readonly Fault[] {
  return [...text.matchAll(/<!-- measured: (\w+) -->\n([\s\S]*?)<!-- end of \1(?:, sealed (\w+))? -->/g)]
    .filter(([, , block = '', seal]) => sealOf(block) !== seal)
    .map(({ 1: name, index }) => ({
      page,
      line: text.slice(0, index).split('\n').length,
      what: `the table ${name} is not as test/bench/published-table.mjs has written it: measure again`,
    }));
}

const asJson = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
const profiles: readonly JsonSchema[] = [
  asJson(platformProfiles.schema),
  asJson(platformTranscript),
  ...DRIVER_KINDS.flatMap(({ profiles: own }) => (own === undefined ? [] : [asJson(own.schema as z.ZodType)])),
];

/** A block with most of the keys of one kind of profile has no other. */
function profileFaults({ blocks }: Section): readonly (readonly [number, string])[] {
  return blocks
    .filter(({ form }) => form === 'yaml')
    .flatMap(({ number, lines }) => {
      const value: unknown = parse(lines.map(({ text }) => text).join('\n'), { logLevel: 'silent' });
      if (typeof value !== 'object' || value === null) return [];
      const keys = Object.keys(value);
      const fits = profiles.filter(
        ({ properties }) => keys.filter((key) => properties?.[key] !== undefined).length * 3 > keys.length * 2,
      );
      const faults =
        fits.map((schema) => [...faultsIn(value, [schema], '')]).sort((a, b) => a.length - b.length)[0] ?? [];
      return faults.map((what) => [number, what.replace('the configuration', 'the profile')] as const);
    });
}

export function factFaultsOf(page: string, sections: readonly Section[]): readonly Fault[] {
  return sections.flatMap((section) => {
    const lines = [...section.prose, ...section.rows].flatMap(({ number, text }) =>
      [...scenarioFaults(page, text), ...statusFaults(text), ...packageFaults(page, text)].map(
        (what) => [number, what] as const,
      ),
    );
    return [...lines, ...profileFaults(section)].map(([line, what]) => ({ page, line, what }));
  });
}
