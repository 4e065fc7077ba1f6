/**
 * The families of captured pushes as other devices and firmwares write them: other order and encoding, fields missing or as text, lists for
 * single objects, every way to say that there was no plate. Made here; no plate is anybody's.
 */
import { inPlate } from '../drivers/cameras/plates.ts';
import { form, hikvisionAlert, jpeg, type Push, vzenithHeartbeat } from '../drivers/cameras/shapes.ts';
import { type Capture, inGbk, json, made, NO_PLATES, none, plain, text, xml } from './capture-shapes.ts';
import { MORE_VARIANTS } from './capture-variants-second.ts';

const result = (fields: object, more: object = {}): Push =>
  json({ AlarmInfoPlate: { serialno: 's', result: { PlateResult: fields }, ...more } });
const packed = (plate: string): string => Buffer.from(plate).toString('base64');
const inEnvelope = (payload: object): Push => json({ id: 'm1', sn: 'a-1', name: 'ivs_result', payload });
const VZENITH: readonly Capture[] = [
  ...NO_PLATES.map((license) => made(`no plate "${license}"`, 'vzenith', result({ license, confidence: 0 }), none)),
  made('only the plate', 'vzenith', result({ license: inPlate(3) }), plain(3)),
  made(
    'numbers as text',
    'vzenith',
    result({
      ...{ license: inPlate(3), colorType: '1', confidence: '97', plateid: '7', isoffline: '0' },
      timeStamp: { Timeval: { sec: '1777608000', usec: '1' } },
    }),
    { plate: inPlate(3), color: 'blue' },
  ),
  made(
    'in GBK',
    'vzenith',
    text(
      inGbk(JSON.stringify({ AlarmInfoPlate: { result: { PlateResult: { license: inPlate(3) } } } })),
      'application/json',
    ),
    plain(3),
  ),
  made(
    'in a list of results',
    'vzenith',
    json({ AlarmInfoPlate: { result: { PlateResult: [{ license: inPlate(3) }] } } }),
    plain(3),
  ),
  made(
    'only in its list of plates',
    'vzenith',
    result({ confidence: 90, plates: [{ license: inPlate(3), color: 1 }] }),
    plain(3),
  ),
  made(
    'JSON called a form',
    'vzenith',
    text(result({ license: inPlate(3) }).body, 'application/x-www-form-urlencoded'),
    plain(3),
  ),
  made(
    'with a mark of its encoding',
    'vzenith',
    text(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), result({ license: inPlate(3) }).body]), 'text/plain'),
    plain(3),
  ),
  made(
    'its envelope with a body',
    'vzenith',
    inEnvelope({ body: { AlarmInfoPlate: { result: { PlateResult: { license: packed(inPlate(3)) } } } } }),
    plain(3),
  ),
  made(
    'the envelope with a plain plate',
    'vzenith',
    inEnvelope({ AlarmInfoPlate: { result: { PlateResult: { license: inPlate(3) } } } }),
    plain(3),
  ),
  made('in base64 without its envelope', 'vzenith', result({ license: packed(inPlate(3)) }), plain(3)),
  made(
    'no plate in base64',
    'vzenith',
    inEnvelope({ AlarmInfoPlate: { result: { PlateResult: { license: packed('_无_') } } } }),
    none,
  ),
  made('several places, the first empty', 'vzenith', result({ license: `|${inPlate(3)}` }), plain(3)),
  made('a heartbeat', 'vzenith', vzenithHeartbeat(), none),
  made(
    'a heartbeat as a form',
    'vzenith',
    text(
      'device_name=IVS&ipaddr=192.0.2.66&port=80&user_name=admin&pass_wd=x&serialno=s&channel_num=1',
      'application/x-www-form-urlencoded',
    ),
    none,
  ),
  made(
    'serial data',
    'vzenith',
    json({ SerialData: { channel: 0, serialChannel: 0, data: 'AA==', dataLen: 1 } }),
    none,
  ),
  made('the heartbeat of MQTT', 'vzenith', json({ id: 'k', sn: 'a-1', name: 'keep_alive', payload: {} }), none),
];

const hikJson = (anpr: object, more: object = {}): Push =>
  json({ UUID: 'v-1', eventType: 'ANPR', ANPR: anpr, ...more });
const HIKVISION: readonly Capture[] = [
  ...NO_PLATES.map((plate) => made(`no plate "${plate}"`, 'hikvision', xml(hikvisionAlert({ plate })), none)),
  ...NO_PLATES.map((licensePlate) =>
    made(`no plate "${licensePlate}" in JSON`, 'hikvision', hikJson({ licensePlate }), none),
  ),
  made(
    'without a plate element',
    'hikvision',
    xml('<EventNotificationAlert><eventType>ANPR</eventType><ANPR><licensePlate/></ANPR></EventNotificationAlert>'),
    none,
  ),
  made(
    'with nothing but a plate',
    'hikvision',
    xml(
      `<EventNotificationAlert><ANPR><licensePlate>${inPlate(1)}</licensePlate></ANPR><eventType>ANPR</eventType></EventNotificationAlert>`,
    ),
    plain(1),
  ),
  made(
    'in CDATA',
    'hikvision',
    xml(hikvisionAlert().replace(`<licensePlate>${inPlate(1)}`, `<licensePlate><![CDATA[${inPlate(1)}]]>`)),
    plain(1),
  ),
  made('in GBK', 'hikvision', text(inGbk(hikvisionAlert().replace('UTF-8', 'GB2312')), 'text/xml'), plain(1)),
  made(
    'the event in lower case',
    'hikvision',
    xml(hikvisionAlert().replace('<eventType>ANPR', '<eventType>anpr')),
    plain(1),
  ),
  made(
    'a figure as text, the colour in capitals',
    'hikvision',
    hikJson({ licensePlate: inPlate(1), confidenceLevel: '97', plateColor: 'Blue' }),
    { plate: inPlate(1), color: 'blue' },
  ),
  made(
    'the colour before the plate',
    'hikvision',
    xml(hikvisionAlert({ plate: `蓝${inPlate(1)}`, color: 'unknown' })),
    { plate: inPlate(1), color: 'blue' },
  ),
  made('a list of vehicles', 'hikvision', hikJson([{ licensePlate: inPlate(1) }]), plain(1)),
  made('a list of alerts', 'hikvision', json([{ eventType: 'ANPR', ANPR: { licensePlate: inPlate(1) } }]), plain(1)),
  made(
    'a part without a type',
    'hikvision',
    {
      path: '',
      contentType: 'multipart/form-data; boundary="x y"',
      body: form('x y', [
        {
          headers: ['Content-Disposition: form-data; name=detectionPicture.jpg; filename=detectionPicture.jpg'],
          body: jpeg(1),
        },
        { headers: ['Content-Disposition: form-data; name=a'], body: hikvisionAlert() },
      ]),
    },
    { ...plain(1), picture: true },
  ),
  made('a heartbeat', 'hikvision', json({ eventType: 'heartBeat', eventState: 'active' }), none),
];

const plateOf = (fields: object, snap: object = {}): Push =>
  json({ Picture: { Plate: fields, SnapInfo: { DeviceID: 'd', ...snap } } }, '/NotificationInfo/TollgateInfo');
const event = (data: object, more: object = {}): Push =>
  json({ Action: 'Pulse', Code: 'TrafficJunction', Index: 0, Data: data, ...more });
const DAHUA: readonly Capture[] = [
  ...NO_PLATES.map((PlateNumber) =>
    made(`no plate "${PlateNumber}"`, 'dahua', plateOf({ IsExist: true, PlateNumber }), none),
  ),
  ...NO_PLATES.map((PlateNumber) =>
    made(`no plate "${PlateNumber}" in an event`, 'dahua', event({ TrafficCar: { PlateNumber } }), none),
  ),
  made('only the plate', 'dahua', plateOf({ PlateNumber: inPlate(2) }), plain(2)),
  made('what is not there', 'dahua', plateOf({ IsExist: false, PlateNumber: inPlate(2) }), none),
  made(
    'in GBK',
    'dahua',
    text(
      inGbk(JSON.stringify({ Picture: { Plate: { PlateNumber: inPlate(2) } } })),
      'application/json',
      '/NotificationInfo/TollgateInfo',
    ),
    plain(2),
  ),
  made(
    'figures as text',
    'dahua',
    plateOf(
      { IsExist: 'true', PlateNumber: inPlate(2), Confidence: '200', PlateColor: 'Blue' },
      { SnapTime: '2026-05-01 12:00:00' },
    ),
    { plate: inPlate(2), color: 'blue' },
  ),
  made(
    'in the object, its car empty',
    'dahua',
    event({ TrafficCar: { PlateNumber: '' }, Object: { Text: inPlate(2) } }),
    plain(2),
  ),
  made('the data in a list', 'dahua', event([{ TrafficCar: { PlateNumber: inPlate(2) } }]), plain(2)),
  made(
    'another traffic event',
    'dahua',
    event({ TrafficCar: { PlateNumber: inPlate(2) } }, { Code: 'TrafficGate' }),
    plain(2),
  ),
  made(
    'as lines',
    'dahua',
    text(
      `Events[0].EventBaseInfo.Code=TrafficJunction\r\nEvents[0].TrafficCar.PlateNumber=${inPlate(2)}\r\nEvents[0].UTC=1777608000\r\n`,
      'text/plain',
    ),
    plain(2),
  ),
  made('a heartbeat', 'dahua', json({ Code: 'Heartbeat' }), none),
  made('a heartbeat as text', 'dahua', text('Heartbeat', 'text/plain'), none),
  made(
    'device information',
    'dahua',
    json({ DeviceID: 'd', DeviceModel: 'x', Online: 1 }, '/NotificationInfo/DeviceInfo'),
    none,
  ),
];

export const VARIANTS: readonly Capture[] = [...VZENITH, ...HIKVISION, ...DAHUA, ...MORE_VARIANTS];
