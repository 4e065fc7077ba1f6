// A box of 0.1, with what 0.1 left behind, under a real service manager: updated by its own command to the first candidate, which runs on Debian's Node as it
// does; from that to one that brings its own, badly and well, and to the release. An older one is refused at each step; all its records are there at the end.
//   node test/box/former.mjs [--base FOLDER]
// As root, from the package that `npm run package` built; those of 0.1 and of the first candidate are built from the history. Needs debootstrap, or a root made before: --base FOLDER.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formerPackage } from '../package/former.mjs';
import { debianRoot, WITH_DEBIANS_NODE } from './root.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: 'dist-deb/root-former' } } });
const base = resolve(values.base);
if (process.env.LANEWARDEN_BOX === undefined) {
  debianRoot(base, WITH_DEBIANS_NODE);
  const former = [formerPackage(), formerPackage('1.0.0-rc.1')];
  assert.ok(former.every(Boolean), 'the history of this project is not here, and so not 0.1: git fetch --unshallow');
  const words = ['--pdeathsig', 'TERM', 'unshare', '--net', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, LANEWARDEN_BOX: former.join(' ') };
  process.exit(spawnSync('setpriv', words, { stdio: 'inherit', env }).status ?? 1);
}
const { startBoard } = await import('./board.mjs');
const { startBox, versionIn } = await import('./lanewarden-box.mjs');
const { atRun, updateKey, variant } = await import('./packages.mjs');

const KEPT = 'test/kept/0.1';
const expected = JSON.parse(readFileSync(join(KEPT, 'expected.json'), 'utf8'));
const debs = mkdtempSync(join(tmpdir(), 'lanewarden-debs-'));
const [first, candidate] = process.env.LANEWARDEN_BOX.split(' ');
cpSync(first, join(debs, 'lanewarden_0.1.0.deb'));
cpSync(candidate, join(debs, 'lanewarden_1.0.0~rc.1.deb'));
writeFileSync(join(debs, 'lanewarden_1.0.0~rc.1.deb.sig'), sign(null, readFileSync(candidate), updateKey.private));
variant(debs, '1.0.0-rc.2', atRun('throw 1;'));
for (const version of ['1.0.0-rc.3', '1.0.0']) variant(debs, version);
const board = await startBoard();
const box = await startBox(base, { name: 'lanewarden-former', port: 18_082, debs });

const logIn = async () => {
  const answer = await box.page.post('login', { user: 'installer', password: expected.password });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
};
/** The program that runs is this one, and has proven itself; all that was kept is there. */
async function isNow(version) {
  assert.equal(versionIn(box), `lanewarden ${version}`);
  assert.equal(box.current(), `releases/${version.replace('-', '~')}`);
  assert.ok(!box.hasTrial());
  await box.until('its page answers', async () => (await box.page.see('session')) !== undefined);
  const { version: shown } = await box.page.see('about', await logIn());
  assert.equal(shown, version, 'what the page shows');
  const rows = JSON.parse(box.must('lanewarden', 'queue', 'ls', '--json', '--limit', '100'));
  const serials = rows.map(({ id, serial }) => [id, serial]).sort(([a], [b]) => a - b);
  assert.deepEqual(
    serials.filter(([id]) => id <= expected.records.length),
    expected.records.map(([id, , , serial]) => [id, serial]),
  );
}
const nodeThatRuns = () => box.must('readlink', `/proc/${box.property('MainPID')}/exe`).trim();
async function updates(name, version) {
  const { status, output } = await box.update(name);
  assert.equal(status, 0, output);
  await isNow(version);
  return output;
}
async function refuses(name, detail) {
  const { status, output } = await box.update(name, '--lang', 'en');
  assert.notEqual(status, 0, output);
  assert.match(output, detail);
}
async function story(what, tell) {
  const begunMs = Date.now();
  await tell();
  process.stdout.write(`ok ${what} (${Math.round((Date.now() - begunMs) / 1000)} s)\n`);
}

try {
  await story('0.1 is installed, with what it left behind, and reads its board', async () => {
    box.must('dpkg', '--install', '/root/lanewarden_0.1.0.deb');
    box.must('systemctl', 'stop', 'lanewarden.service');
    cpSync(`${KEPT}/state`, box.inside('/var/lib/lanewarden'), { recursive: true });
    const written = readFileSync(`${KEPT}/lanewarden.yaml`, 'utf8')
      .replace('port: /dev/lanewarden-demo', `port: "tcp://127.0.0.1:${board.port}"`)
      .replace(/^ *baudRate:.*\n/m, '')
      .replace(/^page:.*\n/m, '');
    const page = `page: { listen: "127.0.0.1:${box.port}", https: false }\n`;
    box.write('/etc/lanewarden/lanewarden.yaml', written + page, 0o600);
    box.write('/etc/lanewarden/secrets.yaml', readFileSync(`${KEPT}/secrets.yaml`, 'utf8'), 0o600);
    box.must('chown', '-R', 'lanewarden:', '/etc/lanewarden', '/var/lib/lanewarden');
    await box.restart();
    assert.equal(versionIn(box), 'lanewarden 0.1.0');
    const cookie = await logIn();
    await box.until('its board is read', async () => {
      const { devices } = (await box.page.see('overview', cookie)) ?? {};
      return devices?.some(({ state }) => state === 'ok');
    });
  });
  await story('its own command updates it to the candidate, which proves itself', async () => {
    await updates('1.0.0~rc.1', '1.0.0-rc.1');
    await refuses('0.1.0', /signature/);
    for (const word of ['check', 'verify']) box.must('lanewarden', word, '--lang', 'en');
    assert.equal(box.run('lanewarden', 'status', '--lang', 'en').status < 2, true);
    box.ownsItsFolders();
  });
  await story('one that brings its own Node and does not start: the candidate is back, on Debian’s Node', async () => {
    const { status, output } = await box.update('1.0.0~rc.2');
    assert.notEqual(status, 0, output);
    await isNow('1.0.0-rc.1');
    assert.equal(nodeThatRuns(), '/usr/bin/node');
  });
  await story(
    'the next candidate follows on its own Node, without Debian’s, and the former one is refused',
    async () => {
      const output = await updates('1.0.0~rc.3', '1.0.0-rc.3');
      assert.match(output, /1\.0\.0-rc\.3 is installed \(it was 1\.0\.0-rc\.1\)/);
      assert.match(
        nodeThatRuns(),
        /^\/opt\/lanewarden\/releases\/1\.0\.0~rc\.3\/node$|^\/usr\/lib\/lanewarden\/app\/node$/,
      );
      await refuses('1.0.0~rc.1', /older than the installed version[\s\S]*1\.0\.0-rc\.1 < 1\.0\.0-rc\.3/);
    },
  );
  await story('the release follows its candidates, which are refused from then on', async () => {
    await updates('1.0.0', '1.0.0');
    await refuses('1.0.0~rc.3', /1\.0\.0-rc\.3 < 1\.0\.0/);
    await isNow('1.0.0');
  });
} finally {
  board.close();
  await box.end();
  rmSync(debs, { recursive: true, force: true });
}
process.stdout.write('a box of 0.1 becomes one of 1.0\n');
