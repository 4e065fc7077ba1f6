/** Texts about an MQTT broker, for both directions. Both languages; Chinese first. */
import type { MqttFaultCode } from '../mqtt/broker.ts';
import { MQTT_FAULTS } from './broker.made.ts';
import type { Text } from './text.ts';

export const brokerLog = {
  recovered: (address: string, count: number, forMs: number): Text => ({
    zh: `MQTT 服务器 ${address} 恢复连接，中断 ${Math.round(forMs / 1000)} 秒，失败 ${count} 次`,
    en: `the MQTT broker ${address} is back after ${Math.round(forMs / 1000)} s and ${count} failures`,
  }),
  fault: (code: MqttFaultCode, address: string, detail: string, count: number): Text => {
    const { zh, en } = MQTT_FAULTS[code];
    const times = count > 1;
    return {
      zh: `MQTT 服务器 ${address}：${zh}（${detail}${times ? `，已 ${count} 次` : ''}）`,
      en: `MQTT broker ${address}: ${en} (${detail}${times ? `, ${count} times` : ''})`,
    };
  },
  publishing: (address: string, topic: string): Text => ({
    zh: `向 MQTT 服务器 ${address} 发布，主题 ${topic}/…`,
    en: `publishing at the MQTT broker ${address}, topics ${topic}/…`,
  }),
};
