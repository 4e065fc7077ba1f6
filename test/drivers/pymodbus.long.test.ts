/**
 * Every profile against boards that lack each of its registers in turn, by pymodbus on pseudo terminals: a slave that no code of ours
 * shares. The inputs are read in all of them, what is not proven is told, and another identity is refused.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModbusDriver } from '../../drivers/modbus/driver.ts';
import { systemClock } from '../../src/clock.ts';
import { type Driver, type DriverNotice, ProtocolError, type Reading } from '../../src/driver.ts';
import { createBus, type WireBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { type PtyPair, ptyPair } from '../line/pty.ts';
import { missing } from '../line/tools.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { isOn, type LackingBoard, lackingBoards } from './boards-lacking.ts';

/** One process and so many wires, because a silent register is mostly waited for. */
const WIRES = 8;
/** Far more than pymodbus needs, also on a busy machine: a slow answer must not look like a silent register. */
const TIMEOUT_MS = 600;

const BOARDS = lackingBoards();

describe.skipIf(missing('socat', 'pymodbus'))('boards by pymodbus that lack a register', () => {
  const clock = systemClock();
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-pymodbus-'));
  const pairs: PtyPair[] = [];
  const buses: WireBus[] = [];
  let slaves: ChildProcess;
  const placed = BOARDS.map((board, at) => ({ ...board, wire: at % WIRES, unit: 1 + Math.floor(at / WIRES) }));

  beforeAll(async () => {
    for (let wire = 0; wire < WIRES; wire += 1) pairs.push(await ptyPair());
    const plan = pairs.map((_, wire) =>
      placed.filter((each) => each.wire === wire).map(({ unit, board }) => ({ unit, ...board(unit) })),
    );
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    const program = fileURLToPath(new URL('pymodbus-slave.py', import.meta.url));
    slaves = spawn('/usr/bin/python3', [program, file, ...pairs.map(({ far }) => far)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await Promise.race([once(slaves.stdout as NodeJS.ReadableStream, 'data'), failed(slaves)]);
    for (const { near } of pairs) {
      const settings = { port: near, baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
      buses.push(createBus(await openPort(settings, { clock }), { clock }));
    }
  });
  afterAll(async () => {
    for (const bus of buses) await bus.close();
    slaves?.kill('SIGKILL');
    for (const pair of pairs) await pair.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the driver until every point that it can know has been told. */
  async function readOnce(driver: Driver, lost: readonly string[]) {
    const stop = new AbortController();
    const over = clock.sleep(LONGEST_WAIT_MS, stop.signal).then(() => stop.abort());
    const readings = new Map<string, Reading>();
    const error: unknown = await driver
      .run((reading) => {
        if (reading.kind === 'level' || !readings.has(reading.point)) readings.set(reading.point, reading);
        if (driver.points.every((point) => readings.has(point) || lost.includes(point))) stop.abort();
      }, stop.signal)
      .catch((thrown: unknown) => thrown);
    stop.abort();
    await over;
    return { readings, error };
  }

  async function check(placedBoard: LackingBoard & { readonly wire: number; readonly unit: number }): Promise<void> {
    const { title, profile, unit, wire, probe, unproven, isLater, lost } = placedBoard;
    const bus = buses[wire] as WireBus;
    const notices: DriverNotice[] = [];
    const driver = createModbusDriver(
      { profile, unit, pollMs: 5, timeoutMs: TIMEOUT_MS, ...(probe && { probe }) },
      { bus, clock, notice: (notice) => void notices.push(notice) },
    );
    const first = await readOnce(driver, lost);
    const isRefusedNow = unproven === undefined && !isLater;
    if (unproven === undefined) {
      const refused = isLater ? await readOnce(driver, lost) : first;
      expect(refused.error, title).toBeInstanceOf(ProtocolError);
      expect(refused.error, title).toMatchObject({ code: 'identity' });
      expect([...refused.readings.keys()], title).toEqual([]);
    }
    if (isRefusedNow) return;
    expect(first.error, title).toBeUndefined();
    expect([...first.readings.keys()].sort(), title).toEqual(
      driver.points.filter((each) => !lost.includes(each)).sort(),
    );
    for (const block of profile.read)
      if (block.kind === 'level' || block.kind === 'word')
        for (const [index, point] of Object.keys(block.points).entries())
          expect(first.readings.get(point), `${title}: ${point}`).toMatchObject({ kind: 'level', value: isOn(index) });
    const told = notices.filter(({ kind }) => kind === 'unproven');
    expect(told, title).toEqual((unproven ?? []).length === 0 ? [] : [{ kind: 'unproven', what: unproven }]);
    expect(notices.length, title).toBe(told.length);
    if (isLater) return;
    // Said once, however often it is started again.
    const again = await readOnce(driver, lost);
    expect(again.error, title).toBeUndefined();
    expect(notices.length, title).toBe(told.length);
  }

  it(`of ${new Set(BOARDS.map(({ profile }) => profile.model)).size} profiles and ${BOARDS.length} boards`, {
    timeout: 180_000,
  }, async () => {
    expect(new Set(BOARDS.map(({ profile }) => profile)).size).toBeGreaterThanOrEqual(18);
    const wrong: unknown[] = [];
    await Promise.all(
      buses.map(async (_, wire) => {
        for (const board of placed.filter((each) => each.wire === wire))
          await check(board).catch((error: unknown) => wrong.push(error));
      }),
    );
    expect(wrong.map(String)).toEqual([]);
  });
});

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the slaves ended with ${code}`);
}
