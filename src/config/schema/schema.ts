/**
 * The schema of the configuration: closed, and the source of the checks, the static types, the JSON Schema and the documentation.
 * Devices and cameras carry keys that only their kind can check (devices.ts). It knows no file and no other part.
 */
import { z } from 'zod';
import { ROLES, type Role } from '../../lane/types.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { destinations } from './destinations.ts';
import { duty } from './duty.ts';
import { http, intake } from './intake.ts';
import { settingsSchema } from './lane-settings.ts';
import { publish } from './publish.ts';
import { tariff } from './tariff.ts';
import {
  durationSchema,
  hostNameSchema,
  httpUrl,
  id,
  line,
  listen,
  pictureUrlSchema,
  pointReference,
  port,
  secretReference,
  size,
} from './values.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MEGABYTE = 1_000_000;

const BAUD_RATES = [
  1200, 2400, 4800, 9600, 14_400, 19_200, 38_400, 57_600, 76_800, 115_200, 128_000, 230_400, 256_000, 460_800, 921_600,
] as const;

const park = z.strictObject({ uuid: z.guid() });

const cloud = z.strictObject({
  url: httpUrl.default('https://api.4pyun.com'),
  appId: z.string().default(''),
  appSecret: secretReference,
  nextSecret: secretReference.optional(),
  mode: z.enum(['integration', 'production']).default('integration'),
  picture: z.enum(['field', 'file-and-hash', 'url', 'none']).default('field'),
  pictureUrl: pictureUrlSchema.optional(),
  serial: z.enum(['generated', 'entry-record']).default('generated'),
  noPlate: line.default('无牌车'),
  timeout: durationSchema(SECOND_MS, 5 * MINUTE_MS).prefault('20s'),
  maxPicture: size(20_000, 10 * MEGABYTE).prefault('500KB'),
  clockHold: durationSchema(0, DAY_MS).prefault('60s'),
  bandwidth: size(1000, 1000 * MEGABYTE).optional(),
  ca: z.string().min(1).optional(),
  proxy: httpUrl.optional(),
});

/** Keys of every kind; the kind checks the rest. */
const device = z.looseObject({ id, kind: z.string(), profile: z.string().optional() });
const camera = z.looseObject({ id, kind: z.string() });
/** Devices of this machine itself. */
const gpio = z.looseObject({ id, kind: z.string() });

const lineSchema = z.strictObject({
  id,
  port,
  baudRate: z.literal(BAUD_RATES).default(9600),
  dataBits: z.literal([7, 8]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.literal([1, 2]).default(1),
  listenOnly: z.boolean().default(false),
  devices: z.array(device).min(1),
});

const point = z.union([
  pointReference,
  z.strictObject({
    point: pointReference,
    activeLow: z.boolean().default(false),
    debounceMs: durationSchema(0, 2 * SECOND_MS).optional(),
  }),
]);

const points = z.strictObject(
  Object.fromEntries(ROLES.map((role) => [role, point.optional()])) as Record<Role, z.ZodOptional<typeof point>>,
);

const lane = z.strictObject({
  id,
  name: line.optional(),
  direction: z.enum(['entry', 'exit', 'both']),
  points,
  camera: z.string().optional(),
  cameraSide: z.enum(['inside', 'outside']).optional(),
  cameras: z
    .array(
      z.strictObject({
        camera: z.string(),
        looks: z.enum(['front', 'rear']).default('rear'),
        side: z.enum(['inside', 'outside']).optional(),
        record: z.boolean().default(false),
      }),
    )
    .max(1)
    .default([]),
  settings: settingsSchema.prefault({}),
  reporting: z
    .strictObject({ by: line, reason: line, payments: z.enum(['nothing', 'list']).default('nothing') })
    .optional(),
});

/** On by default: without a password the page answers nothing. */
const page = z.strictObject({
  enabled: z.boolean().default(true),
  listen: listen.prefault('0.0.0.0:8080'),
  https: z.boolean().default(true),
  hosts: z.array(hostNameSchema).max(20).default([]),
  maskPlates: z.boolean().default(false),
  idle: durationSchema(5 * MINUTE_MS, 12 * 60 * MINUTE_MS).prefault('15min'),
  maintenanceMax: durationSchema(MINUTE_MS, DAY_MS).prefault('8h'),
  pauseMax: durationSchema(MINUTE_MS, DAY_MS).prefault('8h'),
});

/**
 * In days: pictures and records that are delivered, and lane events that no record rests on. `short` is what files without the key have always meant.
 */
const KEPT_DAYS = {
  short: { frames: 7, records: 30, journal: 30 },
  month: { frames: 31, records: 62, journal: 31 },
  year: { frames: 366, records: 366, journal: 62 },
} as const;

/** What a file says of its own goes before its profile. */
export function keptMs({ keep, keepFrames, keepRecords, keepJournal }: z.infer<typeof store>) {
  const { frames, records, journal } = KEPT_DAYS[keep];
  return {
    keepFramesMs: keepFrames ?? frames * DAY_MS,
    keepRecordsMs: keepRecords ?? records * DAY_MS,
    keepJournalMs: keepJournal ?? journal * DAY_MS,
  };
}

const store = z.strictObject({
  path: z.string().min(1).default(STATE_FOLDER),
  framesMax: size(10 * MEGABYTE, 1_000_000 * MEGABYTE).prefault('4GB'),
  keep: z.enum(['short', 'month', 'year']).default('short'),
  keepFrames: durationSchema(0, 3650 * DAY_MS).optional(),
  keepRecords: durationSchema(0, 3650 * DAY_MS).optional(),
  keepJournal: durationSchema(DAY_MS, 3650 * DAY_MS).optional(),
  journalMax: size(5 * MEGABYTE, 10_000 * MEGABYTE).prefault('100MB'),
});

/** Of each night, to another disk: a folder beside the database where something is mounted. */
const backup = z.strictObject({ folder: z.string().min(1).default('backups'), passphrase: secretReference });

/** Parts read separately: a fault in one lane does not hide those of the next. */
export const SECTIONS = {
  park,
  cloud,
  line: lineSchema,
  device,
  camera,
  lane,
  http,
  store,
  gpio,
  page,
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }),
};

export const ROOT = z.strictObject({
  version: z.literal(1),
  park,
  cloud,
  lines: z.array(lineSchema).default([]),
  gpio: z.array(gpio).default([]),
  cameras: z.array(camera).default([]),
  lanes: z.array(lane).min(1),
  intake: intake.prefault({}),
  duty: duty.prefault({}),
  tariff: tariff.default([]),
  publish: publish.prefault({}),
  destinations,
  page: page.prefault({}),
  store: store.prefault({}),
  backup: backup.optional(),
  log: SECTIONS.log.prefault({}),
});
export type WrittenLane = z.output<typeof lane>;
export type WrittenPoint = z.output<typeof point>;
