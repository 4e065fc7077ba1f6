/**
 * Mappings of programs and makes whose JSON is known, so that nobody has to write them. Of each field the first place that has something
 * counts. Plate Recognizer Stream: webhooks, guides.platerecognizer.com/docs/stream/results. Frigate: topics `frigate/events` and
 * `frigate/tracked_object_update`, forwarded over HTTP, docs.frigate.video/integrations/mqtt. Uniview: LAPI event notification. By paper.
 */
import type { MappingOptions } from './codec.ts';

export const FORMS = {
  'plate-recognizer': {
    fields: {
      plate: ['item.plate', 'item.plate.props.plate.0.value'],
      confidence: ['item.score', 'item.plate.props.plate.0.score'],
      time: 'data.timestamp',
    },
    list: 'data.results',
    confidenceMax: 1,
    colors: {},
  },
  /** A vehicle is reported again and again under its id, each time as well as it is known by then. */
  frigate: {
    fields: {
      plate: ['after.recognized_license_plate.0', 'after.recognized_license_plate', 'plate'],
      confidence: ['after.recognized_license_plate.1', 'after.recognized_license_plate_score', 'score'],
      id: ['after.id', 'id'],
    },
    confidenceMax: 1,
    colors: {},
  },
  uniview: {
    fields: {
      plate: ['item.PlateAttributeInfo.PlateNo', 'item.PlateAttributeInfo.PlateNumber'],
      picture: 'StructureInfo.ImageInfoList.0.Data',
    },
    list: 'StructureInfo.ObjInfo.VehicleInfoList',
    confidenceMax: 100,
    colors: {},
  },
} as const satisfies Readonly<Record<string, MappingOptions>>;

export type FormName = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as [FormName, ...FormName[]];
