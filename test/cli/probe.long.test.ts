/** `lanewarden probe` and its search: a real pty, a real socket, the built program as an installer starts it. What the wire hears is the proof. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { checkConfig } from '../../src/config/file.ts';
import { Secret } from '../../src/config/secrets.ts';
import { portRefusal } from '../../src/line/port-access.ts';
import { isConnected } from '../../src/line/socket-holders.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { sealed } from '../drivers/slave.ts';
import { type PtyPair, ptyPair } from '../line/pty.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const after: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of after.splice(0).reverse()) await each();
});

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: string[]) {
  const child = spawn(process.execPath, [PROGRAM, 'probe', ...words], {
    cwd: folder,
    env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '', LANEWARDEN_CONFIG: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (bytes) => {
    written.out += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    written.err += String(bytes);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...written };
}
/** Until it says this: the board answers in this process, and on a busy machine later than the search waits for it. */
async function says(wanted: string, ...words: string[]) {
  for (let tries = 1; ; tries += 1) {
    const said = await run(...words);
    if (said.out.includes(wanted) || tries === 10) return said;
  }
}

/** A board at the far end of a pty, and every byte it heard. `talk`: what another master says, again and again. */
async function wire(
  options: {
    readonly talk?: Uint8Array;
    readonly modes?: readonly number[];
    readonly clone?: 'refuses' | 'silent';
  } = {},
) {
  const pair: PtyPair = await ptyPair();
  after.push(() => pair.end());
  const board = createWaveshareBoard({ unit: 3, inputs: () => [true, false, false, true], ...options });
  const far = new SerialPort({ path: pair.far, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => far.open((error) => (error ? reject(error) : resolve())));
  const heard: Buffer[] = [];
  far.on('data', (bytes: Buffer) => {
    heard.push(bytes);
    for (const answer of board.receive(bytes)) far.write(Buffer.from(answer));
  });
  const { talk } = options;
  const talking = talk && setInterval(() => far.write(Buffer.from(talk)), 200);
  after.push(async () => {
    clearInterval(talking);
    await new Promise<void>((resolve) => far.close(() => resolve()));
  });
  return { port: realpathSync(pair.near), board, heard: () => Buffer.concat(heard) };
}

/** Whole reads with a good checksum and nothing else, at the units that were to be asked. */
function mustBeReads(sent: Buffer, last: number): number {
  expect(sent.length % 8).toBe(0);
  for (let at = 0; at < sent.length; at += 8) {
    const frame = sent.subarray(at, at + 8);
    const hex = frame.toString('hex');
    expect([...frame], hex).toEqual([...sealed(...frame.subarray(0, 6))]);
    expect([1, 2, 3, 4], hex).toContain(frame[1]);
    expect(frame[0], hex).toBeGreaterThanOrEqual(1);
    expect(frame[0], hex).toBeLessThanOrEqual(last);
  }
  return sent.length / 8;
}

const ONE = ['--units', '2-4', '--bauds', '115200'];
const QUESTION = sealed(7, 2, 0, 0, 0, 8);

describe('lanewarden probe PORT', () => {
  it('finds the board with its inputs, only reads, and gives YAML that is a configuration', async () => {
    const { port, board, heard } = await wire();
    const { code, out, err } = await says('inputs now', port, ...ONE, '--yes');
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('function codes 1 to 4') });
    expect(out).toContain('unit 3, 115200 8N1: answers FC1 FC2\n');
    expect(out).toContain('inputs now: di1=1 di2=0 di3=0 di4=1 di5=0');
    expect(mustBeReads(heard(), 4)).toBeGreaterThan(8);
    expect(board.commandsSeen).toEqual([]);
    const yaml = out.slice(out.indexOf('lines:'));
    const whole = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { appSecret: { secret: cloud.appSecret } }
${yaml}lanes: [{ id: "1", name: A, direction: exit, points: { down: io1.di1 } }]
`;
    const byName = new Map([['cloud.appSecret', new Secret('x')]]);
    const { config, faults } = checkConfig('x.yaml', whole, { file: '', state: 'read', byName, faults: [] }, kinds);
    expect(faults).toEqual([]);
    expect(config?.lines[0]).toMatchObject({ port, baudRate: 115_200, devices: [{ config: { unit: 3 } }] });
  });

  it('says the same as JSON, and what is dangerous about a board', async () => {
    const { port } = await wire({ modes: [0, 1] });
    const { code, out } = await says('本机联动', port, ...ONE, '--yes', '--json', '--lang', 'zh');
    expect(code).toBe(0);
    const { found, garbled, yaml } = JSON.parse(out);
    expect(found).toMatchObject([{ unit: 3, kind: 'modbus', levels: { di1: true, di2: false } }]);
    expect(found[0].notes[0].zh).toContain('本机联动');
    expect(garbled).toEqual([]);
    expect(yaml).toContain('unit: 3');
  });

  it.each(['refuses', 'silent'] as const)(
    'names a clone as it is sold, with what it does not prove (%s)',
    async (clone) => {
      const { port, heard } = await wire({ clone });
      const { code, out } = await says(
        '现在的输入',
        port,
        '--units',
        '3',
        '--bauds',
        '115200',
        '--yes',
        '--lang',
        'zh',
      );
      expect(code).toBe(0);
      expect(out).toMatch(/模板 no-name-modbus-rtu-8ch \[无牌 \(no name\) Modbus RTU 8 路.*\]；应答同样符合：/);
      expect(out).toContain('waveshare-modbus-rtu-io-8ch [Waveshare Modbus RTU IO 8CH]（未能确认：型号、联动模式）');
      expect(out).toContain('现在的输入：di1=1 di2=0 di3=0 di4=1');
      expect(out).not.toContain('检查供电');
      expect(mustBeReads(heard(), 3)).toBeGreaterThan(8);
    },
  );

  it('exits 1 when nothing answers, and says what to check', async () => {
    const { port } = await wire();
    const { code, out } = await run(port, '--units', '9', '--bauds', '9600', '--yes', '--lang', 'zh');
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('A/B 是否接反') });
  });

  it('sends nothing without the confirmation, while another master speaks, and where the configuration only listens', async () => {
    const { port, heard } = await wire({ talk: QUESTION });
    expect(await run(port, ...ONE)).toMatchObject({ code: 2, err: expect.stringContaining('--listen') });
    const spoken = await run(port, ...ONE, '--yes');
    expect(spoken).toMatchObject({ code: 69, err: expect.stringContaining('another master') });
    expect(spoken.err).toContain(`lanewarden probe ${port} --listen`);
    const file = join(folder, 'listens.yaml');
    writeFileSync(file, `lines: [{ id: bus1, port: ${port}, listenOnly: true, devices: [] }]\n`);
    const refused = await run(port, ...ONE, '--yes', '--config', file);
    expect(refused).toMatchObject({ code: 69, err: expect.stringContaining('bus1 is listenOnly') });
    writeFileSync(file, 'lines: [\n');
    expect(await run(port, ...ONE, '--yes', '--config', file)).toMatchObject({ code: 78 });
    expect(heard().toString('hex')).toBe('');
  });

  it('with --listen says what the other master asks, and sends nothing, also where it must not ask', async () => {
    const { port, heard } = await wire({ talk: QUESTION });
    const file = join(folder, 'listens.yaml');
    writeFileSync(file, `lines: [{ id: bus1, port: ${port}, listenOnly: true, devices: [] }]\n`);
    const { code, out } = await run(port, '--listen', '--bauds', '9600', '--config', file);
    expect(code).toBe(0);
    expect(out).toMatch(/\d\d× asks unit 7: read inputs \(FC2\) 0x0000×8\n/);
    expect(out).toContain('modbus-listen');
    expect(heard().toString('hex')).toBe('');
  });

  it('leaves a port alone that another program holds, with its name and the line of the configuration', async () => {
    const { port, heard } = await wire();
    const holder = new SerialPort({ path: port, baudRate: 9_600, autoOpen: false });
    await new Promise<void>((resolve, reject) => holder.open((error) => (error ? reject(error) : resolve())));
    after.push(() => new Promise<void>((resolve) => holder.close(() => resolve())));
    const file = join(folder, 'holds.yaml');
    writeFileSync(file, `lines: [{ id: bus1, port: ${port} }]\n`);
    const { code, err } = await run(port, ...ONE, '--yes', '--config', file);
    expect(code).toBe(69);
    expect(err).toContain(`line bus1 of the configuration and in use by the running service`);
    expect(err).toContain(`pid ${process.pid}`);
    expect(err).toContain('systemctl stop lanewarden');
    expect(heard().length).toBe(0);
  });

  it.each([
    [['/etc/passwd', '--yes'], 2, 'PORT: write a port under /dev/'],
    [['/dev/none-such', '--yes'], 69, '/dev/none-such is not there'],
    [['/dev/ttyUSB0', '--units', '0-4'], 2, '--units: unit numbers from 1 to 247'],
    [['/dev/ttyUSB0', '--units', 'all'], 2, '--units'],
    [['/dev/ttyUSB0', '--bauds', '9600,fast'], 2, '--bauds: 1 to 8 baud rates'],
    [['/dev/ttyUSB0', '--parities', 'mark'], 2, '--parities'],
    [['/dev/ttyUSB0', '/dev/ttyUSB1'], 2, 'one argument too many'],
    [['/dev/ttyUSB0', '--config', '/nowhere.yaml'], 66, '/nowhere.yaml'],
  ])('%j exits %d', async (words, code, message) => {
    const ended = await run(...words);
    expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
  });
});

describe('a serial server', () => {
  it('is searched once, whatever the speeds, and not while a program of this machine is connected', async () => {
    const { createServer, connect } = await import('node:net');
    const board = createWaveshareBoard({ unit: 2, inputs: () => [false, true] });
    const heard: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        heard.push(bytes);
        for (const answer of board.receive(bytes)) socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port: number } = server.address() as { port: number };
    const port = `tcp://127.0.0.1:${number}`;
    const { code, out, err } = await run(port, '--units', '1-2', '--yes');
    expect(code).toBe(0);
    expect(err).toContain(`${port}, units 1 to 2, reads only`);
    expect(out).toContain('inputs now: di1=0 di2=1');
    expect(out).toContain(`    port: ${port}\n    devices:\n`);
    expect(mustBeReads(Buffer.concat(heard), 2)).toBeGreaterThan(4);
    const client = connect(number, '127.0.0.1');
    await new Promise((resolve) => client.once('connect', resolve));
    after.push(() => void client.destroy());
    const asked = heard.length;
    expect(await run(port, '--units', '1-2', '--yes')).toMatchObject({
      code: 69,
      err: expect.stringContaining('in use'),
    });
    expect(heard.length).toBe(asked);
  });

  it('is connected by the table of the kernel, in IPv4 and as IPv6', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lanewarden-net-'));
    after.push(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'proc/net'), { recursive: true });
    const row = (remote: string, state: string) => `  sl\n   0: 0100007F:1F90 ${remote} ${state} 00000000\n`;
    writeFileSync(join(root, 'proc/net/tcp'), row('0A0200C0:1064', '06'));
    expect(await isConnected('192.0.2.10', 4196, root)).toBe(false);
    writeFileSync(join(root, 'proc/net/tcp6'), row('0000000000000000FFFF00000A0200C0:1064', '01'));
    expect(await isConnected('192.0.2.10', 4196, root)).toBe(true);
    expect(await isConnected('192.0.2.11', 4196, root)).toBe(false);
    expect(await isConnected('192.0.2.10', 4197, root)).toBe(false);
  });
});

describe('lanewarden probe', () => {
  it('lists ports', async () => {
    const { code, out } = await run('--json');
    expect(code).toBe(0);
    expect(Array.isArray(JSON.parse(out))).toBe(true);
  });

  it('knows why a port may not be opened', async () => {
    const root = mkdtempSync(join(tmpdir(), 'lanewarden-access-'));
    after.push(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'dev'));
    mkdirSync(join(root, 'etc'));
    const file = join(root, 'dev/ttyUSB0');
    writeFileSync(file, '');
    const { gid, uid } = await import('node:fs').then(({ statSync }) => statSync(file));
    const group = gid === 0 ? 20 : gid;
    if (gid === 0) chownSync(file, uid, group);
    chmodSync(file, 0o660);
    const groups = (members: string) =>
      writeFileSync(join(root, 'etc/group'), `root:x:0:\ndialout:x:${group}:${members}\n`);
    const user = { uid: uid + 1_000, name: 'pi', groups: [100_001] };
    const why = (as = user) => portRefusal('/dev/ttyUSB0', as, root);
    groups('someone');
    expect(await why()).toEqual({ kind: 'join', user: 'pi', group: 'dialout' });
    groups('someone,pi');
    expect(await why()).toEqual({ kind: 'relogin', user: 'pi', group: 'dialout' });
    expect(await why({ ...user, groups: [group] })).toBeUndefined();
    expect(await why({ ...user, uid: 0 })).toBeUndefined();
    chmodSync(file, 0o600);
    expect(await why()).toEqual({ kind: 'owner' });
  });
});
