// One boot of the virtual machine: qemu, its monitor, and an agent in the guest that runs one command at a time.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Also when this program is killed. */
const ENDS_WITH_US = ['--pdeathsig', 'KILL'];
const MEMORY_MB = 256;
/** Guards against faults of processors, and self tests: an emulated one has none of these faults, and pays for them with half its speed. */
const UNGUARDED = 'mitigations=off cryptomgr.notests init_on_alloc=0 rcupdate.rcu_expedited=1';
const KERNEL_WORDS = `root=/dev/vda ro quiet panic=5 systemd.show_status=0 net.ifnames=1 ${UNGUARDED}`;
/** The second port of each is a lane's wire. An arm64 one has the processor and the kind of UART of a Pi 4. */
const HARDWARE = {
  amd64: {
    program: 'qemu-system-x86_64',
    board: 'q35',
    processor: 'Nehalem,+sha-ni',
    console: 'ttyS0',
    wire: '/dev/ttyS1',
  },
  arm64: {
    ...{ program: 'qemu-system-aarch64', board: 'virt', processor: 'cortex-a72' },
    ...{ console: 'ttyAMA0', wire: '/dev/ttyAMA1' },
  },
};
export const wireOf = (arch) => HARDWARE[arch].wire;
/** Of a boot, and of a command. */
const LIMIT_MS = 30 * 60_000;
const PROBE_MS = 30_000;
let waitedBeforeMs = 0;

/** Whether this processor is lent to guests for real: a device node proves nothing, and a nested machine may stop at its first instruction. */
export async function accelerator({ arch, kernel, initrd }) {
  if (!existsSync('/dev/kvm') || arch !== 'amd64') return 'tcg';
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-vm-'));
  const log = join(folder, 'console');
  const words = [
    '-M',
    'q35,accel=kvm',
    '-cpu',
    'host',
    '-m',
    '256',
    '-display',
    'none',
    '-no-reboot',
    '-serial',
    `file:${log}`,
  ];
  words.push('-kernel', kernel, '-initrd', initrd, '-append', 'console=ttyS0 panic=-1 root=/dev/none');
  const probe = spawn('setpriv', [...ENDS_WITH_US, 'qemu-system-x86_64', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  probe.stderr.on('data', (bytes) => (complaint += bytes));
  const gone = new Promise((resolve) => probe.once('close', resolve));
  let boots = false;
  for (
    let waited = 0;
    waited < PROBE_MS && probe.exitCode === null && !/failure|error/i.test(complaint) && !boots;
    waited += 250
  ) {
    await sleep(250);
    boots = existsSync(log) && readFileSync(log, 'utf8').includes('Run /init');
  }
  probe.kill('SIGKILL');
  await gone;
  rmSync(folder, { recursive: true });
  return boots ? 'kvm' : 'tcg';
}

export class Machine {
  #qemu;
  #monitor;
  #agent;
  #folder;
  #console;

  /**
   * `options`: arch, accel, data (socket of the disk), forward, startsAt (what its clock believes), files (more disks, by name); kernel, initrd, root
   * (image) and rs485Port, or firmware (code, variables), which finds all of it on the disk, and words, which the kernel gets beside its own.
   */
  static async boot(folder, options) {
    const machine = new Machine();
    machine.#folder = folder;
    machine.#console = join(folder, 'console');
    await machine.#start(options);
    return machine;
  }

  async #start({
    arch,
    kernel,
    initrd,
    firmware,
    accel,
    root,
    data,
    files = {},
    rs485Port,
    forward,
    startsAt,
    words: more = '',
  }) {
    const at = (name) => join(this.#folder, name);
    for (const name of ['monitor', 'agent']) rmSync(at(name), { force: true });
    const hardware = HARDWARE[arch];
    const isLent = accel === 'kvm';
    const words = [
      ...['-M', hardware.board, '-accel', isLent ? 'kvm' : 'tcg,thread=multi'],
      ...['-cpu', isLent ? 'host' : hardware.processor],
      ...[
        '-m',
        String(firmware ? 2 * MEMORY_MB : MEMORY_MB),
        '-smp',
        firmware ? '1' : '2',
        '-display',
        'none',
        '-nodefaults',
      ],
      ...['-rtc', `base=${startsAt}`, '-serial', `file:${this.#console}`],
      ...['-chardev', `socket,id=agent,path=${at('agent')},server=on,wait=off`],
      ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=agent,name=agent'],
      ...['-qmp', `unix:${at('monitor')},server=on,wait=off`],
      // An emulated machine that its host starves does not stand still: a story that wants the reset says so.
      ...['-device', 'qemu-xhci', '-device', 'i6300esb', '-action', 'watchdog=none'],
      ...['-netdev', `user,id=net,${forward}`, '-device', 'virtio-net-pci,netdev=net,romfile='],
      ...['-blockdev', `driver=nbd,node-name=data,server.type=unix,server.path=${data},export=data`],
      ...(firmware
        ? [
            ...['-drive', `if=pflash,format=raw,readonly=on,file=${firmware.code}`],
            ...['-drive', `if=pflash,format=raw,file=${firmware.variables}`],
            ...[
              '-smbios',
              `type=11,value=io.systemd.boot.kernel-cmdline-extra=console=${hardware.console} ${UNGUARDED} ${more}`,
            ],
            ...['-device', 'virtio-blk-pci,drive=data,write-cache=on,bootindex=0'],
          ]
        : [
            ...['-kernel', kernel, '-initrd', initrd, '-append', `console=${hardware.console} ${KERNEL_WORDS}`],
            ...['-chardev', `socket,id=rs485,host=127.0.0.1,port=${rs485Port},reconnect-ms=500`],
            ...['-serial', 'chardev:rs485'],
            ...['-drive', `file=${root},format=raw,if=none,id=root,cache=writeback`],
            ...['-device', 'virtio-blk-pci,drive=root'],
            ...['-device', 'virtio-blk-pci,drive=data,write-cache=on,logical_block_size=4096,physical_block_size=4096'],
          ]),
      ...Object.entries(files).flatMap(([name, file]) => [
        ...['-drive', `file=${file},format=raw,if=none,id=${name},readonly=on`],
        ...['-device', `virtio-blk-pci,drive=${name},serial=${name}`],
      ]),
    ];
    const log = openSync(at('qemu.log'), 'a');
    const options = { stdio: ['ignore', log, log] };
    this.#qemu = spawn('setpriv', [...ENDS_WITH_US, hardware.program, ...words], options);
    closeSync(log);
    this.#monitor = await this.#lines('monitor');
    await this.#monitor.next().catch((error) => assert.fail(`${error.message}\n${this.said()}`));
    await this.qmp('qmp_capabilities');
    this.#agent = await this.#lines('agent');
    await this.bootedAgain();
  }

  /** How long its processors, and those of machines before it, have waited for one of the host, in ms: what goes slowly meanwhile says nothing about the box. */
  waitedMs() {
    const tasks = `/proc/${this.#qemu.pid}/task`;
    const waited = (task) => Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[1]) / 1e6;
    const ofThis = existsSync(tasks) ? readdirSync(tasks) : [];
    return ofThis.reduce((sum, task) => sum + waited(task), waitedBeforeMs);
  }

  #within(promise, what) {
    return within(LIMIT_MS, promise, what, () => this.waitedMs());
  }

  /** The end of what the console and qemu said. */
  said() {
    const all = [this.#console, join(this.#folder, 'qemu.log')].map((file) =>
      existsSync(file) ? readFileSync(file, 'utf8') : '',
    );
    return all.join('\n').slice(-3_000);
  }

  async #lines(name) {
    for (;;) {
      assert.equal(this.#qemu.exitCode, null, `qemu ended\n${this.said()}`);
      const socket = connect(join(this.#folder, name));
      const isThere = await new Promise((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      if (isThere) return linesOf(socket);
      await sleep(50);
    }
  }

  async qmp(execute, words = {}) {
    this.#monitor.write(`${JSON.stringify({ execute, arguments: words })}\n`);
    for (;;) {
      const answer = JSON.parse(await this.#within(this.#monitor.next(), () => `qmp ${execute}`));
      if ('error' in answer) throw new Error(`${execute}: ${JSON.stringify(answer.error)}`);
      if ('return' in answer) return answer.return;
    }
  }

  /** Runs it in the guest; { status, out }. */
  async run(command) {
    this.#agent.write(`${Buffer.from(command).toString('base64')}\n`);
    let line = await this.#within(this.#agent.next(), () => `${command}\n${this.said()}`);
    // The agent of a guest that restarts it.
    while (line === 'hello') line = await this.#within(this.#agent.next(), () => command);
    const [status, out = ''] = line.split(' ');
    return { status: Number(status), out: Buffer.from(out, 'base64').toString().trim() };
  }

  async must(command) {
    const { status, out } = await this.run(command);
    assert.equal(status, 0, `${command}\n${out}`);
    return out;
  }

  /** Asks until it holds; the guest may be slow, so the limit is wide. Resolves to how long it took. */
  async until(command, limitMs = LIMIT_MS) {
    const began = Date.now();
    const waited = this.waitedMs();
    for (;;) {
      const askedMs = Date.now();
      const { status, out } = await this.run(command);
      if (status === 0) return Date.now() - began;
      if (Date.now() - began - (this.waitedMs() - waited) > limitMs)
        throw new Error(`never came true: ${command}\n${out}\n${await this.journal()}`);
      // A question costs an emulated processor seconds, which the answer may be waiting for.
      await sleep(Math.max(300, 4 * (Date.now() - askedMs)));
    }
  }

  async journal() {
    return (
      await this.run(
        'journalctl --no-pager -o cat -u lanewarden -n 40; systemctl --failed --no-legend; lanewarden queue ls',
      )
    ).out;
  }

  /** Resolves when the guest has booted anew by itself (a reboot). */
  async bootedAgain() {
    const hello = await this.#within(this.#agent.next(), () => `no boot\n${this.said()}`);
    assert.equal(hello, 'hello');
  }

  /** The power goes. */
  async cut() {
    waitedBeforeMs = this.waitedMs();
    const gone = new Promise((resolve) => this.#qemu.once('close', resolve));
    this.#qemu.kill('SIGKILL');
    await gone;
  }

  end() {
    this.#qemu?.kill('SIGKILL');
  }
}

/** `waitedMs`: what the work has waited for this host, which does not count. */
export async function within(limitMs, promise, what, waitedMs = () => 0) {
  const limit = new AbortController();
  const lateMs = Date.now() - waitedMs() + limitMs;
  const late = async () => {
    for (let leftMs = limitMs; leftMs > 0; leftMs = lateMs + waitedMs() - Date.now())
      await sleep(leftMs, undefined, { signal: limit.signal });
    throw new Error(`nothing within ${limitMs / 1000} s: ${what()}`);
  };
  try {
    return await Promise.race([promise, late()]);
  } finally {
    limit.abort();
  }
}

/** A socket, one line at a time. */
function linesOf(socket) {
  const lines = [];
  let rest = '';
  let wake = () => {};
  let isGone = false;
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isGone = true;
    wake();
  });
  socket.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    lines.push(...parts.map((line) => line.trim()).filter((line) => line !== ''));
    wake();
  });
  return {
    write: (text) => socket.write(text),
    next: async () => {
      while (lines.length === 0) {
        if (isGone) throw new Error('the machine has gone');
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      return lines.shift();
    },
  };
}

/**
 * Loopback only, and nothing else: what runs here cannot reach out, nor be reached. Mounts of its own too, which are gone with it however it ends.
 * Returns in a process of these namespaces.
 */
export function enterOwnNetwork() {
  if (process.env.LANEWARDEN_VM_NETWORK === 'own') return;
  const self = ['sh', '-c', 'ip link set lo up && exec "$0" "$@"', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, LANEWARDEN_VM_NETWORK: 'own' };
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'unshare', '--net', '--mount', ...self], {
    stdio: 'inherit',
    env,
  });
  process.exit(status ?? 1);
}
