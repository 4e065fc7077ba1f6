/** The sources of `src` and `drivers` as the rules see them, and how a rule compares what it finds with what is known. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
}

/** The files of `src` and `drivers` whose name fits. */
export const filesNamed = (name: RegExp): string[] =>
  ['src', 'drivers'].flatMap((top) =>
    readdirSync(join(root, top), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );

export function importsOf(code: string): Import[] {
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

export const sources: readonly Source[] = filesNamed(/\.tsx?$/).map((path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
  return { path, text, code, imports: importsOf(code) };
});

/** The target of a relative import, as a path from the root; undefined for a package. */
export const target = (source: Source, from: string): string | undefined =>
  from.startsWith('.') ? relative(root, join(root, dirname(source.path), from)) : undefined;

export const under = (path: string, ...places: string[]): boolean =>
  places.some((place) => path === place || (place.endsWith('/') && path.startsWith(place)));

/** The names that a file declares and exports; what it only passes on has its meaning elsewhere. */
export function declared(source: Source): string[] {
  const pattern =
    /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const|let|enum)\s+([A-Za-z_$][\w$]*)/gm;
  return [...source.text.matchAll(pattern)].map(([, name]) => name ?? '');
}

/** All offenders at once, below the reason of the rule. */
export function expectNone(found: readonly string[], why: string): void {
  if (found.length > 0) expect.fail(`${why}:\n  ${found.join('\n  ')}`);
}

/** What breaks a rule today is listed, and the list can only shrink: a new offender fails, and so does an entry that is no longer needed. */
export function expectOnly(known: readonly string[], found: readonly string[], why: string): void {
  expectNone(
    found.filter((each) => !known.includes(each)),
    why,
  );
  expectNone(
    known.filter((each) => !found.includes(each)),
    'the list only shrinks, and these are no longer needed: remove them',
  );
}
