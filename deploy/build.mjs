// Builds dist/: compiles the sources, puts the data files (profiles of devices and platforms) beside the compiled code, and builds the page and its help.
// Where there is a C++ compiler, it also makes the two addons that are optional.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ownAddons } from './addons.mjs';
import { answerSchemas } from './answers.mjs';
import { PAGE_PACKAGES, packageFolders } from './shipped.mjs';
import { setup as makeTexts } from './texts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
/** `demo` or `test`: what the build is for. */
const [then] = process.argv.slice(2);
process.stdout.write('构建程序、网页和帮助，十几秒…  Building the program, its page and its help, some 15 seconds…\n');
if (then === 'demo')
  process.stdout.write(
    '然后是演示：模拟的一条出口车道和它的昨天，打印出网址，用浏览器看。  Then the demonstration: a simulated exit lane and its yesterday, to be seen in a browser at the address it prints.\n',
  );
makeTexts();
rmSync('dist', { recursive: true, force: true });
// To look for faults of types takes four fifths of the time: `npm run check` does, and a build that is kept.
const unchecked = then === undefined ? [] : ['--noCheck'];
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', ...unchecked];
const { status } = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const room of [...readdirSync('drivers').map((kind) => `drivers/${kind}`), 'src/delivery', 'src/management']) {
  const profiles = `${room}/profiles`;
  if (existsSync(profiles)) cpSync(profiles, `dist/${profiles}`, { recursive: true });
}
if (existsSync('dist/src/main.js')) chmodSync('dist/src/main.js', 0o755);
const inPage = packageFolders(await build({ configFile: 'deploy/vite.config.mjs' }));
writeFileSync(PAGE_PACKAGES, JSON.stringify(inPage));
// What programs are told of a release has a source of its own.
const { contractSchemas } = await import('../dist/src/delivery/contract.js');
writeFileSync('dist/page/answers.json', JSON.stringify({ ...answerSchemas(), ...contractSchemas('en') }));
// The page shows under which licences the program's libraries are: beside its own what `npm ci --omit=dev` installs. The package has a list of its own.
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const licences = Object.entries(packages)
  .filter(([path, { dev }]) => path.startsWith('node_modules/') && (dev !== true || inPage.includes(path)))
  .map(([path, { version, license }]) => ({
    name: path.replace(/^.*node_modules\//, ''),
    version,
    licence: license ?? '?',
  }))
  .sort((a, b) => a.name.localeCompare(b.name));
writeFileSync('dist/page/licences.json', JSON.stringify(licences));
await import('./help/build.mjs').catch((error) => {
  // A checkout that was updated and not installed again still builds its program.
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('dist/help was not built, /help/ will answer 404: run npm ci\n');
});
if (ownAddons().length === 0)
  process.stdout.write('no C++ compiler: without GPIO by sysfs, and with systemd-notify instead of its socket\n');
