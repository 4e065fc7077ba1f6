/**
 * Nothing here can act on the field. Every kind of device and camera is run in every branch of its configuration, with every profile, over
 * every transport, against far ends that are silent, answer well, lack registers, answer nonsense and shout commands, and what it sends is
 * read byte by byte by a reader that knows only what may be sent. The one exception is the alarm output, and only when it is switched on.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { alarmOutputKind } from '../../drivers/alarm-output/driver.ts';
import { createGpioDriver, gpioKind } from '../../drivers/gpio/driver.ts';
import { gpiomonSource } from '../../drivers/gpio/gpiomon.ts';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { modbusKind } from '../../drivers/modbus/driver.ts';
import { modbusProfile } from '../../drivers/modbus/profile.ts';
import { serialLineKind } from '../../drivers/serial-line/driver.ts';
import { QUESTION_NAMES } from '../../drivers/serial-line/questions.ts';
import { systemClock } from '../../src/clock.ts';
import { profileNames, readProfile } from '../../src/config/profiles.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { AlarmCause, DriverKind } from '../../src/driver.ts';
import { ALARM_KINDS, VERDICTS } from '../../src/kinds.ts';
import { createBus } from '../../src/line/bus.ts';
import { openPort } from '../../src/line/port.ts';
import { transportOf } from '../../src/line/port-contract.ts';
import { branchesOf } from './branches.ts';
import { fakeTools } from './gpio-tools.ts';
import { createRelayBoard } from './relay-board.ts';
import { sealed, slaveCrc } from './slave.ts';
import { createPlayer, transcripts } from './transcript.ts';
import { createWire, type FarEnd } from './wire.ts';

const clock = systemClock();
const ALL = transcripts();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** What stands at the other end of the wire, for requests as they stand on a serial line. */
type FarEndOf = (say: (bytes: Uint8Array) => void) => FarEnd;
const SILENT: FarEndOf = () => ({ hear: () => {} });
/** Echoes, then commands of somebody else, exceptions, a refusal, and letters. */
const HOSTILE: FarEndOf = (say) => {
  let count = 0;
  return {
    hear(request) {
      const unit = request[0] ?? 1;
      const shouts = [
        request,
        sealed(unit, 5, 0, 0, 255, 0),
        sealed(unit, (request[1] ?? 0) | 0x80, 2),
        sealed(unit, 15, 0, 0, 0, 8, 1, 255),
        sealed(unit, 6, 0x40, 0, 0, 1),
        Uint8Array.from(Buffer.from('*OPEN1##*TRIG1#:OPEN1;')),
        Uint8Array.of(0xa6, 0x4f, 0x50, 0x45, 0x4e, 0x31, 0xa9, 1, 2, 3, 255),
      ];
      count += 1;
      say(shouts[count % shouts.length] ?? request);
    },
  };
};

/** A clone: its inputs answer, and it refuses every register, or is silent there. */
const CLONE: FarEndOf = (say) => ({
  hear([unit = 1, code = 0, , address = 0, , quantity = 0]) {
    const bytes = Math.ceil(quantity / 8);
    if (code <= 2) say(sealed(unit, code, bytes, ...new Uint8Array(bytes)));
    else if (address % 2 === 0) say(sealed(unit, code | 0x80, 2));
  },
});

type Transport = 'serial' | 'tcp' | 'modbus-tcp';
const TRANSPORTS: readonly Transport[] = ['serial', 'tcp', 'modbus-tcp'];

/** A wire on which everything sent is kept. Over Modbus TCP the far end is spoken to as on a serial line, and answers so. */
async function recorded(transport: Transport, farEnd: FarEndOf) {
  const sent: Uint8Array[] = [];
  const settings = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
  if (transport === 'serial') {
    const wire = createWire({ farEnd });
    const port = await openPort({ ...settings, port: '/dev/test' }, { clock, binding: wire.binding });
    return { bus: createBus(port, { clock }), sent: () => Buffer.concat(wire.written) };
  }
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const end = farEnd((bytes) => void (socket.writable && socket.write(headed(bytes))));
    let head = Buffer.alloc(0);
    const headed = (bytes: Uint8Array): Uint8Array =>
      transport === 'tcp'
        ? bytes
        : Uint8Array.from([...head, 0, Math.max(0, bytes.length - 2), ...bytes.subarray(0, -2)]);
    socket.on('data', (bytes) => {
      sent.push(Uint8Array.from(bytes));
      if (transport === 'tcp') return end.hear(bytes);
      head = bytes.subarray(0, 4);
      end.hear(sealed(...bytes.subarray(6)));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const url = `${transport}://127.0.0.1:${port}`;
  expect(transportOf(url)).toBe(transport);
  return {
    bus: createBus(await openPort({ ...settings, port: url }, { clock }), { clock }),
    sent: () => Buffer.concat(sent),
  };
}

/** Reads what was sent as reads of Modbus and nothing else; `switches` are those few that may stand among them. */
function mustRead(
  sent: Buffer,
  transport: Transport,
  units: readonly number[],
  switches: readonly string[] = [],
): readonly string[] {
  const length = transport === 'modbus-tcp' ? 12 : 8;
  expect(sent.length % length, `whole requests only: ${sent.toString('hex')}`).toBe(0);
  const switched: string[] = [];
  for (let at = 0; at < sent.length; at += length) {
    const frame = sent.subarray(at, at + length);
    const body = transport === 'modbus-tcp' ? frame.subarray(6) : frame.subarray(0, 6);
    const hex = body.toString('hex');
    if (transport === 'modbus-tcp') expect(frame.toString('hex', 2, 6), hex).toBe('00000006');
    else expect([...frame.subarray(6)], hex).toEqual(slaveCrc(body));
    expect(units, hex).toContain(body[0]);
    if (switches.includes(hex)) switched.push(hex);
    else {
      expect([1, 2, 3, 4], hex).toContain(body[1]);
      const quantity = body.readUInt16BE(4);
      expect(quantity, hex).toBeGreaterThan(0);
      expect(quantity, hex).toBeLessThanOrEqual((body[1] ?? 0) <= 2 ? 2_000 : 125);
    }
  }
  return switched;
}

const QUESTIONS = ['*STAT#', '\xa6STAT\xa9', ':INFO;'];
function mustBeQuestions(sent: Buffer): void {
  let rest = sent.toString('latin1');
  for (
    let found = QUESTIONS.find((each) => rest.startsWith(each));
    found;
    found = QUESTIONS.find((each) => rest.startsWith(each))
  )
    rest = rest.slice(found.length);
  expect(rest).toBe('');
}

interface Run {
  readonly kind: DriverKind;
  readonly config: Readonly<Record<string, unknown>>;
  readonly profile?: unknown;
  readonly transport: Transport;
  readonly farEnd: FarEndOf;
  readonly causes?: readonly AlarmCause[];
}

/** Starts it, lets it run for a while, and again after it failed, as a supervisor would. Everything it sent. */
async function sentBy({ kind, config, profile, transport, farEnd, causes = [] }: Run, forMs = 120): Promise<Buffer> {
  const { bus, sent } = await recorded(transport, farEnd);
  const hearing: ((cause: AlarmCause) => void)[] = [];
  const parsed = kind.schema.parse(config) as object;
  const driver = kind.create({ ...parsed, profile }, { bus, clock, alarms: (hear) => void hearing.push(hear) });
  const stop = new AbortController();
  const over = clock.sleep(forMs, stop.signal);
  const work = (async () => {
    while (!stop.signal.aborted) {
      await driver.run(() => {}, stop.signal).catch(() => {});
      await clock.sleep(5, stop.signal);
    }
  })();
  for (const cause of causes) {
    await clock.sleep(10);
    for (const hear of hearing) hear(cause);
  }
  await over;
  stop.abort();
  // A question that a silent device has five seconds for ends with its line; an output says what it has to at its end.
  if (!kind.output) await bus.close();
  await work;
  await bus.close();
  // Over a socket the last bytes may still be on their way to where they are kept.
  await clock.sleep(20);
  return sent();
}

/** Many at a time: each mostly waits. */
async function all<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 48): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}

const profileOf = (kind: DriverKind, name: string): unknown => readProfile(kind.profiles as never, name).profile;
const playing = (kind: string, profile: string): FarEndOf => {
  const transcript = ALL.find((each) => each.kind === kind && each.profile === profile);
  if (transcript === undefined) return HOSTILE;
  const player = createPlayer(transcript);
  const [look] = transcript.looks;
  if (look !== undefined) player.show(look);
  return player.farEnd;
};
const EXAMPLES = { grantsFor: ['1001'], lane: ['1001'], lines: [{ in17: 17 }], chip: ['pinctrl-bcm2711'] };
const onWire = DRIVER_KINDS.filter(({ wire, output }) => wire !== false && !output);

describe('what is sent on a wire', () => {
  const runs = onWire.flatMap((kind) => {
    const names = kind.profiles === undefined ? [undefined] : profileNames(kind.profiles);
    const branches = branchesOf(kind.schema, {}, EXAMPLES);
    return names.flatMap((name, index) => {
      const profile = name === undefined ? undefined : profileOf(kind, name);
      // Every branch with the first profile, every other profile as it comes and fast.
      const configs = index === 0 ? branches : [{}];
      return configs.flatMap((config) =>
        TRANSPORTS.flatMap((transport) =>
          [SILENT, HOSTILE, CLONE, playing(kind.kind, name ?? '')].map(
            (farEnd): Run => ({ kind, config, profile, transport, farEnd }),
          ),
        ),
      );
    });
  });

  it(`by ${onWire.map(({ kind }) => kind).join(', ')}, in ${runs.length} ways, is a read or one of three questions`, async () => {
    await all(runs, async (run) => {
      const sent = await sentBy(run);
      const { unit } = run.kind.schema.parse(run.config) as { unit?: number };
      if (run.kind.kind === 'modbus') mustRead(sent, run.transport, [unit ?? 1]);
      else if (run.kind.kind === 'serial-line') mustBeQuestions(sent);
      else expect(sent.toString('hex'), `${run.kind.kind} says nothing`).toBe('');
      // That nothing was sent because nothing ran would prove nothing.
      expect(sent.length > 0, run.kind.kind).toBe(run.kind.kind !== 'modbus-listen');
    });
  });

  it('while boards are looked for is a read', async () => {
    const searching = DRIVER_KINDS.filter(({ search }) => search !== undefined);
    expect(searching.map(({ kind }) => kind)).toContain('modbus');
    const profiles = new Map(
      profileNames(modbusKind.profiles as never).map((name) => [name, profileOf(modbusKind as never, name)]),
    );
    await all(
      searching.flatMap((kind) =>
        TRANSPORTS.flatMap((transport) =>
          [HOSTILE, CLONE, playing('modbus', 'waveshare-modbus-rtu-io-8ch')].map((farEnd) => ({
            kind,
            transport,
            farEnd,
          })),
        ),
      ),
      async ({ kind, transport, farEnd }) => {
        const { bus, sent } = await recorded(transport, farEnd);
        await kind.search?.find(bus, 1, profiles);
        await bus.close();
        await clock.sleep(20);
        mustRead(sent(), transport, [1]);
        expect(sent().length).toBeGreaterThan(0);
      },
    );
  });

  it("cannot be put into a profile: function codes that write and questions of one's own are refused", () => {
    const good = profileOf(modbusKind as never, 'waveshare-modbus-rtu-io-8ch') as {
      read: object[];
      probe: object;
      localLinkage: object;
    };
    expect(modbusProfile.safeParse(good).success).toBe(true);
    for (let code = 0; code <= 255; code += 1) {
      const places = [
        { ...good, read: [{ ...good.read[0], function: code }] },
        { ...good, read: [{ kind: 'word', function: code, address: 0, quantity: 1, points: { di1: 0 } }] },
        { ...good, probe: { ...good.probe, function: code } },
        { ...good, localLinkage: { ...good.localLinkage, function: code } },
        { ...good, counter: { resetDetector: { function: code, address: 0, value: 1 } } },
      ];
      const accepted = places.filter((profile) => modbusProfile.safeParse(profile).success).length;
      if (code < 1 || code > 4) expect(accepted, `function ${code}`).toBe(0);
    }
    const spoken = profileOf(serialLineKind as never, 'star-hash-controller') as { ask: object };
    const { schema } = serialLineKind.profiles ?? {};
    for (const question of QUESTION_NAMES)
      expect(schema?.safeParse({ ...spoken, ask: { ...spoken.ask, question } }).success).toBe(true);
    for (const question of ['*OPEN1#', 'open', '', 'A6 4F A9'])
      expect(schema?.safeParse({ ...spoken, ask: { ...spoken.ask, question } }).success).toBe(false);
    for (const key of ['send', 'say', 'request', 'bytes', 'acknowledge'])
      expect(schema?.safeParse({ ...spoken, [key]: '*OPEN1#' }).success).toBe(false);
  });

  it('of a serial-line device with any of the questions is that question', async () => {
    const spoken = profileOf(serialLineKind as never, 'star-hash-controller') as { ask: object };
    await all([...QUESTION_NAMES], async (question) => {
      const profile = serialLineKind.profiles?.schema.parse({
        ...spoken,
        ask: { ...spoken.ask, question, everyMs: 50 },
      });
      mustBeQuestions(
        await sentBy({ kind: serialLineKind as never, config: {}, profile, transport: 'serial', farEnd: HOSTILE }),
      );
    });
  });
});

describe('an alarm output', () => {
  const base = { board: 'waveshare-modbus-rtu-io-8ch', unit: 9, relay: 3 };
  const causes: readonly AlarmCause[] = [
    ...VERDICTS.map((what) => ({ kind: 'release' as const, what, laneId: '1001' })),
    ...ALARM_KINDS.map((what) => ({ kind: 'alarm' as const, what, laneId: '1001' })),
  ];
  const branches = branchesOf(alarmOutputKind.schema, base, EXAMPLES);
  const board: FarEndOf = (say) => createRelayBoard({ unit: 9, nowMs: clock.nowMs }).farEnd(say);

  it(`that is not switched on sends nothing, in all ${branches.length} branches of its configuration`, async () => {
    await all(branches, async (config) => {
      const run = {
        kind: alarmOutputKind as never,
        config: { ...config, enabled: false },
        transport: 'serial' as const,
      };
      expect((await sentBy({ ...run, farEnd: board, causes }, 300)).toString('hex')).toBe('');
    });
  });

  it('that is switched on sends reads, and function 5 to its own coil', async () => {
    let switched = 0;
    await all(
      branches.flatMap((config) =>
        TRANSPORTS.flatMap((transport) => [SILENT, HOSTILE, board].map((farEnd) => ({ config, transport, farEnd }))),
      ),
      async ({ config, transport, farEnd }) => {
        const whole = { ...config, enabled: true, timeoutMs: 60 };
        const { unit, relay } = alarmOutputKind.schema.parse(whole);
        const coil = Buffer.from([unit, 5, 0, relay - 1]).toString('hex');
        const sent = await sentBy({ kind: alarmOutputKind as never, config: whole, transport, farEnd, causes }, 300);
        const switches = mustRead(sent, transport, [unit], [`${coil}ff00`, `${coil}0000`]);
        // Whoever does not answer as the board it names is never switched.
        if (farEnd !== board) expect(switches).toEqual([]);
        // Nothing at all goes out on a network.
        if (transport !== 'serial') expect(sent.toString('hex')).toBe('');
        switched += switches.length;
      },
    );
    expect(switched).toBeGreaterThan(10);
  });
});

describe('contacts of the machine', () => {
  it('are read with gpiodetect, gpioget and gpiomon, whatever is configured', async () => {
    const branches = branchesOf(
      gpioKind.schema,
      { chip: 'pinctrl-bcm2711', lines: { in17: 17, in27: 27 }, via: 'gpiomon' },
      EXAMPLES,
    );
    const asked: string[] = [];
    await all(branches, async (config) => {
      const fake = fakeTools();
      const parsed = gpioKind.schema.parse({ ...config, via: 'gpiomon' });
      const sources = { tools: fake.tools, gpiomon: gpiomonSource, sysfs: () => expect.fail('gpiomon was asked for') };
      const driver = createGpioDriver(parsed, { clock }, sources);
      const stop = new AbortController();
      const work = driver.run(() => {}, stop.signal).catch(() => {});
      await Promise.race([expect.poll(fake.watched).toBeGreaterThan(0), work]);
      stop.abort();
      await work;
      asked.push(...fake.asked());
      fake.close();
    });
    expect(asked.length).toBeGreaterThan(10);
    for (const call of asked) expect(call).toMatch(/^(gpiodetect|gpioget|gpiomon) /);
  });
});

describe('a camera', () => {
  /** By connection, each in order. */
  const heard = new Map<Socket, Buffer[]>();
  /** Answers whatever it is asked with something, and keeps every byte. */
  const server = createServer((socket) => {
    const bytesOfIt: Buffer[] = [];
    heard.set(socket, bytesOfIt);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      bytesOfIt.push(Buffer.from(bytes));
      if (bytes.subarray(0, 2).toString() === 'VZ') return;
      const body = 'result=1\r\n';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  servers.push(server);

  /** All that any camera may ever be asked, over HTTP and over Vzenith's own protocol. */
  const MAY_BE_ASKED = [
    /^GET \/ISAPI\/Streaming\/channels\/\d+01\/picture HTTP/,
    /^GET \/ISAPI\/Event\/notification\/alertStream HTTP/,
    /^GET \/ISAPI\/Parking\/channels\/\d+\/barrierGate\/barrierGateStatus HTTP/,
    /^GET \/ISAPI\/System\/IO\/inputs\/\d\/status HTTP/,
    /^GET \/cgi-bin\/snapshot\.cgi\?channel=\d+ HTTP/,
    /^GET \/cgi-bin\/snapManager\.cgi\?action=attachFileProc&channel=\d+&heartbeat=5&Flags\[0\]=Event&Events=\[TrafficJunction\] HTTP/,
    /^GET \/cgi-bin\/eventManager\.cgi\?action=attach&codes=\[TrafficJunction\]&heartbeat=5 HTTP/,
    /^GET \/cgi-bin\/alarm\.cgi\?action=getInState HTTP/,
    /^GET \/axis-cgi\/jpg\/image\.cgi\?camera=\d+ HTTP/,
    /^GET \/LAPI\/V1\.0\/Channels\/\d+\/Media\/Video\/Streams\/0\/Snapshot HTTP/,
    // Where the configuration says that the picture is; what else it might say is in camera-openers.test.ts.
    /^GET \/snapshot\.jpg HTTP/,
    // ONVIF: the questions that lead to the address of a picture.
    /^POST \/onvif\/(device_service|media_service) HTTP/,
  ];
  const SOAP = [
    ...['GetSystemDateAndTime', 'GetCapabilities', 'GetProfiles', 'GetSnapshotUri'],
    ...['CreatePullPointSubscription', 'PullMessages', 'Renew', 'Unsubscribe'],
  ];
  const PACKETS = [
    /^\{"cmd":"ivsresult","enable":true,"format":"json","image":true,"image_type":0\}$/,
    /^\{"cmd":"get_snapshot","id":"lanewarden"\}$/,
    /^\{"cmd":"get_gpio_value","gpio":[0-3]\}$/,
  ];

  function mustAsk(sent: Buffer): number {
    let count = 0;
    const packets = sent.subarray(0, 2).toString() === 'VZ';
    for (let at = 0; packets && at < sent.length; count += 1) {
      const length = sent.readUInt32BE(at + 4);
      expect([0, 1]).toContain(sent[at + 2]);
      const json = sent.toString('utf8', at + 8, at + 8 + length);
      if (sent[at + 2] === 1) expect(length).toBe(0);
      else
        expect(
          PACKETS.some((each) => each.test(json)),
          json,
        ).toBe(true);
      at += 8 + length;
    }
    if (packets) return count;
    // The next request of a connection begins right after a question.
    const text = sent.toString('latin1').replaceAll('</s:Envelope>', '</s:Envelope>\r\n');
    for (const line of text.split('\r\n').filter((each) => /^[A-Z]+ \S+ HTTP\//.test(each))) {
      expect(
        MAY_BE_ASKED.some((each) => each.test(line)),
        line,
      ).toBe(true);
      count += 1;
    }
    const asked = [...text.matchAll(/<s:Body><(\w+)/g)].map(([, action]) => action);
    for (const action of asked) expect(SOAP).toContain(action);
    expect(asked.length, 'a POST is such a question').toBe([...text.matchAll(/^POST /gm)].length);
    return count;
  }

  it('of any kind, in every branch of its configuration, is asked for pictures, events and inputs and nothing else', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const url = `http://127.0.0.1:${port}/snapshot.jpg`;
    let requests = 0;
    for (const kind of CAMERA_KINDS) {
      const examples = {
        ...EXAMPLES,
        url: [url],
        user: ['viewer'],
        password: [new Secret('x')],
        pushFrom: [[], ['192.0.2.0/24']],
        port: [port],
        fields: [{ plate: 'car.plate' }],
        confirmed: [{ sha256: 'a'.repeat(64), by: 'somebody', at: '2026-05-01T12:00:00Z' }],
        register: [{ user: 'gate', password: new Secret('x') }],
        preset: undefined as never,
      };
      delete (examples as { preset?: unknown }).preset;
      const base = {
        url,
        user: 'viewer',
        password: new Secret('x'),
        ...(kind.kind === 'vzenith' && { url: 'http://127.0.0.1', port }),
        // Its address alone: what is below it is ONVIF's.
        ...(kind.kind === 'onvif' && { url: new URL(url).origin }),
        ...(['camera-http', 'json-push', 'huaxia', 'gat1400'].includes(kind.kind) && { preset: 'custom' }),
        ...(kind.kind === 'json-push' && { fields: { plate: 'car.plate' } }),
      };
      if (kind.kind === 'onvif') examples.url = [base.url];
      if (kind.kind === 'vzenith') {
        examples.url = ['http://127.0.0.1'];
        delete (base as { user?: unknown }).user;
        delete (base as { password?: unknown }).password;
      }
      const branches = branchesOf(kind.schema, base, examples);
      await all(
        branches,
        async (config) => {
          const camera = kind.create(kind.schema.parse(config), { clock });
          const stop = new AbortController();
          // Most of what they are answered is nonsense to them: that they fail is expected.
          const picture = camera.snapshot(stop.signal).catch(() => {});
          const works = Promise.allSettled([
            picture,
            camera.events?.(() => {}, stop.signal),
            camera.inputs?.run(() => {}, stop.signal),
          ]);
          // However busy the machine is, each has been asked for its picture.
          await Promise.all([picture, clock.sleep(250)]);
          stop.abort();
          await works;
        },
        32,
      );
      const count = [...heard.values()]
        .map((bytes) => mustAsk(Buffer.concat(bytes)))
        .reduce((sum, each) => sum + each, 0);
      for (const socket of heard.keys()) socket.destroy();
      heard.clear();
      // At an address that is none of ONVIF's, nobody is asked for one.
      const asking = branches.filter((config) => config.preset !== 'onvif');
      expect(count, kind.kind).toBeGreaterThanOrEqual(asking.length);
      requests += count;
    }
    expect(requests).toBeGreaterThan(50);
  });

  it('that pushes is answered nothing that opens, whatever it sends', () => {
    const bodies = [
      '',
      '{}',
      'null',
      '{"AlarmInfoPlate":{"result":{"PlateResult":{"license":"x"}}}}',
      '{"AlarmGioIn":{"result":{"TriggerResult":{"source":0,"value":1}}}}',
      '{"Response_AlarmInfoPlate":{"info":"ok"}}',
      '{"Picture":{"Plate":{"PlateNumber":"x"},"SnapInfo":{"AllowUser":true,"OpenStrobe":true}}}',
      '<EventNotificationAlert><eventType>ANPR</eventType></EventNotificationAlert>',
      'x'.repeat(5_000),
    ];
    const OPENS =
      /"info"\s*:\s*"ok"|AllowUser|OpenGate|OpenStrobe|ivs_ioctl|manualTrigger|TriggerImage|"serialData"\s*:\s*\[[^\]]/i;
    let answers = 0;
    for (const kind of CAMERA_KINDS) {
      const base = {
        url: 'http://192.0.2.1/picture',
        ...(/camera-http|json/.test(kind.kind) && { preset: 'custom' }),
        ...(kind.kind === 'json-push' && { fields: { plate: 'car.plate' } }),
      };
      const { push } = kind.create(kind.schema.parse(base), { clock });
      if (push === undefined) continue;
      for (const body of bodies)
        for (const contentType of [
          'application/json',
          'application/xml',
          'multipart/form-data; boundary=b',
          'text/plain',
          '',
        ])
          for (const path of [
            ...['/', '/NotificationInfo/TollgateInfo', '/NotificationInfo/KeepAlive', '/x'],
            ...['/VIID/System/Register', '/VIID/MotorVehicles'],
          ]) {
            const request = { method: 'POST', path, headers: { 'content-type': contentType }, body: Buffer.from(body) };
            let answer = push.refused;
            try {
              answer = push.take(request).answer;
            } catch {
              // Refused: answered as for everything that is not understood.
            }
            expect(answer.body).not.toMatch(OPENS);
            answers += 1;
          }
    }
    expect(answers).toBeGreaterThan(500);
  });
});

describe('the source', () => {
  it('has one place that builds a frame which switches, and it is the alarm output', () => {
    const source = readFileSync(new URL('../../drivers/alarm-output/frame.ts', import.meta.url), 'utf8');
    expect(source).toContain('const SWITCH = 5;');
    // A contact of the machine is only read, and the broker only listened to.
    const words = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    for (const path of ['child', 'driver', 'gpiomon', 'sysfs'])
      expect(words(`drivers/gpio/${path}.ts`)).not.toMatch(/\.write(Sync)?\(|setDirection|'(high|low|out)'/);
    for (const path of ['mqtt', 'mqtt-message'])
      expect(words(`src/intake/${path}.ts`)).not.toMatch(/\.publish(Async)?\(|\bwill\b\s*:/);
    // But for what became of payments, under a name that no switch listens to (src/config/schema/values.ts).
    expect(words('src/intake/mqtt-session.ts').match(/\.publish(Async)?\([^)]*|\bwill\b\s*:/g)).toEqual([
      '.publishAsync(topic, payload, { qos: 1 }',
    ]);
    // What lifts an arm is that of the simulator, and only the simulator knows it.
    const knows = readdirSync(new URL('../../src', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path) && words(`src/${path}`).includes('arm-stand-in'))
      .map((path) => path.split('/')[0]);
    expect(new Set(knows)).toEqual(new Set(['simulate']));
    // Everywhere else test/tidy.test.ts refuses the words with which libraries and tools write.
    expect(readFileSync(new URL('../tidy.test.ts', import.meta.url), 'utf8')).toContain('this program acts on nothing');
  });
});
