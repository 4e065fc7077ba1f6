// A machine with systemd as its first process, in namespaces: mounts, processes, names, cgroups of its own, over a root that stays as it is. It shares
// the network of this program, which must have one of its own (box.mjs). Nothing of it is left when it ends.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As in test/longest-wait.ts: it only ends what hangs. */
const LONGEST_WAIT_MS = 90_000;

const START = fileURLToPath(new URL('start.sh', import.meta.url));
const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  LC_ALL: 'en_US.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};
const BYTES_MAX = 64e6;
/** Also when this program is killed. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL'];

/** Where the kernel's cgroups of version 2 are, and those that limit the processor. */
function cgroupsOf(name) {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const unified = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  assert.ok(unified, 'cgroups of version 2 are mounted nowhere: mount -t cgroup2 cgroup2 /sys/fs/cgroup');
  const cpu = mounts.find(([, , type, options]) => type === 'cgroup' && options.split(',').includes('cpu'))?.[1];
  if (cpu === undefined) writeFileSync(join(unified, 'cgroup.subtree_control'), '+cpu +memory +pids');
  return { unified: join(unified, name), ...(cpu && { cpu: join(cpu, name) }) };
}

/** Waits until `holds()` is true, else fails with what `about()` says. */
export async function until(what, holds, about = () => '', withinMs = LONGEST_WAIT_MS) {
  const lateMs = Date.now() + withinMs;
  while (!(await holds())) {
    assert.ok(Date.now() < lateMs, `never came true: ${what}\n${about()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * `own`: a root that can be made read-only. `disk`: a folder on a file system that outlives it, for a machine whose power goes. `start`: the script that lays
 * out the root. Resolves when its service manager takes orders.
 */
export async function startMachine(base, name, kind = 'overlay', disk = undefined, start = START) {
  const work = disk ?? mkdtempSync(join(tmpdir(), `${name}-`));
  const cgroups = cgroupsOf(`${name}-${process.pid}`);
  for (const folder of Object.values(cgroups)) mkdirSync(folder);
  const enter = Object.values(cgroups).map((folder) => `echo $$ >${folder}/cgroup.procs`);
  const spaces = ['--mount', '--pid', '--fork', '--uts', '--ipc', '--cgroup', '--kill-child'];
  const words = [
    '-c',
    `${enter.join('; ')}; exec "$@"`,
    'sh',
    ...ENDS_WITH_US,
    'unshare',
    ...spaces,
    start,
    base,
    work,
    name,
    kind,
  ];
  const child = spawn('sh', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      said += bytes;
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pid = await firstProcess(child, () => said);
  const machine = machineOf(name, pid, cgroups);
  await until(
    'the service manager is up',
    () => machine.isUp(),
    () => said + machine.journal(),
  );
  return {
    ...machine,
    /** By itself, as after a reboot. */
    ended,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
      await until('its processes are gone', () => Object.values(cgroups).every(isGone));
      if (disk === undefined) rmSync(work, { recursive: true, force: true });
    },
  };
}

/** Groups below it belong to services that ended with it. */
function isGone(folder) {
  const below = spawnSync('find', [folder, '-depth', '-type', 'd'], { encoding: 'utf8' });
  for (const each of below.stdout.trim().split('\n'))
    try {
      rmdirSync(each);
    } catch {
      return !existsSync(folder);
    }
  return true;
}

/** Of the namespaces, as this program numbers it. */
async function firstProcess(child, said) {
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  let pid = '';
  await until(
    'the namespaces are there',
    () => {
      assert.equal(child.exitCode, null, said());
      pid = readFileSync(children, 'utf8').trim().split(' ')[0];
      return pid !== '' && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd';
    },
    said,
  );
  return Number(pid);
}

function machineOf(name, pid, cgroups) {
  const inside = (path) => join(`/proc/${pid}/root`, path);
  const entering = ['--target', String(pid), '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--wdns=/', '--'];
  const run = (...words) =>
    spawnSync('nsenter', [...entering, ...words], { encoding: 'utf8', env: ENVIRONMENT, maxBuffer: BYTES_MAX });
  const must = (...words) => {
    const done = run(...words);
    assert.equal(done.status, 0, `${words.join(' ')} in ${name}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  return {
    name,
    inside,
    run,
    must,
    /** Runs beside this program; `ended` resolves to its exit code and output. */
    start: (...words) => started('nsenter', [...entering, ...words]),
    read: (path) => readFileSync(inside(path), 'utf8'),
    write: (path, text, mode = 0o644) => {
      mkdirSync(join(inside(path), '..'), { recursive: true });
      writeFileSync(inside(path), text, { mode });
    },
    isUp: () => /^(running|degraded)/.test(run('systemctl', 'is-system-running').stdout),
    journal: (unit) =>
      run('journalctl', '--no-pager', '--output=short-monotonic', ...(unit ? ['--unit', unit] : ['--lines=80'])).stdout,
    property: (unit, property) => must('systemctl', 'show', '--value', '--property', property, unit).trim(),
    /** A share of one core for all of it; undefined: what there is. */
    starve: (share) => {
      const periodUs = 100_000;
      const quota = share === undefined ? undefined : Math.round(share * periodUs);
      if (cgroups.cpu !== undefined) writeFileSync(join(cgroups.cpu, 'cpu.cfs_quota_us'), String(quota ?? -1));
      else writeFileSync(join(cgroups.unified, 'cpu.max'), `${quota ?? 'max'} ${periodUs}`);
    },
  };
}

function started(command, words) {
  const child = spawn(command, words, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      output += bytes;
    });
  return {
    output: () => output,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))),
  };
}
