/**
 * Plate pushes of each camera make, after devices.md 6.2 to 6.4; none of it was recorded from a camera. It must not know the program's
 * parsers.
 */
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { PlateColor, PlateRead } from '../../lane/types.ts';
import { BEIJING_OFFSET_MS } from '../../written-time.ts';

export const MAKES = ['hikvision', 'dahua', 'vzenith', 'json', 'huaxia', 'gat1400'] as const;
export type Make = (typeof MAKES)[number];

export interface CameraRead {
  readonly plate: PlateRead;
  /** Milliseconds since 1970 by the camera's clock. */
  readonly wallMs: number;
  readonly picture: Buffer;
}

interface Push {
  /** Path of the push address entered in the camera. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const beijing = (wallMs: number): string => new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 19);
const json = (path: string, value: object): Push => ({
  path,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
});

const PUSHES: Readonly<Record<Make, (read: CameraRead) => Push>> = {
  hikvision: ({ plate, wallMs, picture }) => {
    const boundary = '---------------------------simulated';
    const part = (name: string, type: string, body: Buffer): Buffer =>
      Buffer.concat([
        Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`,
        ),
        body,
        Buffer.from('\r\n'),
      ]);
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0"><channelID>1</channelID><dateTime>${beijing(wallMs)}+08:00</dateTime>
<eventType>ANPR</eventType><eventState>active</eventState><UUID>${randomUUID()}</UUID>
<ANPR><licensePlate>${plate.text}</licensePlate><direction>forward</direction><confidenceLevel>${percent(plate)}</confidenceLevel>
<plateColor>${plate.color ?? 'unknown'}</plateColor><alarmDataType>0</alarmDataType></ANPR></EventNotificationAlert>
`;
    const body = Buffer.concat([
      part('anpr.xml', 'application/xml', Buffer.from(xml)),
      part('detectionPicture.jpg', 'image/jpeg', picture),
      Buffer.from(`--${boundary}--\r\n`),
    ]);
    return { path: '', contentType: `multipart/form-data; boundary=${boundary}`, body };
  },
  dahua: ({ plate, wallMs, picture }) =>
    json('/NotificationInfo/TollgateInfo', {
      Picture: {
        Plate: {
          IsExist: true,
          PlateNumber: plate.text,
          PlateColor: capital(plate.color ?? 'Other'),
          Confidence: Math.round(plate.confidence * 255),
        },
        SnapInfo: {
          ...{ DeviceID: 'simulated', SnapTime: beijing(wallMs).replace('T', ' '), TimeZone: 8, DSTTune: 0 },
          ...{ Direction: 'Obverse', LanNo: 1, OpenStrobe: false },
        },
        NormalPic: { Content: picture.toString('base64'), PicName: 'scene.jpg' },
      },
    }),
  vzenith: ({ plate, wallMs, picture }) =>
    json('', {
      AlarmInfoPlate: {
        ...{ channel: 0, deviceName: 'simulated', ipaddr: '127.0.0.1', serialno: 'simulated' },
        result: {
          PlateResult: {
            ...{ license: plate.text, colorType: VZENITH_COLORS[plate.color ?? 'blue'], confidence: percent(plate) },
            ...{ direction: 4, triggerType: 1, plateid: Math.round(wallMs) % 1_000_000_000, isoffline: 0 },
            timeStamp: { Timeval: { sec: Math.floor(wallMs / 1000), usec: Math.floor(wallMs % 1000) * 1000 } },
            ...{ imageFile: picture.toString('base64'), imageFileLen: picture.length },
          },
        },
      },
    }),
  huaxia: ({ plate, wallMs, picture }) => {
    const base64 = picture.toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '.');
    const fields = {
      ...{ type: 'online', mode: '5', plate_num: plate.text, plate_color: HUAXIA_COLORS[plate.color ?? 'blue'] },
      ...{ plate_val: 'true', confidence: '28', start_time: String(Math.floor(wallMs / 1000)), park_id: '1' },
      ...{ cam_id: 'simulated', cam_ip: '127.0.0.1', vdc_type: 'out', triger_type: 'video', picture: base64 },
      closeup_pic: '',
    };
    const body = Buffer.from(new URLSearchParams(fields).toString());
    return { path: '', contentType: 'application/x-www-form-urlencoded', body };
  },
  gat1400: (read) => json('/VIID/MotorVehicles', viidVehicles(read, '33000000001320000001')),
  json: ({ plate, wallMs, picture }) =>
    json('', {
      ...{ id: randomUUID(), plate: plate.text, color: plate.color ?? '', score: plate.confidence },
      ...{ time: new Date(wallMs).toISOString(), image: picture.toString('base64') },
    }),
};

const VZENITH_COLORS: Readonly<Record<PlateColor, number>> = { blue: 1, yellow: 2, white: 3, black: 4, green: 5 };
const VIID_COLORS: Readonly<Record<PlateColor, string>> = {
  ...{ blue: '5', yellow: '6', white: '2', black: '1', green: '9' },
};
const HUAXIA_COLORS: Readonly<Record<PlateColor, string>> = {
  ...{ blue: '蓝色', yellow: '黄色', white: '白色', black: '黑色', green: '绿色' },
};

/** A list of one vehicle, of GA/T 1400. */
export function viidVehicles({ plate, wallMs, picture }: CameraRead, DeviceID: string): object {
  const PassTime = beijing(wallMs).replaceAll(/[-:T]/g, '');
  const scene = { ImageID: randomUUID(), Type: '01', FileFormat: 'Jpeg', Data: picture.toString('base64') };
  const vehicle = {
    ...{ MotorVehicleID: randomUUID(), DeviceID, HasPlate: '1', PlateNo: plate.text, PassTime },
    ...{ PlateColor: VIID_COLORS[plate.color ?? 'blue'], PlateReliability: String(percent(plate)) },
    SubImageList: { SubImageInfoObject: [scene] },
  };
  return { MotorVehicleListObject: { MotorVehicleObject: [vehicle] } };
}

const percent = ({ confidence }: PlateRead): number => Math.round(confidence * 100);
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Pushes a read to the address entered in the camera. @returns the HTTP status; 0 without an answer */
export function pushRead(make: Make, address: string, read: CameraRead): Promise<number> {
  const { path, contentType, body } = PUSHES[make](read);
  const headers = { 'content-type': contentType, 'content-length': body.length };
  return new Promise((resolve) => {
    const outgoing = request(address + path, { method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', () => resolve(0));
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end(body);
  });
}
