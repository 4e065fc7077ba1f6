/** The registry of device and camera kinds: one line each. It must not know what they do. Contract of the room: README.md. */
import type { CameraKind, DriverKind } from '../src/driver.ts';
import { alarmOutputKind } from './alarm-output/driver.ts';
import { cameraHttpKind } from './camera-http/camera.ts';
import { dahuaKind } from './dahua/driver.ts';
import { gat1400Kind } from './gat1400/driver.ts';
import { gpioKind } from './gpio/driver.ts';
import { hikvisionKind } from './hikvision/driver.ts';
import { huaxiaKind } from './huaxia/driver.ts';
import { jsonPushKind } from './json-push/driver.ts';
import { modbusKind } from './modbus/driver.ts';
import { modbusListenKind } from './modbus/listen.ts';
import { onvifKind } from './onvif/driver.ts';
import { serialLineKind } from './serial-line/driver.ts';
import { vzenithKind } from './vzenith/driver.ts';

/** Each kind has its own configuration: parse it with the kind's schema before calling `create`. */
// biome-ignore lint/suspicious/noExplicitAny: a registry of kinds with different configurations has no common one
export const DRIVER_KINDS: readonly DriverKind<any, any>[] = [
  modbusKind,
  modbusListenKind,
  serialLineKind,
  gpioKind,
  alarmOutputKind,
];
// biome-ignore lint/suspicious/noExplicitAny: as above
export const CAMERA_KINDS: readonly CameraKind<any>[] = [
  cameraHttpKind,
  hikvisionKind,
  dahuaKind,
  vzenithKind,
  huaxiaKind,
  jsonPushKind,
  gat1400Kind,
  onvifKind,
];
