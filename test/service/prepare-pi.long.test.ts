/** The script that prepares a Pi: on a scratch root, again, and back to exactly what was there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../deploy/prepare-pi.sh', import.meta.url));
const FSTAB = `proc            /proc           proc    defaults          0       0
PARTUUID=1234-01  /boot/firmware  vfat    defaults          0       2
PARTUUID=1234-02  /               ext4    defaults,noatime  0       1
# a remark of somebody
`;
const CMDLINE = 'console=serial0,115200 console=tty1 root=PARTUUID=1234-02 rootfstype=ext4 fsck.repair=yes rootwait\n';
const CONFIG = '# For more options\ndtparam=audio=on\n\n[cm4]\notg_mode=1\n';
const ALL = ['--uart', '--overlay', 'sc16is752-spi1,int_pin=24', '--apn', 'cmnet', '--data', 'LABEL=lanewarden-data'];

function scratch() {
  const root = mkdtempSync(join(tmpdir(), 'lanewarden-pi-'));
  mkdirSync(join(root, 'etc'));
  mkdirSync(join(root, 'boot/firmware'), { recursive: true });
  writeFileSync(join(root, 'etc/fstab'), FSTAB);
  writeFileSync(join(root, 'boot/firmware/cmdline.txt'), CMDLINE);
  writeFileSync(join(root, 'boot/firmware/config.txt'), CONFIG);
  const before = `${root}-before`;
  cpSync(root, before, { recursive: true });
  const run = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, '--root', root, ...words], { encoding: 'utf8' });
    return { status, out: stdout + stderr };
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  /** What differs from the beginning. */
  const differences = (): string => spawnSync('diff', ['-r', before, root], { encoding: 'utf8' }).stdout;
  return { root, run, read, differences };
}

describe('prepare-pi', () => {
  it('says what it would change and changes nothing', () => {
    const { run, differences } = scratch();
    const { status, out } = run('--dry-run', ...ALL);
    expect(status, out).toBe(0);
    for (const path of [
      '/etc/fstab',
      '/boot/firmware/config.txt',
      '/boot/firmware/cmdline.txt',
      'journald.conf.d',
      'timesyncd',
    ])
      expect(out).toContain(path);
    expect(differences()).toBe('');
  });

  it('makes the root read-only, keeps the bus free of a console, and leaves the lines of others alone', () => {
    const { run, read, root } = scratch();
    expect(run(...ALL).status).toBe(0);
    expect(read('etc/fstab')).toMatch(/^PARTUUID=1234-02 \/ ext4 defaults,noatime,ro 0\s+1$/m);
    expect(read('etc/fstab')).toMatch(/^PARTUUID=1234-01 \/boot\/firmware vfat defaults,ro,nofail 0\s+2$/m);
    expect(read('etc/fstab')).toContain('# a remark of somebody');
    expect(read('etc/fstab')).toMatch(
      /^LABEL=lanewarden-data \/data ext4 noatime,lazytime,commit=300,errors=remount-ro/m,
    );
    expect(read('etc/sysctl.d/50-lanewarden-data.conf')).toContain('vm.dirty_expire_centisecs = 30000\n');
    expect(read('boot/firmware/cmdline.txt')).toBe(CMDLINE.replace('console=serial0,115200 ', ''));
    expect(read('boot/firmware/config.txt')).toContain(CONFIG);
    expect(read('boot/firmware/config.txt')).toContain('dtoverlay=sc16is752-spi1,int_pin=24\n');
    expect(read('etc/systemd/system.conf.d/50-lanewarden.conf')).toContain('RuntimeWatchdogSec=14\n');
    expect(
      execFileSync(
        'stat',
        ['-c', '%a', join(root, 'etc/NetworkManager/system-connections/lanewarden-4g.nmconnection')],
        { encoding: 'utf8' },
      ),
    ).toBe('600\n');
    // systemd-logind cannot make it on a read-only root, and fails.
    expect(existsSync(join(root, 'var/lib/systemd/linger'))).toBe(true);
    // Debian's own tool reads what we wrote.
    const found = spawnSync(
      'findmnt',
      ['--tab-file', join(root, 'etc/fstab'), '--noheadings', '--output', 'OPTIONS', '--target', '/'],
      { encoding: 'utf8' },
    );
    expect(found.stdout).toContain('ro');
  });

  it('lets nothing but the root keep a box from starting', () => {
    const { run, read, root } = scratch();
    writeFileSync(
      join(root, 'etc/fstab'),
      `${FSTAB}LABEL=stick /srv/stick vfat defaults 0 2\nUUID=2 none swap sw 0 0\n`,
    );
    expect(run(...ALL).status).toBe(0);
    const lines = read('etc/fstab')
      .split('\n')
      .filter((line) => /^[^#\s]/.test(line))
      .map((line) => line.split(/\s+/));
    const fatal = lines.filter(([, , , options = '']) => !options.split(',').includes('nofail'));
    expect(fatal.map(([, place]) => place)).toEqual(['/proc', '/', 'none']);
    const places = lines.map(([, place = '']) => place).filter((place) => /^\/(data|tmp|var|etc)/.test(place));
    expect(places.length).toBeGreaterThan(6);
    for (const place of places) expect(existsSync(join(root, place)), `${place} is there to mount on`).toBe(true);
    // A Debian without NetworkManager has no folder of it.
    expect(places).not.toContain('/var/lib/NetworkManager');
    for (const folder of ['NetworkManager', 'systemd/network'])
      mkdirSync(join(root, 'var/lib', folder), { recursive: true });
    run(...ALL);
    expect(read('etc/fstab')).toMatch(/^tmpfs \/var\/lib\/NetworkManager tmpfs .*nofail/m);
    expect(read('etc/fstab')).toMatch(/^tmpfs \/var\/lib\/systemd\/network tmpfs .*nofail/m);
    expect(read('etc/systemd/system/emergency.service.d/50-lanewarden.conf')).toMatch(/^ExecStart=-.*reboot'$/m);
  });

  it('can be run again, with nothing left to do, and takes changed options', () => {
    const { run, read } = scratch();
    run(...ALL);
    const again = run(...ALL);
    expect(again.out).toContain('everything is as it should be');
    expect(run('--apn', 'ctnet').out).toContain('apn=ctnet');
    expect(read('etc/NetworkManager/system-connections/lanewarden-4g.nmconnection')).toContain('apn=ctnet');
  });

  it('undoes everything, to the byte, also after two runs', () => {
    const { run, differences, root } = scratch();
    run(...ALL);
    run('--uart', '--apn', 'ctnet', '--data', 'UUID=1');
    const { status, out } = run('--undo');
    expect(status, out).toBe(0);
    // Empty folders stay; no file differs.
    expect(
      differences()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('Only in')),
      out,
    ).toEqual([]);
    expect(
      spawnSync('find', [root, '-type', 'f', '-newer', SCRIPT, '-name', '*lanewarden*'], { encoding: 'utf8' }).stdout,
    ).toBe('');
    expect(existsSync(join(root, 'etc/lanewarden-prepare'))).toBe(false);
  });

  it('does not undo what somebody changed since, and says where the original is', () => {
    const { run, read, root } = scratch();
    run(...ALL);
    writeFileSync(join(root, 'etc/fstab'), `${read('etc/fstab')}# mine\n`);
    expect(run('--undo').out).toMatch(/left alone.*\/etc\/fstab/s);
    expect(read('etc/fstab')).toContain('# mine');
  });

  it('refuses words that would bring lines of their own', () => {
    const { run, differences } = scratch();
    expect(run('--apn', 'x\n[wifi]').status).toBe(2);
    expect(run('--ntp', 'a;b').status).toBe(2);
    expect(run('--nonsense').status).toBe(2);
    expect(differences()).toBe('');
  });
});
