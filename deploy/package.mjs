// npm run package -- --arch amd64|arm64 [--version SEMVER] [--sign KEY.pem] [--update-key PUBLIC.pem …] [--revoke PUBLIC.pem …] [--draft]
// Makes dist-deb/lanewarden_VERSION_ARCH.deb from dist/ (1.0.0-rc.1 is 1.0.0~rc.1 to Debian): our code and the libraries bundled into few files, Node and native addons for that architecture,
// SQLite's shell, the program for pictures, the units, the rules. Beside it the list of what is inside (CycloneDX), of what it was made from (SLSA), and SHA256SUMS. It downloads nothing but
// the sources of these two programs, and Node for another architecture than this machine's, once. The same commit gives the same bytes. A draft holds the
// same files for checks: packed as fast as it goes, and what this machine cannot run compiled so, too.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { addonFiles, addonPackages } from './addons.mjs';
import { bundle } from './bundle.mjs';
import { NODE_COMPONENT, nodeFor, nodeLicence, OWN_ARCH, toolPrefix } from './own-node.mjs';
import { JPEG_COMPONENT, pictureTool } from './picture-tool.mjs';
import { licenceRows, licenceTexts, PAGE_PACKAGES, partsWithin, shippedPackages, softwareList } from './shipped.mjs';
import { SQLITE_COMPONENT, sqliteShell } from './sqlite-shell.mjs';
import { keyFiles } from './update-keys.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
process.umask(0o022);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: OWN_ARCH ?? 'amd64' },
    version: { type: 'string', default: manifest.version },
    sign: { type: 'string' },
    'update-key': { type: 'string', multiple: true, default: [] },
    revoke: { type: 'string', multiple: true, default: [] },
    draft: { type: 'boolean', default: false },
  },
});
const { arch, version } = values;
const optimisation = values.draft && arch !== OWN_ARCH ? '-O1' : undefined;
if (!['amd64', 'arm64'].includes(arch)) {
  process.stderr.write(`--arch takes amd64 or arm64, not ${arch}\n`);
  process.exit(2);
}
if (!existsSync('dist/src/main.js')) {
  process.stderr.write('dist/ is not there: run npm run build first (npm run package does)\n');
  process.exit(1);
}

if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version)) {
  process.stderr.write(`--version takes a version by SemVer such as 1.0.0-rc.1, not ${version}\n`);
  process.exit(2);
}
const { packageVersionOf } = await import('../dist/src/system/package-version.js');
const packageVersion = packageVersionOf(version);

const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? run('git', 'log', '-1', '--format=%ct'));
const root = `dist-deb/build/lanewarden_${packageVersion}_${arch}`;
const app = `${root}/usr/lib/lanewarden/app`;
rmSync(root, { recursive: true, force: true });
mkdirSync(app, { recursive: true });

const bundled = await bundle(app);
const inside = shippedPackages([
  ...bundled,
  ...JSON.parse(readFileSync(PAGE_PACKAGES, 'utf8')),
  ...addonPackages().map((name) => `node_modules/${name}`),
]);
writeFileSync(`${app}/page/licences.json`, JSON.stringify(licenceRows([...inside, nodeLicence()])));
writeJson(`${app}/package.json`, { name: 'lanewarden', version, license: manifest.license });
writeFileSync(`${app}/VERSION`, `${packageVersion}\n`);
for (const [from, to] of addonFiles(arch, optimisation)) put(from, `${app}/node_modules/${to}`);
// Where the unit, the command and the program itself look for it (src/system/own-node.ts).
put(nodeFor(arch), `${app}/node`, 0o755);
// Where the store looks for it: beside the program.
put(sqliteShell(arch, optimisation), `${app}/sqlite3`, 0o755);
// Where the pictures' side looks for it (src/delivery/jpeg-reencoding.ts).
put(pictureTool(arch), `${app}/shrink-picture`, 0o755);
// What else belongs to a version: the supervisor puts it into force with the slot.
for (const unit of readdirSync('deploy/systemd')) put(`deploy/systemd/${unit}`, `${app}/system/units/${unit}`);
put('deploy/71-lanewarden.rules', `${app}/system/71-lanewarden.rules`);
for (const script of ['set-clock', 'own-network', 'lanewarden'])
  put(`deploy/box/${script}`, `${app}/system/${script}`, 0o755);
const sums = walk(app).map((file) => `${sha256(file)}  ${relative(app, file)}`);
writeFileSync(`${app}/SHA256SUMS`, `${sums.sort().join('\n')}\n`);

// Never started from here. The page asks for them, also that of a release of before 1.0.0-rc.2 that is back: without them it takes no update and no clock.
for (const unit of ['lanewarden-update.path', 'lanewarden-clock.path'])
  put(`deploy/systemd/${unit}`, `${root}/usr/lib/systemd/system/${unit}`);
// Found by name, where avahi runs.
put('deploy/avahi/lanewarden.service', `${root}/etc/avahi/services/lanewarden.service`);
put('deploy/box/keep-revocations', `${root}/usr/lib/lanewarden/keep-revocations`, 0o755);
mkdirSync(`${root}/usr/bin`, { recursive: true });
link('/opt/lanewarden/current/system/lanewarden', `${root}/usr/bin/lanewarden`);
put('deploy/prepare-pi.sh', `${root}/usr/lib/lanewarden/prepare-pi`, 0o755);
const share = `${root}/usr/share`;
put('deploy/lanewarden.example.yaml', `${share}/doc/lanewarden/examples/lanewarden.example.yaml`);
put('deploy/debian/copyright', `${share}/doc/lanewarden/copyright`);
put('NOTICE', `${share}/doc/lanewarden/NOTICE`);
put('deploy/debian/lintian-overrides', `${share}/lintian/overrides/lanewarden`);
for (const file of ['README.md', 'README.en.md', 'CHANGELOG.md', 'CHANGELOG.en.md'])
  put(file, `${share}/doc/lanewarden/${file}`);
cpSync('docs', `${share}/doc/lanewarden/docs`, { recursive: true });
writeFileSync(`${share}/doc/lanewarden/changelog.gz`, gzipSync(debianChangelog(), { level: 9 }));
mkdirSync(`${share}/man/man1`, { recursive: true });
writeFileSync(
  `${share}/man/man1/lanewarden.1.gz`,
  gzipSync(run(process.execPath, 'dist/src/main.js', 'completion', 'man', '--lang', 'en'), { level: 9 }),
);
mkdirSync(`${share}/man/zh_CN/man1`, { recursive: true });
writeFileSync(
  `${share}/man/zh_CN/man1/lanewarden.1.gz`,
  gzipSync(run(process.execPath, 'dist/src/main.js', 'completion', 'man', '--lang', 'zh'), { level: 9 }),
);
mkdirSync(`${share}/bash-completion/completions`, { recursive: true });
writeFileSync(
  `${share}/bash-completion/completions/lanewarden`,
  run(process.execPath, 'dist/src/main.js', 'completion', 'bash'),
);
chmodSync(`${app}/main.js`, 0o755);
const own = [NODE_COMPONENT, SQLITE_COMPONENT, JPEG_COMPONENT, ...partsWithin()];
const list = softwareList(inside, own, { version, licence: manifest.license, epoch });
writeFileSync(`${share}/doc/lanewarden/sbom.cdx.json`, list);
writeFileSync(`${share}/doc/lanewarden/third-party.txt`, licenceTexts([...inside, nodeLicence()]));
const keys = keyFiles(values['update-key'], values.revoke);
if (keys.trusted !== undefined) writeFileSync(`${root}/usr/lib/lanewarden/update.pub`, keys.trusted);
if (keys.revoked !== undefined) writeFileSync(`${root}/usr/lib/lanewarden/update-revoked.pub`, keys.revoked);

for (const script of ['preinst', 'postinst', 'prerm', 'postrm'])
  put(`deploy/debian/${script}`, `${root}/DEBIAN/${script}`, 0o755);
// Before anything of the package is unpacked, a box has what starts the version of before again.
const supervisor = Object.fromEntries(
  readdirSync('deploy/supervisor').map((file) => [file, readFileSync(`deploy/supervisor/${file}`, 'utf8').trimEnd()]),
);
writeFileSync(
  `${root}/DEBIAN/preinst`,
  readFileSync('deploy/debian/preinst', 'utf8').replace(/@SUPERVISOR:(.*)@/g, (_, file) => supervisor[file]),
);
put('deploy/debian/conffiles', `${root}/DEBIAN/conffiles`);
const kilobytes = Math.ceil(walk(root).reduce((sum, file) => sum + statSync(file).size, 0) / 1024);
const control = readFileSync('deploy/debian/control', 'utf8')
  .replace('@VERSION@', packageVersion)
  .replace('@ARCH@', arch)
  .replace('@SIZE@', String(kilobytes));
writeFileSync(`${root}/DEBIAN/control`, control);
const md5 = walk(root)
  .filter((file) => !file.startsWith(`${root}/DEBIAN/`))
  .map((file) => `${digest('md5', file)}  ${relative(root, file)}`);
writeFileSync(`${root}/DEBIAN/md5sums`, `${md5.sort().join('\n')}\n`);
// What the login of a console shows, while the service runs: its page, a QR code, the set-up code.
const issue = `${root}/usr/lib/issue.d/lanewarden.issue`;
mkdirSync(dirname(issue), { recursive: true });
link('/run/lanewarden/label.issue', issue);
// The same bytes whatever the builder's umask and clock.
for (const path of [...walk(root), ...folders(root)]) {
  chmodSync(path, (statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
  utimesSync(path, epoch, epoch);
}

const deb = `dist-deb/lanewarden_${packageVersion}_${arch}.deb`;
const packed = values.draft ? ['-Zxz', '-z1'] : ['-Zxz'];
// Under its name it is whole: packages of two architectures may be made side by side.
execFileSync('dpkg-deb', ['--root-owner-group', ...packed, '--build', root, `${deb}.new`], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
});
renameSync(`${deb}.new`, deb);
writeFileSync(`${deb}.cdx.json`, list);
if (values.sign !== undefined) await signPackage(createPrivateKey(readFileSync(values.sign)));
writeJson(`${deb}.provenance.json`, provenance());
const made = readdirSync('dist-deb').filter(
  (file) => file.startsWith('lanewarden_') && !/(SHA256SUMS|\.new)$/.test(file),
);
writeFileSync('dist-deb/SHA256SUMS', `${made.map((file) => `${sha256(`dist-deb/${file}`)}  ${file}`).join('\n')}\n`);
process.stdout.write(
  `${deb}  ${(statSync(deb).size / 1e6).toFixed(1)} MB, ${(kilobytes / 1024).toFixed(1)} MB installed\n`,
);

/** Within, so that there is one file to choose on a phone; and beside it, over the whole file, for boxes that know no other way. */
async function signPackage(key) {
  const { withSignature } = await import('../dist/src/system/update-signature.js');
  const bytes = readFileSync(deb);
  writeFileSync(deb, withSignature(bytes, sign(null, bytes, key)));
  writeFileSync(`${deb}.sig`, sign(null, readFileSync(deb), key));
}

/** From which commit and libraries, by which compiler, in the form of SLSA: whoever builds that commit gets these bytes, but for a signature within. */
function provenance() {
  const file = (name) => ({ uri: name, digest: { sha256: sha256(name) } });
  const commit = { uri: 'git+HEAD', digest: { gitCommit: run('git', 'rev-parse', 'HEAD') } };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: basename(deb), digest: { sha256: sha256(deb) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'deploy/package.mjs',
        externalParameters: { arch, version, draft: values.draft, signed: values.sign !== undefined },
        resolvedDependencies: [commit, file('package-lock.json')],
      },
      runDetails: {
        builder: {
          id: 'npm run package',
          version: { node: process.version, gcc: run(`${toolPrefix(arch)}gcc`, '-dumpfullversion') },
        },
      },
    },
  };
}

/** The form Debian's tools read; what changed stands in CHANGELOG.md and CHANGELOG.en.md. */
function debianChangelog() {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  const author = /^Maintainer: (.*)$/m.exec(readFileSync('deploy/debian/control', 'utf8'))[1];
  return `lanewarden (${packageVersion}) stable; urgency=medium\n\n  * See CHANGELOG.en.md (Chinese: CHANGELOG.md) beside this file.\n\n -- ${author}  ${date}\n`;
}

function run(command, ...words) {
  return execFileSync(command, words, { encoding: 'utf8', maxBuffer: 64e6 }).trim();
}

function put(from, to, mode) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
  chmodSync(to, mode ?? 0o644);
}

function link(to, file) {
  symlinkSync(to, file);
  lutimesSync(file, epoch, epoch);
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, undefined, 1)}\n`);
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    // A link has neither rights nor a sum of its own.
    entry.isDirectory() ? walk(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : [],
  );
}

function folders(folder) {
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...inside.flatMap((entry) => folders(join(folder, entry.name))), folder];
}

function digest(kind, file) {
  return createHash(kind).update(readFileSync(file)).digest('hex');
}

function sha256(file) {
  return digest('sha256', file);
}
