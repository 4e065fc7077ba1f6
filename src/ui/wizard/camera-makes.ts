/** Makes of cameras as the trade calls them, and what each is in the configuration. It knows no page and asks for nothing. */

export interface CameraMake {
  readonly kind: string;
  readonly preset?: string;
  /** Of `json-push`: a program or make whose JSON is known. */
  readonly form?: string;
}

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

/** A camera as the file has it: the keys that the wizard knows. */
export interface ConfiguredCamera extends Partial<CameraMake> {
  readonly id?: string;
  readonly url?: string;
  readonly user?: string;
  readonly password?: { readonly secret?: string };
  readonly receive?: string;
  readonly fields?: { readonly plate?: string };
  readonly deviceId?: string;
}

/** What a person enters. */
export interface CameraEntry {
  readonly make: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly receive: string;
  /** Where the plate is in a JSON of the camera's own. */
  readonly plateAt: string;
  readonly deviceId: string;
}

export const kindOf = (make: string): string => CAMERA_MAKES[make]?.kind ?? make;
export const hasLogin = (make: string): boolean => kindOf(make) !== 'vzenith';
/** Gives plates in either way; the others in one. */
export const hasStream = (make: string): boolean => ['hikvision', 'dahua', 'vzenith', 'onvif'].includes(kindOf(make));

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

export const entryOf = (camera: ConfiguredCamera): CameraEntry => ({
  make: makeOf(camera) ?? camera.kind ?? '',
  url: camera.url ?? '',
  user: camera.user ?? '',
  password: '',
  receive: camera.receive ?? 'push',
  plateAt: camera.fields?.plate ?? '',
  deviceId: camera.deviceId ?? '',
});

export const NEW_ENTRY = entryOf({ kind: 'hikvision' });

const withScheme = (url: string): string => (url.includes('://') ? url : `http://${url}`);

/** As it stands in the file, without its id. `secret`: the name under which its password is kept. */
export function cameraOf(entry: CameraEntry, secret: string): ConfiguredCamera {
  const { make, url, user, receive, plateAt, deviceId } = entry;
  return {
    ...(CAMERA_MAKES[make] ?? { kind: make }),
    url: withScheme(url),
    ...(hasLogin(make) && user !== '' && { user, password: { secret } }),
    ...(hasStream(make) && receive !== 'push' && { receive }),
    ...(make === 'json-push' && { fields: { plate: plateAt } }),
    ...(make === 'gat1400' && deviceId !== '' && { deviceId }),
  };
}

interface Change {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

/** Keys that mean the same for every make. */
const KEPT = ['ring', 'allowPublic'] as const;

/** The edits that make `now`, which is at `at` in the file, what was entered. An empty password stays as it is. */
export function cameraEdits(
  now: ConfiguredCamera,
  entry: CameraEntry,
  at: readonly (string | number)[],
  secret: string,
): readonly Change[] {
  const wanted = cameraOf(entry, secret);
  const before = entryOf(now);
  // Of another make: its other keys would be faults.
  if (entry.make !== before.make) {
    const kept = Object.fromEntries(Object.entries(now).filter(([key]) => KEPT.some((each) => each === key)));
    return [{ path: at, value: { id: now.id, ...kept, ...wanted } }];
  }
  const set = (path: readonly string[], value: unknown): Change => ({
    path: [...at, ...path],
    ...(value !== undefined && { value }),
  });
  return [
    ...(entry.url === before.url ? [] : [set(['url'], wanted.url)]),
    ...(entry.user === before.user ? [] : [set(['user'], wanted.user)]),
    ...(wanted.user === undefined
      ? now.password
        ? [set(['password'], undefined)]
        : []
      : entry.password === '' || now.password
        ? []
        : [set(['password'], { secret })]),
    ...(entry.receive === before.receive ? [] : [set(['receive'], wanted.receive)]),
    ...(entry.plateAt === before.plateAt ? [] : [set(['fields', 'plate'], entry.plateAt)]),
    ...(entry.deviceId === before.deviceId ? [] : [set(['deviceId'], wanted.deviceId)]),
  ];
}
