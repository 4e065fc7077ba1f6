/** GPIO by the tools of libgpiod: what they are asked, what their lines mean, and that nothing is known once they are gone. */

import { afterEach, describe, expect, it } from 'vitest';
import { createGpioDriver, type GpioSources, gpioKind } from '../../drivers/gpio/driver.ts';
import { chipsOf, dialectOf, parseLevels } from '../../drivers/gpio/gpiod-text.ts';
import { gpiomonSource } from '../../drivers/gpio/gpiomon.ts';
import type { GpioListener, GpioSource } from '../../drivers/gpio/source.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type Driver, LinkError, ProtocolError, type Reading } from '../../src/driver.ts';
import { superviseUnwired } from '../../src/line/local-device.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import fc, { anyCharacter } from '../property.ts';
import { type FakeOptions, type FakeTools, fakeTools, hurried, isRunning } from './gpio-tools.ts';

const clock = systemClock();
const DEVICE = { chip: 'pinctrl-bcm2711', lines: { in17: 17, in27: 27 } };
const PI = gpioKind.schema.parse(DEVICE);
const V1 = { version: 'v1.6.3' };

const opened: FakeTools[] = [];
afterEach(() => {
  for (const tools of opened.splice(0)) tools.close();
});
function tools(options: FakeOptions = {}): FakeTools {
  const made = fakeTools(options);
  opened.push(made);
  return made;
}

const noSysfs: GpioSources['sysfs'] = () => ({ watch: () => Promise.reject(new Error('nobody asked for sysfs')) });
function driverOf(fake: Pick<FakeTools, 'tools'>, device: object = {}, on: Clock = clock): Driver {
  const config = gpioKind.schema.parse({ ...DEVICE, ...device });
  return createGpioDriver(config, { clock: on }, { tools: fake.tools, gpiomon: gpiomonSource, sysfs: noSysfs });
}

async function until(what: () => boolean): Promise<void> {
  const endMs = clock.nowMs() + LONGEST_WAIT_MS;
  while (!what()) {
    if (clock.nowMs() > endMs) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(2);
  }
}

function running(driver: Driver) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  const ended = driver
    .run((reading) => readings.push(reading), stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { readings, ended, stop: () => stop.abort() };
}

/** What a source ended with before it told anything. */
async function refusal(options: FakeOptions, device: object = {}, on: Clock = clock): Promise<unknown> {
  const run = running(driverOf(tools(options), { via: 'gpiomon', ...device }, on));
  const error = await run.ended;
  expect(run.readings).toEqual([]);
  return error;
}

describe.each([
  {
    version: 'v2.2.1',
    get: 'gpioget --numeric -c gpiochip0 -b pull-up 17 27',
    mon: 'gpiomon --banner -c gpiochip0 -e both -E monotonic -p 5ms -b pull-up -F %o %e %S 17 27',
    edge: (line: number, on: boolean, atMs: number) => `${line} ${on ? 1 : 2} ${(atMs / 1_000).toFixed(9)}`,
    uncertaintyMs: 6,
  },
  {
    version: 'v1.6.3',
    get: 'gpioget --bias=pull-up gpiochip0 17 27',
    mon: 'gpiomon -b --bias=pull-up --format=%o %e %s %n gpiochip0 17 27',
    // Nanoseconds without the zeros before them.
    edge: (line: number, on: boolean, atMs: number) =>
      `${line} ${on ? 1 : 0} ${Math.floor(atMs / 1_000)} ${Math.floor((atMs % 1_000) * 1e6)}`,
    uncertaintyMs: 1,
  },
])('libgpiod $version', ({ version, get, mon, edge, uncertaintyMs }) => {
  it('is asked in its own way, says the levels first and then each edge with the stamp of the kernel', async () => {
    const fake = tools({ version });
    const run = running(driverOf(fake, { bias: 'pull-up' }));
    await until(() => run.readings.length >= 2);
    expect(fake.asked()).toEqual(['gpiomon --version', 'gpiomon --version', 'gpiodetect ', get, mon]);
    expect(run.readings.slice(0, 2)).toMatchObject([
      { kind: 'level', point: 'in17', value: true },
      { kind: 'level', point: 'in27', value: false },
    ]);
    const atMs = Math.floor(clock.nowMs()) - 40 + 0.25;
    fake.say(edge(27, true, atMs));
    fake.say(edge(17, false, atMs + 3));
    const edges = () => run.readings.filter((each) => Math.abs(each.atMs - atMs) < 5);
    await until(() => edges().length === 2);
    expect(edges()).toEqual([
      { kind: 'level', point: 'in27', value: true, atMs: expect.closeTo(atMs, 3), uncertaintyMs },
      { kind: 'level', point: 'in17', value: false, atMs: expect.closeTo(atMs + 3, 3), uncertaintyMs },
    ]);
    run.stop();
    expect(await run.ended).toBeUndefined();
    expect(isRunning(fake.pid())).toBe(false);
  });

  it('says the levels again twice a second while nothing happens', async () => {
    const run = running(driverOf(tools({ version }), {}, hurried(clock, 10)));
    await until(() => run.readings.length >= 10);
    expect(new Set(run.readings.map((each) => `${each.point} ${each.kind === 'level' && each.value}`))).toEqual(
      new Set(['in17 true', 'in27 false']),
    );
    const times = run.readings.map((each) => each.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    run.stop();
    expect(await run.ended).toBeUndefined();
  });

  it.each([
    ['is killed', 'SIGKILL', 'gone'],
    ['ends', 'SIGTERM', 'gone'],
    ['is stopped', 'SIGSTOP', 'gone'],
  ] as const)('is not known any more when gpiomon %s', async (_, name, code) => {
    const fake = tools({ version });
    const run = running(driverOf(fake, {}, hurried(clock, 5)));
    await until(() => run.readings.length >= 2);
    const pid = fake.pid();
    fake.signal(name);
    expect(await run.ended).toMatchObject({ name: 'LinkError', code });
    expect(isRunning(pid)).toBe(false);
    // It never said that a level had fallen.
    for (const each of run.readings) expect(each).toMatchObject({ value: each.point === 'in17' });
  });

  it.each(['17 3 1.000000000', '18 1 1.000000000', 'rising', '17 1 x', '\0\u00ff', '17 1 1.0 2', ''])(
    'makes no reading of %j',
    async (text) => {
      const fake = tools({ version });
      const run = running(driverOf(fake));
      await until(() => run.readings.length >= 2);
      const before = run.readings.filter((each) => each.kind === 'level' && each.value !== (each.point === 'in17'));
      fake.say(text);
      expect(await run.ended).toMatchObject({ name: 'ProtocolError', code: 'frame' });
      expect(before).toEqual([]);
      expect(isRunning(fake.pid())).toBe(false);
    },
  );

  it('does not keep a line without an end', async () => {
    const fake = tools({ version });
    const run = running(driverOf(fake));
    await until(() => run.readings.length >= 2);
    fake.saySome('1'.repeat(3_000));
    expect(await run.ended).toMatchObject({ name: 'ProtocolError', code: 'frame' });
  });
});

describe('what does not begin', () => {
  // A tool that hangs is given up soon; one that says something has as long as a busy machine needs to start it.
  const hurry = hurried(clock, 20);
  const patience = hurried(clock, 1 / 20);
  it.each([
    ['gpiomon --version hangs', { gpiomonVersion: 'exec sleep 60' }, { code: 'timeout' }],
    ['gpiodetect hangs', { gpiodetect: 'exec sleep 60' }, { code: 'timeout' }],
    ['gpioget hangs', { gpioget: 'exec sleep 60' }, { code: 'timeout' }],
    ['gpiomon never has its lines', { gpiomon: 'exec sleep 60' }, { code: 'timeout' }],
    ['another program is called gpiomon', { gpiomonVersion: 'echo gpiomon 7' }, { code: 'identity' }],
    ['no chip has this label', { chips: 'gpiochip0 [x86] (8 lines)\n' }, { code: 'notFound', message: /here are x86/ }],
    ['there is no chip', { chips: '' }, { code: 'notFound' }],
    [
      'two chips have this label',
      { chips: 'gpiochip0 [pinctrl-bcm2711] (8 lines)\ngpiochip3 [pinctrl-bcm2711] (8 lines)\n' },
      { code: 'refused' },
    ],
    [
      'somebody else has the line',
      { gpioget: "echo 'gpioget: unable to request lines: Device or resource busy' >&2; exit 1" },
      { code: 'busy' },
    ],
    [
      'the user may not',
      { gpiodetect: "echo 'gpiodetect: unable to open /dev/gpiochip0: Permission denied' >&2; exit 1" },
      { code: 'denied' },
    ],
    ['gpioget prints something else', { gpioget: 'echo active' }, { code: 'frame' }],
    ['gpioget prints too few', { gpioget: 'echo 1' }, { code: 'frame' }],
    ['gpiomon ends at once', { gpiomon: 'exit 0' }, { code: 'gone' }],
    ['version 1 ends at once', { ...V1, gpiomon: "echo 'gpiomon: invalid offset' >&2; exit 1" }, { code: 'refused' }],
    ['gpioget does not stop printing', { gpioget: 'exec yes' }, { code: 'frame' }],
  ] as const)('%s', async (_, options, expected) => {
    const error = (await refusal(options, {}, expected.code === 'timeout' ? hurry : patience)) as Error & {
      code: string;
    };
    expect(error instanceof LinkError || error instanceof ProtocolError, String(error)).toBe(true);
    expect(error.code).toBe(expected.code);
    if ('message' in expected) expect(error.message).toMatch(expected.message);
  });

  it('ends when it is told to while a tool hangs', async () => {
    const run = running(driverOf(tools({ gpioget: 'exec sleep 60' })));
    await clock.sleep(100);
    run.stop();
    expect(await run.ended).toBeUndefined();
    expect(run.readings).toEqual([]);
  });

  it('one name printed twice is one chip', () => {
    const chips = chipsOf(['gpiochip0 [pinctrl-rp1] (54 lines)', 'gpiochip0 [pinctrl-rp1] (54 lines)', 'junk']);
    expect(chips).toEqual(new Map([['pinctrl-rp1', new Set(['gpiochip0'])]]));
  });
});

describe('the way it is read', () => {
  const missing = {
    tools: { gpiomon: '/nonexistent/gpiomon', gpioget: '/nonexistent/a', gpiodetect: '/nonexistent/b' },
  };
  const sysfs: GpioSource = {
    watch: async (lines, listener) => {
      for (const offset of lines.offsets) listener.level({ offset, value: true, atMs: 5, uncertaintyMs: 0 });
    },
  };
  const read = async (via: string, fake: Pick<FakeTools, 'tools'>): Promise<unknown> => {
    const config = gpioKind.schema.parse({ ...DEVICE, via });
    const run = running(
      createGpioDriver(config, { clock }, { tools: fake.tools, gpiomon: gpiomonSource, sysfs: () => sysfs }),
    );
    await Promise.race([run.ended, until(() => run.readings.length >= 2)]);
    run.stop();
    return (await run.ended) ?? run.readings[0];
  };

  it('is gpiomon where there is one, else sysfs, or as told', async () => {
    expect(await read('auto', missing)).toMatchObject({ atMs: 5 });
    expect(await read('gpiomon', missing)).toMatchObject({ code: 'notFound' });
    expect(await read('auto', tools())).toMatchObject({ point: 'in17', uncertaintyMs: 6 });
    expect(await read('sysfs', tools())).toMatchObject({ atMs: 5 });
  });
});

describe('a driver of any source', () => {
  const told = async (tell: (listener: GpioListener) => void): Promise<readonly Reading[]> => {
    const source: GpioSource = { watch: async (_, listener) => tell(listener) };
    const run = running(
      createGpioDriver(
        { ...PI, via: 'sysfs' },
        { clock },
        {
          tools: missingTools,
          gpiomon: () => source,
          sysfs: () => source,
        },
      ),
    );
    expect(await run.ended).toBeUndefined();
    return run.readings;
  };
  const missingTools = { gpiomon: 'x', gpioget: 'x', gpiodetect: 'x' };
  const look = (value: boolean, atMs: number) => ({ offset: 17, value, atMs, uncertaintyMs: 2 });

  it('counts the pulse of which only the end was seen', async () => {
    const readings = await told((listener) => {
      listener.level(look(false, 1_000));
      listener.edge(look(false, 1_080));
    });
    expect(readings.slice(1)).toEqual([
      { kind: 'pulses', point: 'in17', count: 1, atMs: 1_080, uncertaintyMs: 80 },
      { kind: 'level', point: 'in17', value: false, atMs: 1_080, uncertaintyMs: 2 },
    ]);
  });

  it('takes what comes and goes within 30 ms for bouncing, and does not look back further than a second', async () => {
    const readings = await told((listener) => {
      listener.level(look(false, 1_000));
      listener.edge(look(false, 1_029));
      listener.alive(90_000, 1);
      listener.edge(look(false, 100_000));
    });
    expect(readings.filter((each) => each.kind === 'pulses')).toEqual([
      { kind: 'pulses', point: 'in17', count: 1, atMs: 100_000, uncertaintyMs: 1_000 },
    ]);
  });

  it('an edge before any level is a level', async () => {
    expect(await told((listener) => listener.edge(look(true, 7)))).toEqual([
      { kind: 'level', point: 'in17', value: true, atMs: 7, uncertaintyMs: 2 },
    ]);
  });

  it('a stamp by another clock is worth no more than its arrival', async () => {
    const fake = tools();
    const run = running(driverOf(fake));
    await until(() => run.readings.length >= 2);
    const fromMs = clock.nowMs();
    fake.say(`27 1 ${(clock.wallMs() / 1_000).toFixed(9)}`);
    await until(() => run.readings.some((each) => each.point === 'in27' && each.kind === 'level' && each.value));
    const reading = run.readings.find((each) => each.point === 'in27' && each.kind === 'level' && each.value);
    expect(reading).toMatchObject({ uncertaintyMs: 56 });
    expect(reading?.atMs).toBeGreaterThanOrEqual(fromMs);
    expect(reading?.atMs).toBeLessThanOrEqual(clock.nowMs());
    run.stop();
    await run.ended;
  });
});

describe('a device without a wire', () => {
  it('is lost at once when gpiomon dies, and known again from what gpioget says then', async () => {
    const fake = tools();
    const stop = new AbortController();
    const seen: string[] = [];
    const supervised = superviseUnwired(
      { id: 'pi', create: () => driverOf(fake) },
      clock,
      {
        reading: (each) => {
          const text = `${each.point}=${each.kind === 'level' ? Number(each.value) : 'pulse'}`;
          if (seen.slice(-2).indexOf(text) === -1) seen.push(text);
        },
        lost: () => seen.push('lost'),
        fault: (error, count) => seen.push(`${error.code} ${count}`),
        recovered: () => seen.push('recovered'),
        notice: () => {},
      },
      stop.signal,
    );
    await until(() => seen.length === 2);
    fake.levels('0 0');
    fake.signal('SIGKILL');
    await until(() => seen.length === 6);
    stop.abort();
    await supervised;
    expect(seen).toEqual(['in17=1', 'in27=0', 'lost', 'gone 1', 'in17=0', 'in27=0', 'lost']);
    expect(fake.watched()).toBe(2);
    expect(isRunning(fake.pid())).toBe(false);
  });

  it('waits longer each time that nothing comes of it, and tells it as one fault', async () => {
    const stop = new AbortController();
    const waits: number[] = [];
    const faults: string[] = [];
    const counting: Clock = { ...clock, sleep: async (ms) => void waits.push(ms) };
    const driver: Driver = {
      points: [],
      run: async () => {
        if (waits.length === 9) stop.abort();
        throw new LinkError('notFound', 'no gpiomon');
      },
    };
    await superviseUnwired(
      { id: 'pi', create: () => driver },
      counting,
      {
        reading: () => {},
        lost: () => {},
        fault: (error) => faults.push(error.code),
        recovered: () => {},
        notice: () => {},
      },
      stop.signal,
    );
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    expect(faults).toEqual(['notFound']);
  });

  it('throws a mistake of our own', async () => {
    const driver: Driver = { points: [], run: () => Promise.reject(new TypeError('ours')) };
    const on = { reading: () => {}, lost: () => {}, fault: () => {}, recovered: () => {}, notice: () => {} };
    const supervised = superviseUnwired({ id: 'pi', create: () => driver }, clock, on, new AbortController().signal);
    await expect(supervised).rejects.toThrow('ours');
  });
});

describe('configuration', () => {
  it.each([
    [{ chip: 'gpiochip0' }, 'chip is the label'],
    [{ chip: '/dev/gpiochip4' }, 'chip is the label'],
    [{ chip: '0' }, 'chip is the label'],
    [{ lines: {} }, 'no point in lines'],
    [{ lines: { In17: 17 } }, 'cannot be the name of a point'],
    [{ lines: { a: 17, b: 17 } }, 'line 17 is given twice'],
    [{ lines: { a: -1 } }, 'expected number to be >=0'],
    [{ via: 'sysfs', bias: 'pull-up' }, 'sysfs cannot set pull-up'],
    [{ bias: 'up' }, 'Invalid option'],
    [{ edge: 'rising' }, 'Unrecognized key'],
  ])('refuses %j', (change, message) => {
    const result = gpioKind.schema.safeParse({ ...DEVICE, ...change });
    expect(result.error?.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });

  it('needs a chip and lines and nothing else', () => {
    expect(PI).toEqual({ ...DEVICE, bias: 'as-is', via: 'auto' });
  });
});

describe('texts of the tools, whatever they are', () => {
  it('become what they say or an error, and never an event of another shape', () => {
    const dialects = ['v1.6.3', 'v2.2.1', 'v3.0'].map((version) => dialectOf([`gpiomon (libgpiod) ${version}`]));
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9. ]{0,40}$/), fc.string({ unit: anyCharacter }));
    fc.assert(
      fc.property(text, (line) => {
        for (const dialect of dialects) {
          const event = dialect.event(line);
          if (event === undefined) continue;
          expect(Number.isSafeInteger(event.offset)).toBe(true);
          expect(Number.isFinite(event.atMs)).toBe(true);
        }
        chipsOf([line]);
        try {
          expect(parseLevels([line], 2)).toHaveLength(2);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
