/** What the three screens of a first use ask for, and the configuration that it makes; what was typed is kept on the phone until then. */
import type { Change, Schema, SecretValues } from '../config/schema.ts';
import type { Picked } from './bus.tsx';
import { type CameraEntry, cameraOf, NEW_ENTRY, typedSecret } from './camera-makes.ts';

export type LaneEntry = Readonly<Record<'id' | 'name' | 'direction', string>>;

export interface FirstForm {
  // The park.
  readonly uuid?: string;
  /** As typed. */
  readonly appSecret?: string;
  readonly url?: string;
  // What is connected.
  readonly port: string;
  readonly device: Picked;
  /** Without an address: none. */
  readonly camera: CameraEntry;
  // The lane.
  readonly lane: LaneEntry;
  readonly keep: string;
}

export const NEW_FORM: FirstForm = {
  port: '',
  device: { unit: 1, baudRate: 9_600, parity: 'none', profile: '' },
  camera: NEW_ENTRY,
  lane: { id: '1001', name: '通道A', direction: 'exit' },
  keep: 'month',
};

const SECRET = 'cloud.appSecret';
/** Its id in the configuration. */
export const FIRST_CAMERA = 'cam1';
const CAMERA_SECRET = `cameras.${FIRST_CAMERA}`;

/**
 * The first values of a configuration; other values in the file stay. A lane needs an input: until the wiring test, the first input of the board
 * stands for the lower limit of the arm.
 */
export function firstChanges(form: FirstForm, kind: string, variant: Schema): readonly Change[] {
  const { port, device } = form;
  const { profile, unit, baudRate, parity } = device;
  const first = /moxa|icp|brainboxes|advantech/.test(profile) ? 'di0' : 'di1';
  const io1 = { id: 'io1', kind, profile, ...(kind === 'modbus' && { unit }) };
  const camera = { ...cameraOf(variant, form.camera, CAMERA_SECRET), id: FIRST_CAMERA };
  const hasCamera = Boolean(form.camera.url);
  const lane = { ...form.lane, points: { down: `io1.${first}` }, ...(hasCamera && { camera: FIRST_CAMERA }) };
  return [
    { path: ['version'], value: 1 },
    { path: ['park', 'uuid'], value: form.uuid },
    ...(form.url === undefined ? [] : [{ path: ['cloud', 'url'], value: form.url }]),
    { path: ['store', 'keep'], value: form.keep },
    { path: ['cloud', 'appSecret'], value: { secret: SECRET } },
    { path: ['lines'], value: [{ id: 'bus1', port, baudRate, parity, devices: [io1] }] },
    ...(hasCamera ? [{ path: ['cameras'], value: [camera] }] : []),
    { path: ['lanes'], value: [lane] },
  ];
}

export const firstSecrets = ({ appSecret = '', camera }: FirstForm): SecretValues => ({
  [SECRET]: appSecret,
  ...(camera.url ? typedSecret(camera, CAMERA_SECRET) : {}),
});

const TYPED_AS = 'lanewarden.first2';

/** What was typed before on this phone, without secrets: a browser that was closed loses nothing else. */
export function typedBefore(): Partial<FirstForm> {
  try {
    const { device, camera, ...typed } = JSON.parse(localStorage.getItem(TYPED_AS) ?? '{}') as Partial<FirstForm>;
    return { ...typed, device: { ...NEW_FORM.device, ...device }, camera: { ...NEW_FORM.camera, ...camera } };
  } catch {
    // No storage, or not ours.
    return {};
  }
}

export function keepTyped(form: FirstForm): void {
  const typed = { ...form, appSecret: undefined, camera: { ...form.camera, password: '' } };
  try {
    localStorage.setItem(TYPED_AS, JSON.stringify(typed));
  } catch {
    // Without storage it lasts as long as the page.
  }
}

export function forgetTyped(): void {
  try {
    localStorage.removeItem(TYPED_AS);
  } catch {
    // As above.
  }
}
