/** The one thing that switches: when, for how long, what makes it refuse, and that it is off again whatever goes wrong. */
import { afterEach, describe, expect, it } from 'vitest';
import { alarmOutputKind } from '../../drivers/alarm-output/driver.ts';
import { systemClock } from '../../src/clock.ts';
import type { AlarmCause, Clock, Reading } from '../../src/driver.ts';
import { ALARM_KINDS, VERDICTS } from '../../src/kinds.ts';
import { openPort } from '../../src/line/port.ts';
import { superviseLine } from '../../src/line/supervise.ts';
import { createRelayBoard, type RelayBoard } from './relay-board.ts';
import { createWire, hexOf, type Wire } from './wire.ts';

const clock = systemClock();
const soon = <T>(read: () => T) => expect.poll(read, { interval: 5 });
const TAILGATING: AlarmCause = { kind: 'release', what: 'tailgating', laneId: '1001' };
const UNIT = 9;
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

interface Outfit {
  readonly board: RelayBoard;
  readonly wire: Wire;
  readonly readings: Reading[];
  readonly faults: string[];
  happens(cause: AlarmCause): void;
  stop(): Promise<void>;
}

function start(
  device: Record<string, unknown>,
  board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs }),
  at: Clock = clock,
): Outfit {
  const config = alarmOutputKind.schema.parse({
    board: 'waveshare-modbus-rtu-relay-d-8ch',
    unit: UNIT,
    relay: 3,
    pollMs: 20,
    timeoutMs: 60,
    ...device,
  });
  const wire = createWire({ farEnd: board.farEnd });
  const stop = new AbortController();
  const readings: Reading[] = [];
  const faults: string[] = [];
  let hear: ((cause: AlarmCause) => void) | undefined;
  const keep = (each: NonNullable<typeof hear>): void => {
    hear = each;
  };
  const settings = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  const work = superviseLine(
    {
      lineId: 'l',
      transport: 'serial',
      clock: at,
      devices: [
        {
          id: 'siren',
          undoesAtStop: true,
          create: (ports) => alarmOutputKind.create({ ...config, profile: undefined }, { ...ports, alarms: keep }),
        },
      ],
      open: (signal) => openPort(settings, { clock: at, signal, binding: wire.binding }),
      on: {
        reading: (_, reading) => readings.push(reading),
        lost: () => {},
        fault: (_, error) => faults.push(error.code),
        recovered: () => {},
      },
    },
    stop.signal,
  );
  const end = async (): Promise<void> => {
    stop.abort();
    await work;
  };
  endings.push(end);
  return { board, wire, readings, faults, happens: (cause) => hear?.(cause), stop: end };
}

const ON = '0905 0002 ff00';
const OFF = '0905 0002 0000';
/** Requests to switch that went out, without their checksum. */
const switching = ({ wire }: Outfit): readonly string[] =>
  wire.written
    .map(hexOf)
    .filter((hex) => Number.parseInt(hex.slice(2, 4), 16) > 4)
    .map((hex) => `${hex.slice(0, 4)} ${hex.slice(4, 8)} ${hex.slice(8, 12)}`);
const running = (set: Outfit) => soon(() => set.readings.length).toBeGreaterThan(2);

describe('an alarm output', () => {
  it('that is not enabled sends not a byte, whatever happens', async () => {
    const set = start({});
    for (const what of VERDICTS) set.happens({ kind: 'release', what, laneId: '1001' });
    await clock.sleep(150);
    set.happens(TAILGATING);
    await clock.sleep(150);
    await set.stop();
    expect(set.wire.written).toEqual([]);
  });

  it('only looks at its relay while nothing happens', async () => {
    const set = start({ enabled: true });
    await soon(() => set.readings.length).toBeGreaterThan(10);
    expect(set.board.heard.every((code) => code === 1 || code === 3)).toBe(true);
    expect(switching(set)).toEqual([]);
    await set.stop();
    expect(switching(set)).toEqual([]);
  });

  it('is on for its time and off by itself, however often something happens meanwhile', async () => {
    const set = start({ enabled: true, onMs: 1_000 });
    await running(set);
    set.happens(TAILGATING);
    await soon(() => set.board.relays[2]).toBe(true);
    for (let times = 0; times < 10; times += 1) {
      set.happens(TAILGATING);
      await clock.sleep(1);
    }
    await soon(() => set.board.switched.length).toBe(2);
    await clock.sleep(100);
    expect(switching(set)).toEqual([ON, OFF]);
    const [on, off] = set.board.switched;
    expect((off?.atMs ?? 0) - (on?.atMs ?? 0)).toBeGreaterThanOrEqual(995);
    // It is looked at while it is on: a watchdog that saw no turn for its whole time would end the program.
    const whileOn = set.board.heard.slice(set.board.heard.indexOf(5) + 1, set.board.heard.lastIndexOf(5));
    expect(whileOn.length).toBeGreaterThan(3);
    const levels = set.readings.map((each) => each.kind === 'level' && each.value);
    expect(levels).toContain(true);
    expect(levels.at(-1)).toBe(false);
    // And again for what happens later.
    set.happens(TAILGATING);
    await soon(() => switching(set).length).toBe(4);
  });

  it.each([
    [{ releases: ['manual'] }, TAILGATING],
    [{ releases: [] }, TAILGATING],
    [{ lane: '1002' }, TAILGATING],
    [{}, { kind: 'alarm', what: 'ranBarrier', laneId: '1001' } as const],
    [{ alarms: ['heldOpen'], releases: [] }, { kind: 'alarm', what: 'loopStuck', laneId: '1001' } as const],
  ])('configured for %j is not sounded by %j', async (config, cause) => {
    const set = start({ enabled: true, ...config });
    await running(set);
    set.happens(cause);
    const from = set.readings.length;
    await soon(() => set.readings.length).toBeGreaterThan(from + 4);
    expect(switching(set)).toEqual([]);
  });

  it.each([
    [{ alarms: ['loopStuck'] }, { kind: 'alarm', what: 'loopStuck', laneId: '1001' } as const],
    [{ lane: '1001' }, TAILGATING],
  ])('configured for %j is sounded by %j', async (config, cause) => {
    const set = start({ enabled: true, onMs: 100, ...config });
    await running(set);
    set.happens(cause);
    await soon(() => switching(set)).toEqual([ON, OFF]);
  });

  it.each(VERDICTS)('sounds for a release judged %s when nothing is said of verdicts', async (what) => {
    const set = start({ enabled: true, onMs: 100 });
    await running(set);
    set.happens({ kind: 'release', what, laneId: '1001' });
    await soon(() => switching(set)).toEqual([ON, OFF]);
  });

  it.each(ALARM_KINDS)('sounds for the alarm %s where it is asked for', async (what) => {
    const set = start({ enabled: true, onMs: 100, alarms: [what] });
    await running(set);
    set.happens({ kind: 'alarm', what, laneId: '1001' });
    await soon(() => switching(set)).toEqual([ON, OFF]);
  });
});

describe('it is off again', () => {
  it('when the program stops while it is on, before the wire is closed', async () => {
    const set = start({ enabled: true, onMs: 60_000 });
    await running(set);
    set.happens(TAILGATING);
    await soon(() => set.board.relays[2]).toBe(true);
    await set.stop();
    expect(set.board.relays[2]).toBe(false);
    expect(switching(set)).toEqual([ON, OFF]);
  });

  it('when a program that died left it on', async () => {
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs });
    board.relays[2] = true;
    const set = start({ enabled: true }, board);
    await soon(() => set.board.relays[2]).toBe(false);
    expect(switching(set)).toEqual([OFF]);
  });

  it('when nobody knows whether it went on', async () => {
    const set = start({ enabled: true, onMs: 60_000 });
    await running(set);
    set.board.manner = 'deaf';
    set.happens(TAILGATING);
    await soon(() => set.faults).toContain('timeout');
    expect(set.board.relays[2]).toBe(false);
    expect(switching(set)).toEqual([ON, OFF]);
  });

  it('when the board says that it is on and it is not', async () => {
    const set = start({ enabled: true, onMs: 60_000 });
    await running(set);
    set.board.manner = 'lying';
    set.happens(TAILGATING);
    await soon(() => set.faults).toContain('unexpected');
    expect(switching(set).slice(0, 2)).toEqual([ON, OFF]);
  });

  it('when the wire went away while it was on and came back', async () => {
    const set = start({ enabled: true, onMs: 60_000 });
    await running(set);
    set.happens(TAILGATING);
    await soon(() => set.board.relays[2]).toBe(true);
    set.wire.unplug();
    await clock.sleep(50);
    set.wire.plug();
    await soon(() => set.board.relays[2]).toBe(false);
  });
});

describe('nothing is switched', () => {
  const never = async (set: Outfit, code: string): Promise<void> => {
    set.happens(TAILGATING);
    await soon(() => set.faults).toContain(code);
    set.happens(TAILGATING);
    await clock.sleep(200);
    expect(switching(set)).toEqual([]);
  };

  it('on a board whose own address is another', async () => {
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs });
    board.ownAddress = 2;
    await never(start({ enabled: true }, board), 'identity');
  });

  it('on a board whose relays follow its inputs', async () => {
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs });
    board.modes[5] = 1;
    await never(start({ enabled: true }, board), 'identity');
  });

  it('on a board that was set to follow its inputs while the program ran', async () => {
    const set = start({ enabled: true });
    await running(set);
    set.board.modes[0] = 1;
    await never(set, 'identity');
  });

  it('on a device that has none of those registers: a barrier', async () => {
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs });
    board.modes.length = 0;
    await never(start({ enabled: true }, board), 'exception');
  });

  it('where an adapter hears only itself', async () => {
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs, echo: true, powered: false });
    await never(start({ enabled: true }, board), 'timeout');
  });

  it('for what happened too long ago to be understood', async () => {
    // Twenty times as fast: what is five seconds to the driver passes while the wire is away.
    const quick: Clock = {
      ...clock,
      nowMs: () => clock.nowMs() * 20,
      sleep: (ms, signal) => clock.sleep(ms / 20, signal),
    };
    const board = createRelayBoard({ unit: UNIT, nowMs: clock.nowMs });
    const set = start({ enabled: true, timeoutMs: 1_000, pollMs: 400 }, board, quick);
    await running(set);
    set.wire.unplug();
    await clock.sleep(30);
    set.happens(TAILGATING);
    await clock.sleep(600);
    set.wire.plug();
    const from = set.readings.length;
    await soon(() => set.readings.length).toBeGreaterThan(from + 3);
    expect(switching(set)).toEqual([]);
  });
});

describe('an alarm output on a network', () => {
  it.each(['modbus-tcp', 'tcp'] as const)('sends not a byte over %s', async (transport) => {
    const config = alarmOutputKind.schema.parse({
      board: 'waveshare-modbus-poe-eth-io-8ch',
      enabled: true,
      unit: UNIT,
      relay: 8,
    });
    const sent: Uint8Array[] = [];
    const driver = alarmOutputKind.create(
      { ...config, profile: undefined },
      {
        clock,
        alarms: (hear) => hear(TAILGATING),
        bus: {
          transport,
          // biome-ignore lint/correctness/useYield: nothing is listened to here
          async *frames() {
            throw new Error('not here');
          },
          async exchange(request) {
            sent.push(request);
            throw new Error('not here');
          },
        },
      },
    );
    await expect(driver.run(() => {}, new AbortController().signal)).rejects.toMatchObject({ code: 'sharedWire' });
    expect(sent).toEqual([]);
  });
});
