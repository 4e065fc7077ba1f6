// The instructions of deploy/fleet/README.md, which are those of README.en.md too (instructions.test.ts), block by block, in a root of Debian: the packages by apt in a chroot, the rest under a real systemd in
// namespaces without any network but its own. Two simulated boxes, then every query of the dashboards.
//   node test/fleet/readme.mjs [--base FOLDER]
// As root, after npm run build. Needs debootstrap or a root made before: --base FOLDER; iproute2; the network for the packages.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startMachine, until } from '../box/machine.mjs';
import { debianRoot } from '../box/root.mjs';
import { FLEET } from './centre.mjs';
import { askAll } from './dashboards.mjs';

const { values } = parseArgs({ options: { base: { type: 'string', default: 'dist-deb/root-box' } } });
const root = resolve('dist-deb/root-centre');
/** `kind`: the word behind `sh`; none: for the centre. */
const blocks = [...readFileSync(join(FLEET, 'README.md'), 'utf8').matchAll(/^```sh ?(\w*)\n([\s\S]*?)^```$/gm)].map(
  ([, kind, script]) => ({ kind, script }),
);
const [packages, ...steps] = blocks.filter(({ kind }) => kind === '');
const blockOf = (wanted) => blocks.find(({ kind }) => kind === wanted).script;
const begunMs = Date.now();
const told = (text) => process.stdout.write(`${((Date.now() - begunMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);

/** The first block, in a root that has the network; kept for the next time. */
function install() {
  if (existsSync(root)) return;
  const unfinished = `${root}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  execFileSync('cp', ['-a', `${debianRoot(resolve(values.base))}/.`, unfinished]);
  copyFileSync('/etc/resolv.conf', join(unfinished, 'etc/resolv.conf'));
  const script = `mount -t proc proc /proc; trap 'umount /proc' EXIT\nset -e\n${packages.script}`;
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' };
  const done = spawnSync('unshare', ['--mount', 'chroot', unfinished, 'sh', '-c', script], { env, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  renameSync(unfinished, root);
}

if (process.env.LANEWARDEN_README === undefined) {
  install();
  told('the packages are installed');
  const words = ['--net', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, LANEWARDEN_README: '1' };
  process.exit(spawnSync('unshare', words, { stdio: 'inherit', env }).status ?? 1);
}

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const machine = await startMachine(root, 'centre');
let boxes;
try {
  told('a Debian with these packages runs');
  // Without a network Alertmanager has given up by now.
  machine.run('systemctl', 'reset-failed');
  cpSync(FLEET, machine.inside('/root/lanewarden/deploy/fleet'), { recursive: true });
  for (const { script } of steps) {
    const done = machine.run('sh', '-euc', `cd /root/lanewarden\n${script}`);
    assert.equal(done.status, 0, `${script}\n${done.stdout}${done.stderr}\n${machine.journal()}`);
    told(script.split('\n').find((line) => !line.startsWith('cd ')));
  }
  const units = ['mosquitto', 'postgresql@17-main', 'victoria-metrics', 'prometheus-alertmanager'];
  for (const unit of [...units, 'lanewarden-consumer', 'lanewarden-vmalert', 'lanewarden-vmauth'])
    await until(
      `${unit} runs`,
      () => machine.run('systemctl', 'is-active', unit).stdout.trim() === 'active',
      () => machine.journal(unit),
    );
  const simulated = blockOf('simulated')
    .replaceAll('\\\n', ' ')
    .replaceAll(/\/(?:etc|opt)\/lanewarden-centre/g, (path) => machine.inside(path));
  boxes = spawn('sh', ['-c', `exec ${simulated}`], { stdio: 'inherit' });
  for (const line of blockOf('look').trim().split('\n').slice(1)) {
    const look = () => machine.run('sh', '-euc', `cd /tmp\n${line}`);
    const isShown = () => {
      const { status, stdout } = look();
      return status === 0 && (/releases|verdict/.test(line) ? /gate-1/.test(stdout) : stdout !== '');
    };
    await until(line, isShown, () => look().stdout + look().stderr + machine.journal('lanewarden-consumer'));
    told(`${line.slice(0, 100)}\n${look().stdout.slice(0, 600)}`);
  }
  const asked = await askAll(
    {
      sql: (query) =>
        machine.must('runuser', '-u', 'postgres', '--', 'psql', '-qAtd', 'lanewarden', '-c', query).trim(),
      query: async (expression) => {
        const words = new URLSearchParams({ query: expression });
        const { status, data } = await (await fetch(`http://127.0.0.1:8428/api/v1/query?${words}`)).json();
        assert.equal(status, 'success', expression);
        return data.result;
      },
    },
    ['南山 P1'],
  );
  const shown = asked.filter(({ rows }) => rows > 0).length;
  assert.ok(shown > asked.length / 2, `${shown} of ${asked.length} queries show something`);
  told(`${asked.length} queries of the dashboards answered, ${shown} of them with something to show`);
} finally {
  boxes?.kill();
  await machine.end();
}
