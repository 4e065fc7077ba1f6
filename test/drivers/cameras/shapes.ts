/** What cameras send, made for these tests after the descriptions in devices.md 6: nothing in it was recorded anywhere, every plate is made up. */
import { inPlate } from './plates.ts';

/** A picture of its own for each `mark`, whole, with bytes that look like boundaries and lines in it. */
export function jpeg(mark: number, length = 3_000): Buffer {
  const middle = Buffer.alloc(length, mark);
  middle.write('\r\n--boundar\r\n\r\n--', 50, 'latin1');
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), middle, Buffer.from([0xff, 0xd9])]);
}

export interface Vehicle {
  readonly plate?: string;
  readonly color?: string;
  readonly confidence?: number | string;
  readonly time?: string;
  readonly id?: string;
  readonly historical?: boolean;
  readonly channel?: number;
}

export const CANARY = 'canary-of-the-camera';

export function hikvisionAlert(vehicle: Vehicle = {}): string {
  const { plate = inPlate(1), color = 'blue', confidence = 97, channel = 1 } = vehicle;
  const { time = '2026-05-01T12:00:00+08:00', id = 'a0000000-0000-4000-8000-000000000001' } = vehicle;
  return `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.0.2.64</ipAddress><portNo>80</portNo><protocol>HTTP</protocol>
<macAddress>00:00:5e:00:53:01</macAddress><channelID>${channel}</channelID>
<dateTime>${time}</dateTime><activePostCount>1</activePostCount>
<eventType>ANPR</eventType><eventState>active</eventState><eventDescription>ANPR</eventDescription>
<UUID>${id}</UUID><picNum>2</picNum>
<ANPR><country>13</country><licensePlate>${plate}</licensePlate><line>1</line><direction>forward</direction>
<confidenceLevel>${confidence}</confidenceLevel><plateType>92TypeCivil</plateType><plateColor>${color}</plateColor>
<vehicleType>vehicle</vehicleType><detectType>2</detectType><barrierGateCtrlType>0</barrierGateCtrlType>
<alarmDataType>${vehicle.historical ? 1 : 0}</alarmDataType><originalLicensePlate>${plate}</originalLicensePlate>
<pictureInfoList><pictureInfo><fileName>detectionPicture.jpg</fileName><type>detectionPicture</type></pictureInfo></pictureInfoList>
</ANPR></EventNotificationAlert>
`;
}

export const hikvisionHeartbeat = (): string => `<EventNotificationAlert version="2.0">
<channelID>1</channelID><dateTime>2026-05-01T12:00:00+08:00</dateTime><activePostCount>0</activePostCount>
<eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>
`;

interface FormPart {
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

export function form(boundary: string, parts: readonly FormPart[], withLength = false): Buffer {
  const lines = parts.flatMap(({ headers, body }) => {
    const length = withLength ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
    return [
      Buffer.from(`--${boundary}\r\n${[...headers, ...length].join('\r\n')}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ];
  });
  return Buffer.concat([...lines, Buffer.from(`--${boundary}--\r\n`)]);
}

export interface Push {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

export function hikvisionPush(vehicle: Vehicle = {}, scene = jpeg(1)): Push {
  const named = (name: string, file: string, type: string) => [
    `Content-Disposition: form-data; name="${name}"; filename="${file}"`,
    `Content-Type: ${type}`,
  ];
  const body = form('---------------------------7e13971310878', [
    { headers: named('anpr.xml', 'anpr.xml', 'application/xml'), body: hikvisionAlert(vehicle) },
    { headers: named('licensePlatePicture.jpg', 'licensePlatePicture.jpg', 'image/jpeg'), body: jpeg(9, 400) },
    { headers: named('detectionPicture.jpg', 'detectionPicture.jpg', 'image/jpeg'), body: scene },
  ]);
  return { path: '', contentType: 'multipart/form-data; boundary=---------------------------7e13971310878', body };
}

const streamHead = (type: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n`);

/** The whole answer on the wire: heartbeat, an alert with its pictures, heartbeat. */
export function hikvisionStream(vehicle: Vehicle = {}, withLength = true): Buffer {
  const xml = ['Content-Type: application/xml; charset="UTF-8"'];
  const picture = (name: string) => [
    `Content-Disposition: form-data; name="${name}"; filename="${name}.jpg"`,
    'Content-Type: image/jpeg',
  ];
  const parts = form(
    'boundary',
    [
      { headers: xml, body: hikvisionHeartbeat() },
      { headers: xml, body: hikvisionAlert(vehicle) },
      { headers: picture('detectionPicture'), body: jpeg(1) },
      { headers: picture('licensePlatePicture'), body: jpeg(9, 400) },
      { headers: xml, body: hikvisionHeartbeat() },
    ],
    withLength,
  );
  // It has no end.
  return Buffer.concat([
    streamHead('multipart/mixed; boundary=boundary'),
    parts.subarray(0, -'--\r\n'.length),
    Buffer.from('\r\n'),
  ]);
}

export function dahuaStream(kind: 'lines' | 'json', vehicle: Vehicle = {}): Buffer {
  const { plate = inPlate(2), color = 'Blue', confidence = 240 } = vehicle;
  const lines = [
    'Events[0].EventBaseInfo.Action=Pulse',
    'Events[0].EventBaseInfo.Code=TrafficJunction',
    'Events[0].UTC=1777608000',
    'Events[0].UTCMS=250',
    `Events[0].Object.Confidence=${confidence}`,
    `Events[0].TrafficCar.PlateColor=${color}`,
    `Events[0].TrafficCar.PlateNumber=${plate}`,
  ].join('\r\n');
  const data = {
    UTC: 1777608000,
    UTCMS: 250,
    Object: { Confidence: confidence },
    TrafficCar: { PlateColor: color, PlateNumber: plate },
  };
  const json = `Code=TrafficJunction;action=Pulse;index=0;data=${JSON.stringify(data, null, 2)}`;
  const text = ['Content-Type: text/plain'];
  const parts = form(
    'myboundary',
    [
      { headers: text, body: 'Heartbeat' },
      { headers: text, body: kind === 'lines' ? lines : json },
      { headers: ['Content-Type: image/jpeg'], body: jpeg(2) },
      { headers: text, body: 'Heartbeat' },
    ],
    true,
  );
  return Buffer.concat([
    streamHead('multipart/x-mixed-replace; boundary=myboundary'),
    parts.subarray(0, -4),
    Buffer.from('\r\n'),
  ]);
}

export function dahuaPush(vehicle: Vehicle = {}): Push {
  const { plate = inPlate(2), color = 'Blue', confidence = 98, time = '2026-05-01 12:00:00.250' } = vehicle;
  const message = {
    Picture: {
      Plate: {
        PlateNumber: plate,
        PlateColor: color,
        Confidence: confidence,
        IsExist: true,
        BoundingBox: [1, 2, 3, 4],
      },
      Vehicle: { VehicleColor: 'White', VehicleType: 'SaloonCar' },
      SnapInfo: {
        DeviceID: 'D-0001',
        SnapTime: time.slice(0, 19),
        AccurateTime: time,
        TimeZone: 8,
        Direction: 'Obverse',
        OpenStrobe: true,
        AllowUser: true,
        AllowUserEndTime: '2030-01-01 00:00:00',
      },
      NormalPic: { PicName: 'a.jpg', Content: jpeg(2).toString('base64') },
    },
  };
  return {
    path: '/NotificationInfo/TollgateInfo',
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(message)),
  };
}

interface VzenithVehicle extends Vehicle {
  readonly triggerType?: number;
  readonly fake?: boolean;
  /** Where the picture is, and the picture itself in base64; a push has one of them. */
  readonly imagePath?: unknown;
  readonly imageFile?: string;
}

const vzenithResult = (vehicle: VzenithVehicle) => ({
  license: vehicle.plate ?? inPlate(3),
  colorType: Number(vehicle.color ?? 1),
  type: 1,
  confidence: vehicle.confidence ?? 96,
  direction: 4,
  triggerType: vehicle.triggerType ?? 1,
  plateid: Number(vehicle.id ?? 77),
  isoffline: vehicle.historical ? 1 : 0,
  is_fake_plate: vehicle.fake ? 1 : 0,
  timeStamp: { Timeval: { sec: 1_777_608_000, usec: 250_000, decyear: 2026 } },
  gioouts: [{ ionum: 0, ctrltype: 1 }],
});

export function vzenithPush(vehicle: VzenithVehicle = {}): Push {
  const { imageFile = jpeg(3).toString('base64'), imagePath } = vehicle;
  const result = { ...vzenithResult(vehicle), imageFile, imageFileLen: imageFile.length, imagePath };
  const message = {
    AlarmInfoPlate: {
      channel: 0,
      deviceName: 'in',
      ipaddr: '192.0.2.65',
      serialno: '000a-000b',
      result: { PlateResult: result },
    },
  };
  return { path: '/anything', contentType: 'application/json', body: Buffer.from(JSON.stringify(message)) };
}

/** It carries the camera's own password. */
export function vzenithHeartbeat(): Push {
  const fields = {
    device_name: 'in',
    ipaddr: '192.0.2.65',
    port: '80',
    user_name: 'admin',
    pass_wd: CANARY,
    serialno: '000a-000b',
    channel_num: '0',
  };
  const parts = Object.entries(fields).map(([name, body]) => ({
    headers: [`Content-Disposition: form-data; name="${name}"`],
    body,
  }));
  return { path: '/heartbeat', contentType: 'multipart/form-data; boundary=hb', body: form('hb', parts) };
}

export function vzenithPacket(type: number, body: Buffer): Buffer {
  const head = Buffer.from([0x56, 0x5a, type, 3, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** One result as it comes over TCP: JSON (its plate in GB2312), NUL, picture, cutting. */
export function vzenithResultPacket(vehicle: VzenithVehicle = {}, gbk?: Buffer): Buffer {
  const picture = jpeg(3);
  const cutting = jpeg(4, 200);
  const marker = '@@plate@@';
  const json = JSON.stringify({
    cmd: 'ivsresult',
    id: 12,
    imageformat: 'jpg',
    fullImgSize: picture.length,
    clipImgSize: cutting.length,
    PlateResult: vzenithResult({ ...vehicle, plate: gbk === undefined ? (vehicle.plate ?? inPlate(3)) : marker }),
  });
  const [before = '', after = ''] = json.split(marker);
  const text = gbk === undefined ? Buffer.from(json) : Buffer.concat([Buffer.from(before), gbk, Buffer.from(after)]);
  return vzenithPacket(2, Buffer.concat([text, Buffer.from([0]), picture, cutting]));
}

/** A list of vehicles of GA/T 1400, with a crop of the plate before the scene. */
export function gat1400Push(vehicle: Vehicle & { readonly hasPlate?: string } = {}): Push {
  const image = (Type: string, Data: Buffer) => ({
    ImageID: 'i',
    Type,
    FileFormat: 'Jpeg',
    Data: Data.toString('base64'),
  });
  const MotorVehicleObject = [
    {
      ...{ MotorVehicleID: vehicle.id ?? '330000000013200000010220260501120000000010200001', InfoKind: 1 },
      ...{ DeviceID: '33000000001320000001', HasPlate: vehicle.hasPlate ?? '1', PlateClass: '02' },
      ...{ PlateNo: vehicle.plate ?? inPlate(7), PlateColor: vehicle.color ?? '5', PlateReliability: '95' },
      ...{
        PassTime: '20260501120000',
        SubImageList: { SubImageInfoObject: [image('02', jpeg(8)), image('01', jpeg(7))] },
      },
    },
  ];
  const body = Buffer.from(JSON.stringify({ MotorVehicleListObject: { MotorVehicleObject } }));
  return { path: '/VIID/MotorVehicles', contentType: 'application/VIID+JSON;charset=utf-8', body };
}

/** As the maker's text has it: percent-escaped, its picture in base64 with other letters. `gbk`: the plate, raw. */
export function huaxiaPush(vehicle: Vehicle & { readonly fake?: boolean; readonly gbk?: Buffer } = {}): Push {
  const base64 = jpeg(6).toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '.');
  const escaped = (text: string): string => encodeURIComponent(text);
  const before = `type=${vehicle.historical ? 'offline' : 'online'}&mode=5&plate_num=`;
  const after = [
    `&plate_color=${escaped(vehicle.color ?? '蓝色')}&plate_val=${!vehicle.fake}&confidence=${vehicle.confidence ?? 28}`,
    `car_logo=&car_color=%E7%99%BD&vehicle_type=&start_time=1777608000&park_id=1&cam_id=${vehicle.id ?? 'camera'}`,
    `cam_ip=192.0.2.69&vdc_type=in&is_whitelist=false&triger_type=video&picture=${base64}&closeup_pic=`,
  ].join('&');
  const plate = vehicle.gbk ?? Buffer.from(escaped(vehicle.plate ?? inPlate(6)));
  const body = Buffer.concat([Buffer.from(before), plate, Buffer.from(after)]);
  return { path: '', contentType: 'application/x-www-form-urlencoded', body };
}

interface OnvifNotification {
  readonly plate?: string;
  /** As Hikvision writes it, in per cent; the specification has 0…1. */
  readonly likelihood?: string;
  readonly topic?: string;
  readonly operation?: string;
  /** In place of the plate's. */
  readonly items?: string;
}

export function onvifNotification(told: OnvifNotification): string {
  const { plate = inPlate(1), likelihood = '71', operation = 'Changed' } = told;
  const { topic = 'tns1:RuleEngine/VehicleDetector/tnshik:Vehicle' } = told;
  const items =
    told.items ??
    `<tt:SimpleItem Name="PlateNumber" Value="${plate}"/><tt:SimpleItem Name="Likelihood" Value="${likelihood}"/><tt:SimpleItem Name="VehicleLaneNumber" Value="1"/>`;
  return `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">${topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-05-01T04:00:00Z" PropertyOperation="${operation}"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="VideoSourceToken"/><tt:SimpleItem Name="Rule" Value="MyVehicleDetector"/></tt:Source><tt:Data>${items}</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`;
}

export const onvifNotify = (messages: readonly OnvifNotification[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tt="http://www.onvif.org/ver10/schema"><env:Body><wsnt:Notify>${messages.map(onvifNotification).join('')}</wsnt:Notify></env:Body></env:Envelope>`;

export const onvifMetadata = (plates: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"><tt:VideoAnalytics><tt:Frame UtcTime="2026-05-01T04:00:00Z">${plates
    .map(
      (plate, index) =>
        `<tt:Object ObjectId="${index}"><tt:Appearance><tt:Class><tt:Type Likelihood="0.8">LicensePlate</tt:Type></tt:Class><tt:LicensePlateInfo><tt:PlateNumber Likelihood="0.9">${plate}</tt:PlateNumber></tt:LicensePlateInfo></tt:Appearance></tt:Object>`,
    )
    .join('')}</tt:Frame></tt:VideoAnalytics></tt:MetadataStream>`;
