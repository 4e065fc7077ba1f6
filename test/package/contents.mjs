// The finished packages: what they say is inside is inside, with the texts of its licences; the man page and the completion are there in both languages.
//   node test/package/contents.mjs [FILE.deb …]      without a name: all of dist-deb/
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** Its schema is not ours: python3-cyclonedx-lib and python3-jsonschema of Debian. */
const VALID_LIST = fileURLToPath(new URL('valid-list.py', import.meta.url));
const named = process.argv.slice(2);
const files =
  named.length > 0
    ? named
    : readdirSync('dist-deb').flatMap((name) => (name.endsWith('.deb') ? [`dist-deb/${name}`] : []));
if (files.length === 0) fail('dist-deb/ has no package: npm run package first');
for (const file of files) {
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-contents-'));
  try {
    execFileSync('dpkg-deb', ['--extract', file, folder]);
    check(file, join(folder, 'usr'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(file, usr) {
  const doc = join(usr, 'share/doc/lanewarden');
  const app = join(usr, 'lib/lanewarden/app');
  const text = readFileSync(join(doc, 'sbom.cdx.json'), 'utf8');
  execFileSync('/usr/bin/python3', [VALID_LIST, join(doc, 'sbom.cdx.json')], { stdio: 'inherit' });
  const { components, metadata } = JSON.parse(text);
  const version = readFileSync(join(app, 'VERSION'), 'utf8').trim();
  expect(
    metadata.component.version === version.replace('~', '-'),
    `${file}: the list of what is inside is of ${metadata.component.version}`,
  );
  const listed = new Map(components.map((each) => [each.name, each]));
  // Each folder of a library, and each program, is in the list in this version.
  for (const folder of libraries(join(app, 'node_modules'))) {
    const own = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(listed.get(own.name)?.version === own.version, `${file}: ${own.name} ${own.version} is not in the list`);
  }
  for (const name of ['node', 'sqlite3', 'sqlite', 'libjpeg-turbo', 'preact', 'undici'])
    expect(listed.has(name), `${file}: ${name} is not in the list`);
  const texts = readFileSync(join(doc, 'third-party.txt'), 'utf8');
  for (const { type, name, version: each, licenses } of components) {
    expect(!/GPL/.test(JSON.stringify(licenses)), `${file}: ${name} ${JSON.stringify(licenses)}`);
    if (type === 'library' && !['libjpeg-turbo', 'sqlite'].includes(name))
      expect(texts.includes(`${name} ${each} (`), `${file}: no licence text of ${name} ${each}`);
  }
  // Nothing is listed that is not shipped: an addon has its folder, a program its file, and all else is in the bundle or the page, which list themselves.
  const files = new Set(readdirSync(app));
  for (const { type, name } of components)
    if (type === 'application') expect(files.has(name), `${file}: ${name} is listed, and not there`);
  const copyright = readFileSync(join(doc, 'copyright'), 'utf8');
  for (const licence of [
    'Apache-2.0',
    'public-domain',
    'Apache-2.0 and IJG and BSD-3-Clause',
    'Apache-2.0 and OFL-1.1',
  ])
    expect(copyright.includes(`License: ${licence}\n`), `${file}: copyright lacks ${licence}`);
  // Files that it names are there.
  for (const [, name] of copyright.matchAll(/^Files: usr\/lib\/lanewarden\/app\/(\S+)$/gm)) {
    const pattern = new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    expect(
      [...files].some((each) => pattern.test(each)),
      `${file}: copyright names ${name}, which is not there`,
    );
  }
  const rows = JSON.parse(readFileSync(join(app, 'page/licences.json'), 'utf8'));
  for (const { name } of rows) expect(listed.has(name), `${file}: the page names ${name}, which is not in the list`);
  expect(rows.length > 50, `${file}: the page names ${rows.length} libraries`);
  for (const [place, heading] of [
    ['man1', '.SH EXIT STATUS'],
    ['zh_CN/man1', '.SH 退出码'],
  ]) {
    const page = gunzipSync(readFileSync(join(usr, 'share/man', place, 'lanewarden.1.gz'))).toString('utf8');
    expect(page.includes(heading), `${file}: the man page in ${place} lacks "${heading}"`);
  }
  const completion = join(usr, 'share/bash-completion/completions/lanewarden');
  expect(existsSync(completion) && readFileSync(completion, 'utf8').includes('names:lanes'), `${file}: no completion`);
  process.stdout.write(`ok ${file}: ${components.length} components, ${texts.length} characters of licences\n`);
}

function libraries(folder) {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@')
      ? libraries(join(folder, name))
      : existsSync(join(folder, name, 'package.json'))
        ? [join(folder, name)]
        : [],
  );
}

function expect(holds, what) {
  if (!holds) fail(what);
}

function fail(what) {
  process.stderr.write(`${what}\n`);
  process.exit(1);
}
