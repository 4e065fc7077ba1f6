/** A second camera of a lane: what is written, what it means, and what is a fault. Files without one mean what they meant. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { summary } from '../../src/cli/check.ts';
import { loadConfig } from '../../src/config/file.ts';
import { pictureCameras, viewOf } from '../../src/config/lane-cameras.ts';
import type { LaneConfig } from '../../src/config/types.ts';
import { faultsIn, workshop } from './workshop.ts';

const kinds = { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS };
const written = (lane: string): string => `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://platform.example", appSecret: { secret: cloud.appSecret } }
cameras:
  - { id: cam1, kind: hikvision, url: "http://192.0.2.64" }
  - { id: cam2, kind: camera-http, preset: axis, url: "http://192.0.2.65" }
lanes:
  - { id: "1001", direction: exit, points: { down: cam1.arm_down }, ${lane} }
intake: { http: { enabled: true, tokens: [{ name: pms, secret: intake.pms }] } }
`;
const load = (lane: string) => loadConfig(workshop(written(lane)), kinds, {});
const laneOf = (lane: string) => load(lane).lanes[0] as LaneConfig;
const faultsOf = (lane: string) =>
  faultsIn(() => load(lane)).map(({ code, path, message }) => `${code} ${path} ${message.en}`);

describe('a second camera of a lane', () => {
  it('looks at the rear, and its picture is kept beside the record', () => {
    const lane = laneOf('camera: cam1, cameras: [{ camera: cam2 }]');
    expect(lane.second).toEqual({ camera: 'cam2', looks: 'rear', record: false });
    expect(viewOf(lane, 'cam1')).toEqual({ looks: 'front' });
    expect(viewOf(lane, 'cam2')).toMatchObject({ looks: 'rear' });
    expect(pictureCameras(lane)).toEqual({ record: 'cam1', beside: 'cam2' });
    expect(summary(load('camera: cam1, cameras: [{ camera: cam2 }]'), 'en')).toContain('camera cam2 sees the rear');
  });

  it('gives the record its picture by choice', () => {
    const lane = laneOf('camera: cam1, cameras: [{ camera: cam2, looks: front, side: outside, record: true }]');
    expect(pictureCameras(lane)).toEqual({ record: 'cam2', beside: 'cam1' });
    expect(viewOf(lane, 'cam2')).toMatchObject({ looks: 'front', side: 'outside' });
  });

  it('is nothing in a file without one', () => {
    expect(laneOf('camera: cam1')).not.toHaveProperty('second');
    expect(pictureCameras(laneOf('camera: cam1'))).toEqual({ record: 'cam1' });
    expect(pictureCameras(laneOf('name: A'))).toEqual({});
    expect(viewOf(laneOf('camera: cam1'), 'cam2')).toBeUndefined();
  });

  it.each([
    ['camera: cam1, cameras: [{ camera: cam3 }]', 'reference lanes[0].cameras[0].camera there is no camera "cam3"'],
    ['camera: cam1, cameras: [{ camera: cam1 }]', 'duplicate lanes[0].cameras[0].camera this is the same camera again'],
    ['cameras: [{ camera: cam2 }]', 'reference lanes[0].cameras[0].camera the lane has no camera of its own'],
  ])('%s is a fault', (lane, fault) => {
    expect(faultsOf(lane)).toEqual([fault]);
  });
});
