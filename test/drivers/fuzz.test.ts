/**
 * Random and mutated frames into every decoder: no crash, no memory that grows, and nothing is ever made of a wrong checksum.
 * FUZZ_FRAMES says how many each gets; `.ci/run` asks for a million, the tests of every day for fewer.
 */
import { describe, expect, it } from 'vitest';
import { switchAnswer } from '../../drivers/alarm-output/frame.ts';
import { createMultipart } from '../../drivers/camera-http/multipart.ts';
import {
  readFault,
  readMedia,
  readProfileToken as readOnvifProfile,
  readSnapshotUri,
  readTime,
} from '../../drivers/camera-http/onvif.ts';
import { createStreamReader, readDahuaPush } from '../../drivers/dahua/codec.ts';
import { readInState } from '../../drivers/dahua/inputs.ts';
import { readVehicles } from '../../drivers/gat1400/codec.ts';
import { chipsOf, dialectOf, parseLevels } from '../../drivers/gpio/gpiod-text.ts';
import { createAlertReader, readHikvisionPush } from '../../drivers/hikvision/codec.ts';
import { createArmReader, readInput } from '../../drivers/hikvision/inputs.ts';
import { readHuaxiaPush } from '../../drivers/huaxia/codec.ts';
import { readMessage } from '../../drivers/json-push/codec.ts';
import { createFrameDescriber } from '../../drivers/modbus/describe-frames.ts';
import { rtuAnswer, tcpAnswer } from '../../drivers/modbus/frame.ts';
import { createTrafficDecoder } from '../../drivers/modbus/traffic.ts';
import { readOnvifMessages } from '../../drivers/onvif/codec.ts';
import { serialLineKind } from '../../drivers/serial-line/driver.ts';
import { contentsOf, createFramer } from '../../drivers/serial-line/frame.ts';
import { createMeaning } from '../../drivers/serial-line/message.ts';
import type { FrameRule, SerialLineProfile } from '../../drivers/serial-line/profile.ts';
import { createBrokerCamera } from '../../drivers/vzenith/broker.ts';
import { decodePacket, readPacket, readSnapshot, readVzenithPush } from '../../drivers/vzenith/codec.ts';
import { readGpioValue } from '../../drivers/vzenith/inputs.ts';
import { systemClock } from '../../src/clock.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import { type Decode, ProtocolError } from '../../src/driver.ts';
import { atLength } from '../at-length.ts';
import {
  gat1400Push,
  hikvisionAlert,
  huaxiaPush,
  onvifMetadata,
  onvifNotify,
  vzenithPacket,
} from './cameras/shapes.ts';
import { fuzz, type Target } from './fuzz.ts';
import { sealed, slaveCrc } from './slave.ts';
import { hexOf } from './wire.ts';

const FRAMES = Number(process.env.FUZZ_FRAMES ?? atLength(10_000, 1_000));
/** What a decoder may keep of all it was given: no more than a few frames; the rest is what the machine itself keeps. */
const KEPT_BYTES_MOST = 6 * 1024 * 1024;

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, 'latin1'));
const crcIsRight = (frame: Uint8Array): boolean => {
  const [low, high] = slaveCrc(frame.subarray(0, -2));
  return frame.length > 3 && frame.at(-2) === low && frame.at(-1) === high;
};
/** A failed promise that nobody may miss. */
function must(holds: boolean, what: string, bytes: Uint8Array): void {
  if (!holds) throw new Error(`${what}: ${hexOf(bytes)}`);
}

/** A decoder that takes an answer off what came. `proves`: whether the bytes it used really hold what it made of them. */
const answers = <T>(
  good: readonly Uint8Array[],
  decode: Decode<T>,
  proves: (used: Uint8Array, frame: T) => boolean,
): Target => ({
  good,
  feed(bytes) {
    const found = decode(bytes);
    if (found === undefined) return 0;
    must(proves(bytes.subarray(0, found.used), found.frame), 'a reading from bytes that do not prove it', bytes);
    return 1;
  },
});

const askBits = sealed(1, 2, 0, 0, 0, 8);
const askWords = sealed(1, 3, 0, 0, 0, 4);
const words = sealed(1, 3, 8, 0, 1, 2, 3, 4, 5, 6, 7);
const bits = sealed(1, 2, 1, 5);
const switching = sealed(9, 5, 0, 2, 255, 0);
const overTcp = Uint8Array.of(0, 7, 0, 0, 0, 4, 1, 2, 1, 5);
/** The frame stands at the end of what was used, with its own checksum. */
const endsWith = (used: Uint8Array, frame: Uint8Array): boolean =>
  crcIsRight(frame) && Buffer.from(used).subarray(-frame.length).equals(Buffer.from(frame)) && frame[0] === 1;

const MODBUS: Readonly<Record<string, () => Target>> = {
  'Modbus RTU, bits': () => answers([bits, askBits, sealed(1, 0x82, 2)], rtuAnswer(askBits), endsWith),
  'Modbus RTU, registers': () => answers([words, askWords, sealed(1, 0x83, 2)], rtuAnswer(askWords), endsWith),
  'Modbus TCP': () =>
    answers([overTcp, Uint8Array.of(0, 7, 0, 0, 0, 3, 1, 0x82, 2)], tcpAnswer(askBits, 7), (used, frame) => {
      // No checksum travels here: unit, function and count must be there as they are told.
      const body = frame.subarray(0, -2);
      return body[0] === 1 && Buffer.from(used).subarray(-body.length).equals(Buffer.from(body));
    }),
  'Modbus of another master': () => {
    const decode = createTrafficDecoder(() => 0);
    return {
      good: [askBits, bits, askWords, words, switching, sealed(1, 15, 0, 0, 0, 8, 1, 255), sealed(1, 15, 0, 0, 0, 8)],
      feed(bytes) {
        let found = 0;
        for (let from = 0; from < bytes.length; ) {
          try {
            const rest = bytes.subarray(from);
            const observed = decode(rest);
            if (observed === undefined) return found;
            must(crcIsRight(rest.subarray(0, observed.used)), 'a frame with a wrong checksum', rest);
            if (observed.frame.kind !== 'other') found += 1;
            from += observed.used;
          } catch (error) {
            if (!(error instanceof ProtocolError)) throw error;
            from += 1;
          }
        }
        return found;
      },
    };
  },
  'Modbus told to a person': () => {
    const describeFrames = createFrameDescriber('serial');
    return {
      good: [askBits, bits, askWords, words, switching],
      feed(bytes) {
        const whole = describeFrames('in', bytes).filter(({ meaning }) => meaning.kind !== 'broken');
        for (const piece of whole) must(crcIsRight(piece.bytes), 'a frame with a wrong checksum', piece.bytes);
        return whole.length;
      },
    };
  },
  'the answer of an alarm relay': () =>
    answers([switching, sealed(9, 0x85, 2)], switchAnswer(switching), (used) =>
      Buffer.from(used).subarray(-switching.length).equals(Buffer.from(switching)),
    ),
};

/** Independent of the driver's. */
const CHECKSUMS = {
  sum8: (bytes: Uint8Array) => [bytes.reduce((sum, byte) => (sum + byte) % 256, 0)],
  xor8: (bytes: Uint8Array) => [bytes.reduce((sum, byte) => sum ^ byte, 0)],
  crc16: (bytes: Uint8Array) => slaveCrc(bytes),
};
const RULES: Readonly<Record<string, FrameRule & { readonly checksum: keyof typeof CHECKSUMS }>> = {
  'delimited, xor8': { kind: 'delimited', start: '02', end: '03', checksum: 'xor8' },
  'delimited, crc16': { kind: 'delimited', start: '02 02', end: '0D 0A', checksum: 'crc16' },
  'fixed, sum8': { kind: 'fixed', start: 'FF 01', length: 8, checksum: 'sum8' },
  'counted, crc16': { kind: 'counted', start: 'A5', at: 1, adds: 4, checksum: 'crc16' },
};
const hexBytes = (hex: string): readonly number[] => hex.split(' ').map((pair) => Number.parseInt(pair, 16));

function frameOf(
  rule: FrameRule & { readonly checksum: keyof typeof CHECKSUMS },
  content: readonly number[],
): Uint8Array {
  const body = Uint8Array.from([...hexBytes(rule.start), ...content]);
  const end = rule.kind === 'delimited' ? hexBytes(rule.end) : [];
  return Uint8Array.from([...body, ...CHECKSUMS[rule.checksum](body), ...end]);
}

function framing(rule: FrameRule & { readonly checksum: keyof typeof CHECKSUMS }): Target {
  let found = 0;
  /** The last frames given: enough to hold one that began before. */
  const given: Uint8Array[] = [];
  const proves = (content: Uint8Array): void => {
    found += 1;
    const whole = Buffer.from(frameOf(rule, [...content]));
    must(Buffer.concat(given).includes(whole), 'a content whose checksum is wrong', content);
  };
  const framer = createFramer({ rule, maxBytes: 32, idleMs: 100, onContent: proves });
  const content = rule.kind === 'counted' ? [2, 7, 8] : [1, 2, 3, 4, 5];
  return {
    good: [frameOf(rule, content), frameOf(rule, rule.kind === 'counted' ? [2, 1, 0] : [9, 9, 9, 9, 9])],
    feed(bytes, round) {
      given.push(bytes);
      if (given.length > 24) given.shift();
      const before = found;
      // A pause now and then, after which half a frame is none.
      framer.take(bytes, round * 20 + (round % 7 === 0 ? 500 : 0));
      for (const each of contentsOf(rule, 32, bytes)) proves(each);
      return found - before;
    },
    atATime: 8,
  };
}

const profiles = profileNames(serialLineKind.profiles as never).map((name) => ({
  name,
  profile: readProfile(serialLineKind.profiles as never, name).profile as SerialLineProfile,
}));

function messages(profile: SerialLineProfile): Target {
  const meaning = createMeaning(profile.messages, profile.encoding);
  const good = profile.messages.map((rule) => text(`${rule.text ?? ''}${'01'.repeat(32).slice(0, rule.digits ?? 0)}`));
  return {
    good,
    feed(bytes) {
      const said = meaning(bytes);
      if (said === undefined) return 0;
      must(
        said.levels.every(({ value }) => typeof value === 'boolean'),
        'a level that is none',
        bytes,
      );
      return 1;
    },
  };
}

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const xml = (name: string, content: string): Uint8Array => text(`<x:${name} a="1"><${content}</x:${name}>`);
const some = (value: unknown): number => (value === undefined ? 0 : 1);
const JSON_PLATE =
  '{"AlarmInfoPlate":{"serialno":"a","result":{"PlateResult":{"license":"x","confidence":97,"plateid":1,"timeStamp":{"Timeval":{"sec":1,"usec":2}}}}}}';
const plainPacket = (json: string): Uint8Array => Uint8Array.from(vzenithPacket(0, Buffer.from(json)));

const CAMERAS: Readonly<Record<string, () => Target>> = {
  'packets of Vzenith': () => ({
    good: [
      plainPacket('{"cmd":"get_gpio_value","gpio":1,"value":1}'),
      plainPacket('{"PlateResult":{"license":"x"},"fullImgSize":4}\0\xff\xd8\xff\xd9'),
      plainPacket('{"cmd":"get_snapshot","state_code":200,"imgdata":"/9j/2Q=="}'),
    ],
    feed(bytes) {
      const packet = decodePacket(bytes)?.frame;
      if (packet === undefined) return 0;
      let found = 0;
      for (const read of [readPacket, readSnapshot, (each: typeof packet) => readGpioValue(each, 1)]) {
        try {
          found += some(read(packet));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
      return found;
    },
  }),
  'pushes of Vzenith': () => ({ good: [text(JSON_PLATE)], feed: (bytes) => readVzenithPush(bytes).length }),
  'pushes of Dahua': () => ({
    good: [
      text('{"Picture":{"Plate":{"PlateNumber":"x","IsExist":true},"SnapInfo":{"SnapTime":"2026-05-01 12:00:00"}}}'),
    ],
    feed: (bytes) => readDahuaPush('application/json', bytes).length,
  }),
  'messages of Vzenith at a broker': () => {
    const { messages } = createBrokerCamera({ sn: 'a', inputsMs: 250 }, systemClock());
    const message = (name: string, payload: object) => text(JSON.stringify({ sn: 'a', name, payload }));
    const plate = { AlarmInfoPlate: { result: { PlateResult: { license: 'QjEyMzQ1', plateid: 1, triggerType: 64 } } } };
    return {
      good: [
        message('ivs_result', plate),
        message('gpio_in', { body: { AlarmGioIn: { result: { TriggerResult: { source: 0, value: 2 } } } } }),
        message('barr_gate_status', { body: { gate_status: 1, connect_status: 1, enable: 1 } }),
        message('lanectrl_result', { event_type: 85, result: [{ plate_result: { license: 'QjEyMzQ1' } }] }),
      ],
      feed: (bytes) => messages.take('a/device/message/up/ivs_result', bytes).length,
    };
  },
  'pushes of Huaxia': () => ({ good: [huaxiaPush().body], feed: (bytes) => readHuaxiaPush(bytes).length }),
  'vehicles of GA/T 1400': () => ({
    good: [gat1400Push().body, text('{"RegisterObject":{"DeviceID":"1"}}')],
    feed: (bytes) => readVehicles({ path: '/VIID/MotorVehicles', body: bytes }).length,
  }),
  'messages of ONVIF': () => ({
    good: [text(onvifNotify([{}, { plate: '粤B12345' }])), text(onvifMetadata(['粤B12345']))],
    feed: (bytes) => readOnvifMessages(bytes).length,
  }),
  'events pushed by Dahua': () => ({
    good: [
      text('{"Code":"TrafficJunction","Index":0,"Data":{"RealUTC":1,"TrafficCar":{"PlateNumber":"x"}}}'),
      text('Code=TrafficJunction;action=Pulse;index=0;data={"UTC":1,"TrafficCar":{"PlateNumber":"x"}}'),
    ],
    feed: (bytes) => readDahuaPush('application/json', bytes).length,
  }),
  'other JSON': () => {
    const options = { fields: { plate: 'car.no', time: 'at', id: 'id', picture: 'p' }, confidenceMax: 1, colors: {} };
    return {
      good: [text('{"car":{"no":"x"},"at":"20260501120000","id":4,"p":"/9j/2Q=="}')],
      feed: (bytes) => readMessage(bytes, options).length,
    };
  },
  'pushes of Hikvision': () => ({
    good: [text(hikvisionAlert()), text('{"eventType":"ANPR","channelID":1,"ANPR":{"licensePlate":"x"}}')],
    feed: (bytes) => readHikvisionPush('application/xml', bytes, 1).length,
  }),
  'event streams in parts': () => {
    const hikvision = createAlertReader(1);
    const dahua = createStreamReader();
    const good = [
      text(`--b\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n`),
      text(`--b\r\nContent-Type: application/xml\r\n\r\n${hikvisionAlert()}\r\n--b\r\n`),
      text('--b\r\nContent-Type: text/plain\r\n\r\nEvents[0].TrafficCar.PlateNumber=x\r\n--b\r\n'),
    ];
    // What a stream of a camera does after nonsense is to end: the next one is another.
    let multipart = createMultipart('b', 20_000);
    return {
      good,
      feed(bytes) {
        try {
          return multipart
            .push(bytes)
            .flatMap((part) => [hikvision(part).length, dahua(part).length, 1])
            .reduce((sum, each) => sum + each, 0);
        } catch (error) {
          multipart = createMultipart('b', 20_000);
          throw error;
        }
      },
    };
  },
  'inputs of Hikvision and Dahua': () => {
    const arm = createArmReader();
    return {
      good: [
        xml('S', 'barrierGateStatus>1</barrierGateStatus>'),
        xml('S', 'ioPortID>1</ioPortID><ioState>active</ioState>'),
        text('result=5\r\n'),
      ],
      feed(bytes, round) {
        const said = latin(bytes);
        let found = 0;
        for (const read of [() => arm(said, round), () => readInput(said, 1), () => readInState(said)]) {
          try {
            found += some(read());
          } catch (error) {
            if (!(error instanceof ProtocolError)) throw error;
          }
        }
        return found;
      },
    };
  },
  'answers of ONVIF': () => ({
    good: [
      text(
        '<UTCDateTime><Time><Hour>1</Hour><Minute>2</Minute><Second>3</Second></Time><Date><Year>2026</Year><Month>5</Month><Day>1</Day></Date></UTCDateTime>',
      ),
      text('<Media><XAddr>http://192.0.2.1/onvif/media</XAddr></Media>'),
      text(
        '<Profiles token="p1"><VideoSourceConfiguration><SourceToken>s</SourceToken></VideoSourceConfiguration></Profiles>',
      ),
      text('<MediaUri><Uri>http://192.0.2.1/p.jpg</Uri></MediaUri>'),
    ],
    feed(bytes) {
      const said = latin(bytes);
      let found = 0;
      for (const read of [
        readTime,
        readFault,
        readMedia,
        readSnapshotUri,
        (each: string) => readOnvifProfile(each, 1),
      ]) {
        try {
          found += some(read(said));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
      return found;
    },
  }),
};

const TOOLS: Readonly<Record<string, () => Target>> = Object.fromEntries(
  (['v1.6.3', 'v2.2.1'] as const).map((version) => [
    `lines of libgpiod ${version}`,
    () => {
      const dialect = dialectOf([`gpiomon (libgpiod) ${version}`]);
      return {
        good: [
          text('17 1 512.000250000'),
          text('17 1 512 250000'),
          text('27 0 1 5'),
          text('1 0'),
          text('gpiochip0 [x] (58 lines)'),
        ],
        feed(bytes: Uint8Array) {
          const line = latin(bytes);
          const event = dialect.event(line);
          must(
            event === undefined || (Number.isFinite(event.atMs) && event.offset >= 0),
            'an edge that is none',
            bytes,
          );
          chipsOf([line]);
          return some(event) + some(parseLevels([line], 2));
        },
      };
    },
  ]),
);

const TARGETS: Readonly<Record<string, () => Target>> = {
  ...MODBUS,
  ...Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [`frames ${name}`, () => framing(rule)])),
  ...Object.fromEntries(profiles.map(({ name, profile }) => [`messages of ${name}`, () => messages(profile)])),
  ...TOOLS,
  ...CAMERAS,
};

describe(`${FRAMES} random and mutated frames into the decoder of`, () => {
  it.each(Object.entries(TARGETS))('%s', { timeout: 600_000 }, async (_, target) => {
    const { found, keptBytes } = await fuzz(target(), FRAMES);
    // A decoder that takes nothing would pass everything else.
    expect(found).toBeGreaterThan(FRAMES / 200);
    expect(keptBytes).toBeLessThan(KEPT_BYTES_MOST);
  });
});
