/**
 * Pushes as cameras in the field make them, through the real HTTP intake: what each of them gives, and that no answer opens a gate. The
 * captures stand beside this repository (`../shared/captures`, its README says what they are); without that folder the pushes made here
 * after the same descriptions are gone through alone.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import type { CameraEvent } from '../../src/driver.ts';
import { createCameraReads } from '../../src/intake/camera-reads.ts';
import { createIntake } from '../../src/intake/http.ts';
import type { Intake } from '../../src/intake/intake-contract.ts';
import { captureOf } from '../../src/intake/pushes/capture.ts';
import type { PlateRead } from '../../src/lane/types.ts';
import { inPlate } from '../drivers/cameras/plates.ts';
import {
  dahuaPush,
  form,
  hikvisionAlert,
  hikvisionPush,
  huaxiaPush,
  jpeg,
  onvifMetadata,
  onvifNotify,
  type Push,
  vzenithPush,
} from '../drivers/cameras/shapes.ts';
import { type Capture, json, made, text, xml } from './capture-shapes.ts';
import { VARIANTS } from './capture-variants.ts';
import { timesOf } from './gate.ts';

const FOLDER = new URL('../../../shared/captures/', import.meta.url);
const UNIVIEW = 'StructureInfo.ObjInfo.VehicleInfoList.0.PlateAttributeInfo.PlateNo';
/** The configuration that a family needs besides its address. */
const CONFIGS: Readonly<Record<string, Record<string, unknown>>> = {
  vzenith: { kind: 'vzenith' },
  dahua: { kind: 'dahua' },
  hikvision: { kind: 'hikvision' },
  huaxia: { kind: 'huaxia' },
  'json-push': {
    kind: 'json-push',
    fields: { plate: 'plate', confidence: 'confidence', color: 'color' },
    colors: { blue: 'blue' },
  },
  uniview: { kind: 'json-push', fields: { plate: UNIVIEW } },
  pr: { kind: 'json-push', form: 'plate-recognizer' },
  frigate: { kind: 'json-push', form: 'frigate' },
  gat1400: { kind: 'gat1400' },
  onvif: { kind: 'onvif' },
};

/** Nothing a camera can be told may be among the words of an answer. */
const COMMANDS =
  /"info"\s*:\s*"ok"|is_pay"\s*:\s*"true|AllowUser|ivs_ioctrl|manualTrigger|channelNum|"serialData"\s*:\s*\[[^\]]|OpenStrobe|TriggerImage|gpio_data|rs485_data|triger_data|whitelist_data/i;

/** Puts the time in. */
function current(body: Buffer): Buffer {
  const now = new Date();
  const local = new Date(now.getTime() + 8 * 3_600_000).toISOString().replace('T', ' ');
  const zoned = (zone: string): string => {
    const hours = Number(zone.slice(0, 3));
    return new Date(now.getTime() + hours * 3_600_000).toISOString().slice(0, 19) + zone;
  };
  const text = body
    .toString('latin1')
    .replaceAll(/NOWISO([+-]\d\d:\d\d)/g, (_, zone: string) => zoned(zone))
    .replaceAll('"NOWZ"', `"${now.toISOString()}"`)
    .replaceAll('"LOCALMS"', `"${local.slice(0, 23)}"`)
    .replaceAll('"LOCAL"', `"${local.slice(0, 19)}"`)
    .replaceAll('"NOW"', String(Math.floor(now.getTime() / 1_000)))
    .replaceAll('=NOW', `=${Math.floor(now.getTime() / 1_000)}`);
  return Buffer.from(text, 'latin1');
}

/** Beside the repository, and those that a box has given. */
const FOLDERS = [FOLDER, new URL('given/', import.meta.url)].filter((folder) => existsSync(folder));
const captured: readonly Capture[] = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const read = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Capture & { readonly body: string };
      const kind = file.startsWith('huaxia') ? 'huaxia' : read.kind;
      return { ...read, name: file, kind, body: Buffer.from(read.body, 'base64') };
    }),
);

const hikJson = {
  ...{ ipAddress: '192.0.2.64', channelID: 1, dateTime: '2026-05-01T12:00:00+08:00', eventType: 'ANPR', UUID: 'j-1' },
  ANPR: { licensePlate: inPlate(1), confidenceLevel: 97, plateColor: 'blue' },
};
const inParts = (type: string, text: string, picture: string): Push => ({
  ...{ path: '', contentType: 'multipart/form-data; boundary=x' },
  body: form('x', [
    { headers: [`Content-Disposition: form-data; name="event"`, `Content-Type: ${type}`], body: text },
    {
      headers: [
        `Content-Disposition: form-data; name="${picture}"; filename="${picture}.jpg"`,
        'Content-Type: image/jpeg',
      ],
      body: jpeg(1),
    },
  ]),
});
const dahuaEvent = {
  ...{ Action: 'Pulse', Code: 'TrafficJunction', Index: 0 },
  Data: { RealUTC: 1_777_608_000, UTC: 1_777_636_800, TrafficCar: { PlateNumber: inPlate(2), PlateColor: 'Blue' } },
};
const envelope = {
  ...{ sn: 'a-1', name: 'ivs_result', version: '1.0', timestamp: 1_777_608_000 },
  payload: { AlarmInfoPlate: { result: { PlateResult: { license: Buffer.from(inPlate(3)).toString('base64') } } } },
};
const blue = (number: number) => ({ plate: inPlate(number), color: 'blue', picture: true });
const MADE: readonly Capture[] = [
  made('a form', 'hikvision', hikvisionPush(), blue(1)),
  made('JSON', 'hikvision', json(hikJson), { plate: inPlate(1), color: 'blue' }),
  made('JSON wrapped', 'hikvision', json({ EventNotificationAlert: hikJson }), { plate: inPlate(1) }),
  made('JSON in parts', 'hikvision', inParts('application/json', JSON.stringify(hikJson), 'detectionPicture'), blue(1)),
  made('of channel 33 of a recorder', 'hikvision', xml(hikvisionAlert({ channel: 33 })), { plate: inPlate(1) }),
  made(
    'with a prefix, pictures named by a recorder',
    'hikvision',
    inParts('text/xml', hikvisionAlert().replaceAll(/<(\/?)(\w)/g, '<$1isapi-2:$2'), 'image1'),
    blue(1),
  ),
  made('a JSON heartbeat', 'hikvision', json({ eventType: 'videoloss', eventState: 'inactive' }), { plate: null }),
  made('ITSAPI', 'dahua', dahuaPush(), blue(2)),
  made('an event', 'dahua', json(dahuaEvent, '/cam'), { plate: inPlate(2), color: 'blue' }),
  made('events in a list', 'dahua', json({ Events: [dahuaEvent] }), { plate: inPlate(2) }),
  made('an event in parts', 'dahua', inParts('application/json', JSON.stringify(dahuaEvent), 'pic'), blue(2)),
  made('another event', 'dahua', json({ Code: 'VideoMotion', Data: { Object: { Text: 'x' } } }), { plate: null }),
  made('a result', 'vzenith', vzenithPush({ time: '' }), blue(3)),
  made('the envelope of MQTT', 'vzenith', json(envelope), { plate: inPlate(3) }),
  made('contacts', 'vzenith', json({ AlarmGioIn: { result: { TriggerResult: { source: 0, value: 1 } } } }), {
    plate: null,
  }),
  made('mode 5', 'huaxia', huaxiaPush(), blue(6)),
  made(
    'mode 5 in GBK',
    'huaxia',
    huaxiaPush({ gbk: Buffer.from([0xd4, 0xc1, 0x42, 0x30, 0x30, 0x30, 0x30, 0x36]) }),
    blue(6),
  ),
  made(
    'a heartbeat',
    'huaxia',
    { ...huaxiaPush(), body: Buffer.from('type=heartbeat&mode=5&cam_id=c') },
    { plate: null },
  ),
  made('a notification', 'onvif', text(onvifNotify([{ plate: inPlate(7) }]), 'application/soap+xml'), {
    plate: inPlate(7),
  }),
  made('metadata', 'onvif', text(onvifMetadata([inPlate(8)]), 'application/xml'), { plate: inPlate(8) }),
];

let intake: Intake | undefined;
afterEach(async () => {
  await intake?.close();
  intake = undefined;
});

async function open(kinds: readonly string[]) {
  const clock = systemClock();
  const told: { camera: string; event: CameraEvent }[] = [];
  const plates: { camera: string; plate: PlateRead }[] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }): void => void lines.push(text.en);
  const cameras = kinds.map((id) => {
    const { kind: name, ...config } = CONFIGS[id] ?? {};
    const kind = CAMERA_KINDS.find((each) => each.kind === name);
    const push = kind?.create(kind.schema.parse({ url: 'http://127.0.0.1', ...config }), { clock }).push;
    if (push === undefined) throw new Error(`no camera for captures of ${id}: add it to this test`);
    const reads = createCameraReads({
      ...{ clock, text: () => {}, picture: () => {}, clockOff: () => {}, wallMsAt: () => clock.wallMs() },
      plate: (plate) => void plates.push({ camera: id, plate }),
      fetch: () => Promise.resolve(new Uint8Array()),
    });
    const take = (event: CameraEvent): void => {
      told.push({ camera: id, event });
      reads.take(event);
    };
    return [id, { push, take }] as const;
  });
  intake = createIntake({
    config: { enabled: true, listen: { host: '127.0.0.1', port: 0 }, tokens: [] },
    ...{
      version: '1',
      clock,
      lanes: [],
      parkUuid: '',
      cameras: new Map(cameras),
      accept: async () => 'accepted' as const,
    },
    ...{
      log: { debug: write, info: write, warn: write, error: write },
      ...timesOf(clock),
    },
  });
  const { url } = await intake.listen();
  const send = async ({ kind, path, headers, body }: Capture) => {
    // That of a view library cannot be changed.
    const own = path.startsWith('/VIID') ? '' : `/api/v1/cameras/${kind}`;
    const sub = path === '' || path.startsWith('/') ? path : `/${path}`;
    const answer = await fetch(`${url}${own}${sub}`, { method: 'POST', headers, body: current(body) });
    const said = await answer.text();
    expect(said).not.toMatch(COMMANDS);
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(said)));
    return answer.status;
  };
  return { send, told, plates, lines };
}

const ours = [...captured, ...MADE, ...VARIANTS];

describe('each push', () => {
  it.each(ours.map((capture) => [capture.name, capture] as const))('%s', async (_, capture) => {
    const { send, told, plates, lines } = await open([capture.kind]);
    expect(await send(capture)).toBe(200);
    const { plate, color, picture } = capture.expect;
    expect(plates.map((read) => read.plate.text)).toEqual(plate === null ? [] : [plate]);
    if (color !== undefined) expect(plates[0]?.plate.color).toBe(color);
    const kinds = told.map(({ event }) => event.kind);
    if (picture === true) expect(kinds).toContain('picture');
    if (typeof picture === 'string') expect(kinds).toContain('pictureAt');
    // The intake says where it listens, and nothing of a refusal.
    expect(lines.filter((line) => !line.includes('listening') && !line.includes('intake for'))).toEqual([]);
  });
});

it('all of them one after another at one camera of their kind give the same: nothing of one spoils the next', async () => {
  const kinds = [...new Set(ours.map(({ kind }) => kind))];
  const { send, plates } = await open(kinds);
  for (const kind of kinds) {
    const seen = new Set<string>();
    // Those made here repeat plates, which count once.
    for (const capture of captured.filter((each) => each.kind === kind)) {
      expect(await send(capture), capture.name).toBe(200);
      if (capture.expect.plate !== null) seen.add(capture.expect.plate);
    }
    const got = new Set(plates.filter(({ camera }) => camera === kind).map(({ plate }) => plate.text));
    expect(got, kind).toEqual(seen);
  }
});

describe('each push given as a capture', () => {
  it.each(ours.map((capture) => [capture.name, capture] as const))('%s', async (_, capture) => {
    const body = current(capture.body);
    const contentType = capture.headers['Content-Type'] ?? '';
    const { plate } = capture.expect;
    const given = captureOf({ path: capture.path, contentType, body }, { kind: capture.kind, plate });
    const again = { ...capture, ...given, body: Buffer.from(given.body, 'base64') };
    const { send, plates, lines } = await open([capture.kind]);
    expect(await send(again)).toBe(200);
    expect(plates.map((read) => read.plate.text)).toEqual(plate === null ? [] : [given.expect.plate]);
    expect(lines.filter((line) => !line.includes('listening') && !line.includes('intake for'))).toEqual([]);
    if (plate !== null) expect(mentions(again.body, plate)).toEqual([]);
    expect(again.body.length).toBeLessThan(body.length + 2_000);
  });
});

/** In which encodings a plate still stands in it. */
function mentions(body: Buffer, plate: string): readonly string[] {
  const text = body.toString('utf8');
  const gbk = new TextDecoder('gbk').decode(body);
  const forms: Readonly<Record<string, boolean>> = {
    utf8: text.includes(plate),
    gbk: gbk.includes(plate),
    percent: text.toUpperCase().includes(encodeURIComponent(plate)),
    base64: text.includes(Buffer.from(plate).toString('base64').replaceAll('=', '')),
  };
  return Object.keys(forms).filter((form) => forms[form]);
}
