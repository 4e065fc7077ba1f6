/** What every kind of device and every profile must do (design.md, "A new device"). A profile without a transcript fails here. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DRIVER_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { type Driver, LinkError, ProtocolError, type Reading } from '../../src/driver.ts';
import { createBus, type WireBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { ownMs } from '../own-time.ts';
import { slaveCrc } from './slave.ts';
import { createPlayer, exchangesOf, forUnit, type Player, type Transcript, transcripts } from './transcript.ts';
import { bytesOf, CUTS, type Cut, createWire, hexOf } from './wire.ts';

const clock = systemClock();
const ALL = transcripts();
/** Nothing here takes this long unless it hangs. */

async function openBus(player: Pick<Player, 'farEnd'>, cut: Cut = 'whole'): Promise<WireBus> {
  const wire = createWire({ cut, farEnd: player.farEnd });
  const settings = { port: '/dev/test', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  return createBus(await openPort(settings, { clock, binding: wire.binding }), { clock });
}

function driverOf(transcript: Transcript, bus: WireBus, device: Record<string, unknown> = {}): Driver {
  const kind = DRIVER_KINDS.find((each) => each.kind === transcript.kind);
  if (kind === undefined) throw new Error(`${transcript.file}: no kind ${transcript.kind}`);
  const config = kind.schema.parse({ ...transcript.device, ...device });
  if (kind.profiles === undefined || transcript.profile === undefined) return kind.create(config, { bus, clock });
  const { profile, faults } = readProfile(kind.profiles, transcript.profile);
  expect(faults).toEqual([]);
  return kind.create({ ...config, profile }, { bus, clock });
}

/** Points that a transcript shows as levels: these are looked at again and again, events are not. */
const levelPoints = (transcript: Transcript): readonly string[] => [
  ...new Set(transcript.looks.flatMap(({ levels = {} }) => Object.keys(levels))),
];

/** Runs a driver and keeps what it reports. */
function running(driver: Driver, waitFor: readonly string[]) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  let wake = (): void => {};
  const ended = driver
    .run((reading) => {
      readings.push(reading);
      wake();
    }, stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return {
    readings,
    ended,
    stop: () => stop.abort(),
    /** Resolves when every point has been looked at `times` more; false when the driver ended before. */
    async looks(times: number): Promise<boolean> {
      const from = readings.length;
      const left = (): number =>
        Math.min(...waitFor.map((point) => readings.slice(from).filter((each) => each.point === point).length));
      const over = ended.then(() => 'over' as const);
      while (left() < times) {
        const news = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if ((await Promise.race([news, over, clock.sleep(LONGEST_WAIT_MS).then(() => 'over' as const)])) === 'over')
          return false;
      }
      return true;
    },
  };
}

const levelsOf = (readings: readonly Reading[]): Record<string, boolean> =>
  Object.fromEntries(readings.flatMap((each) => (each.kind === 'level' ? [[each.point, each.value]] : [])));
const pulsesOf = (readings: readonly Reading[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const each of readings) if (each.kind === 'pulses') sums[each.point] = (sums[each.point] ?? 0) + each.count;
  return sums;
};

describe('every profile', () => {
  for (const kind of DRIVER_KINDS) {
    // What reads the machine itself has no bytes to show; gpio.test.ts is its contract.
    if (kind.wire === false) continue;
    if (kind.profiles === undefined) {
      it(`${kind.kind} has a transcript`, () => expect(ALL.map((each) => each.kind)).toContain(kind.kind));
      continue;
    }
    const { folder } = kind.profiles;
    const names = existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.yaml$/, '')) : [];
    it.each(names)(`${kind.kind} %s is well formed and has a transcript`, (name) => {
      expect(readProfile(kind.profiles as never, name).faults).toEqual([]);
      // Kinds that share their profiles share the transcripts: both read the same bytes.
      const sharing = DRIVER_KINDS.filter((each) => each.profiles?.folder.href === folder.href).map(
        (each) => each.kind,
      );
      const named = ALL.filter((each) => sharing.includes(each.kind) && each.profile === name);
      expect(named.length, `test/transcripts must show the bytes of ${name} and what they mean`).toBeGreaterThan(0);
    });
  }
});

// Side by side, because they mostly wait.
describe.concurrent.each(ALL.map((transcript) => [transcript.file, transcript] as const))('%s', (_, transcript) => {
  const [first, second] = transcript.looks;
  if (first === undefined || second === undefined)
    throw new Error(`${transcript.file}: a transcript shows at least two looks`);

  it('has frames with the right checksum', () => {
    if (!['modbus', 'alarm-output'].includes(transcript.kind)) return expect(transcript.source).not.toBe('');
    for (const { ask, answer } of exchangesOf(transcript))
      for (const frame of [bytesOf(ask), bytesOf(answer)])
        expect(hexOf(frame.slice(-2)), hexOf(frame)).toBe(hexOf(Uint8Array.from(slaveCrc(frame.slice(0, -2)))));
    return undefined;
  });

  it.each(CUTS)('gives every point its meaning, bytes arriving %s', async (cut) => {
    const player = createPlayer(transcript);
    player.show(first);
    const bus = await openBus(player, cut);
    const driver = driverOf(transcript, bus);
    const run = running(driver, levelPoints(transcript));
    // What a device says by itself is only heard by a driver that runs.
    player.show(first);
    await run.looks(1);
    const seen = new Set<string>();
    for (const look of transcript.looks) {
      const from = run.readings.length;
      player.show(look);
      // The second round began after the change, the first may have been under way; a pulse between two looks is told one round later.
      expect(await run.looks(4)).toBe(true);
      const readings = run.readings.slice(from);
      expect(levelsOf(readings)).toMatchObject(look.levels ?? {});
      expect(pulsesOf(readings)).toEqual(look.pulses ?? {});
      for (const reading of readings) seen.add(reading.point);
    }
    expect([...seen].sort()).toEqual([...driver.points].sort());
    for (const reading of run.readings) {
      expect(reading.uncertaintyMs).toBeGreaterThanOrEqual(0);
      expect(reading.atMs).toBeLessThanOrEqual(clock.nowMs());
    }
    run.stop();
    expect(await run.ended).toBeUndefined();
    expect(player.strange).toEqual([]);
    await bus.close();
  });

  it('ends when it is told to', async () => {
    const player = createPlayer(transcript);
    player.show(first);
    const bus = await openBus(player);
    const run = running(driverOf(transcript, bus, { pollMs: 60_000 }), levelPoints(transcript));
    player.show(first);
    await run.looks(1);
    const stoppedMs = ownMs();
    run.stop();
    expect(await run.ended).toBeUndefined();
    expect(ownMs() - stoppedMs).toBeLessThan(1_000);
    await bus.close();
  });

  it('says that a silent device does not answer', async () => {
    const bus = await openBus({ farEnd: () => ({ hear: () => {} }) });
    const run = running(driverOf(transcript, bus), levelPoints(transcript));
    const error = await run.ended;
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ code: 'timeout' });
    expect(run.readings).toEqual([]);
    await bus.close();
  });

  it('says so when the port goes away under it', async () => {
    const player = createPlayer(transcript);
    player.show(first);
    const bus = await openBus(player);
    const run = running(driverOf(transcript, bus), levelPoints(transcript));
    player.show(first);
    await run.looks(1);
    await bus.close(new LinkError('gone', 'pulled'));
    expect(await run.ended).toMatchObject({ code: 'gone' });
  });

  it('makes no reading of garbage', async () => {
    for (let seed = 0; seed < 8; seed += 1) {
      const player = createPlayer(transcript, { spoil: spoiler(seed, transcript.kind) });
      player.show(first);
      const bus = await openBus(player, CUTS[seed % 3] ?? 'whole');
      const run = running(driverOf(transcript, bus), levelPoints(transcript));
      player.show(first);
      const error = await Promise.race([run.ended, clock.sleep(400)]);
      if (error !== undefined)
        expect(error instanceof LinkError || error instanceof ProtocolError, String(error)).toBe(true);
      expect(run.readings).toEqual([]);
      run.stop();
      await bus.close();
    }
  });

  if (transcript.kind === 'modbus') {
    it('shares a wire with another of its kind without mixing answers', async () => {
      const unit = Number(transcript.device.unit);
      const units = [unit, unit === 17 ? 18 : 17];
      const players = units.map((unit, index) => {
        const player = createPlayer(transcript, { address: forUnit(unit) });
        player.show(index === 0 ? first : second);
        return player;
      });
      const bus = await openBus({
        farEnd: (say) => {
          const ends = players.map((player) => player.farEnd(say));
          return { hear: (bytes) => ends[units.indexOf(bytes[0] ?? 0)]?.hear(bytes) };
        },
      });
      const runs = units.map((unit) => running(driverOf(transcript, bus, { unit }), levelPoints(transcript)));
      expect(await Promise.all(runs.map((run) => run.looks(25)))).toEqual([true, true]);
      runs.forEach((run, index) => {
        const expected = (index === 0 ? first : second).levels ?? {};
        for (const reading of run.readings)
          if (reading.kind === 'level') expect(reading.value, reading.point).toBe(expected[reading.point]);
        run.stop();
      });
      await Promise.all(runs.map((run) => run.ended));
      await bus.close();
    });
  }
});

/** Each seed spoils differently: a flipped bit, a cut, random bytes, another length. Never the same frame again. */
function spoiler(seed: number, kind: string): (answer: Uint8Array) => Uint8Array {
  let state = seed * 7_919 + 1;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return (answer) => {
    const bytes = Uint8Array.from(answer);
    // Text without a checksum cannot know one letter from another; it can know what is no letter.
    if (seed % 4 === 0 && kind === 'serial-line') return bytes.map((byte) => byte ^ 0x80);
    if (seed % 4 === 0) bytes[next(bytes.length)] = (bytes[next(bytes.length)] ?? 0) ^ (1 << next(8)) ^ 0x55;
    if (seed % 4 === 1) return bytes.slice(0, -1 - next(3));
    if (seed % 4 === 2) return Uint8Array.from({ length: 3 + next(20) }, () => next(256));
    if (seed % 4 === 3) bytes.reverse();
    return hexOf(bytes) === hexOf(answer) ? bytes.fill(0xaa) : bytes;
  };
}
