/** Sixty configurations, right and wrong: the example and what people make of it, each with one thing changed. */
import { readFileSync } from 'node:fs';

const EXAMPLE = readFileSync('deploy/lanewarden.example.yaml', 'utf8')
  .replace('uuid: "…"', 'uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"')
  .replace('url: "…"', 'url: http://192.0.2.64');

/** Name, what stands in the example, what is written in its place. A pattern that is not found is a fault of this file. */
const REPLACED = [
  [
    'line-two-lanes-one-id',
    /(lanes:[^\n]*\n)([\s\S]*?)(\n# 管理系统)/,
    (_, head, lane, rest) => `${head}${lane}\n${lane}${rest}`,
  ],
  ['uuid-short', '49f0cc52-e8c7-41e3-b54d-af666b8cc11a', '49f0cc52'],
  ['uuid-missing', /park:\n.*\n/, ''],
  ['version-2', 'version: 1', 'version: 2'],
  ['version-text', 'version: 1', 'version: one'],
  ['url-http', 'https://api.4pyun.com', 'http://api.4pyun.com'],
  ['url-none', 'https://api.4pyun.com', 'api.4pyun.com'],
  ['secret-plain', '{ secret: cloud.appSecret }', '"plain-text"'],
  ['secret-unknown', 'secret: cloud.appSecret', 'secret: cloud.other'],
  ['mode-unknown', 'mode: integration', 'mode: test'],
  ['mode-production', 'mode: integration', 'mode: production'],
  ['port-plain', '/dev/serial/by-id/usb-FTDI_FT232R-if00', '/dev/ttyUSB0'],
  ['port-none', '/dev/serial/by-id/usb-FTDI_FT232R-if00', 'COM3'],
  ['baud-odd', 'baudRate: 38400', 'baudRate: 12345'],
  ['baud-text', 'baudRate: 38400', 'baudRate: fast'],
  ['baud-slow', 'baudRate: 38400', 'baudRate: 1200'],
  ['profile-unknown', 'waveshare-modbus-rtu-io-8ch', 'waveshare-none'],
  ['unit-0', 'unit: 1,', 'unit: 0,'],
  ['unit-248', 'unit: 1,', 'unit: 248,'],
  ['poll-1', 'pollMs: 25 }', 'pollMs: 1 }'],
  ['poll-slow', 'pollMs: 25 }', 'pollMs: 5000 }'],
  ['kind-unknown', 'kind: modbus', 'kind: mod-bus'],
  ['key-unknown', 'pollMs: 25 }', 'pollMs: 25, colour: red }'],
  ['device-unused', 'down: io1.di1', 'down: io2.di1'],
  ['point-unknown', 'up: io1.di2', 'up: io1.di9'],
  ['point-twice', 'up: io1.di2', 'up: io1.di1'],
  ['role-unknown', 'approach: io1.di3', 'aproach: io1.di3'],
  ['debounce-negative', 'debounceMs: 20', 'debounceMs: -1'],
  ['debounce-long', 'debounceMs: 20', 'debounceMs: 5000'],
  ['active-text', 'activeLow: false', 'activeLow: maybe'],
  ['no-relay', /\n *auto: [^\n]*/, ''],
  ['no-button', /\n *button: [^\n]*/, ''],
  ['no-loops', /\n *approach: [^\n]*\n *barrier: [^\n]*/, ''],
  ['loop-b-alone', /\n *approach: [^\n]*/, ''],
  ['arm-down-alone', /\n *up: [^\n]*/, ''],
  ['no-points', /\n {4}points:[\s\S]*?(?=\n {4}camera)/, ''],
  ['no-camera', /\n {4}camera: cam1/, ''],
  ['camera-unknown', 'camera: cam1', 'camera: cam9'],
  ['camera-preset', 'preset: hikvision', 'preset: hikvison'],
  ['camera-acts', 'http://192.0.2.64', 'http://192.0.2.64/ISAPI/Parking/channels/1/barrierGate'],
  ['camera-password', 'http://192.0.2.64', 'http://admin:12345@192.0.2.64'],
  ['ring-wide', 'seconds: 6', 'seconds: 600'],
  ['ring-fast', 'framesPerSecond: 2', 'framesPerSecond: 60'],
  ['lane-id-long', 'id: "1001"', `id: "${'1'.repeat(80)}"`],
  ['lane-id-number', 'id: "1001"', 'id: 1001'],
  ['direction-both', 'direction: exit', 'direction: both'],
  ['direction-entry', 'direction: exit', 'direction: entry'],
  ['direction-wrong', 'direction: exit', 'direction: out'],
  ['settle-text', 'settle: 5s', 'settle: soon'],
  ['settle-long', 'settle: 5s', 'settle: 10min'],
  ['report-sure', 'reportFrom: likely', 'reportFrom: sure'],
  ['report-wrong', 'reportFrom: likely', 'reportFrom: perhaps'],
  ['setting-unknown', 'settle: 5s', 'setle: 5s'],
  ['store-relative', '/var/lib/lanewarden', 'state'],
  ['store-small', 'framesMax: 4GB', 'framesMax: 1MB'],
  ['keep-wrong', 'keep: month', 'keep: forever'],
  ['level-wrong', 'level: info', 'level: loud'],
  ['intake-http', /# (intake:)\n# ( {2}http: .*)\n/, (_, intake, http) => `${intake}\n${http}\n`],
  ['publish', /# (publish: .*)/, (_, publish) => publish],
  ['tab', 'version: 1', 'version: 1\n\tpark: 1'],
  ['not-yaml', 'version: 1', 'version: [1'],
];

export function configurations() {
  return [
    { name: 'example', text: EXAMPLE },
    { name: 'empty', text: '' },
    { name: 'list', text: '- 1\n- 2\n' },
    ...REPLACED.map(([name, what, by]) => {
      const text = EXAMPLE.replace(what, by);
      if (text === EXAMPLE) throw new Error(`configurations.mjs: "${name}" changes nothing in the example`);
      return { name, text };
    }),
  ];
}
