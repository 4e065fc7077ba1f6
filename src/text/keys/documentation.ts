/** The fixed parts of docs/LANG/configuration*.md: their titles, and what the overview says. */
import type { Language, Text } from '../text.ts';

export { changingText, documentationText } from './documentation.made.ts';

const t = (zh: string, en: string): Text => ({ zh, en });

/** The pages, and the parts of the file that each explains. */
export const configurationPages = {
  configuration: { title: t('配置', 'Configuration'), parts: ['version', 'park', 'page', 'store', 'backup', 'log'] },
  'configuration-devices': {
    title: t('配置：线路、设备和摄像机', 'Configuration: lines, devices and cameras'),
    parts: ['lines', 'gpio', 'cameras'],
  },
  'configuration-lanes': {
    title: t('配置：车道、当班和收费标准', 'Configuration: lanes, duty and tariff'),
    parts: ['lanes', 'duty', 'tariff'],
  },
  'configuration-intake': {
    title: t('配置：管理系统的消息', 'Configuration: messages of the management system'),
    parts: ['intake'],
  },
  'configuration-destinations': {
    title: t('配置：平台和其他去向', 'Configuration: the platform and other destinations'),
    parts: ['cloud', 'publish', 'destinations'],
  },
} as const satisfies Readonly<Record<string, { readonly title: Text; readonly parts: readonly string[] }>>;

export type ConfigurationPage = keyof typeof configurationPages;

export const smallestFile = `version: 1
park: { uuid: "…" }
cloud: { appSecret: { secret: cloud.appSecret } }
lines:
  - id: rs485-1
    port: /dev/serial/by-id/usb-FTDI_FT232R-if00
    devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, pollMs: 50 }]
lanes:
  - id: "1001"
    direction: exit
    points: { down: io1.di1, approach: io1.di3, barrier: io1.di4, button: io1.di6 }
    reporting: { by: 王工, reason: 没有缴费消息，每次开闸都是人工 }
`;

export const writingText: Readonly<Record<Language, readonly string[]>> = {
  zh: [
    '一份有注释的完整例子：`/usr/share/doc/lanewarden/examples/`。',
    '',
    '## 怎么写',
    '',
    '- 密钥不写在这个文件里：写 `{ secret: 名字 }`，值放在旁边的 `secrets.yaml`（权限 0600），每行一个 `名字: "值"`。名字里的点是名字的一部分。',
    '- 时长写 `250ms`、`5s`、`10min`、`2h`、`7d`，只写数字是毫秒；容量写 `500KB`、`20MB`、`4GB`（按 1000 进位），只写数字是字节。',
    '- 编号用字母、汉字、数字、`-`、`_`。`0123` 这样的编号不加引号也保留前面的零。',
    '- 不认识的键是错误，不会被忽略。没写的键用默认值。',
    '- 编辑器提示：`lanewarden schema > config.schema.json`，并在文件第一行写 `# yaml-language-server: $schema=./config.schema.json`。',
    '',
    '## 各部分在哪里',
    '',
  ],
  en: [
    'A whole example with comments: `/usr/share/doc/lanewarden/examples/`.',
    '',
    '## How values are written',
    '',
    '- Secrets do not stand in this file: write `{ secret: name }`, and the value into `secrets.yaml` beside it (mode 0600), one `name: "value"` a line. A dot is part of the name.',
    '- Durations are `250ms`, `5s`, `10min`, `2h`, `7d`, a bare number is milliseconds; sizes are `500KB`, `20MB`, `4GB` (powers of 1000), a bare number is bytes.',
    '- Ids are letters of any script, digits, `-` and `_`. An id like `0123` keeps its zeros even without quotes.',
    '- A key that is not known is a fault, never ignored. A key that is left out has its default.',
    '- For help in an editor: `lanewarden schema > config.schema.json`, and `# yaml-language-server: $schema=./config.schema.json` as the first line of the file.',
    '',
    '## Which part is where',
    '',
  ],
};
