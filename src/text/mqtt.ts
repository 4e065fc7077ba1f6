/** Texts about `intake.mqtt` in a configuration. Both languages; Chinese first. */
import type { FaultText } from './config.ts';

export const mqttFaultText = {
  badMqttUrl: (): FaultText => ({
    message: { zh: '不是 MQTT 服务器地址', en: 'this is not the address of an MQTT broker' },
    hint: {
      zh: '写成 mqtt://主机:1883 或 mqtts://主机:8883；用户名写 user，密码写 password: { secret: 名字 }',
      en: 'write mqtt://host:1883 or mqtts://host:8883; the user stands under user, the password under password: { secret: name }',
    },
  }),
  /** What a device obeys has another end: the box publishes under this name only. */
  fateTopic: (): FaultText => ({
    message: {
      zh: '缴费结果的主题以 grants/fate 结尾，没有 + 和 #',
      en: 'the topic of fates ends with grants/fate, without + and #',
    },
    hint: { zh: '写成 park/grants/fate', en: 'write park/grants/fate' },
  }),
  badTopic: (): FaultText => ({
    message: { zh: '不是可订阅的主题', en: 'this is not a topic to subscribe to' },
    hint: {
      zh: '写成 park/grants、park/+/grants 或 park/#；+ 代表一级，# 只能在最后；不能以 $ 开头',
      en: 'write park/grants, park/+/grants or park/#: + is one level, # may only stand last, $ not at the beginning',
    },
  }),
  noBroker: (camera: string): FaultText => ({
    message: {
      zh: `摄像机 ${camera} 从 MQTT 接收，但 intake.mqtt 没有启用`,
      en: `camera ${camera} is heard over MQTT, but intake.mqtt is not enabled`,
    },
    hint: {
      zh: '在 intake.mqtt 里写 enabled: true 和 url（摄像机连的那台服务器）',
      en: 'write enabled: true and url under intake.mqtt: the broker that the camera connects to',
    },
  }),
  sameTopic: (): FaultText => ({
    message: { zh: '两种消息用了同一个主题，分不清是哪种', en: 'two kinds of messages have the same topic' },
    hint: { zh: '各用一个主题', en: 'give each its own' },
  }),
  caWithoutTls: (): FaultText => ({
    message: { zh: '写了 ca，但 url 不是加密连接', en: 'there is a ca, and url is not an encrypted connection' },
    hint: { zh: '把 url 改成 mqtts://，或删掉 ca', en: 'write mqtts:// in url, or remove ca' },
  }),
  badPointer: (value: string): FaultText => ({
    message: { zh: `“${value}”不是 JSON 指针`, en: `"${value}" is not a JSON pointer` },
    hint: {
      zh: '从斜杠开始，一级一个斜杠，例如 /car/plate；列表用数字：/items/0',
      en: 'begin with a slash, one for each level: /car/plate; a number in a list: /items/0',
    },
  }),
};
