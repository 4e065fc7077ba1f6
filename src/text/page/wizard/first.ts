/** Texts of a first use: its screens, beside those of `ui-wizard.ts`. Chinese first. */
import type { Text } from '../../text.ts';

export const parityName: Readonly<Record<string, Text>> = {
  none: { zh: '无', en: 'none' },
  even: { zh: '偶', en: 'even' },
  odd: { zh: '奇', en: 'odd' },
};

/** Makers whose name on the label is another one in China. */
export const makerName: Readonly<Record<string, Text>> = {
  Waveshare: { zh: '微雪 Waveshare', en: 'Waveshare' },
  Moxa: { zh: '摩莎 Moxa', en: 'Moxa' },
  Advantech: { zh: '研华 Advantech', en: 'Advantech' },
  'ICP DAS': { zh: '泓格 ICP DAS', en: 'ICP DAS' },
};

export const firstText = {
  urlHint: {
    zh: '平台给了别的地址才填；留空不改（出厂是 api.4pyun.com）',
    en: 'only where the platform named another one; empty: unchanged (api.4pyun.com from the start)',
  },
  parkUuidWrong: (length: number): Text => ({
    zh: `车场编号是 36 个字符（8-4-4-4-12，只有 0–9、a–f 和短横），现在是 ${length} 个：对照平台给的再抄一遍`,
    en: `A park id has 36 characters (8-4-4-4-12, only 0–9, a–f and dashes), this has ${length}: compare it with the platform’s`,
  }),
  portWrong: {
    zh: '地址前面要写明方式：串口服务器（透传）写 tcp://主机:端口，Modbus TCP 的板写 modbus-tcp://主机:端口，串口写 /dev/…',
    en: 'Say how it is reached: tcp://host:port for a serial server, modbus-tcp://host:port for a board that speaks Modbus TCP, /dev/… for a serial port',
  },
  speedElsewhere: {
    zh: '照串口服务器自己网页里的设置选；对不上也读得到，只是应答的时间估得不准',
    en: 'as set on the serial server’s own page; if it differs the board is read all the same, only timing is estimated less well',
  },
} as const;
