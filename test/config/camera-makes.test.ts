/** Cameras by the names of the trade, and at a broker: what a configuration may say, and what it is told. */
import { describe, expect, it } from 'vitest';
import { CAMERA_KINDS } from '../../drivers/index.ts';
import { loadConfig } from '../../src/config/file.ts';
import { kinds as boards } from './kinds.ts';
import { faultsIn, GOOD, workshop } from './workshop.ts';

const kinds = { ...boards, cameraKinds: CAMERA_KINDS };
/** A whole configuration with these cameras and this MQTT intake, without lanes that need another camera. */
const BASE = GOOD.slice(0, GOOD.indexOf('cameras:'));
const REST = GOOD.slice(GOOD.indexOf('lanes:'));
const written = (camera: string, mqtt = 'enabled: false') =>
  `${BASE}cameras: [{ id: cam1, ${camera} }]\n${REST}`.replace('intake:\n', `intake:\n  mqtt: { ${mqtt} }\n`);
const faultsOf = (text: string) =>
  faultsIn(() => loadConfig(workshop(text), kinds, {})).map(
    ({ path, message, hint }) => `${path}: ${message.en} (${hint.en}) ${message.zh}（${hint.zh}）`,
  );
const AT_BROKER = 'kind: vzenith, url: "http://192.0.2.66", receive: mqtt';

describe('a camera', () => {
  it.each([
    ['臻识', 'vzenith'],
    ['臻识相机', 'vzenith'],
    ['Alphadigi', 'vzenith'],
    ['华夏智信', 'huaxia'],
    ['海康', 'hikvision'],
    ['Hikvision DS-TCG405', 'hikvision'],
    ['大华', 'dahua'],
    ['cp-plus', 'dahua'],
    ['宇视', 'camera-http'],
  ])('called %s is understood to be %s', (name, kind) => {
    const [fault, ...more] = faultsOf(written(`kind: "${name}", url: "http://192.0.2.66"`)).filter((each) =>
      each.startsWith('cameras[0].kind'),
    );
    expect(more).toEqual([]);
    expect(fault).toContain(`did you mean ${kind}?`);
    expect(fault).toContain(`是不是想写 ${kind}？`);
  });

  it('at a broker needs its serial number, and a broker', () => {
    expect(faultsOf(written(AT_BROKER, 'enabled: true, url: "mqtt://192.0.2.7"')).join()).toContain('cameras[0].sn');
    expect(faultsOf(written(`${AT_BROKER}, sn: a-1`)).join()).toContain('intake.mqtt is not enabled');
    expect(faultsOf(written(`${AT_BROKER}, sn: a-1, topics: ["#"]`)).join()).toContain('topics');
  });

  it('at a broker has its topics there, without any of grants or plates', () => {
    const text = written(`${AT_BROKER}, sn: a-1`, 'enabled: true, url: "mqtt://192.0.2.7"');
    expect(faultsOf(text)).toEqual([]);
    const config = loadConfig(workshop(text), kinds, {});
    expect(config.cameras[0]?.topics).toEqual(['a-1/device/message/up/+', 'device/a-1/message/up/+']);
    expect(config.cameras[0]?.points).toContain('arm_up');
  });
});
