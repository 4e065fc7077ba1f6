/** The configuration of a simulated park and its secrets, written as a person would write them. It must not know what is simulated, nor how. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Written = string | number | boolean | readonly Written[] | { readonly [key: string]: Written | undefined };

export interface ParkFile {
  /** The platform's base address. */
  readonly cloud: { readonly url: string } & Readonly<Record<string, Written>>;
  readonly lines: readonly {
    readonly id: string;
    readonly port: string;
    readonly baudRate?: number;
    readonly devices: readonly Readonly<Record<string, Written>>[];
  }[];
  readonly gpio?: readonly Readonly<Record<string, Written>>[];
  readonly cameras: readonly Readonly<Record<string, Written>>[];
  readonly lanes: readonly {
    readonly id: string;
    readonly name: string;
    readonly direction: string;
    /** Role → `device.point`, or an object with more. */
    readonly points: Readonly<Record<string, Written>>;
    readonly camera?: string;
    readonly settings?: Readonly<Record<string, Written>>;
    readonly reporting?: Readonly<Record<string, Written>>;
  }[];
  /** Where payments are received, HOST:PORT. */
  readonly intake: string;
  /** Messages over MQTT, and what the box publishes there. */
  readonly broker?: {
    readonly intake: Readonly<Record<string, Written>>;
    readonly publish: Readonly<Record<string, Written>>;
  };
  /** The folder of the store. */
  readonly state: string;
  readonly secrets: ParkSecrets;
  /** Whole sections of the configuration besides. */
  readonly more?: string;
}

/** A simulated park is there to be reported on at once, without earning it by twenty payments first. */
export const SIGNED = { by: 'simulator', reason: 'a simulated park' } as const;

/** `cloud.appSecret` and `intake.pms` (the token of the management system), and those of cameras. */
export type ParkSecrets = Readonly<Record<string, string>> & {
  readonly 'cloud.appSecret': string;
  readonly 'intake.pms': string;
};

/** The park of the platform's own example. */
const PARK_UUID = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';

/** Writes `lanewarden.yaml` and, with mode 0600, `secrets.yaml` into `folder`, which is made. @returns the configuration's path */
export function writePark(folder: string, park: ParkFile): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(file, parkText(park));
  const secrets = Object.entries(park.secrets).map(([name, secret]) => `${name}: ${JSON.stringify(secret)}\n`);
  writeFileSync(join(folder, 'secrets.yaml'), secrets.join(''), { mode: 0o600 });
  return file;
}

export function parkText(park: ParkFile): string {
  const { cloud, lines, gpio = [], cameras, lanes, broker, state, more = '' } = park;
  const intake = park.intake.startsWith('[') ? JSON.stringify(park.intake) : park.intake;
  const list = (items: readonly Written[], indent: string): string =>
    items.map((item) => `${indent}- ${flow(item)}\n`).join('');
  const keys = (map: Readonly<Record<string, Written>>, indent: string): string =>
    Object.entries(map)
      .map(([key, value]) => `${indent}${key}: ${flow(value)}\n`)
      .join('');
  const lineText = lines.map(
    ({ devices, ...line }) =>
      `${Object.entries(line)
        .map(([key, value], index) => `  ${index === 0 ? '- ' : '  '}${key}: ${flow(value)}\n`)
        .join('')}    devices:\n${list(devices, '      ')}`,
  );
  const laneText = lanes.map((lane) =>
    Object.entries(lane)
      .map(([key, value], index) => `  ${index === 0 ? '- ' : '  '}${key}: ${flow(value)}\n`)
      .join(''),
  );
  const tokens = '[{ name: pms, secret: intake.pms }]';
  return [
    `version: 1\npark: { uuid: "${PARK_UUID}" }\n`,
    `cloud:\n${keys({ ...cloud, appSecret: { secret: 'cloud.appSecret' } }, '  ')}`,
    ...(lines.length === 0 ? [] : ['lines:\n', ...lineText]),
    ...(gpio.length === 0 ? [] : [`gpio:\n${list(gpio, '  ')}`]),
    ...(cameras.length === 0 ? [] : [`cameras:\n${list(cameras, '  ')}`]),
    'lanes:\n',
    ...laneText,
    `intake:\n  http: { enabled: true, listen: ${intake}, tokens: ${tokens} }\n`,
    ...(broker ? [`  mqtt: ${flow(broker.intake)}\npublish:\n  mqtt: ${flow(broker.publish)}\n`] : []),
    `store: { path: ${flow(state)} }\n`,
    more,
  ].join('');
}

/** What needs no quotes anywhere in a flow. A word that reads as something else (`on`, `1001`) gets them. */
const PLAIN =
  /^(?!(?:on|off|yes|no|true|false|null|y|n)$)[\p{Script=Han}A-Za-z/][\p{Script=Han}\w./@-]*(?::\/\/[\w./:@-]*)?$/iu;

function flow(value: Written): string {
  if (typeof value === 'string') return PLAIN.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => flow(item as Written)).join(', ')}]`;
  const members = Object.entries(value).filter((entry): entry is [string, Written] => entry[1] !== undefined);
  return members.length === 0 ? '{}' : `{ ${members.map(([key, member]) => `${key}: ${flow(member)}`).join(', ')} }`;
}
