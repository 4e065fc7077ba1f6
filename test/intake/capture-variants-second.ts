/** The same of 华夏智信, of GA/T 1400, and of what posts JSON. */
import { inPlate } from '../drivers/cameras/plates.ts';
import { form, gat1400Push, huaxiaPush, type Push } from '../drivers/cameras/shapes.ts';
import { asForm, type Capture, inGbk, json, made, NO_PLATES, none, plain, text } from './capture-shapes.ts';

const hx = { type: 'online', mode: '5', plate_num: inPlate(6), plate_color: '蓝色', cam_id: 'c' };
const HUAXIA: readonly Capture[] = [
  ...NO_PLATES.map((plate) => made(`no plate "${plate}"`, 'huaxia', asForm({ ...hx, plate_num: plate }), none)),
  made('only the plate', 'huaxia', asForm({ plate_num: inPlate(6) }), plain(6)),
  made(
    'in escaped GBK',
    'huaxia',
    text(
      'type=online&mode=5&plate_num=%D4%C1B00006&plate_color=%C0%B6%C9%AB&start_time=1777608000',
      'application/x-www-form-urlencoded',
    ),
    { plate: inPlate(6), color: 'blue' },
  ),
  made('of mode 2', 'huaxia', asForm({ type: 'online', car_plate: inPlate(6), color: '蓝色', camera_id: 'c' }), {
    plate: inPlate(6),
    color: 'blue',
  }),
  made(
    'in other case, in milliseconds',
    'huaxia',
    asForm({ Type: 'Online', Plate_Num: inPlate(6), start_time: '1777608000123' }),
    plain(6),
  ),
  made('as JSON', 'huaxia', json({ ...hx, confidence: 28, start_time: 1_777_608_000 }), {
    plate: inPlate(6),
    color: 'blue',
  }),
  made(
    'as a form in parts',
    'huaxia',
    {
      path: '',
      contentType: 'multipart/form-data; boundary=x',
      body: form(
        'x',
        Object.entries(hx).map(([name, body]) => ({
          headers: [`Content-Disposition: form-data; name="${name}"`],
          body,
        })),
      ),
    },
    { plate: inPlate(6), color: 'blue' },
  ),
  made('a contact', 'huaxia', asForm({ type: 'io', mode: '5', cam_id: 'c', ionum: 'io1' }), none),
  made('a heartbeat as JSON', 'huaxia', json({ type: 'heartbeat', cam_id: 'c' }), none),
  made(
    'its picture cut short',
    'huaxia',
    text(huaxiaPush().body.subarray(0, 1_500), 'application/x-www-form-urlencoded'),
    plain(6),
  ),
];

const vehicles = (list: unknown): Push => json({ MotorVehicleListObject: list as object }, '/VIID/MotorVehicles');
const GAT1400: readonly Capture[] = [
  ...NO_PLATES.map((PlateNo) =>
    made(`no plate "${PlateNo}"`, 'gat1400', vehicles({ MotorVehicleObject: [{ PlateNo }] }), none),
  ),
  made('a list', 'gat1400', gat1400Push(), { ...plain(7), color: 'blue', picture: true }),
  made(
    'one object, its figures numbers',
    'gat1400',
    vehicles({
      MotorVehicleObject: {
        HasPlate: 1,
        PlateNo: inPlate(7),
        PlateColor: 5,
        PlateReliability: 95,
        PassTime: '2026-05-01 12:00:00',
      },
    }),
    { plate: inPlate(7), color: 'blue' },
  ),
  made('a list without its level', 'gat1400', vehicles([{ PlateNo: inPlate(7), PassTime: '' }]), plain(7)),
  made(
    'in GBK',
    'gat1400',
    text(
      inGbk(JSON.stringify({ MotorVehicleListObject: { MotorVehicleObject: [{ PlateNo: inPlate(7) }] } })),
      'application/VIID+JSON',
      '/VIID/MotorVehicles',
    ),
    plain(7),
  ),
  made('one without plate', 'gat1400', vehicles({ MotorVehicleObject: [{ HasPlate: false, PlateNo: '' }] }), none),
  made('an empty list', 'gat1400', vehicles({ MotorVehicleObject: [] }), none),
  made('faces', 'gat1400', json({ FaceListObject: { FaceObject: [] } }, '/VIID/Faces'), none),
];

const recognized = (results: unknown, more: object = {}): Push =>
  json({ hook: { event: 'recognition' }, data: { camera_id: 'c', results, ...more } });
const frigate = (after: object, type = 'update'): Push =>
  json({ type, before: {}, after: { id: 'f-1', label: 'car', ...after } });
const uniview = (list: unknown): Push => json({ Seq: 1, StructureInfo: { ObjInfo: { VehicleInfoList: list } } });
const PROGRAMS: readonly Capture[] = [
  made(
    'JSON alone',
    'pr',
    recognized([{ plate: 'b00001', score: 0.9 }], { timestamp: '2026-05-01T04:00:00.123456Z' }),
    { plate: 'B00001' },
  ),
  made('a form of one field', 'pr', asForm({ json: recognized([{ plate: 'b00001' }]).body.toString() }), {
    plate: 'B00001',
  }),
  made(
    'a plate in properties',
    'pr',
    recognized([{ plate: { props: { plate: [{ value: 'b00001', score: 0.9 }] } } }]),
    { plate: 'B00001' },
  ),
  made('a car without plate', 'pr', recognized([{ plate: null, vehicle: { type: 'Sedan' } }]), none),
  made('nothing', 'pr', recognized([]), none),
  made(
    'its plate alone',
    'frigate',
    frigate({ recognized_license_plate: 'B00001', recognized_license_plate_score: 0.8 }),
    { plate: 'B00001' },
  ),
  made('no plate yet', 'frigate', frigate({ recognized_license_plate: null, sub_label: null }, 'new'), none),
  made(
    'an update of an object',
    'frigate',
    json({ type: 'lpr', id: 'f-1', name: null, plate: 'B00001', score: 0.95, timestamp: 1_777_608_000.5 }),
    { plate: 'B00001' },
  ),
  made('a face', 'frigate', json({ type: 'face', id: 'f-2', name: 'B00001', score: 0.95 }), none),
  ...NO_PLATES.map((PlateNo) =>
    made(`no plate "${PlateNo}"`, 'uniview', uniview([{ PlateAttributeInfo: { PlateNo } }]), none),
  ),
  ...NO_PLATES.map((plate) => made(`no plate "${plate}"`, 'json-push', json({ plate }), none)),
  made('a figure as text', 'json-push', json({ confidence: '98', plate: inPlate(4), color: 'blue' }), {
    plate: inPlate(4),
    color: 'blue',
  }),
  made('in GBK', 'json-push', text(inGbk(JSON.stringify({ plate: inPlate(4) })), 'text/plain'), plain(4)),
];

export const MORE_VARIANTS: readonly Capture[] = [...HUAXIA, ...GAT1400, ...PROGRAMS];
