/**
 * Vehicles of GA/T 1400 (公安视图库): `POST /VIID/MotorVehicles` with a MotorVehicleListObject. Pure; sends nothing. GA/T 1400.3 and 1400.4 as
 * public receivers read them (github tsingeye and others); by paper:
 *
 *   MotorVehicleListObject.MotorVehicleObject[]: MotorVehicleID, HasPlate "1", PlateNo, PlateColor "5", PlateReliability "95",
 *     PassTime "20260501120000", SubImageList.SubImageInfoObject[]: Type "01", FileFormat "Jpeg", Data (base64)
 */
import { type CameraEvent, ProtocolError, type PushRequest } from '../../src/driver.ts';
import {
  at,
  boundedText,
  confidenceOf,
  decodePicture,
  jsonOf,
  objectOf,
  pictureEvents,
  type ReadColor,
  readEvent,
  stampOf,
} from '../camera-http/content.ts';

/** Vehicles of one message. */
const VEHICLES_MAX = 16;
const PICTURES_MAX = 8;

/** GA/T 1400.3, colours: 3 grey, 4 red, 7 orange, 99 others … are no colours of plates. */
const COLORS: Readonly<Record<string, ReadColor>> = { 1: 'black', 2: 'white', 5: 'blue', 6: 'yellow', 9: 'green' };

/** Pictures of the whole vehicle or scene, the best first; 02 and others are crops of the plate. */
const SCENES = ['01', '14', '10', '09'];

type ViidMessage = Pick<PushRequest, 'path' | 'body'> & Partial<Pick<PushRequest, 'headers'>>;

const isVehicles = ({ path }: ViidMessage): boolean => /^\/VIID\/MotorVehicles\/?$/i.test(path);

function vehiclesOf(message: unknown): readonly unknown[] | undefined {
  const list = at(message, 'MotorVehicleListObject');
  // Some write the list without the level between.
  const vehicles = at(list, 'MotorVehicleObject') ?? (Array.isArray(list) ? list : undefined);
  return vehicles === undefined || vehicles === null ? undefined : [vehicles].flat().slice(0, VEHICLES_MAX);
}

/**
 * Registration, keep-alive, and lists of other objects (faces, persons) have none. `deviceId`: of a device among several behind one
 * address; the vehicles of the others are left out. Throws ProtocolError `frame`.
 */
export function readVehicles(request: ViidMessage, deviceId?: string): readonly CameraEvent[] {
  if (request.body.length === 0) return [];
  const message = objectOf(request.body);
  if (!isVehicles(request)) return [];
  const vehicles = vehiclesOf(message);
  if (vehicles === undefined) throw new ProtocolError('frame', 'there is no list of vehicles in it');
  const isOwn = (vehicle: unknown): boolean => deviceId === undefined || numbersOf(request, vehicle).includes(deviceId);
  return vehicles.filter(isOwn).flatMap(vehicleEvents);
}

/** The numbers of the devices that a message is of: of its sender, and of those that took its vehicles. */
export function devicesOf(request: ViidMessage): readonly string[] {
  const message = parsed(request.body);
  const named = ['RegisterObject', 'UnRegisterObject', 'KeepaliveObject'].map((name) => at(message, name));
  return [...named, ...(vehiclesOf(message) ?? [])].flatMap((each) => numbersOf(request, each));
}

/** A recorder sends under its own number what its cameras took. */
function numbersOf({ headers }: ViidMessage, object: unknown): readonly string[] {
  return [headers?.['user-identify']?.trim(), boundedText(at(object, 'DeviceID'))].filter((each) => each !== undefined);
}

function parsed(body: Uint8Array): unknown {
  try {
    return jsonOf(body);
  } catch {
    return undefined;
  }
}

/** `20260501120000`, Chinese local time. */
export function localTime(wallMs: number): string {
  const local = new Date(wallMs + 8 * 3_600_000).toISOString();
  return local.slice(0, 19).replaceAll(/[-:T]/g, '');
}

function vehicleEvents(vehicle: unknown): readonly CameraEvent[] {
  const value = (name: string): string | undefined => boundedText(at(vehicle, name));
  const plate = ['0', 'false'].includes(String(at(vehicle, 'HasPlate'))) ? '' : (value('PlateNo') ?? '');
  const time = value('PassTime') ?? value('AppearTime') ?? value('MarkTime');
  const id = value('MotorVehicleID');
  const read = readEvent({
    plate,
    confidence: confidenceOf(at(vehicle, 'PlateReliability'), 100),
    color: COLORS[(value('PlateColor') ?? '').replace(/^0+/, '')],
    stampedMs: stampOf(time),
    // Some devices count their objects from the start.
    id: id === undefined ? undefined : `${id} ${time ?? ''} ${plate}`,
    replayed: false,
  });
  return [read, ...pictureEvents(pictureOf(at(vehicle, 'SubImageList.SubImageInfoObject')), read)];
}

function pictureOf(list: unknown): Uint8Array | undefined {
  const images = list === undefined ? [] : [list].flat().slice(0, PICTURES_MAX);
  const typeOf = (image: unknown): string => (boundedText(at(image, 'Type')) ?? '').replace(/^\d$/, '0$&');
  const scene = SCENES.flatMap((type) => images.filter((image) => typeOf(image) === type))[0];
  return decodePicture(at(scene ?? images.find((image) => typeOf(image) === ''), 'Data'));
}
