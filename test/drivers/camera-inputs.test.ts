/** What is wired to a camera, read over real sockets from a camera in a process of its own: its points, its silence, and every byte it hears. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readInState } from '../../drivers/dahua/inputs.ts';
import { createArmReader, readInput } from '../../drivers/hikvision/inputs.ts';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { readGpioValue } from '../../drivers/vzenith/inputs.ts';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import { type CameraInputs, type Clock, ProtocolError, type Reading } from '../../src/driver.ts';
import { createLineGauge } from '../../src/line/health.ts';
import { healthText } from '../../src/line/health-text.ts';
import { superviseUnwired } from '../../src/line/local-device.ts';

const clock = systemClock();
/** A busy machine may take its time. */
const soon = <T>(read: () => T) => expect.poll(read);
const PROGRAM = fileURLToPath(new URL('cameras/wired-camera.mjs', import.meta.url));
let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
});

interface Told {
  readonly http?: number;
  readonly vzenith?: number;
  readonly request?: string;
  readonly login?: boolean;
  readonly packet?: number;
  readonly json?: string;
  readonly state?: unknown;
}

async function startCamera() {
  const started = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  child = started;
  const told: Told[] = [];
  createInterface({ input: started.stdout }).on('line', (line) => told.push(JSON.parse(line) as Told));
  await soon(() => told.length).toBeGreaterThan(0);
  const [ports] = told;
  return {
    told,
    http: ports?.http ?? 0,
    vzenith: ports?.vzenith ?? 0,
    async become(state: Record<string, unknown>): Promise<void> {
      const from = told.length;
      started.stdin.write(`${JSON.stringify(state)}\n`);
      await soon(() => told.slice(from).some((each) => each.state !== undefined)).toBe(true);
    },
    end: () => started.kill('SIGKILL'),
  };
}
type Wired = Awaited<ReturnType<typeof startCamera>>;

function inputsOf(kind: string, camera: Wired, wanted?: readonly string[], at: Clock = clock): CameraInputs {
  const found = CAMERA_KINDS.find((each) => each.kind === kind);
  const login = { url: `http://127.0.0.1:${camera.http}`, user: 'viewer', password: new Secret('right') };
  const own = kind === 'vzenith' ? { url: 'http://127.0.0.1', port: camera.vzenith } : login;
  const config: unknown = found?.schema.parse({ ...own, inputsMs: 100 });
  const { inputs } = found?.create(config, { clock: at, ...(wanted && { wanted: new Set(wanted) }) }) ?? {};
  if (inputs === undefined) throw new Error(`${kind} has no inputs`);
  return inputs;
}

/** Runs until it is stopped; `levels` are the last told. */
function running(inputs: CameraInputs) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  const levels: Record<string, boolean> = {};
  const ended = inputs
    .run((reading) => {
      readings.push(reading);
      if (reading.kind === 'level') levels[reading.point] = reading.value;
    }, stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { readings, levels, ended, stop: () => stop.abort() };
}

describe('a camera with something wired to it', () => {
  it('of Hikvision tells its barrier and its inputs, asked with GET and with its login', async () => {
    const camera = await startCamera();
    const run = running(inputsOf('hikvision', camera, ['arm_down', 'input2']));
    await soon(() => run.levels).toEqual({ arm_down: true, arm_up: false, input2: false });
    await camera.become({ arm: 0, inputs: [1, 1, 0, 0] });
    await soon(() => run.levels).toEqual({ arm_down: false, arm_up: false, input2: true });
    await camera.become({ arm: 2 });
    await soon(() => run.levels).toMatchObject({ arm_down: false, arm_up: true });
    run.stop();
    expect(await run.ended).toBeUndefined();
    const requests = camera.told.flatMap(({ request }) => request ?? []);
    expect(new Set(requests)).toEqual(
      new Set(['GET /ISAPI/Parking/channels/1/barrierGate/barrierGateStatus', 'GET /ISAPI/System/IO/inputs/2/status']),
    );
    // One challenge, and its nonce is used from then on.
    expect(camera.told.filter(({ request, login }) => request !== undefined && !login)).toHaveLength(1);
    for (const { uncertaintyMs, atMs } of run.readings) {
      expect(uncertaintyMs).toBeGreaterThanOrEqual(0);
      expect(atMs).toBeLessThanOrEqual(clock.nowMs());
    }
  });

  it('of Dahua tells its inputs from one answer', async () => {
    const camera = await startCamera();
    await camera.become({ inputs: [1, 0, 1, 0] });
    const run = running(inputsOf('dahua', camera, ['input1']));
    await soon(() => run.levels).toMatchObject({ input1: true, input2: false, input3: true });
    await camera.become({ inputs: [0, 0, 1, 0] });
    await soon(() => run.levels).toMatchObject({ input1: false, input3: true });
    run.stop();
    await run.ended;
    const requests = camera.told.flatMap(({ request }) => request ?? []);
    expect(new Set(requests)).toEqual(new Set(['GET /cgi-bin/alarm.cgi?action=getInState']));
  });

  it('of Vzenith tells its inputs over a connection on which nothing else is asked', async () => {
    const camera = await startCamera();
    await camera.become({ inputs: [0, 1, 0, 0] });
    const run = running(inputsOf('vzenith', camera, ['input1', 'input2']));
    await soon(() => run.levels).toEqual({ input1: false, input2: true });
    await camera.become({ inputs: [1, 1, 0, 0] });
    await soon(() => run.levels).toEqual({ input1: true, input2: true });
    run.stop();
    expect(await run.ended).toBeUndefined();
    const said = camera.told.flatMap(({ packet, json }) => (packet === 0 ? [json] : []));
    expect(new Set(said)).toEqual(new Set(['{"cmd":"get_gpio_value","gpio":0}', '{"cmd":"get_gpio_value","gpio":1}']));
  });

  it.each(['hikvision', 'dahua', 'vzenith'])(
    'of %s that falls silent is lost and its levels never go low',
    async (kind) => {
      const camera = await startCamera();
      await camera.become({ inputs: [1, 1, 1, 1] });
      const run = running(inputsOf(kind, camera, ['input1']));
      await soon(() => run.levels.input1).toBe(true);
      await camera.become({ silent: true });
      expect(await run.ended).toMatchObject({ code: 'timeout' });
      expect(run.readings.filter((each) => each.kind === 'level' && each.point === 'input1' && !each.value)).toEqual(
        [],
      );
    },
  );

  it('that goes away is told as lost, and read again when it is back', async () => {
    const camera = await startCamera();
    const stop = new AbortController();
    const told: string[] = [];
    const inputs = inputsOf('dahua', camera, ['input1']);
    const gauge = createLineGauge(clock, 'camera', false);
    const figures = gauge.device('cam1');
    const work = superviseUnwired(
      { id: 'cam1', create: () => inputs },
      clock,
      {
        reading: (reading) => {
          figures.reading(reading);
          told.push('reading');
        },
        lost: () => told.push('lost'),
        failed: figures.fault,
        fault: (error) => told.push(error.code),
        recovered: () => told.push('recovered'),
        notice: () => {},
      },
      stop.signal,
    );
    await soon(() => told).toContain('reading');
    await camera.become({ silent: true });
    await soon(() => told.slice(-2)).toEqual(['lost', 'timeout']);
    await camera.become({ silent: false });
    await soon(() => told.at(-1)).toBe('reading');
    const [health] = gauge.report().devices;
    expect(health).toMatchObject({ deviceId: 'cam1', state: 'reading' });
    expect(health?.faults.timeout).toBeGreaterThan(0);
    expect(healthText(gauge.current()).en).toMatch(/^camera: cam1 every \d+\/\d+ ms does not answer ×\d+$/);
    stop.abort();
    await work;
  });

  it('that refuses the login is left alone', async () => {
    const camera = await startCamera();
    await camera.become({ password: 'changed' });
    const inputs = inputsOf('hikvision', camera, ['input1']);
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await running(inputs).ended).toMatchObject({ code: 'denied' });
    await soon(() => camera.told.filter(({ login }) => login === true).length).toBe(1);
    await clock.sleep(200);
    expect(camera.told.filter(({ login }) => login === true)).toHaveLength(1);
  });

  it('is not asked for what no lane uses', async () => {
    const camera = await startCamera();
    const run = running(inputsOf('hikvision', camera, ['arm_up']));
    await soon(() => run.readings.length).toBeGreaterThan(4);
    run.stop();
    await run.ended;
    expect(camera.told.flatMap(({ request }) => request ?? []).filter((each) => each.includes('/IO/'))).toEqual([]);
  });
});

describe('an answer about the barrier', () => {
  const arm = (state: string): string =>
    `<BarrierGateStatus><barrierGateStatus>${state}</barrierGateStatus></BarrierGateStatus>`;
  it('without a signal says nothing of an arm whose limits are not wired', () => {
    const read = createArmReader();
    for (let atMs = 0; atMs < 60_000; atMs += 250) expect(read(arm('0'), atMs)).toEqual({});
  });

  it('without a signal is an arm on its way after a limit, and unknown when it stays there', () => {
    const read = createArmReader();
    expect(read(arm('1'), 0)).toEqual({ arm_down: true, arm_up: false });
    expect(read(arm('0'), 250)).toEqual({ arm_down: false, arm_up: false });
    expect(read(arm('2'), 4_000)).toEqual({ arm_down: false, arm_up: true });
    expect(read(arm('0'), 19_000)).toEqual({ arm_down: false, arm_up: false });
    expect(read(arm('0'), 19_001)).toEqual({});
  });

  it.each(['', '3', '-1', '1 ', 'closed'])('that is %j is no state', (state) => {
    if (state === '1 ') return expect(createArmReader()(arm(state), 0)).toMatchObject({ arm_down: true });
    expect(() => createArmReader()(arm(state), 0)).toThrow(ProtocolError);
  });
});

describe('an answer about inputs', () => {
  it.each([
    ['<IOPortStatus><ioPortID>1</ioPortID><ioState>active</ioState></IOPortStatus>', 1, true],
    ['<IOPortStatus><ioPortNo>2</ioPortNo><ioState>inactive</ioState></IOPortStatus>', 2, false],
    ['<ns:IOPortStatus><ns:ioState>active</ns:ioState></ns:IOPortStatus>', 3, true],
  ])('of Hikvision: %s', (xml, number, level) => expect(readInput(xml, number)).toBe(level));

  it.each([
    '',
    '<IOPortStatus><ioPortID>2</ioPortID><ioState>active</ioState></IOPortStatus>',
    '<IOPortStatus><ioPortID>1</ioPortID></IOPortStatus>',
    '<IOPortStatus><ioPortID>1</ioPortID><ioState>open</ioState></IOPortStatus>',
    '<ResponseStatus><statusCode>4</statusCode></ResponseStatus>',
  ])('of Hikvision is none: %s', (xml) => expect(() => readInput(xml, 1)).toThrow(ProtocolError));

  it.each(['', 'result=', 'result=-1', 'result=1x', 'OK', 'Error\r\nBad Request!', 'result=0x3'])(
    'of Dahua is none: %j',
    (text) => expect(() => readInState(text)).toThrow(ProtocolError),
  );

  const packet = (json: unknown) => ({ type: 'json' as const, body: Buffer.from(JSON.stringify(json)) });
  it.each([
    [{ cmd: 'get_gpio_value', gpio: 1, value: 1 }, true],
    [{ cmd: 'get_gpio_value', value: 0 }, false],
    [{ value: 1 }, true],
    [{ cmd: 'ivsresult' }, undefined],
    [{}, undefined],
  ])('of Vzenith: %j', (json, level) => expect(readGpioValue(packet(json), 1)).toBe(level));

  it.each([
    { cmd: 'get_gpio_value', gpio: 0, value: 1 },
    { cmd: 'get_gpio_value', value: 2 },
    { cmd: 'get_gpio_value' },
    { cmd: 'get_gpio_value', state_code: 404, value: 0 },
  ])('of Vzenith is none: %j', (json) => expect(() => readGpioValue(packet(json), 1)).toThrow(ProtocolError));
});
