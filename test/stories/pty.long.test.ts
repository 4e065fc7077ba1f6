/** The main job on a real serial path: a board on a pty, the compiled program, a camera, and the platform in a process of its own. */
import { describe, expect, it } from 'vitest';
import { endings } from '../endings.ts';
import { boardOnPty, carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run } from './lane.ts';
import { eventually, platformProcess, ptyPair } from './processes.ts';

const SECRET = 'pty-test-secret';
const setUp = () => laneOnPty(SECRET);

/** What takes longer is stuck, and the program then kills itself (`src/cli/run.ts`). */
const STOP_WITHIN_MS = 10_000;

/** The same configuration with the platform at another address. */
function moveTo(config: string, from: string, to: string): string {
  change(config, { [from]: to });
  return config;
}

describe('lanewarden run on a pty', () => {
  it('turns edges on the wire into one signed record with its picture at the platform, and ends cleanly', async () => {
    const { wired, platform, config } = await setUp();
    const running = run(config);
    await polled(wired.board, running);
    await carLetOutByButton(wired, running);
    await eventually('the platform has a record', () => platform.records().length > 0, running.output);
    const { code, tookMs } = await running.end('SIGTERM');
    expect(code, running.output()).toBe(0);
    expect(tookMs).toBeLessThan(STOP_WITHIN_MS);
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
    expect(wired.board.commandsSeen, 'nothing that writes was ever sent').toEqual([]);
    expect(running.output()).not.toContain(SECRET);
  });

  it('keeps a record through a stop while the platform is away, and delivers it once when it is started again', async () => {
    const { wired, platform, config } = await setUp();
    await platform.running.end('SIGKILL');
    const first = run(config);
    await polled(wired.board, first);
    await carLetOutByButton(wired, first);
    await first.says(/platform.*(refused|not reach|cannot|connect)/i);
    const { code, tookMs } = await first.end('SIGTERM');
    expect(code, first.output()).toBe(0);
    expect(tookMs).toBeLessThan(STOP_WITHIN_MS);
    const again = await platformProcess(SECRET);
    endings.push(() => again.running.end());
    const second = run(moveTo(config, platform.url, again.url));
    await eventually('the platform has the record', () => again.records().length > 0, second.output);
    expect(again.records()[0]).toMatchObject({ fields: { release_method_desc: '按钮开闸' } });
    expect((await second.end('SIGTERM')).code, second.output()).toBe(0);
    expect(again.records()).toHaveLength(1);
  });

  it('is killed between the opening and the verdict, and still reports it once', async () => {
    const { wired, platform, config } = await setUp();
    const first = run(config);
    await polled(wired.board, first);
    Object.assign(wired.levels, { approach: true, button: true });
    await first.says('button is pressed');
    Object.assign(wired.levels, { down: false, button: false });
    await first.says('the arm leaves down');
    // Groups of edges are at most 250 ms old; twenty polls of 25 ms are twice that.
    await polled(wired.board, first, 20);
    await first.end('SIGKILL');
    const second = run(config);
    await second.says('watching');
    await polled(wired.board, second);
    Object.assign(wired.levels, { up: true, barrier: true });
    await second.says('the arm is up');
    await polled(wired.board, second, 8);
    Object.assign(wired.levels, { approach: false });
    await polled(wired.board, second, 8);
    Object.assign(wired.levels, { barrier: false });
    await eventually('the platform has a record', () => platform.records().length > 0, second.output);
    expect(platform.records()[0]).toMatchObject({ fields: { release_method_desc: '按钮开闸' } });
    Object.assign(wired.levels, { up: false, down: true });
    await second.says('the arm is down');
    expect((await second.end('SIGTERM')).code, second.output()).toBe(0);
    expect(platform.records(), second.output()).toHaveLength(1);
  });

  it('says that the adapter is gone, and goes on by itself when it is back', async () => {
    const { folder, pty, wired, config } = await setUp();
    const running = run(config);
    await polled(wired.board, running);
    await pty.socat.end('SIGKILL');
    await running.says(/rs485-1 (disconnected|is not there)/);
    const again = await ptyPair(folder);
    endings.push(() => again.socat.end('SIGKILL'));
    const rewired = await boardOnPty(again.far);
    endings.push(() => rewired.close());
    await polled(rewired.board, running);
    await running.says('rs485-1 works again');
    expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  });

  it('sends the record without a picture when the camera is down, and says why', async () => {
    const { wired, platform, camera, config } = await setUp();
    await camera.close();
    const running = run(config);
    await polled(wired.board, running);
    await carLetOutByButton(wired, running);
    await eventually('the platform has a record', () => platform.records().length > 0, running.output);
    expect(platform.records()[0]).toMatchObject({ pictureBytes: 0 });
    expect(running.output()).toMatch(/cam1 .*(cannot be connected|not there|disconnected)/);
    await running.end('SIGTERM');
  });

  it.each([
    ['en', 'io1 does not answer', 'check its power'],
    ['zh', 'io1 没有应答', '检查供电'],
  ] as const)('says in %s that the board does not answer, and what to do', async (language, what, todo) => {
    const { wired, config } = await setUp();
    wired.board.powered = false;
    const running = run(config, language);
    await running.says(what);
    expect(running.output()).toContain(todo);
    wired.board.powered = true;
    await polled(wired.board, running);
    await running.end('SIGTERM');
  });
});

describe('lanewarden run that cannot start', () => {
  it('says that the port is not there, and stays ready for it', async () => {
    const { config, pty } = await setUp();
    const running = run(moveTo(config, pty.near, '/dev/no-such-port'));
    await running.says('/dev/no-such-port');
    expect(running.output()).toMatch(/rs485-1 is not there: check the path/);
    expect((await running.end('SIGTERM')).code).toBe(0);
  });

  it('says every fault of a broken configuration at once, and the page stays to mend it', async () => {
    const { config } = await setUp();
    const running = run(moveTo(moveTo(config, 'direction: exit', 'direction: out'), 'baudRate', 'baudrate'));
    await running.says('no lane is watched');
    expect(running.output()).toMatch(/line \d+.*baudrate/);
    expect(running.output()).toMatch(/line \d+.*direction/);
    await running.says('set-up code');
    expect((await running.end('SIGTERM')).code).toBe(0);
  });
});
