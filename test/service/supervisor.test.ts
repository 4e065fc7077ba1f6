/** The supervisor counts boots, crashes and the hours of a probation: by its own script, on folders of its own, at a service manager that says what it is told. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../stories/processes.ts';

const SCRIPT = readFileSync('deploy/supervisor/supervise', 'utf8');
/** What it asks for, it reads from files; what it is told to do, it notes. */
const MANAGER = `#!/bin/sh
for word in "$@"; do
  case $word in
  NRestarts | ActiveState) cat "$(dirname "$0")/../$word"; exit 0 ;;
  esac
done
echo "$@" >>"$(dirname "$0")/../told"
`;

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function box() {
  const at = mkdtempSync(join(tmpdir(), 'lanewarden-supervisor-'));
  const file = (name: string): string => join(at, name);
  const base = file('opt');
  for (const folder of ['bin', 'run', 'opt/releases', 'state']) mkdirSync(file(folder), { recursive: true });
  for (const version of ['1.0.0', '1.1.0']) {
    mkdirSync(join(base, 'releases', version, 'system/units'), { recursive: true });
    writeFileSync(join(base, 'releases', version, 'main.js'), '');
    writeFileSync(join(base, 'releases', version, 'node'), '', { mode: 0o755 });
    writeFileSync(join(base, 'releases', version, 'VERSION'), `${version}\n`);
    writeFileSync(join(base, 'releases', version, 'system/units/lanewarden.service'), `# ${version}\n`);
  }
  symlinkSync('releases/1.1.0', join(base, 'current'));
  for (const tool of ['systemctl', 'udevadm']) {
    writeFileSync(file(`bin/${tool}`), MANAGER);
    chmodSync(file(`bin/${tool}`), 0o755);
  }
  writeFileSync(file('NRestarts'), '0');
  writeFileSync(file('ActiveState'), 'active');
  const own = SCRIPT.replace(/^PATH=.*$/m, `PATH=${file('bin')}:/usr/bin:/bin`)
    .replace(/^base=.*$/m, `base=${base}`)
    .replace(/^config=.*$/m, `config=${file('none')}`)
    .replace(/^healthy=.*$/m, `healthy=${file('healthy')}`)
    .replace(/^units=.*$/m, `units=${file('run/units')}`)
    .replace(/^rules=.*$/m, `rules=${file('run/rules')}`)
    .replace(/^state=.*$/m, `state=${file('state')}`);
  writeFileSync(file('supervise'), own);
  return {
    file,
    base,
    trial: (text = '') =>
      writeFileSync(join(base, 'trial'), `to=1.1.0\nback=1.0.0\ncrashes=0\nboots=0\nleft=0\n${text}`),
    current: () => readlinkSync(join(base, 'current')),
    has: (name: string) => existsSync(join(base, name)),
    value: (name: string, key: string) =>
      new RegExp(`^${key}=(.*)$`, 'm').exec(
        existsSync(join(base, name)) ? readFileSync(join(base, name), 'utf8') : '',
      )?.[1],
    unit: () => readFileSync(file('run/units/lanewarden.service'), 'utf8'),
    /** With an empty /run. */
    boot: (environment: Readonly<Record<string, string>> = {}) => {
      for (const folder of ['state', 'run']) rmSync(file(folder), { recursive: true, force: true });
      const child = spawn('sh', [file('supervise'), 'run'], {
        env: { LANEWARDEN_BOOTSTATUS: file('bootstatus'), ...environment },
        stdio: 'ignore',
      });
      running.add(child);
      return { cut: () => child.kill('SIGKILL'), ended: new Promise((resolve) => child.once('exit', resolve)) };
    },
  };
}

describe('the supervisor', () => {
  it('leaves nothing running when there is nothing to prove, with the units of the version in use in force', async () => {
    const { boot, unit, file } = box();
    expect(await boot().ended).toBe(0);
    expect(unit()).toBe('# 1.1.0\n');
    expect(readFileSync(file('told'), 'utf8')).toContain('restart lanewarden.service');
  });

  it('takes two cuts of the mains for no failed trial, and the third boot without health for one', async () => {
    const { trial, boot, value, current, has } = box();
    trial();
    for (const boots of ['1', '2']) {
      const { cut, ended } = boot();
      await eventually('the boot is counted', () => value('trial', 'boots') === boots);
      cut();
      await ended;
      expect(current()).toBe('releases/1.1.0');
    }
    expect(await boot().ended).toBe(0);
    expect(current()).toBe('releases/1.0.0');
    expect(has('trial')).toBe(false);
    expect(value('reverted', 'version')).toBe('1.1.0');
  });

  it('goes back at once when the watchdog has reset the box, on trial and on probation', async () => {
    for (const under of ['trial', 'probation']) {
      const { trial, boot, current, base, file, unit } = box();
      trial();
      if (under === 'probation') writeFileSync(join(base, under), readFileSync(join(base, 'trial')));
      if (under === 'probation') rmSync(join(base, 'trial'));
      writeFileSync(file('bootstatus'), '32\n');
      expect(await boot().ended).toBe(0);
      expect(current(), under).toBe('releases/1.0.0');
      expect(unit()).toBe('# 1.0.0\n');
    }
  });

  it('counts crashes on probation across boots, and turns back at the third', async () => {
    const { trial, boot, value, current, file } = box();
    trial();
    writeFileSync(file('healthy'), '1.1.0\n');
    const hours = { LANEWARDEN_PROBATION_S: '100' };
    const first = boot(hours);
    await eventually('it is on probation', () => value('probation', 'to') === '1.1.0');
    writeFileSync(file('NRestarts'), '2');
    await eventually('two crashes are counted', () => value('probation', 'crashes') === '2');
    first.cut();
    await first.ended;
    writeFileSync(file('NRestarts'), '0');
    const second = boot(hours);
    await eventually('the boot is counted, and healthy', () => value('probation', 'boots') === '0');
    expect(current()).toBe('releases/1.1.0');
    writeFileSync(file('NRestarts'), '1');
    expect(await second.ended).toBe(0);
    expect(current()).toBe('releases/1.0.0');
  });

  it('ends a probation after its hours, over a cut in between', async () => {
    const { trial, boot, has, value, current, file } = box();
    trial();
    writeFileSync(file('healthy'), '1.1.0\n');
    const hours = { LANEWARDEN_PROBATION_S: '5' };
    const { cut, ended } = boot(hours);
    await eventually('some of it is over', () => Number(value('probation', 'left') ?? 5) < 4);
    cut();
    await ended;
    expect(await boot(hours).ended).toBe(0);
    expect(has('probation')).toBe(false);
    expect(current()).toBe('releases/1.1.0');
  });

  it('goes on with a roll-back that was cut, and starts another version where the one in use is torn', async () => {
    const cut = box();
    cut.trial('failed=it has ended 3 times\n');
    expect(await cut.boot().ended).toBe(0);
    expect(cut.current()).toBe('releases/1.0.0');
    const torn = box();
    rmSync(join(torn.base, 'releases/1.1.0/main.js'));
    expect(await torn.boot().ended).toBe(0);
    expect(torn.current()).toBe('releases/1.0.0');
  });

  it('drops the trial of a version that never came into use', async () => {
    const { trial, boot, has, current, base } = box();
    trial();
    rmSync(join(base, 'current'));
    symlinkSync('releases/1.0.0', join(base, 'current'));
    expect(await boot().ended).toBe(0);
    expect(has('trial')).toBe(false);
    expect(current()).toBe('releases/1.0.0');
  });
});
