/**
 * From a record to the fields of the request (cloud-release-api.md, "Request"). Pure: the same record gives the same fields at every
 * attempt.
 */
import { hash } from 'node:crypto';
import type { PlateColor } from '../../lane/types.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { reasonWithDoubt } from '../../text/cloud.ts';
import type { Fields } from './sign.ts';

export interface FieldSettings {
  readonly parkUuid: string;
  /** Sent only when configured. */
  readonly appId?: string;
  readonly picture: 'field' | 'file-and-hash' | 'url' | 'none';
  /** With `picture: url`: where the platform can fetch it; `{serial}` stands for the serial, `{file}` for its name among the frames. */
  readonly pictureUrl?: string;
  /** Sent in place of a plate that was not read. */
  readonly noPlate: string;
}

const RELEASE_TYPE = { entry: '1', exit: '2' } as const;
const PLATE_COLOR: Readonly<Record<PlateColor, string>> = {
  blue: '1',
  yellow: '2',
  white: '3',
  black: '4',
  green: '5',
};

/** Of a plate that was read without its colour. */
const NO_COLOR = '-1';

/** Never an empty value. `picture`: the attached bytes, which are signed only by their hash, if at all. */
export function fieldsOf(record: OutboxRecord, settings: FieldSettings, picture: Uint8Array | undefined): Fields {
  const { release } = record;
  const plate = release.plate;
  const told = record.known?.car;
  const car = told !== undefined && told.plate === plate?.text ? told : undefined;
  const color = plate?.color ?? car?.plateColor;
  const values: Record<string, string | undefined> = {
    app_id: settings.appId,
    park_uuid: settings.parkUuid,
    parking_serial: record.serial,
    release_type: RELEASE_TYPE[release.direction],
    release_time: utcSeconds(record.releaseWallMs),
    release_method: String(release.method),
    release_method_desc: record.methodDesc,
    plate: plate?.text || settings.noPlate,
    plate_color: plate?.text ? (color === undefined ? NO_COLOR : PLATE_COLOR[color]) : undefined,
    car_type: car?.carType,
    car_desc: car?.carDesc,
    gate_id: record.gateId,
    gate_name: record.gateName,
    reason: record.timeQuality === 'unknown' ? reasonWithDoubt(record.reason) : record.reason,
    operator: record.operator,
    capture_image:
      settings.picture === 'url' && record.picture === 'attached' ? pictureUrl(record, settings) : undefined,
    capture_image_hash:
      settings.picture === 'file-and-hash' && picture !== undefined ? hash('md5', picture).toUpperCase() : undefined,
  };
  const fields: Record<string, string> = {};
  for (const name of Object.keys(values)) {
    const value = values[name];
    if (value !== undefined && value !== '') fields[name] = value;
  }
  return fields;
}

/** `2022-09-01T00:00:00Z`: whole seconds, the platform's format. */
function utcSeconds(wallMs: number): string {
  return `${new Date(Math.floor(wallMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

function pictureUrl({ serial, pictureFile = '' }: OutboxRecord, settings: FieldSettings): string | undefined {
  return settings.pictureUrl
    ?.replaceAll('{serial}', encodeURIComponent(serial))
    .replaceAll('{file}', encodeURIComponent(pictureFile));
}
