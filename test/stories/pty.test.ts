/** The main job on a real serial path: a board on a pty, the compiled program, a camera, and the platform in a process of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startCamera } from '../../src/sim/camera.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/modbus-slave.ts';
import { eventually, laneConfig, platformProcess, program, ptyPair, temporaryFolder } from './processes.ts';

const SECRET = 'pty-test-secret';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A board on the far end of a pty pair whose inputs the test sets. */
async function setUp() {
  const folder = temporaryFolder();
  const clock = systemClock();
  const { near, far, socat } = await ptyPair(folder);
  endings.push(() => socat.end('SIGKILL'));
  const levels = { down: true, up: false, approach: false, barrier: false, auto: false, button: false };
  const board = createWaveshareBoard({ inputs: () => Object.values(levels) });
  const serial = new SerialPort({ path: far, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  const served = new AbortController();
  endings.push(() => served.abort());
  const farEnd = createFarEnd({ clock });
  farEnd.attach(board);
  serveOnStream(serial, farEnd, served.signal);
  const platform = await platformProcess(SECRET);
  endings.push(() => platform.running.end());
  const camera = await startCamera({
    clock,
    scene: () => ({ wallMs: clock.wallMs(), laneId: '1001', armPosition: 1, vehicles: [] }),
  });
  endings.push(() => camera.close());
  const config = laneConfig(folder, {
    port: near,
    platformUrl: platform.url,
    cameraUrl: camera.snapshotUrl,
    secret: SECRET,
    settings: 'settle: 300ms',
  });
  return { board, levels, platform, camera, config, socat };
}

/** The same configuration with the platform at another address. */
function moveTo(config: string, from: string, to: string): string {
  writeFileSync(config, readFileSync(config, 'utf8').replace(from, to));
  return config;
}

type Levels = Awaited<ReturnType<typeof setUp>>['levels'];

/** Changes the inputs one after the other, each only when the program has logged what it made of the one before. */
async function carLetOutByButton(levels: Levels, seen: (text: string) => Promise<void>): Promise<void> {
  const board = async (change: Partial<Levels>, text?: string) => {
    Object.assign(levels, change);
    await (text === undefined ? pollsPass() : seen(text));
  };
  await board({ approach: true });
  await board({ button: true }, 'button is pressed');
  await board({ down: false }, 'the arm leaves down');
  await board({ button: false });
  await board({ up: true }, 'the arm is up');
  await board({ barrier: true });
  await board({ approach: false });
  await board({ barrier: false });
  await board({ up: false });
  await board({ down: true }, 'the arm is down');
}
let pollsPass: () => Promise<void>;

describe('lanewarden run on a pty', () => {
  it('turns edges on the wire into one signed record with its picture at the platform, and ends cleanly', async () => {
    const { board, levels, platform, config } = await setUp();
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.process.kill('SIGKILL'));
    await running.says('watching');
    await eventually('the board is polled', () => board.answered > 10, running.output);
    pollsPass = async () => {
      const from = board.answered;
      await eventually('polls pass', () => board.answered > from + 8, running.output);
    };
    await carLetOutByButton(levels, (text) => running.says(text));
    await eventually('the platform has a record', () => platform.records().length > 0, running.output);
    const { code, tookMs } = await running.end('SIGTERM');
    expect(code, running.output()).toBe(0);
    expect(tookMs).toBeLessThan(2_000);
    expect(platform.records()).toHaveLength(1);
    expect(platform.records()[0]).toMatchObject({
      fields: {
        gate_id: '1001',
        gate_name: '通道A',
        release_type: '2',
        release_method: '1',
        release_method_desc: '按钮开闸',
        plate: '无牌车',
      },
    });
    expect(platform.records()[0]?.pictureBytes).toBeGreaterThan(1_000);
    expect(board.commandsSeen, 'nothing that writes was ever sent').toEqual([]);
    expect(running.output()).not.toContain(SECRET);
  });

  it('keeps a record through a stop and delivers it when it is started again', async () => {
    const { board, levels, platform, config } = await setUp();
    await platform.running.end('SIGKILL');
    const first = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => first.process.kill('SIGKILL'));
    await first.says('watching');
    await eventually('the board is polled', () => board.answered > 10, first.output);
    pollsPass = async () => {
      const from = board.answered;
      await eventually('polls pass', () => board.answered > from + 8, first.output);
    };
    await carLetOutByButton(levels, (text) => first.says(text));
    await first.says('unpaid release');
    expect((await first.end('SIGTERM')).code, first.output()).toBe(0);
    const again = await platformProcess(SECRET);
    endings.push(() => again.running.end());
    const moved = moveTo(config, platform.url, again.url);
    const second = program(['run', '--config', moved, '--lang', 'en']);
    endings.push(() => second.process.kill('SIGKILL'));
    await eventually('the platform has the record', () => again.records().length > 0, second.output, 25_000);
    expect(again.records()[0]).toMatchObject({ fields: { release_method_desc: '按钮开闸' } });
    expect((await second.end('SIGTERM')).code, second.output()).toBe(0);
    expect(again.records()).toHaveLength(1);
  });

  it('says that the adapter is gone, and goes on when it is back', async () => {
    const { board, config, socat } = await setUp();
    const running = program(['run', '--config', config, '--lang', 'en']);
    endings.push(() => running.process.kill('SIGKILL'));
    await eventually('the board is polled', () => board.answered > 10, running.output);
    await socat.end('SIGKILL');
    await running.says(/rs485-1 .*(went away|is not there)/);
    await running.says('signal lost');
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  });
});
