/** The makes that the wizard offers: every one that the drivers know, each as its driver takes it. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { FORM_NAMES } from '../../drivers/json-push/forms.ts';
import { configJsonSchema } from '../../src/config/json-schema.ts';
import { makeText } from '../../src/text/page/pushes.made.ts';
import { type Schema, schemaAt } from '../../src/ui/config/schema.ts';
import {
  CAMERA_MAKES,
  type CameraEntry,
  type ConfiguredCamera,
  cameraEdits,
  cameraOf,
  entryOf,
  makeOf,
  NEW_ENTRY,
  plateWay,
  remade,
} from '../../src/ui/wizard/camera-makes.ts';

const SECRET = 'cameras.cam1';
const NAMES = Object.keys(CAMERA_MAKES);
const ENTRY: CameraEntry = {
  ...NEW_ENTRY,
  ...{
    url: '192.0.2.64',
    user: 'admin',
    password: 'secret',
    fields: { plate: 'result.plate' },
    deviceId: '33000000001320000001',
  },
};
const SCHEMA = configJsonSchema({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, 'en') as Schema;
const variant = (entry: CameraEntry): Schema => schemaAt(SCHEMA, ['cameras', 0], entry) ?? {};

/** What its driver says of it. Of a file, the secret would have been read. */
function faultsOf({ kind, id: _, ...keys }: CameraEntry): readonly string[] {
  const found = CAMERA_KINDS.find((each) => each.kind === kind);
  if (found === undefined) return [`no kind ${kind}`];
  const read = found.schema.safeParse({ ...keys, ...('password' in keys && { password: { reveal: () => 'secret' } }) });
  return read.success ? [] : read.error.issues.map(({ message }) => message);
}

describe('the makes of the wizard', () => {
  it('are all that the drivers know, each with its name', () => {
    expect(new Set(Object.values(CAMERA_MAKES).map(({ kind }) => kind))).toEqual(
      new Set(CAMERA_KINDS.map(({ kind }) => kind)),
    );
    const forms = Object.values(CAMERA_MAKES).flatMap(({ form }) => form ?? []);
    expect(forms.sort()).toEqual([...FORM_NAMES].sort());
    expect(NAMES.filter((name) => makeText[name] === undefined)).toEqual([]);
  });

  it.each(NAMES)('are taken by their driver as they are written: %s', (make) => {
    for (const receive of ['push', 'stream']) {
      const entry = remade({ ...ENTRY, receive }, make);
      const camera = cameraOf(variant(entry), entry, SECRET);
      expect(faultsOf(camera)).toEqual([]);
      expect(makeOf(camera)).toBe(make);
      expect(camera.url).toBe('http://192.0.2.64');
    }
  });

  it('say how plates come', () => {
    expect(plateWay({ kind: 'camera-http', preset: 'axis' })).toBe('none');
    expect(plateWay({ kind: 'vzenith' })).toBe('push');
    expect(plateWay({ kind: 'hikvision', receive: 'stream' })).toBe('fetched');
    expect(plateWay({ kind: 'gat1400' })).toBe('address');
  });
});

describe('a camera that is corrected', () => {
  const AT = ['cameras', 0];
  const now: ConfiguredCamera & { readonly ring: object; readonly preset: string } = {
    ...{ id: 'cam1', kind: 'camera-http', preset: 'uniview', url: 'http://192.0.2.1' },
    ...{ user: 'admin', password: { secret: SECRET }, ring: { framesPerSecond: 2, seconds: 6 } },
  };

  it('of another make keeps its pictures in memory and its login, and nothing its driver refuses', () => {
    for (const make of NAMES) {
      if (make === 'uniview') continue;
      const entry = remade({ ...entryOf(now), fields: { plate: 'plate' } }, make, now);
      const [change, ...more] = cameraEdits(variant(entry), now, entry, AT, SECRET);
      expect(more).toEqual([]);
      expect(change).toMatchObject({ path: AT, value: { id: 'cam1', ring: now.ring, kind: CAMERA_MAKES[make]?.kind } });
      expect(faultsOf(change?.value as ConfiguredCamera)).toEqual([]);
      const { password } = (change?.value ?? {}) as ConfiguredCamera;
      expect(password).toEqual(make === 'vzenith' ? undefined : now.password);
    }
  });

  it('changes what was changed and nothing else', () => {
    const changed = (entry: object, of: ConfiguredCamera = now) =>
      cameraEdits(variant(of), of, { ...entryOf(of), ...entry }, AT, SECRET);
    expect(changed({})).toEqual([]);
    expect(changed({ url: '192.0.2.2' })).toEqual([{ path: [...AT, 'url'], value: 'http://192.0.2.2' }]);
    // Its secret stands where it was.
    expect(changed({ password: 'new' })).toEqual([]);
    // User and password belong together.
    expect(changed({ user: undefined })).toEqual([{ path: [...AT, 'user'] }, { path: [...AT, 'password'] }]);
    const open = { kind: 'gat1400', id: 'cam1', url: 'http://192.0.2.1' };
    expect(changed({ user: 'admin', password: 'new' }, open)).toEqual([
      { path: [...AT, 'password'], value: { secret: SECRET } },
      { path: [...AT, 'user'], value: 'admin' },
    ]);
    expect(changed({ deviceId: '33' }, open)).toEqual([{ path: [...AT, 'deviceId'], value: '33' }]);
    // Set by hand, in a way that the wizard does not offer.
    const byHand = { kind: 'vzenith', id: 'cam1', url: 'http://192.0.2.1', receive: 'mqtt' };
    expect(changed({}, byHand)).toEqual([]);
    expect(changed({ receive: 'push' }, byHand)).toEqual([{ path: [...AT, 'receive'], value: 'push' }]);
    // What the file has besides stays, and a make that was chosen and taken back is no change.
    expect(
      cameraEdits(variant(now), now, remade(remade(entryOf(now), 'axis', now), 'uniview', now), AT, SECRET),
    ).toEqual([]);
  });
});
