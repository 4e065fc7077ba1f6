// What is shipped, package by package: those whose modules are in the bundle or in the page, those of the addons, and what is compiled into these. For the
// list of what is inside (CycloneDX), the texts of their licences, and the page. It asks no lock file what might be there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Headers that end up in the addons. */
const COMPILED_IN = ['node_modules/nan', 'node_modules/node-addon-api'];
/** Names MIT without its text; that of the same author's package that it belongs to. */
const TEXT_OF = { 'node_modules/@nodable/entities': 'node_modules/fast-xml-parser' };
/** Where the page's build writes which packages are in it. */
export const PAGE_PACKAGES = 'dist/page-packages.json';
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** Folders of the packages that modules of a build belong to. `result`: of vite. */
export function packageFolders(result) {
  const modules = [result].flat().flatMap(({ output }) => output.flatMap((each) => Object.keys(each.modules ?? {})));
  const folders = modules.map((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.split('?')[0])?.[1]);
  return [...new Set(folders.filter(Boolean).map((folder) => relative(process.cwd(), folder)))].sort();
}

/** `folders`: relative to the root. Throws where one has no text of its licence. */
export function shippedPackages(folders) {
  const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const headers = COMPILED_IN.filter((folder) => existsSync(folder));
  const all = [...new Set([...folders, ...headers])].map((folder) => {
    const { name, version, license: written } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // The form of before 2015: an object.
    const license = written?.type ?? written;
    const text = licenceText(folder) ?? (TEXT_OF[folder] && licenceText(TEXT_OF[folder]));
    if (license === undefined || text === undefined)
      throw new Error(`${name} ${version}: no licence, or no text of it`);
    return { name, version, licence: license, text, integrity: locked[folder]?.integrity };
  });
  const byKey = new Map(all.map((each) => [`${each.name}@${each.version}`, each]));
  return [...byKey.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** The file, or its part of the README. */
function licenceText(folder) {
  const names = readdirSync(folder).sort();
  const files = names.filter((each) => LICENCE_FILE.test(each));
  const read = (file) => readFileSync(join(folder, file), 'utf8').trim();
  if (files.length > 0) return files.map(read).join('\n\n');
  const readme = names.find((each) => /^readme\.(md|markdown)$/i.test(each));
  const part = readme && /^#+\s*licen[cs]e\b[^\n]*\n([\s\S]*)/im.exec(read(readme))?.[1]?.trim();
  return part && /permission is hereby granted|redistribution and use/i.test(part) ? part : undefined;
}

const SQLITE_HEADER = 'node_modules/better-sqlite3/deps/sqlite3/sqlite3.h';

/** What is inside a library, or inside our own code, and has a licence of its own. */
export function partsWithin() {
  const [, sqlite] = /^#define SQLITE_VERSION +"(.+)"$/m.exec(readFileSync(SQLITE_HEADER, 'utf8'));
  return [
    // Compiled into better-sqlite3; the shell beside it (sqlite-shell.mjs) has a version of its own.
    { type: 'library', name: 'sqlite', version: sqlite, licenses: [{ license: { id: 'blessing' } }] },
    // src/sim/pictures/glyphs.ts
    { type: 'data', name: 'bitmaps of Noto Sans CJK SC Bold', licenses: [{ license: { id: 'OFL-1.1' } }] },
  ];
}

/** CycloneDX 1.5. `own`: components that no package manager knows. */
export function softwareList(packages, own, { version, licence, epoch }) {
  const components = packages.map(({ name, version: each, licence: of, integrity }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${each}`;
    const [, sha512] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
    const hashes = sha512 && [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }];
    return {
      ...{ type: 'library', 'bom-ref': purl, name, version: each, scope: 'required', purl },
      ...{ licenses: licencesOf(of), ...(hashes && { hashes }) },
    };
  });
  const root = `pkg:generic/lanewarden@${version}`;
  return `${JSON.stringify(
    {
      ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 },
      metadata: {
        timestamp: new Date(epoch * 1000).toISOString(),
        component: {
          ...{ type: 'application', 'bom-ref': root, name: 'lanewarden', version, purl: root },
          licenses: licencesOf(licence),
        },
      },
      components: [...components, ...own],
      dependencies: [{ ref: root, dependsOn: components.map((each) => each['bom-ref']) }],
    },
    undefined,
    1,
  )}\n`;
}

const licencesOf = (licence) => (/\s/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }]);

/** One text file; the same text of several packages stands once. */
export function licenceTexts(packages) {
  const byText = new Map();
  for (const { name, version, licence, text } of packages)
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${licence})`]);
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n${'-'.repeat(72)}\n${text}\n`);
  return `The libraries in this package, and the texts of their licences. What else is in it: copyright, beside this file.\n\n${parts.join(`\n${'='.repeat(72)}\n`)}`;
}

/** As the page lists them. */
export const licenceRows = (packages) => packages.map(({ name, version, licence }) => ({ name, version, licence }));
