/** What is believed of a device that speaks by itself: a status twice, an event once, a payment as a grant; and what is sent to it, whatever it says. */

import { describe, expect, it } from 'vitest';
import { createSerialLineDriver, serialLineKind } from '../../drivers/serial-line/driver.ts';
import { checksumOf, contentsOf, createFramer } from '../../drivers/serial-line/frame.ts';
import { type FrameRule, type SerialLineProfile, serialLineProfile } from '../../drivers/serial-line/profile.ts';
import { QUESTIONS } from '../../drivers/serial-line/questions.ts';
import { grantFromDevice } from '../../src/app/device-grant.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import type { DriverGrant, DriverNotice, Reading } from '../../src/driver.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { ownMs } from '../own-time.ts';
import fc from '../property.ts';
import { bytesOf, createWire, hexOf } from './wire.ts';

const clock = systemClock();
const about = { maker: 'none', model: 'test', source: 'test' };
const STAR = { kind: 'delimited', start: '2A', end: '23' } as const;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const parsed = (more: object): SerialLineProfile => serialLineProfile.parse({ ...about, frame: STAR, ...more });
const shipped = (name: string): SerialLineProfile => {
  if (serialLineKind.profiles === undefined) throw new Error('no profiles');
  return readProfile(serialLineKind.profiles, name).profile as SerialLineProfile;
};

interface Options {
  readonly device?: object;
  readonly listenOnly?: boolean;
  /** What the device answers to the n-th question, from 0. */
  readonly answer?: (asked: number) => Uint8Array | undefined;
  readonly at?: Clock;
}

async function running(
  profile: SerialLineProfile,
  { device = {}, listenOnly = false, answer, at = clock }: Options = {},
) {
  let asked = 0;
  const wire = createWire({
    farEnd: (say) => ({
      hear: () => {
        const said = answer?.(asked);
        asked += 1;
        if (said !== undefined) say(said);
      },
    }),
  });
  const settings = { port: '/dev/x', baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1, listenOnly } as const;
  const bus = createBus(await openPort(settings, { clock: at, binding: wire.binding }), { clock: at, listenOnly });
  const stop = new AbortController();
  const readings: Reading[] = [];
  const grants: DriverGrant[] = [];
  const notices: DriverNotice[] = [];
  const config = { ...serialLineKind.schema.parse(device), profile };
  const ended = createSerialLineDriver(config, {
    bus,
    clock: at,
    grant: (grant) => void grants.push(grant),
    notice: (notice) => void notices.push(notice),
  })
    .run((reading) => void readings.push(reading), stop.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  // The parser's stream begins to flow in the next turn.
  await clock.sleep(5);
  return {
    wire,
    readings,
    grants,
    notices,
    ended,
    async end(): Promise<unknown> {
      stop.abort();
      const error = await ended;
      await bus.close();
      return error;
    },
  };
}

async function until(what: () => boolean): Promise<void> {
  const endMs = clock.nowMs() + LONGEST_WAIT_MS;
  while (!what()) {
    if (clock.nowMs() > endMs) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(2);
  }
}

const onOff = (readings: readonly Reading[], point: string): readonly boolean[] => {
  const values = readings.flatMap((each) => (each.kind === 'level' && each.point === point ? [each.value] : []));
  return values.filter((value, index) => value !== values[index - 1]);
};
const pulses = (readings: readonly Reading[]): number => readings.filter(({ kind }) => kind === 'pulses').length;

describe('a status', () => {
  const messages = [{ text: 'STAT', digits: 1, digitPoints: { in1: 0 } }];
  const ask = { question: 'star-hash-stat', everyMs: 200 };

  it('without a checksum is asked again at once when it changes, and one flipped bit is never believed', async () => {
    // The 4th answer is wrong in one bit; from the 8th on the input is really on.
    const answer = (asked: number) => text(asked === 3 || asked >= 7 ? '*STAT1#' : '*STAT0#');
    const run = await running(parsed({ messages, ask }), { answer });
    const fromMs = ownMs();
    await until(() => onOff(run.readings, 'in1').length === 2);
    // Nine questions of 200 ms would take 1.6 s; three of them were asked again at once.
    expect(ownMs() - fromMs).toBeLessThan(1_500);
    expect(onOff(run.readings, 'in1')).toEqual([false, true]);
    const change = run.readings.find((each) => each.kind === 'level' && each.value);
    // The change came after the last answer that was certain.
    expect(change?.uncertaintyMs).toBeGreaterThan(100);
    expect(run.wire.written.length).toBe(9);
    expect(await run.end()).toBeUndefined();
  });

  it('with a checksum is believed as it is', async () => {
    const body = text('*STAT1');
    const said = Uint8Array.from([...body, ...checksumOf('sum8', body), 0x23]);
    const run = await running(parsed({ messages, frame: { ...STAR, checksum: 'sum8' } }));
    run.wire.say(said);
    await until(() => run.readings.length > 0);
    expect(run.readings[0]).toMatchObject({ kind: 'level', point: 'in1', value: true });
    expect(await run.end()).toBeUndefined();
  });
});

describe('an event', () => {
  const messages = [
    { text: 'IN1ON', levels: { in1: true } },
    { text: 'IN1OFF', levels: { in1: false } },
    { text: 'CALL', pulses: ['call'] },
    { text: 'POWERON', powerOn: true },
  ];

  it('counts as often as it is said, where devices do not repeat themselves', async () => {
    const run = await running(parsed({ messages }));
    run.wire.say(text('*CALL#*CALL#*POWERON#'));
    await until(() => pulses(run.readings) === 2);
    expect(run.notices).toEqual([{ kind: 'powerCycle' }]);
    expect(await run.end()).toBeUndefined();
  });

  it('leaves its point off, and known, while the device is heard', async () => {
    const run = await running(parsed({ messages: [{ text: 'CALL', pulses: ['call'] }, { text: 'ALIVE' }] }));
    run.wire.say(text('*ALIVE#'));
    await until(() => run.readings.length >= 2);
    for (const each of run.readings) expect(each).toMatchObject({ kind: 'level', point: 'call', value: false });
    run.wire.say(text('*CALL#'));
    await until(() => pulses(run.readings) === 1);
    expect(await run.end()).toBeUndefined();
  });

  it('counts once while it is said again and again, and anew after a pause', async () => {
    let aheadMs = 0;
    const at = { ...clock, nowMs: () => clock.nowMs() + aheadMs };
    const run = await running(parsed({ messages, repeatMs: 60_000 }), { device: { holdMs: 300_000 }, at });
    // Longer than repeatMs altogether: each repetition is one of the one before.
    for (let time = 0; time < 8; time += 1) {
      run.wire.say(text('*CALL#'));
      await clock.sleep(5);
      aheadMs += 20_000;
    }
    expect(pulses(run.readings)).toBe(1);
    aheadMs += 90_000;
    run.wire.say(text('*CALL#'));
    await until(() => pulses(run.readings) === 2);
    expect(await run.end()).toBeUndefined();
  });

  it('a repetition that comes after the opposite does not turn a level back', async () => {
    const run = await running(parsed({ messages, repeatMs: 500 }));
    run.wire.say(text('*IN1ON#*IN1OFF#*IN1ON#*IN1ON#'));
    await until(() => run.readings.length >= 2);
    await clock.sleep(50);
    expect(onOff(run.readings, 'in1')).toEqual([true, false]);
    expect(await run.end()).toBeUndefined();
  });
});

describe('a payment', () => {
  const messages = [
    { text: 'PAID,', more: true, grant: { plate: 1, id: 2 } },
    { text: 'OPENPAID', grant: { kind: 'remoteOpen' } },
  ];

  it('becomes a grant with the plate and the number of the device', async () => {
    const run = await running(parsed({ messages, encoding: 'gb18030' }), { device: { grantsFor: '1001' } });
    const plate = bytesOf('BE A9 41 31 32 33 34 35'); // 京A12345
    run.wire.say(Uint8Array.from([...text('*PAID,'), ...plate, ...text(',T7#*OPENPAID#*PAID#*PAI,x#')]));
    await until(() => run.grants.length >= 2);
    expect(run.grants).toEqual([
      { kind: 'paid', plate: '京A12345', id: 'T7', laneId: '1001', atMs: expect.any(Number) },
      { kind: 'remoteOpen', laneId: '1001', atMs: expect.any(Number) },
    ]);
    expect(run.readings).toEqual([]);
    expect(await run.end()).toBeUndefined();
  });

  it('is for the lane of its device, else for its plate, else for nobody', () => {
    const told = { kind: 'paid', id: 'T7', plate: '京A12345', atMs: 5 } as const;
    expect(grantFromDevice('pos', { ...told, laneId: '1001' }, 90)).toMatchObject({
      scope: 'lane',
      id: 'pos:T7',
      issuedAtMs: 90,
    });
    expect(grantFromDevice('pos', told, 90)).toMatchObject({
      scope: 'park',
      plate: '京A12345',
      count: 1,
      source: 'pos',
    });
    expect(grantFromDevice('pos', { kind: 'paid', atMs: 5 }, 90)).toBeUndefined();
    expect(grantFromDevice('pos', { kind: 'paid', plate: '***', atMs: 5 }, 90)).toBeUndefined();
    const nameless = { kind: 'paid', laneId: '1001', atMs: 5 } as const;
    expect(grantFromDevice('pos', nameless, 90)?.id).not.toBe(grantFromDevice('pos', nameless, 91)?.id);
    expect(grantFromDevice('pos', { ...told, laneId: '1001' }, 90)?.id).toBe(
      grantFromDevice('pos', { ...told, laneId: '1001' }, 91)?.id,
    );
  });
});

describe('whatever a shipped device says', () => {
  if (serialLineKind.profiles === undefined) throw new Error('no profiles');
  it.each(profileNames(serialLineKind.profiles))('%s is sent its one question and nothing else', async (name) => {
    const profile = shipped(name);
    const start = bytesOf(profile.frame.start);
    const end = bytesOf(profile.frame.kind === 'delimited' ? profile.frame.end : '');
    const framed = (content: string) => Uint8Array.from([...start, ...text(content), ...end]);
    const answer = framed(
      name === 'enet-controller' ? 'IN1ON' : `STAT${'0'.repeat(name === 'star-hash-controller' ? 9 : 8)}`,
    );
    const run = await running(profile, { answer: () => answer, device: { pollMs: 20 } });
    for (const command of [
      'OPEN1',
      'TRIG1',
      'OUT1ON',
      'STOP1',
      'PING',
      'IN2ON',
      'IN2ON',
      'PLAYTRACK1',
      'POWERON',
      'RSS05',
    ])
      run.wire.say(framed(command));
    await until(() => run.wire.written.length > 5);
    const question = QUESTIONS[profile.ask?.question ?? 'star-hash-stat'];
    expect(new Set(run.wire.written.map(hexOf))).toEqual(new Set([hexOf(question)]));
    expect(await run.end()).toBeUndefined();
  });

  it.each(profileNames(serialLineKind.profiles))('%s is sent nothing on a wire of another master', async (name) => {
    const run = await running(shipped(name), { listenOnly: true });
    run.wire.say(bytesOf('2A 49 4E 31 4F 4E 23 A6 49 4E 31 4F 4E A9 3A 49 4E 31 4F 4E 3B'));
    await until(() => run.readings.length > 0);
    expect(run.readings[0]).toMatchObject({ point: 'in1', value: true });
    expect(run.wire.written).toEqual([]);
    expect(await run.end()).toBeUndefined();
  });

  it('there is no other question than these', () => {
    expect(Object.values(QUESTIONS).map((question) => Buffer.from(question).toString('latin1'))).toEqual([
      '*STAT#',
      '\u00a6STAT\u00a9',
      ':INFO;',
    ]);
  });
});

describe('a profile that contradicts itself', () => {
  it.each([
    [{ messages: [{ hex: '01', bitPoints: { a: { at: 1, bit: 0 } } }] }, 'bitPoints reach beyond the message'],
    [
      {
        messages: [
          { text: 'A', levels: { a: true } },
          { text: 'B', pulses: ['a'] },
        ],
      },
      'both a level and pulses',
    ],
    [{ messages: [{ text: 'A' }], frame: { kind: 'fixed', start: 'FF', length: 100 } }, 'maxBytes is less'],
    [{ messages: [{ text: 'A' }], frame: { kind: 'counted', start: 'FF 01', at: 1, adds: 2 } }, 'lies within start'],
    [{ messages: [{ text: 'A' }], ask: { question: 'open' } }, 'Invalid option'],
    [{ messages: [{ text: 'A', send: '*OPEN1#' }] }, 'Unrecognized key'],
  ])('%j', (more, message) => {
    const result = serialLineProfile.safeParse({ ...about, frame: STAR, ...more });
    expect(result.error?.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });
});

describe('frames out of any stream', () => {
  const rules: readonly FrameRule[] = [
    STAR,
    { ...STAR, checksum: 'xor8' },
    { kind: 'fixed', start: '2A', length: 5, checksum: 'sum8' },
    { kind: 'counted', start: '2A 23', at: 2, adds: 3, checksum: 'crc16' },
    { kind: 'delimited', start: '2A 2A', end: '23 0D' },
  ];
  /** Many starts and ends among few other bytes, so that frames, halves and false starts abound. */
  const stream = fc.array(fc.constantFrom(0x2a, 0x2a, 0x23, 0x0d, 0x41, 0x03, 0x00), { maxLength: 200 });

  it.each(rules.map((rule) => [JSON.stringify(rule), rule] as const))(
    'are the same in any pieces: %s',
    async (_, rule) => {
      await fc.assert(
        fc.asyncProperty(stream, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), async (bytes, sizes) => {
          const whole = Uint8Array.from(bytes);
          const contents: string[] = [];
          const framer = createFramer({
            rule,
            maxBytes: 32,
            idleMs: 100,
            onContent: (each) => void contents.push(hexOf(each)),
          });
          for (let at = 0, turn = 0; at < whole.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            framer.take(whole.subarray(at, at + size), 0);
            at += size;
          }
          await new Promise((resolve) => setImmediate(resolve));
          expect(contents).toEqual(contentsOf(rule, 32, whole).map(hexOf));
        }),
        { numRuns: 2_000 },
      );
    },
  );

  it('1,000,000 bytes without an end are forgotten but for the last frame of them', async () => {
    const contents: string[] = [];
    const framer = createFramer({
      rule: STAR,
      maxBytes: 32,
      idleMs: 100,
      onContent: (each) => void contents.push(hexOf(each)),
    });
    for (let sent = 0; sent < 1_000_000; sent += 1_000) framer.take(new Uint8Array(1_000).fill(0x41), 0);
    framer.take(text('*IN1#'), 0);
    await clock.sleep(5);
    expect(contents).toEqual([hexOf(text('IN1'))]);
  });
});
