/** Texts about an MQTT broker, for both directions. Both languages; Chinese first. */
import type { MqttFaultCode } from '../mqtt/broker.ts';
import type { Text } from './text.ts';

const MQTT_FAULTS: Readonly<Record<MqttFaultCode, Text>> = {
  unreachable: {
    zh: '连不上，会自动重试；检查地址、端口、网络和服务器是否在运行',
    en: 'cannot be reached, trying again; check address, port, network and whether the broker runs',
  },
  silent: {
    zh: '接受连接但不应答，会越来越少地重试；服务器可能忙不过来，或这个端口不是 MQTT',
    en: 'takes the connection and does not answer, trying ever more rarely; it may be overloaded, or the port is not one of MQTT',
  },
  login: {
    zh: '用户名或密码不被接受；核对 user 和 secrets.yaml 里的密码',
    en: 'does not accept user and password; check user and the password in secrets.yaml',
  },
  tls: {
    zh: '证书不可信；核对 ca、服务器名称和本机时间',
    en: 'its certificate is not trusted; check ca, the name in url and the clock of this box',
  },
  topics: {
    zh: '不允许订阅这些主题；在服务器上给这个用户读权限',
    en: 'does not let us subscribe to these topics; give this user the right to read them',
  },
  takenOver: {
    zh: '另一个程序用同样的 clientId 登录，互相踢下线；每台设备要用不同的 clientId',
    en: 'another program uses the same clientId, and they disconnect each other; give each box its own',
  },
  version: {
    zh: '不支持 MQTT 5，也不支持 3.1.1',
    en: 'supports neither MQTT 5 nor 3.1.1',
  },
  refused: { zh: '拒绝连接', en: 'refuses the connection' },
  full: {
    zh: '收到的消息暂时存不下，没有确认，重新连接后会再收到',
    en: 'a message could not be stored and was not acknowledged; it is delivered again over a new connection',
  },
};

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
