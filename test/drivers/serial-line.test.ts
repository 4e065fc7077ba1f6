/** Devices with a protocol of their own: frames of every rule, hostile streams, a wire that is only listened to, and that nothing else is sent. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createSerialLineDriver } from '../../drivers/serial-line/driver.ts';
import { checksumOf, createFramer } from '../../drivers/serial-line/frame.ts';
import { createMeaning } from '../../drivers/serial-line/message.ts';
import { serialLineProfile } from '../../drivers/serial-line/profile.ts';
import { QUESTIONS } from '../../drivers/serial-line/questions.ts';
import { systemClock } from '../../src/clock.ts';
import type { Reading } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { bytesOf, createWire, hexOf } from './wire.ts';

const clock = systemClock();
const about = { maker: 'none', model: 'test', source: 'test' };
const profile = (more: object) => serialLineProfile.parse({ ...about, messages: [{ text: 'X' }], ...more });
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** Lets the parser's stream hand on what it has. */
const settle = () => clock.sleep(5);

/** All contents that come out of a stream cut into these pieces, each at its time. */
async function framed(
  rule: object,
  pieces: readonly (readonly [atMs: number, bytes: Uint8Array])[],
  more: object = {},
) {
  const contents: string[] = [];
  const { frame, maxBytes, idleMs } = profile({ frame: rule, ...more });
  const framer = createFramer({
    rule: frame,
    maxBytes,
    idleMs,
    onContent: (content) => void contents.push(hexOf(content)),
  });
  for (const [atMs, bytes] of pieces) {
    framer.take(bytes, atMs);
    await settle();
  }
  return contents;
}
const hexText = (value: string): string => hexOf(text(value));

/** Bytes that are still used once what nobody needs is gone: how soon V8 would see to that by itself is not what is asked. */
function held(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('frames with an end mark', () => {
  const star = { kind: 'delimited', start: '2A', end: '23' };

  it('come whole, in pieces, several at once, and after noise', async () => {
    expect(await framed(star, [[0, text('*IN1ON#*IN2ON#')]])).toEqual([hexText('IN1ON'), hexText('IN2ON')]);
    const bytewise = [...text('xx*IN1ON#')].map((byte, at) => [at, Uint8Array.of(byte)] as const);
    expect(await framed(star, bytewise)).toEqual([hexText('IN1ON')]);
    expect(await framed(star, [[0, text('*IN1#O*IN2ON#')]])).toEqual([hexText('IN1'), hexText('IN2ON')]);
    expect(await framed(star, [[0, text('*IN1*IN2ON#')]])).toEqual([hexText('IN2ON')]);
  });

  it('are none without a start, when too long, or when half of one is followed by silence', async () => {
    expect(await framed(star, [[0, text('IN1ON#')]])).toEqual([]);
    expect(await framed(star, [[0, text(`*${'A'.repeat(100)}#*IN1#`)]])).toEqual([hexText('IN1')]);
    expect(
      await framed(star, [
        [0, text('*IN1')],
        [1_000, text('ON#')],
        [1_001, text('*IN2#')],
      ]),
    ).toEqual([hexText('IN2')]);
  });

  it('do not fill the memory when no end ever comes', async () => {
    const frame = profile({ frame: star });
    const contents: string[] = [];
    const framer = createFramer({
      rule: frame.frame,
      maxBytes: 64,
      idleMs: 200,
      onContent: (content) => void contents.push(hexOf(content)),
    });
    const before = held();
    const noise = new Uint8Array(4_096).fill(0x41);
    for (let chunk = 0; chunk < 25_000; chunk += 1) framer.take(noise, chunk);
    // V8 gives back the memory of buffers beside the program.
    await expect.poll(() => held() - before).toBeLessThan(1 << 20);
    framer.take(text('*IN1#'), 30_000);
    await settle();
    expect(contents).toEqual([hexText('IN1')]);
  });

  it('may carry a checksum before their end', async () => {
    const rule = { ...star, checksum: 'xor8' };
    const [sum = 0] = checksumOf('xor8', text('*IN1'));
    expect(await framed(rule, [[0, Uint8Array.from([...text('*IN1'), sum, 0x23])]])).toEqual([hexText('IN1')]);
    expect(await framed(rule, [[0, Uint8Array.from([...text('*IN1'), sum ^ 1, 0x23])]])).toEqual([]);
  });
});

describe('frames with a length', () => {
  it('are found by their start and checksum, also in the middle of noise', async () => {
    const body = bytesOf('FF 01 01 05');
    const good = Uint8Array.from([...body, ...checksumOf('sum8', body)]);
    const rule = { kind: 'fixed', start: 'FF 01', length: 5, checksum: 'sum8' };
    expect(await framed(rule, [[0, Uint8Array.from([0x00, 0xff, ...good, 0xff, 0x01])]])).toEqual(['0105']);
    expect(await framed(rule, [[0, Uint8Array.from([...good.slice(0, -1), 0])]])).toEqual([]);
    expect(
      await framed(
        rule,
        [...good].map((byte, at) => [at, Uint8Array.of(byte)] as const),
      ),
    ).toEqual(['0105']);
  });

  it('may say their length themselves', async () => {
    const rule = { kind: 'counted', start: '55', at: 1, adds: 2, checksum: 'crc16' };
    const body = bytesOf('55 04 AA BB');
    const good = Uint8Array.from([...body, ...checksumOf('crc16', body)]);
    expect(await framed(rule, [[0, Uint8Array.from([0x55, 0x01, ...good, ...good])]])).toEqual(['04aabb', '04aabb']);
    expect(await framed(rule, [[0, bytesOf('55 00 55 FF 55')]])).toEqual([]);
  });
});

describe('messages', () => {
  const meaning = createMeaning(
    profile({
      frame: { kind: 'fixed', start: 'FF', length: 4 },
      messages: [
        { text: 'STAT', digits: 3, digitPoints: { in1: 0, in3: 2 } },
        { text: 'CARD', more: true, pulses: ['card'] },
        { hex: '01 ?? 05', levels: { loop: true } },
        { hex: '02', more: true, bitPoints: { up: { at: 1, bit: 0 }, down: { at: 1, bit: 7, invert: true } } },
      ],
    }).messages,
  );

  it('mean what their rule says', () => {
    expect(meaning(text('STAT101'))?.levels).toEqual([
      { point: 'in1', value: true },
      { point: 'in3', value: true },
    ]);
    expect(meaning(text('CARD0A1B'))?.pulses).toEqual(['card']);
    expect(meaning(bytesOf('01 99 05'))?.levels).toEqual([{ point: 'loop', value: true }]);
    expect(meaning(bytesOf('02 81'))?.levels).toEqual([
      { point: 'up', value: true },
      { point: 'down', value: false },
    ]);
  });

  it('mean nothing when a part does not fit', () => {
    for (const wrong of [
      text('STAT10'),
      text('STAT1011'),
      text('STAT1x1'),
      text('STAR101'),
      bytesOf('01 99 06'),
      bytesOf('02'),
      text(''),
    ])
      expect(meaning(wrong)).toBeUndefined();
  });
});

describe('a driver', () => {
  const buttons = profile({
    frame: { kind: 'delimited', start: '2A', end: '23' },
    holdMs: 600,
    messages: [
      { text: 'IN1ON', levels: { in1: true } },
      { text: 'IN1OFF', levels: { in1: false } },
      { text: 'CALL', pulses: ['call'] },
    ],
  });

  async function listening(use: typeof buttons, listenOnly: boolean, answer?: string) {
    const wire = createWire({ farEnd: (say) => ({ hear: () => answer !== undefined && say(text(answer)) }) });
    const port = await openPort(
      { port: '/dev/x', baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1, listenOnly },
      { clock, binding: wire.binding },
    );
    const bus = createBus(port, { clock, listenOnly });
    const stop = new AbortController();
    const readings: Reading[] = [];
    const ended = createSerialLineDriver({ profile: use }, { bus, clock })
      .run((reading) => void readings.push(reading), stop.signal)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    return { wire, bus, stop, readings, ended };
  }

  it('reports events once, holds a level for a while, and says when the device fell silent', async () => {
    const { wire, readings, ended, bus } = await listening(buttons, false);
    wire.say(text('*IN1ON#*CALL#'));
    expect(await ended).toMatchObject({ code: 'timeout' });
    expect(readings.filter(({ kind }) => kind === 'pulses')).toHaveLength(1);
    const levels = readings.filter(({ kind, point }) => kind === 'level' && point === 'in1');
    expect(levels.length).toBeGreaterThanOrEqual(2);
    expect(levels.every((reading) => reading.kind === 'level' && reading.value)).toBe(true);
    expect(wire.written).toEqual([]);
    await bus.close();
  });

  it('on a wire of another master hears what it is told and sends nothing, though its profile asks', async () => {
    const asking = profile({ ...buttons, ask: { question: 'star-hash-stat' } });
    const { wire, readings, stop, ended, bus } = await listening(asking, true);
    await clock.sleep(100);
    wire.say(text('*IN1OFF#'));
    await clock.sleep(100);
    stop.abort();
    expect(await ended).toBeUndefined();
    expect(readings[0]).toMatchObject({ point: 'in1', value: false });
    expect(wire.written).toEqual([]);
    await bus.close();
  });

  it('asks its one question and nothing else', async () => {
    const asking = profile({ ...buttons, ask: { question: 'star-hash-stat', everyMs: 50 } });
    const { wire, stop, ended, bus } = await listening(asking, false, '*IN1ON#');
    await clock.sleep(300);
    stop.abort();
    expect(await ended).toBeUndefined();
    expect(wire.written.length).toBeGreaterThan(2);
    expect(new Set(wire.written.map(hexOf))).toEqual(new Set([hexText('*STAT#')]));
    await bus.close();
  });

  it('cannot be made to say anything by a profile', () => {
    for (const ask of [{ question: 'open' }, { send: '*OPEN1#' }, { question: '*OPEN1#' }])
      expect(
        serialLineProfile.safeParse({ ...about, frame: buttons.frame, messages: [{ text: 'X' }], ask }).success,
      ).toBe(false);
    const said = Object.values(QUESTIONS).map((question) => Buffer.from(question).toString('latin1'));
    for (const question of said) expect(question).not.toMatch(/OPEN|TRIG|OUT|CLOSE|STOP/);
  });

  it('refuses a profile that contradicts itself', () => {
    for (const message of [{}, { text: 'A', hex: '41' }, { text: 'A', digits: 2, digitPoints: { in1: 2 } }])
      expect(serialLineProfile.safeParse({ ...about, frame: buttons.frame, messages: [message] }).success).toBe(false);
  });
});
