/** The list of what is inside, and the texts of its licences, against the bundle that is really made. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface Shipped {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

// Scripts without types.
const script = (name: string): Promise<unknown> => import(new URL(`../../deploy/${name}`, import.meta.url).href);
const { addonPackages } = (await script('addons.mjs')) as { addonPackages(): readonly string[] };
const { bundle } = (await script('bundle.mjs')) as { bundle(folder: string): Promise<readonly string[]> };
const { licenceTexts, PAGE_PACKAGES, partsWithin, shippedPackages, softwareList } = (await script('shipped.mjs')) as {
  partsWithin(): readonly { readonly name: string; readonly version?: string }[];
  readonly PAGE_PACKAGES: string;
  shippedPackages(folders: readonly string[]): readonly Shipped[];
  licenceTexts(packages: readonly Shipped[]): string;
  softwareList(packages: readonly Shipped[], own: readonly object[], facts: object): string;
};

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json');
const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bundle-'));
let packages: readonly Shipped[] = [];
beforeAll(async () => {
  const bundled = await bundle(folder);
  packages = shippedPackages([
    ...bundled,
    ...read(PAGE_PACKAGES),
    ...addonPackages().map((name) => `node_modules/${name}`),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the list of what is shipped', () => {
  test('has each dependency of the program and the page, and what is compiled into the addons', () => {
    const names = packages.map(({ name }) => name);
    // Node itself is a part of its own (test/package/contents.mjs).
    const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).filter(
      (name) => !name.startsWith('node-linux-'),
    );
    expect(dependencies.filter((name) => !names.includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['preact', 'bindings', 'nan', 'node-addon-api']));
  });

  test('has nothing that only builds or tests, and no LGPL, which was never shipped', () => {
    const names = packages.map(({ name }) => name);
    for (const name of ['vite', 'vitest', 'sharp', 'typescript', 'playwright-core', 'axe-core', 'fast-check'])
      expect(names).not.toContain(name);
    expect(packages.filter(({ licence }) => /gpl/i.test(licence))).toEqual([]);
  });

  test('the bundle needs nothing beside it but the addons', () => {
    const outside = new Set(addonPackages());
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
      const text = readFileSync(join(folder, file), 'utf8');
      const needed = [...text.matchAll(/\brequire\([`'"]([^`'"./][^`'"]*)[`'"]\)/g)].map(([, name = '']) => name);
      const strange = needed.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
      expect(
        strange.filter((name) => !outside.has(name) && !OPTIONAL.includes(name)),
        file,
      ).toEqual([]);
    }
  });

  test('each has its licence and the text of it, which names who gives it', () => {
    const text = licenceTexts(packages);
    for (const { name, version, licence, text: own } of packages) {
      expect(text).toContain(`${name} ${version} (${licence})\n`);
      expect(text).toContain(own);
      expect(own, name).toMatch(/copyright|public domain|unlicense/i);
    }
  });

  test('names each licence by its SPDX name, also of packages that write it as an object', () => {
    for (const { name, licence } of packages) expect(licence, name).toMatch(/^[\w.-]+$|^\(.+ (OR|AND) .+\)$/);
    expect(packages.find(({ name }) => name === 'unix-dgram')?.licence).toBe('ISC');
  });

  test('has what is inside others with a licence of its own: SQLite, the bitmaps', () => {
    expect(partsWithin()).toMatchObject([
      { name: 'sqlite', version: expect.stringMatching(/^3\.\d+\.\d+$/) },
      { type: 'data' },
    ]);
  });

  test('is CycloneDX: names, versions, hashes of the registry, the same bytes each time', () => {
    const facts = { version: '1.2.3', licence: 'Apache-2.0', epoch: 1_790_000_000 };
    const text = softwareList(packages, [], facts);
    expect(softwareList(packages, [], facts)).toBe(text);
    const list = JSON.parse(text);
    expect(list).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      metadata: { component: { version: '1.2.3' } },
    });
    const { packages: locked } = read('package-lock.json');
    for (const { name, version, hashes, purl } of list.components) {
      expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
      const same = Object.entries(locked as Record<string, { version: string; integrity: string }>).find(
        ([path, each]) => path.endsWith(`node_modules/${name}`) && each.version === version,
      );
      expect(`sha512-${Buffer.from(hashes[0].content, 'hex').toString('base64')}`, name).toBe(same?.[1].integrity);
    }
  });
});

/** Asked for within a try: their owner does without. The last two stand in texts of mysql2's errors. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'supports-color', 'cardinal', 'mysql2/promise', 'bluebird'];

test('a package without the text of its licence is refused', () => {
  expect(existsSync('node_modules/zod/LICENSE')).toBe(true);
  expect(() => shippedPackages(['test/package/no-licence'])).toThrow('nameless 1.0.0: no licence, or no text of it');
});
