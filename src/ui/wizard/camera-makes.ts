/** Makes of cameras as the trade calls them, and what each is in the configuration. It knows no page and asks for nothing. */
import {
  type Change,
  isMapping,
  type Schema,
  type SchemaPath,
  type SecretValues,
  type YamlMapping,
} from '../config/schema.ts';

export type CameraMake = {
  readonly kind: string;
  readonly preset?: string;
  /** Of `json-push`: a program or make whose JSON is known. */
  readonly form?: string;
};

/** By the name in `makeText`. Pushes whose pictures are elsewhere have the preset under which they are found there. */
export const CAMERA_MAKES: Readonly<Record<string, CameraMake>> = {
  hikvision: { kind: 'hikvision' },
  dahua: { kind: 'dahua' },
  vzenith: { kind: 'vzenith' },
  huaxia: { kind: 'huaxia' },
  gat1400: { kind: 'gat1400' },
  'onvif-plates': { kind: 'onvif' },
  axis: { kind: 'camera-http', preset: 'axis' },
  uniview: { kind: 'camera-http', preset: 'uniview' },
  onvif: { kind: 'camera-http', preset: 'onvif' },
  'onvif-uri': { kind: 'camera-http', preset: 'onvif-uri' },
  custom: { kind: 'camera-http', preset: 'custom' },
  'push-uniview': { kind: 'json-push', preset: 'uniview', form: 'uniview' },
  'plate-recognizer': { kind: 'json-push', preset: 'custom', form: 'plate-recognizer' },
  frigate: { kind: 'json-push', preset: 'custom', form: 'frigate' },
  'json-push': { kind: 'json-push', preset: 'custom' },
};

/** A camera as the file has it. */
export interface ConfiguredCamera extends Partial<CameraMake>, YamlMapping {
  readonly id?: string;
  readonly password?: { readonly secret?: string };
  readonly receive?: string;
}

/** While it is edited its password is the new one, as typed: empty, the former one stays. */
export type CameraEntry = YamlMapping;

/** The keys that a person enters; of each make those that it has. */
const ASKED = [
  { path: ['url'], placeholder: '192.0.2.64' },
  { path: ['user'] },
  { path: ['password'] },
  { path: ['receive'], choices: ['push', 'stream'], required: true },
  { path: ['fields', 'plate'], placeholder: 'result.plates.0.text', required: true },
  { path: ['deviceId'] },
] as const;

export const askedOf = ({ form }: CameraEntry): readonly (typeof ASKED)[number][] =>
  ASKED.filter(({ path: [key] }) => key !== 'fields' || form === undefined);

/** How plates come. `address`: pushed, and the sender's address says which camera it is. */
export function plateWay({ kind, receive = 'push' }: ConfiguredCamera): 'none' | 'push' | 'address' | 'fetched' {
  if (kind === undefined || kind === 'camera-http') return 'none';
  if (kind === 'gat1400') return 'address';
  return receive === 'push' ? 'push' : 'fetched';
}

/** undefined: set by hand, in a way that no make here is. */
export const makeOf = ({ kind, preset, form }: ConfiguredCamera): string | undefined =>
  Object.keys(CAMERA_MAKES).find((name) => {
    const make = CAMERA_MAKES[name];
    if (make?.kind !== kind) return false;
    if (kind === 'camera-http') return make?.preset === preset;
    return kind !== 'json-push' || make?.form === form;
  });

export const entryOf = (camera: ConfiguredCamera): CameraEntry => ({ ...camera, password: '' });

export const NEW_ENTRY: CameraEntry = entryOf({ kind: 'hikvision' });

const ofMake = ({ kind, preset, form }: CameraEntry): CameraEntry => ({ kind, preset, form });

/** Of another make; of that of `now`, as it is there. */
export const remade = (entry: CameraEntry, make: string, now: ConfiguredCamera = {}): CameraEntry => ({
  ...entry,
  ...ofMake(make === makeOf(now) ? now : (CAMERA_MAKES[make] ?? { kind: make })),
});

/** `secret`: the name under which its password is kept. */
const written = ({ url = '', ...entry }: CameraEntry, secret: string): CameraEntry => ({
  ...entry,
  url: String(url).includes('://') ? url : `http://${url}`,
  password: entry.user === undefined ? undefined : { secret },
});

/** Keys that mean the same for every make. */
const KEPT = new Set<string>(['id', 'ring', 'allowPublic', ...ASKED.map(({ path: [key] }) => key)]);

/** A new camera as it stands in the file, by the schema of its kind: what another make has would be a fault. */
export function cameraOf({ properties = {} }: Schema, entry: CameraEntry, secret: string): YamlMapping {
  const asked = new Set<string>(askedOf(entry).map(({ path: [key] }) => key));
  const fits = ([key, value]: [string, unknown]): boolean => {
    const { enum: choices, default: usual } = properties[key] ?? { enum: [] };
    if (key in ofMake(entry)) return value !== undefined;
    return (
      KEPT.has(key) && (key !== 'fields' || asked.has(key)) && value !== usual && (choices?.includes(value) ?? true)
    );
  };
  return Object.fromEntries(Object.entries(written(entry, secret)).filter(fits));
}

/** What differs, key by key: comments between them stay. */
function changesOf(before: unknown, after: unknown, path: SchemaPath): readonly Change[] {
  if (isMapping(before) && isMapping(after))
    return Object.keys({ ...before, ...after }).flatMap((key) => changesOf(before[key], after[key], [...path, key]));
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(after !== undefined && { value: after }) }];
}

/** The edits that make `now`, which is at `at` in the file, what was entered. */
export function cameraEdits(
  variant: Schema,
  now: ConfiguredCamera,
  entry: CameraEntry,
  at: SchemaPath,
  secret: string,
): readonly Change[] {
  const isSame = JSON.stringify(ofMake(now)) === JSON.stringify(ofMake(entry));
  if (isSame) return changesOf(now, written(entry, secret), at);
  return [{ path: at, value: cameraOf(variant, entry, secret) }];
}

/** Its password, where one was entered. */
export const typedSecret = ({ user, password }: CameraEntry, secret: string): SecretValues =>
  user === undefined || !password ? {} : { [secret]: String(password) };
