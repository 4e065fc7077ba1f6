/** Kinds of devices for tests of the configuration: a board with profiles, and a camera with a password. No wire, no network. */
import { z } from 'zod';
import type { Kinds } from '../../src/config/devices.ts';
import type { CameraKind, DriverKind } from '../../src/driver.ts';

const profile = z.strictObject({ points: z.array(z.string()).min(1) });
type Profile = z.output<typeof profile>;
const boardSchema = z.strictObject({ unit: z.int().min(1).max(247).default(1), pollMs: z.int().min(5).default(25) });

const board: DriverKind<z.output<typeof boardSchema>, Profile> = {
  kind: 'board',
  schema: boardSchema,
  profiles: { folder: new URL('./profiles/', import.meta.url), schema: profile },
  wireUse: ({ pollMs }) => ({
    everyMs: pollMs,
    turns: [{ requestBytes: 8, answerBytes: 6, turnaroundMs: 3, gapMs: 0 }],
  }),
  create: (config) => ({ points: config.profile.points, run: () => Promise.resolve() }),
};

const cameraSchema = z.strictObject({
  url: z.url(),
  user: z.string().default('admin'),
  ring: z.unknown().optional(),
  password: z.custom<{ reveal(): string }>((value) => typeof (value as { reveal?: unknown })?.reveal === 'function'),
});
const camera: CameraKind<z.output<typeof cameraSchema>> = {
  kind: 'camera',
  schema: cameraSchema,
  create: () => ({ snapshot: () => Promise.reject(new Error('no camera in these tests')) }),
};

export const kinds: Kinds = { driverKinds: [board as DriverKind], cameraKinds: [camera as CameraKind] };
