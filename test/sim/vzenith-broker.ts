/**
 * What a Vzenith camera publishes at a broker, after the maker's MQTT protocol v1.1.14, chapter 6. It must not know the program's codec,
 * nor the broker: it gives topics and texts.
 */
import type { CameraRead } from '../../src/sim/devices/camera-push.ts';

export interface Published {
  readonly topic: string;
  readonly payload: string;
}

export interface VzenithPublisher {
  read(read: CameraRead): Published;
  heartbeat(): Published;
  /** `value`: 0 off, 1 on, 2 on and off again. Input 1 is 0. */
  input(source: number, value: 0 | 1 | 2): Published;
  /** 82 stays, 84 turned back, 85 follows another. */
  laneEvent(type: number, plate: string): Published;
  /** 0 down, 1 up, 2 between. */
  gate(status: 0 | 1 | 2, isConnected?: boolean): Published;
}

/** `isOlder`: topics with the serial number first, as before v1.1.5. */
export function createVzenithPublisher(sn: string, wallMs: () => number, isOlder = false): VzenithPublisher {
  let count = 0;
  const message = (name: string, payload: object): Published => {
    count += 1;
    const envelope = { id: `m${count}`, sn, name, version: '1.0', timestamp: Math.floor(wallMs() / 1000), payload };
    const topic = `${isOlder ? `${sn}/device` : `device/${sn}`}/message/up/${name}`;
    return { topic, payload: JSON.stringify(envelope) };
  };
  const packed = (text: string): string => Buffer.from(text).toString('base64');
  return {
    read: ({ plate, wallMs: readMs, picture }) => {
      const result = {
        ...{ license: packed(plate.text), colorType: 1, confidence: Math.round(plate.confidence * 100), direction: 4 },
        ...{
          plateid: count + 1,
          isoffline: 0,
          triggerType: 1,
          type: 1,
          full_image_content: picture.toString('base64'),
        },
        timeStamp: { Timeval: { sec: Math.floor(readMs / 1000), usec: Math.floor(readMs % 1000) * 1000 } },
      };
      const alarm = { channel: 0, deviceName: packed('IVS'), ipaddr: '127.0.0.1', serialno: sn };
      return message('ivs_result', { AlarmInfoPlate: { ...alarm, result: { PlateResult: result } } });
    },
    heartbeat: () => message('keep_alive', {}),
    input: (source, value) =>
      message('gpio_in', { body: { AlarmGioIn: { serialno: sn, result: { TriggerResult: { source, value } } } } }),
    laneEvent: (type, plate) =>
      message('lanectrl_result', {
        ...{ event_type: type, isoffline: 0, result_id: count },
        result: [{ plate_result: { license: packed(plate), confidence: 90 } }],
      }),
    gate: (status, isConnected = true) =>
      message('barr_gate_status', {
        body: { gate_ctrl_id: 1, gate_status: status, connect_status: isConnected ? 1 : 0, enable: 1 },
      }),
  };
}
