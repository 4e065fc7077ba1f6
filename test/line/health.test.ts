/** The figures of a line, from a wire with known faults; and the words for them. */
import { describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusProfile } from '../../drivers/modbus/profile.ts';
import { pacedClock } from '../../src/clock.ts';
import { LinkError, ProtocolError } from '../../src/driver.ts';
import { createLineGauge, type LineHealth } from '../../src/line/health.ts';
import { healthText } from '../../src/line/health-text.ts';
import { openPort } from '../../src/line/port.ts';
import { superviseLine } from '../../src/line/supervise.ts';
import { faultText, lostText, noticeText, recoveredText, wireTooSlowText } from '../../src/text/fault.ts';
import { createSlaves } from '../drivers/slave.ts';
import { createWire } from '../drivers/wire.ts';

const profile = modbusProfile.parse({
  maker: 'none',
  model: 'test',
  source: 'test',
  transport: ['rtu'],
  read: [{ kind: 'level', function: 2, address: 0, quantity: 2, points: { di1: 0, di2: 1 } }],
});

describe('the health of a line', () => {
  it('counts turns, faults by kind, rounds and shares of the wire', async () => {
    const clock = pacedClock(10);
    const slaves = createSlaves([{ unit: 1, bit: () => true }], (bytes, _, count) => {
      if (count % 50 === 10) return [];
      if (count % 50 === 20) return [{ afterMs: 0, bytes: bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) }];
      return [{ afterMs: 0, bytes }];
    });
    const wire = createWire({ farEnd: slaves });
    const gauge = createLineGauge(clock, 'line');
    const reports: LineHealth[] = [];
    const stop = new AbortController();
    const device = (id: string, unit: number) => ({
      id,
      create: (ports: Parameters<typeof createModbusDriver>[1]) =>
        createModbusDriver({ profile, unit, pollMs: 50 }, ports),
    });
    let told = (): void => {};
    const reported = new Promise<void>((resolve) => {
      told = resolve;
    });
    const done = superviseLine(
      {
        lineId: 'line',
        transport: 'serial',
        devices: [device('io1', 1), device('dead', 2)],
        clock,
        gauge,
        open: () =>
          openPort(
            { port: '/dev/x', baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
            { clock, binding: wire.binding },
          ),
        on: {
          reading: () => {},
          lost: () => {},
          fault: () => {},
          recovered: () => {},
          health: (health) => {
            reports.push(health);
            told();
          },
        },
      },
      stop.signal,
    );
    await reported;
    stop.abort();
    await done;
    clock.close();
    const [report] = reports;
    expect(report).toMatchObject({ lineId: 'line', open: true, openings: 1, faults: {} });
    const [io1, dead] = report?.devices ?? [];
    expect(io1).toMatchObject({ deviceId: 'io1', state: 'reading' });
    expect(io1?.turns).toBeGreaterThan(200);
    expect(io1?.faults.timeout).toBeGreaterThan(1);
    expect(io1?.faults.checksum).toBeGreaterThan(1);
    expect(io1?.roundMs).toBeGreaterThan(40);
    expect(io1?.longestRoundMs).toBeGreaterThanOrEqual(io1?.roundMs ?? 0);
    expect(io1?.wireShare).toBeGreaterThan(0.01);
    expect(dead).toMatchObject({ state: 'unknown', faults: { timeout: expect.any(Number) } });
    expect(dead?.roundMs).toBeUndefined();
    expect(report?.wireShare).toBeLessThanOrEqual(1);
    expect(gauge.current().open).toBe(false);
    expect(healthText(report as LineHealth).en).toMatch(
      /^line line open, \d+ % used: io1 every \d+\/\d+ ms, .*does not answer ×\d+.*; dead unknown does not answer ×\d+$/,
    );
  });
});

describe('a poll', () => {
  it('is late when it comes later than twice its interval, and not after the device was lost', () => {
    const clock = pacedClock(1);
    let late = 0;
    const gauge = createLineGauge(clock, 'line').device('io', { everyMs: 50, late: () => (late += 1) });
    const readings = (...atMs: readonly number[]): void => {
      for (const at of atMs)
        for (const point of ['di1', 'di2'])
          gauge.reading({ kind: 'level', point, value: true, atMs: at, uncertaintyMs: 0 });
    };
    readings(0, 50, 100, 200);
    expect(late, 'one that was skipped').toBe(0);
    readings(301, 350, 480);
    expect(late).toBe(2);
    gauge.lost();
    readings(5_000, 5_050);
    expect(late).toBe(2);
    clock.close();
  });
});

describe('the words', () => {
  it('say in both languages what is wrong and what to do, for every code', () => {
    const link = ['timeout', 'closed', 'gone', 'notFound', 'denied', 'busy', 'listenOnly', 'refused'] as const;
    const protocol = ['checksum', 'frame', 'unexpected', 'exception', 'identity'] as const;
    const errors = [
      ...link.map((code) => new LinkError(code, 'why')),
      ...protocol.map((code) => new ProtocolError(code, 'why')),
    ];
    const texts = errors.map((error) => faultText('io1', error, 3));
    for (const { zh, en } of texts) {
      expect(zh).toMatch(/^io1 .+（已 3 次）：.+［why］$/);
      expect(en).toMatch(/^io1 .+ \(3 times\): .+ \[why\]$/);
      expect(zh.includes('\n') || en.includes('\n')).toBe(false);
    }
    expect(new Set(texts.map(({ en }) => en)).size).toBe(texts.length);
  });

  it('say what is over, what is lost, and what a board does by itself', () => {
    expect(recoveredText('io1', 12, 61_000).en).toBe('io1 works again (12 faults in 61 s)');
    expect(lostText('io1').zh).toContain('未知');
    expect(noticeText('io1', { kind: 'localLinkage', values: [0, 1] }).en).toContain('0 1');
    expect(noticeText('io1', { kind: 'powerCycle' }).zh).toContain('断过电');
    expect(wireTooSlowText({ id: 'rs485-1', devices: 4, baudRate: 9_600, roundMs: 94.4, askedMs: 25 }).en).toContain(
      '4 devices at 9600 baud take 94 ms a round, 25 ms asked',
    );
  });
});
