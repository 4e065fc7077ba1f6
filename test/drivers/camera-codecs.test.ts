/** What makers' cameras write, as bytes, against what it means; and that no bytes at all can do more than be refused. */

import { describe, expect, it } from 'vitest';
import { at, decodeText, stampOf } from '../../drivers/camera-http/content.ts';
import { createMultipart, PART_BYTES_MAX, partName } from '../../drivers/camera-http/multipart.ts';
import { boundaryOf } from '../../drivers/camera-http/stream.ts';
import { colorOf, createStreamReader, readDahuaPush, readStreamText } from '../../drivers/dahua/codec.ts';
import { readVehicles } from '../../drivers/gat1400/codec.ts';
import { createAlertReader, readHikvisionPush } from '../../drivers/hikvision/codec.ts';
import { readHuaxiaPush } from '../../drivers/huaxia/codec.ts';
import { readMessage } from '../../drivers/json-push/codec.ts';
import { FORMS } from '../../drivers/json-push/forms.ts';
import { decodePacket, encodeRequest, readPacket, readSnapshot, readVzenithPush } from '../../drivers/vzenith/codec.ts';
import { type CameraEvent, ProtocolError } from '../../src/driver.ts';
import { ownMs } from '../own-time.ts';
import fc from '../property.ts';
import { GB2312_PLATE, inPlate } from './cameras/plates.ts';
import {
  dahuaPush,
  dahuaStream,
  form,
  gat1400Push,
  hikvisionAlert,
  hikvisionHeartbeat,
  hikvisionPush,
  hikvisionStream,
  huaxiaPush,
  jpeg,
  vzenithPacket,
  vzenithPush,
  vzenithResultPacket,
} from './cameras/shapes.ts';

const NOON_MS = Date.parse('2026-05-01T12:00:00+08:00');
const same = (bytes: Uint8Array | undefined, wanted: Buffer): boolean => bytes !== undefined && wanted.equals(bytes);
const picture = (events: readonly CameraEvent[]): Uint8Array | undefined =>
  events.flatMap((event) => (event.kind === 'picture' ? [event.bytes] : []))[0];
/** The body of an answer that was written with its head. */
const bodyOf = (wire: Buffer): Buffer => wire.subarray(wire.indexOf('\r\n\r\n') + 4);
const onlyProtocolErrors = (work: () => unknown): void => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
};

type Read = Extract<CameraEvent, { kind: 'read' }>;
const readAlert = (text: string, channel?: number): Read | undefined =>
  createAlertReader(channel)({ headers: new Map(), body: Buffer.from(text) })[0] as Read | undefined;

describe('multipart', () => {
  const parts = [
    {
      headers: ['Content-Type: text/plain', 'Content-Disposition: form-data; name="a"; filename="b c.jpg"'],
      body: 'x\r\n\r\ny',
    },
    { headers: ['Content-Type: image/jpeg'], body: jpeg(7, 300) },
    { headers: ['X-Empty: 1'], body: '' },
  ];

  it.each([true, false])('is the same however it is cut, with lengths said: %s', (withLength) => {
    const wire = Buffer.concat([Buffer.from('preamble\r\n'), form('bound-ary', parts, withLength)]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 40 }), (sizes) => {
        const multipart = createMultipart('bound-ary');
        const found = [];
        let from = 0;
        for (const size of [...sizes, wire.length]) {
          found.push(...multipart.push(wire.subarray(from, from + size)));
          from += size;
        }
        expect(found.map(({ body }) => Buffer.from(body))).toEqual(parts.map(({ body }) => Buffer.from(body)));
        expect(found[0] && partName(found[0], 'filename')).toBe('b c.jpg');
      }),
      { numRuns: 60 },
    );
  });

  it('gives a part with a length before the next boundary is there', () => {
    const wire = form('b', [{ headers: ['A: 1'], body: 'hello' }], true);
    expect(createMultipart('b').push(wire.subarray(0, wire.indexOf('hello') + 5))).toHaveLength(1);
  });

  it('loses one part to a length that is wrong, and no more', () => {
    const wire = Buffer.concat([
      Buffer.from('--b\r\nContent-Length: 3\r\n\r\nlonger than three\r\n'),
      form('b', [{ headers: ['A: 1'], body: 'good' }], true),
    ]);
    expect(
      createMultipart('b')
        .push(wire)
        .map(({ body }) => Buffer.from(body).toString()),
    ).toEqual(['lon', 'good']);
  });

  it('refuses what has no end', () => {
    const piece = Buffer.alloc(65_536, 'x');
    const feed = (first: string): unknown => {
      const multipart = createMultipart('b');
      multipart.push(Buffer.from(first));
      for (let sent = 0; sent < 2 * PART_BYTES_MAX; sent += piece.length) multipart.push(piece);
      return 'took it all';
    };
    expect(() => feed('--b\r\nA: 1\r\n\r\n')).toThrow(ProtocolError);
    expect(() => feed('--b\r\nA: 1')).toThrow(ProtocolError);
    expect(() => feed('--b')).toThrow(ProtocolError);
    expect(() => feed('--b\r\nContent-Length: 99999999\r\n\r\n')).toThrow(ProtocolError);
    // Before the first boundary nothing is kept at all.
    expect(feed('no boundary')).toBe('took it all');
  });

  it('knows its boundary in every way of writing it', () => {
    expect(boundaryOf('multipart/mixed; boundary=boundary')).toBe('boundary');
    expect(boundaryOf('multipart/x-mixed-replace;charset=x; boundary="my boundary"')).toBe('my boundary');
    expect(createMultipart('--x').push(form('x', [{ headers: [], body: 'a' }]))).toHaveLength(1);
    expect(createMultipart('--x').push(form('--x', [{ headers: [], body: 'a' }]))).toHaveLength(1);
    expect(() => boundaryOf('text/html')).toThrow(ProtocolError);
  });
});

describe('hikvision', () => {
  it('reads an alert', () => {
    expect(readAlert(hikvisionAlert(), 1)).toEqual({
      kind: 'read',
      plate: inPlate(1),
      confidence: 0.97,
      color: 'blue',
      stampedMs: NOON_MS,
      id: 'a0000000-0000-4000-8000-000000000001',
      replayed: false,
    });
    expect(readAlert(hikvisionAlert({ historical: true }), 1)?.replayed).toBe(true);
    // Sent again after the network was down, by a camera or a recorder: `isDataRetransmission`, in XML and in JSON.
    const again = (value: string) =>
      hikvisionAlert().replace('<UUID>', `<isDataRetransmission>${value}</isDataRetransmission><UUID>`);
    expect(readAlert(again('true'), 1)?.replayed).toBe(true);
    expect(readAlert(again('false'), 1)?.replayed).toBe(false);
    const told = (isDataRetransmission: unknown) =>
      readAlert(JSON.stringify({ eventType: 'ANPR', isDataRetransmission, ANPR: { licensePlate: inPlate(1) } }));
    expect(told(true)?.replayed).toBe(true);
    expect(told('true')?.replayed).toBe(true);
    expect(told(false)?.replayed).toBe(false);
    expect(readAlert(hikvisionAlert({ plate: 'unknown', color: 'other' }), 1)).toMatchObject({ plate: 'unknown' });
    expect(readAlert(hikvisionAlert({ color: 'newEnergyYellowGreen' }), 1)?.color).toBe('green');
    expect(readAlert(hikvisionAlert({ channel: 2 }), 1)).toBeUndefined();
    expect(readAlert(hikvisionHeartbeat(), 1)).toBeUndefined();
    expect(readAlert(hikvisionAlert({ plate: '&#31908;B&amp;1' }), 1)?.plate).toBe('粤B&1');
  });

  it('reads the parts of a push in any order, and its scene only', () => {
    const { contentType, body } = hikvisionPush();
    const events = readHikvisionPush(contentType, body, 1);
    expect(events.map(({ kind }) => kind)).toEqual(['read', 'picture']);
    expect(same(picture(events), jpeg(1))).toBe(true);
    const turned = form('x', [
      { headers: ['Content-Disposition: form-data; name="detectionPicture"'], body: jpeg(5) },
      { headers: ['Content-Disposition: form-data; name="xml_file"'], body: hikvisionAlert() },
    ]);
    expect(same(picture(readHikvisionPush('multipart/form-data; boundary=x', turned, 1)), jpeg(5))).toBe(true);
    expect(readHikvisionPush('application/xml', Buffer.from(hikvisionAlert()), 1)).toHaveLength(1);
    expect(() => readHikvisionPush('application/xml', Buffer.from('<html/>'), 1)).toThrow(ProtocolError);
    expect(() => readHikvisionPush('multipart/form-data; boundary=y', body, 1)).toThrow(ProtocolError);
  });

  it.each([true, false])('reads the alert stream, lengths said: %s', (withLength) => {
    const wire = bodyOf(hikvisionStream({}, withLength));
    const read = createAlertReader(1);
    const events = createMultipart('boundary').push(wire).flatMap(read);
    expect(events.map(({ kind }) => kind)).toEqual(['read', 'picture']);
    expect(same(picture(events), jpeg(1))).toBe(true);
  });
});

describe('dahua', () => {
  it.each(['lines', 'json'] as const)('reads the event stream written as %s', (kind) => {
    const read = createStreamReader();
    const events = createMultipart('myboundary')
      .push(bodyOf(dahuaStream(kind)))
      .flatMap(read);
    expect(events[0]).toEqual({
      kind: 'read',
      plate: inPlate(2),
      confidence: 240 / 255,
      color: 'blue',
      stampedMs: NOON_MS + 250,
      id: `${NOON_MS + 250} ${inPlate(2)}`,
      replayed: false,
    });
    expect(events).toHaveLength(2);
    expect(same(picture(events), jpeg(2))).toBe(true);
  });

  it('reads a push, and leaves alone what is none', () => {
    const events = readDahuaPush('application/json', dahuaPush().body);
    expect(events[0]).toMatchObject({ plate: inPlate(2), confidence: 0.98, color: 'blue', stampedMs: NOON_MS + 250 });
    expect(same(picture(events), jpeg(2))).toBe(true);
    expect(readDahuaPush('', Buffer.from('{"Active":"keepAlive","DeviceID":"D-0001"}'))).toEqual([]);
    expect(readStreamText('Heartbeat')).toBeUndefined();
    const event = (index: number) =>
      `Code=TrafficJunction;action=Pulse;index=${index};data={"UTC":1777636800,"RealUTC":1777608000,"Object":{"Text":"x"}}`;
    expect(readStreamText(event(0), 1)).toMatchObject({ plate: 'x', stampedMs: NOON_MS });
    expect([readStreamText(event(1), 1), readStreamText(event(1), 2)?.plate]).toEqual([undefined, 'x']);
    expect(readStreamText('Code=VideoMotion;action=Start;index=0;data={"Object":{"Text":"x"}}')).toBeUndefined();
    expect(['Blue', 'YellowbottomBlackText', 'ShadowGreen', 'YellowGreen', 'Other'].map(colorOf)).toEqual([
      'blue',
      'yellow',
      'green',
      'green',
      undefined,
    ]);
  });
});

describe('vzenith', () => {
  it('reads a push', () => {
    const events = readVzenithPush(vzenithPush().body);
    expect(events[0]).toEqual({
      kind: 'read',
      plate: inPlate(3),
      confidence: 0.96,
      color: 'blue',
      stampedMs: NOON_MS + 250,
      id: `000a-000b-77-${NOON_MS + 250}-${inPlate(3)}`,
      replayed: false,
    });
    expect(same(picture(events), jpeg(3))).toBe(true);
    expect(readVzenithPush(vzenithPush({ historical: true }).body)[0]?.replayed).toBe(true);
    expect(readVzenithPush(vzenithPush({ color: '6' }).body)[0]).toMatchObject({ color: 'green' });
    expect(readVzenithPush(vzenithPush({ fake: true }).body)[0]).toMatchObject({ confidence: 0.3 });
    expect(readVzenithPush(vzenithPush({ imagePath: '/snapshot/lpr/a.jpg' }).body)).toEqual(events);
    expect(readVzenithPush(Buffer.from('{"AlarmGioIn":{"result":{"TriggerResult":{"source":0,"value":1}}}}'))).toEqual(
      [],
    );
  });

  it.each([
    ['/snapshot/lpr/tri_snap_24.jpg', '/snapshot/lpr/tri_snap_24.jpg'],
    ['%2Fsnapshot%2Flpr%2F2026%2F05%2Ftri_snap_24.JPG', '/snapshot/lpr/2026/05/tri_snap_24.JPG'],
    ['/snapshot/lpr/../../config.jpg', undefined],
    ['/snapshot/lpr/.jpg', undefined],
    ['/snapshot/lpr/a.jpg?x=1', undefined],
    ['/snapshot/lpr/%2e%2e/a.jpg', undefined],
    ['//192.0.2.9/snapshot/lpr/a.jpg', undefined],
    ['http://192.0.2.9/snapshot/lpr/a.jpg', undefined],
    ['/cgi-bin/ioctl.cgi?io=0&value=2', undefined],
    [`/snapshot/lpr/${'a'.repeat(90)}.jpg`, undefined],
    [24, undefined],
    [
      '%2Fmmc%2FVzIPCCap%2F2017_09_02%2F1734169004_%D4%C1FQ0001.jpg',
      '/mmc/VzIPCCap/2017_09_02/1734169004_%D4%C1FQ0001.jpg',
    ],
    ['/mmc/VzIPCCap/2015_09_09/1714224504__%CE%DE_.jpg', '/mmc/VzIPCCap/2015_09_09/1714224504__%CE%DE_.jpg'],
    ['/mmc/VzIPCCap/2017_09_02/%2e%2e%2fconfig.jpg', undefined],
    ['/mmc/VzIPCCap/2017_09_02/a%00.jpg', undefined],
    ['/mmc/other/2017_09_02/a.jpg', undefined],
  ])('names a picture only in the camera’s own folder: %s', (imagePath, path) => {
    const [read, named, ...more] = readVzenithPush(vzenithPush({ imagePath, imageFile: '' }).body);
    expect(read).toMatchObject({ kind: 'read', plate: inPlate(3) });
    expect(named).toEqual(path && { kind: 'pictureAt', path, stampedMs: NOON_MS + 250, replayed: false });
    expect(more).toEqual([]);
  });

  const envelope = (result: object, name = 'ivs_result', extra: object = {}) =>
    Buffer.from(
      JSON.stringify({
        ...{ sn: '000a-000b', name, version: '1.0', timestamp: 1_777_608_000 },
        payload: {
          AlarmInfoPlate: { result: { PlateResult: { confidence: 100, colorType: 1, ...result } }, ...extra },
        },
      }),
    );
  const packed = (text: string | Buffer): string => Buffer.from(text).toString('base64');

  it.each([
    ['UTF-8', packed(inPlate(3)), inPlate(3)],
    ['UTF-8 without its last letters', packed('粤B0001').replace(/=+$/, ''), '粤B0001'],
    ['GBK', packed(GB2312_PLATE), inPlate(3)],
    ['letters and figures', packed('B2884SCP'), 'B2884SCP'],
    ['several plates', packed('粤ZJ068澳|MX7742|ZM127'), '粤ZJ068澳'],
    ['no plate', packed('_无_'), '_无_'],
    ['a plate as it is', inPlate(3), inPlate(3)],
    ['what is base64 of no text', 'B2884SCP', 'B2884SCP'],
  ])('unpacks the plate of the envelope of MQTT: %s', (_, license, plate) => {
    const img = jpeg(3).toString('base64');
    const [read, shot] = readVzenithPush(envelope({ license, full_image_content: img }));
    expect(read).toMatchObject({ kind: 'read', plate, confidence: 1, color: 'blue' });
    expect(shot?.kind === 'picture' && same(shot.bytes, jpeg(3))).toBe(true);
  });

  it('never takes a plate over HTTP for base64', () => {
    expect(readVzenithPush(vzenithPush({ plate: 'QjI4ODRT' }).body)[0]).toMatchObject({ plate: 'QjI4ODRT' });
    expect(readVzenithPush(vzenithPush({ plate: '粤ZJ068澳|MX7742|ZM127' }).body)[0]).toMatchObject({
      plate: '粤ZJ068澳',
    });
  });

  it('has an id with the stamp and the plate in it: a number comes back after a start of the camera', () => {
    const id = (vehicle: Parameters<typeof vzenithPush>[0]) => {
      const [read] = readVzenithPush(vzenithPush(vehicle).body);
      return read?.kind === 'read' ? read.id : undefined;
    };
    expect(id({ id: '5' })).toBe(id({ id: '5' }));
    expect(id({ id: '5' })).not.toBe(id({ id: '5', plate: inPlate(4) }));
  });

  it('says of a car that it stays or turned back, as a witness; one that turned back is not read', () => {
    const of = (triggerType: number) => readVzenithPush(vzenithPush({ triggerType, imageFile: '' }).body);
    expect(of(64).map(({ kind }) => kind)).toEqual(['read', 'witness']);
    expect(of(66)).toEqual([
      { kind: 'witness', what: 'turnsBack', plate: inPlate(3), stampedMs: NOON_MS + 250, replayed: false },
    ]);
  });

  it('reads packets, GB2312 and all, cut anywhere', () => {
    const wire = Buffer.concat([Buffer.from([0x56, 0x5a, 1, 0, 0, 0, 0, 0]), vzenithResultPacket({}, GB2312_PLATE)]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: wire.length }), (cut) => {
        const events: CameraEvent[] = [];
        let held = Buffer.alloc(0);
        for (const piece of [wire.subarray(0, cut), wire.subarray(cut)]) {
          held = Buffer.concat([held, piece]);
          for (let packet = decodePacket(held); packet !== undefined; packet = decodePacket(held)) {
            events.push(...readPacket(packet.frame));
            held = held.subarray(packet.used);
          }
        }
        expect(events[0]).toMatchObject({
          plate: inPlate(3),
          confidence: 0.96,
          id: `-77-${NOON_MS + 250}-${inPlate(3)}`,
        });
        expect(same(picture(events), jpeg(3))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('takes a snapshot out of its answer, and says when there is none', () => {
    const answer = (value: unknown) => ({ type: 'json', body: Buffer.from(JSON.stringify(value)) }) as const;
    const good = { cmd: 'get_snapshot', state_code: 200, imgformat: 'jpg', imgdata: jpeg(8).toString('base64') };
    expect(same(readSnapshot(answer(good)), jpeg(8))).toBe(true);
    expect(readSnapshot(answer({ cmd: 'ivsresult', PlateResult: {} }))).toBeUndefined();
    expect(() => readSnapshot(answer({ cmd: 'get_snapshot', state_code: 500 }))).toThrow(ProtocolError);
    expect(() => readSnapshot(answer({ ...good, imgdata: 'AAAA' }))).toThrow(ProtocolError);
  });

  it('writes its requests as the maker describes them', () => {
    const wire = Buffer.from(encodeRequest({ cmd: 'get_snapshot', id: 'x' }));
    expect(wire.subarray(0, 8).toString('hex')).toBe('565a00000000001f');
    expect(wire.subarray(8).toString()).toBe('{"cmd":"get_snapshot","id":"x"}');
    expect(() => decodePacket(Buffer.from('HTTP/1.1'))).toThrow(ProtocolError);
    expect(() => decodePacket(Buffer.from([0x56, 0x5a, 0, 0, 0x7f, 0, 0, 0]))).toThrow(ProtocolError);
  });
});

describe('GA/T 1400', () => {
  const read = (vehicle: Parameters<typeof gat1400Push>[0] = {}) => {
    const { path, body } = gat1400Push(vehicle);
    return readVehicles({ path, body });
  };

  it('reads a vehicle and its scene, not the crop of its plate', () => {
    const events = read();
    expect(events[0]).toMatchObject({
      ...{ kind: 'read', plate: inPlate(7), confidence: 0.95, color: 'blue', stampedMs: NOON_MS, replayed: false },
    });
    expect(same(picture(events), jpeg(7))).toBe(true);
    expect(['1', '2', '6', '9', '99'].map((color) => read({ color })[0])).toMatchObject([
      ...[{ color: 'black' }, { color: 'white' }, { color: 'yellow' }, { color: 'green' }, {}],
    ]);
    expect(read({ hasPlate: '0' })[0]).toMatchObject({ plate: '' });
    // The number of an object counts from the start of some devices.
    expect(read()[0]).not.toMatchObject({ id: (read({ plate: inPlate(1) })[0] as { id: string }).id });
  });

  it('finds nothing in what is no vehicle, and says what is no message', () => {
    const take = (path: string, text: string) => readVehicles({ path, body: Buffer.from(text) });
    expect(take('/VIID/System/Register', '{"RegisterObject":{"DeviceID":"1"}}')).toEqual([]);
    expect(take('/VIID/System/Keepalive', '')).toEqual([]);
    expect(take('/VIID/Faces', '{"FaceListObject":{}}')).toEqual([]);
    expect(
      take('/VIID/MotorVehicles', '{"MotorVehicleListObject":{"MotorVehicleObject":{"PlateNo":"x"}}}'),
    ).toHaveLength(1);
    for (const bad of ['{}', '[]', '7', 'x', '{"MotorVehicleListObject":{}}'])
      expect(() => take('/VIID/MotorVehicles', bad)).toThrow(ProtocolError);
  });
});

describe('huaxia', () => {
  const read = (vehicle: Parameters<typeof huaxiaPush>[0] = {}) => readHuaxiaPush(huaxiaPush(vehicle).body);

  it('reads the form of mode 5, in either encoding', () => {
    const events = read();
    expect(events[0]).toEqual({
      ...{ kind: 'read', plate: inPlate(6), color: 'blue', stampedMs: NOON_MS, replayed: false },
      // Its own scale is written nowhere.
      ...{ confidence: 0.9, unrated: true, id: `camera-${NOON_MS / 1_000}-${inPlate(6)}` },
    });
    expect(same(picture(events), jpeg(6))).toBe(true);
    expect(read({ gbk: GB2312_PLATE })[0]).toMatchObject({ plate: inPlate(3) });
    expect(read({ gbk: Buffer.from('%D4%C1B00003') })[0]).toMatchObject({ plate: inPlate(3) });
    expect(read({ historical: true })[0]?.replayed).toBe(true);
    expect(read({ fake: true })[0]).toMatchObject({ confidence: 0.3 });
    expect(read({ confidence: 96 })[0]).toMatchObject({ confidence: 0.96 });
    expect(read({ color: '黄绿色' })[0]).toMatchObject({ color: 'green' });
  });

  it('reads mode 2, and leaves alone what is no read', () => {
    expect(readHuaxiaPush(Buffer.from('type=online&car_plate=B12345&car_logo='))).toMatchObject([{ plate: 'B12345' }]);
    for (const other of ['type=heartbeat&cam_id=x', 'type=io&ionum=io1&iovalue=1'])
      expect(readHuaxiaPush(Buffer.from(other))).toEqual([]);
    for (const wrong of ['', '{}', 'hello', '=&=&='])
      expect(() => readHuaxiaPush(Buffer.from(wrong))).toThrow(ProtocolError);
  });
});

describe('JSON of any camera', () => {
  const fields = {
    plate: 'data.cars[0].no',
    confidence: 'data.score',
    color: 'data.c',
    time: 'data.t',
    id: 'data.id',
    replayed: 'data.old',
    picture: 'data.img',
  };
  const options = { fields, confidenceMax: 10, colors: { 蓝: 'blue' } } as const;
  const write = (data: object): Buffer => Buffer.from(JSON.stringify({ data }));

  it('is read where the mapping says', () => {
    const img = `data:image/jpeg;base64,${jpeg(6).toString('base64')}`;
    const data = { cars: [{ no: inPlate(4) }], score: '9.5', c: '蓝', t: 1_777_608_000, id: 5, old: 'true', img };
    const events = readMessage(write(data), options);
    expect(events[0]).toEqual({
      kind: 'read',
      plate: inPlate(4),
      confidence: 0.95,
      color: 'blue',
      stampedMs: NOON_MS,
      id: '5',
      replayed: true,
      refines: true,
    });
    expect(same(picture(events), jpeg(6))).toBe(true);
    expect(readMessage(write({}), options)).toEqual([]);
    // Without a confidence the figure is a stand-in, and says so.
    expect(readMessage(write({ cars: [{ no: 'x' }] }), options)[0]).toMatchObject({ unrated: true });
    expect(events[0]).not.toHaveProperty('unrated');
    for (const t of ['2026-05-01 12:00:00', '20260501120000', 20260501120000, NOON_MS, '2026-05-01T04:00:00Z'])
      expect(readMessage(write({ cars: [{ no: 'x' }], t }), options)[0]?.stampedMs).toBe(NOON_MS);
  });

  it('reads the known forms, with their picture beside them', () => {
    const boundary = 'multipart/form-data; boundary=x';
    const whole = (message: object): Buffer => Buffer.from(JSON.stringify(message));
    const webhook = whole({
      hook: { event: 'recognition' },
      data: {
        timestamp: '2026-05-01T04:00:00Z',
        results: [
          { plate: inPlate(4).toLowerCase(), score: 0.9 },
          { plate: { type: 'Plate', score: 0.7, props: { plate: [{ value: inPlate(5), score: 0.8 }] } } },
          { plate: null },
        ],
      },
    });
    const parts = [
      { headers: ['Content-Disposition: form-data; name="json"'], body: webhook },
      { headers: ['Content-Disposition: form-data; name="upload"; filename="a.jpg"'], body: jpeg(6) },
    ];
    const read = FORMS['plate-recognizer'];
    const events = readMessage(form('x', parts), read, boundary);
    expect(events).toMatchObject([
      { kind: 'read', plate: inPlate(4).toLowerCase(), confidence: 0.9, stampedMs: NOON_MS },
      { kind: 'read', plate: inPlate(5), confidence: 0.8 },
      { kind: 'picture', stampedMs: NOON_MS },
    ]);
    expect(same(picture(events), jpeg(6))).toBe(true);
    const encoded = Buffer.from(`json=${encodeURIComponent(webhook.toString())}`);
    expect(readMessage(encoded, read, 'application/x-www-form-urlencoded')).toHaveLength(2);
    expect(() => readMessage(form('x', parts.slice(1)), read, boundary)).toThrow(ProtocolError);
    const frigate = (after: object) => readMessage(whole({ type: 'update', after }), FORMS.frigate);
    expect(frigate({ id: '1.2-a', recognized_license_plate: [inPlate(4), 0.92] })).toMatchObject([
      { plate: inPlate(4), confidence: 0.92, id: '1.2-a', refines: true },
    ]);
    expect(
      frigate({ id: '1.2-a', recognized_license_plate: inPlate(4), recognized_license_plate_score: 0.5 }),
    ).toMatchObject([{ plate: inPlate(4), confidence: 0.5 }]);
    expect(frigate({ id: '1.2-a', recognized_license_plate: null })).toEqual([]);
    expect(readMessage(whole({ type: 'lpr', id: 'b', plate: inPlate(5), score: 0.8 }), FORMS.frigate)).toMatchObject([
      { plate: inPlate(5), confidence: 0.8, id: 'b' },
    ]);
  });

  it('finds nothing that the message does not have itself', () => {
    expect(at({ a: 1 }, 'constructor.name')).toBeUndefined();
    expect(at({ a: 1 }, '__proto__.toString')).toBeUndefined();
    expect(at([{ b: [1, 2] }], '[0].b[1]')).toBe(2);
    expect(readMessage(Buffer.from('{"data":{"cars":[{"no":"x"}],"c":"constructor"}}'), options)[0]).not.toHaveProperty(
      'color',
    );
  });
});

describe('whatever comes', () => {
  const heads = [
    hikvisionAlert(),
    dahuaPush().body.toString(),
    vzenithPush().body.toString(),
    'Code=TrafficJunction;action=Pulse;index=0;data={"UTC":',
  ];
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    // A good message with some bytes changed or cut.
    fc
      .record({ head: fc.constantFrom(...heads), cut: fc.nat(3_000), at: fc.nat(500), byte: fc.nat(255) })
      .map(({ head, cut, at: where, byte }) => {
        const bytes = Buffer.from(head).subarray(0, cut);
        if (where < bytes.length) bytes[where] = byte;
        return bytes;
      }),
  );

  it('is understood or refused, and nothing else', () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        const text = decodeText(bytes);
        const part = { headers: new Map<string, string>(), body: bytes };
        for (const work of [
          () => readAlert(text, 1),
          () => createAlertReader(1)(part),
          () => readHikvisionPush('text/xml', bytes, 1),
          () => readHikvisionPush('multipart/form-data; boundary=x', bytes, 1),
          () => readDahuaPush('', bytes),
          () => readStreamText(text),
          () => createStreamReader()(part),
          () => readVzenithPush(bytes),
          () => readPacket({ type: 'binary', body: bytes }),
          () => readPacket({ type: 'json', body: bytes }),
          () => decodePacket(vzenithPacket(2, bytes)),
          () => readMessage(bytes, { fields: { plate: 'a.b[0]', time: 't' }, confidenceMax: 1, colors: {} }),
          () => createMultipart('x').push(bytes),
          () => stampOf(text),
        ])
          onlyProtocolErrors(work);
      }),
      { numRuns: 400 },
    );
  });

  it('is gone through in no time, also when it was made to take long', () => {
    const long = 'a'.repeat(90_000);
    const startMs = ownMs();
    for (const text of [
      `<EventNotificationAlert>${'<licensePlate '.repeat(7_000)}`,
      `Code=${long}`,
      `Code=T;${'{'.repeat(50_000)}`,
      `${'Events[0].'.repeat(9_000)}=`,
    ]) {
      onlyProtocolErrors(() => readAlert(text, 1));
      onlyProtocolErrors(() => readStreamText(text));
      onlyProtocolErrors(() => stampOf(text));
      onlyProtocolErrors(() => boundaryOf(`multipart/form-data; ${text}`));
    }
    expect(ownMs() - startMs).toBeLessThan(2_000);
  });
});
