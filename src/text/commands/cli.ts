/** Texts of the command line: help, usage errors, the report of `check`. Both languages; Chinese first. */
import type { StoreCode } from '../../store/error.ts';
import type { Text } from '../text.ts';
import * as table from './cli.made.ts';
import { STORE } from './cli.made.ts';

export { CAUSE_NAMES, completionText, schemaText, versionText } from './cli.made.ts';

const near = (name: string | undefined): Text =>
  name === undefined ? { zh: '', en: '' } : { zh: `；是不是想写 ${name}？`, en: `; did you mean ${name}?` };

export const cliText = {
  ...table.cliText,
  unknownCommand: (name: string, nearest: string | undefined): Text => ({
    zh: `没有命令“${name}”${near(nearest).zh}`,
    en: `there is no command "${name}"${near(nearest).en}`,
  }),
  unknownOption: (name: string, nearest: string | undefined): Text => ({
    zh: `没有选项 ${name}${near(nearest).zh}`,
    en: `there is no option ${name}${near(nearest).en}`,
  }),
  storeError: (code: StoreCode, message: string): Text => {
    const { zh, en } = STORE[code];
    return { zh: `${zh}［${message}］`, en: `${en} [${message}]` };
  },
};

export const checkText = {
  ...table.checkText,
  cloud: (url: string, park: string, mode: string): Text => ({
    zh: `平台 ${url}，车场 ${park}，${mode === 'production' ? '正式模式' : '联调模式（带 hint 的应答算没送达）'}`,
    en: `platform ${url}, park ${park}, ${mode === 'production' ? 'production' : 'integration mode (an answer with a hint is not a delivery)'}`,
  }),
  line: (id: string, port: string, form: string, listenOnly: boolean): Text => ({
    zh: `线路 ${id}：${port}，${form}${listenOnly ? '，只听不发' : ''}`,
    en: `line ${id}: ${port}, ${form}${listenOnly ? ', listening only' : ''}`,
  }),
  device: (id: string, kind: string, points: readonly string[]): Text =>
    points.length === 0
      ? { zh: `设备 ${id}（${kind}）`, en: `device ${id} (${kind})` }
      : {
          zh: `设备 ${id}（${kind}），${points.length} 个点位：${points.join('、')}`,
          en: `device ${id} (${kind}), ${points.length} points: ${points.join(', ')}`,
        },
  output: (id: string, enabled: boolean): Text =>
    enabled
      ? {
          zh: `报警输出 ${id} 已打开：会接通一路继电器，这是本程序唯一会动作的东西`,
          en: `alarm output ${id} is on: it switches a relay, the only thing this program ever switches`,
        }
      : { zh: `报警输出 ${id} 未打开（enabled）`, en: `alarm output ${id} is off (enabled)` },
  camera: (id: string, kind: string, read: readonly string[]): Text => ({
    zh: `摄像机 ${id}（${kind}）${read.length === 0 ? '' : `：读取 ${read.join('、')}`}`,
    en: `camera ${id} (${kind})${read.length === 0 ? '' : `: reads ${read.join(', ')}`}`,
  }),
  lane: (id: string, name: string, direction: string): Text => ({
    zh: `车道 ${id} ${name}，${direction === 'entry' ? '入场' : direction === 'exit' ? '出场' : '双向'}`,
    en: `lane ${id} ${name}, ${direction === 'both' ? 'both directions' : direction}`,
  }),
  destination: (name: string, what: string, host: string | undefined): Text => ({
    zh: `去向 ${name}：${what}${host === undefined ? '' : `，${host}`}`,
    en: `destination ${name}: ${what}${host === undefined ? '' : ` at ${host}`}`,
  }),
};

export const wireCommandText = {
  ...table.wireCommandText,
  /** `share`: of a core. */
  boxTooSlow: (perSecond: number, share: number): Text => ({
    zh: `本机估计忙不过来：每秒轮询 ${Math.round(perSecond)} 次，要占一个处理器核心的 ${Math.round(share * 100)} %（最好不超过 50 %）；请加大 pollMs，或把车道分给两台`,
    en: `this box is estimated to be too slow: ${Math.round(perSecond)} polls a second take ${Math.round(share * 100)} % of a core (at most 50 % is well); raise pollMs, or share the lanes between two boxes`,
  }),
};

export const abilityText = {
  ...table.abilityText,
  cure: {
    overview: (now: WiringShares, then: WiringShares): Text => ({
      zh: `高处再装一台摄像机：0.8–2 m 跟车 ${now.near} % → ${then.near} %，更近的 ${now.close} % → ${then.close} %（模拟）`,
      en: `a second camera, high and past the arm: tailgaters at 0.8 to 2 m ${now.near} % → ${then.near} %, nearer ones ${now.close} % → ${then.close} % (simulated)`,
    }),
    beam: (now: WiringShares, then: WiringShares): Text => ({
      zh: `用红外对射作防砸信号：0.8–2 m 跟车 ${now.near} % → ${then.near} %，更近的 ${now.close} % → ${then.close} %，误报缴费车 ${now.paid} % → ${then.paid} %（模拟）`,
      en: `an infrared beam on the contact of loop B: tailgaters at 0.8 to 2 m ${now.near} % → ${then.near} %, nearer ones ${now.close} % → ${then.close} %, paid cars falsely reported ${now.paid} % → ${then.paid} % (simulated)`,
    }),
    exit: (now: WiringShares, then: WiringShares): Text => ({
      zh: `加装出口地感 C：2 m 以上跟车 ${now.far} % → ${then.far} %，0.8–2 m ${now.near} % → ${then.near} %（模拟）`,
      en: `a third loop past the arm: tailgaters over 2 m ${now.far} % → ${then.far} %, at 0.8 to 2 m ${now.near} % → ${then.near} % (simulated)`,
    }),
    whole: (now: WiringShares, then: WiringShares): Text => ({
      zh: `地感 A、B、摄像机和缴费消息都接上：人工开闸 ${now.manual} % → ${then.manual} %，2 m 以上跟车 ${now.far} % → ${then.far} %，误报缴费车 ${now.paid} % → ${then.paid} %（模拟）`,
      en: `with loops A and B, a camera and payment messages: manual openings ${now.manual} % → ${then.manual} %, tailgaters over 2 m ${now.far} % → ${then.far} %, paid cars falsely reported ${now.paid} % → ${then.paid} % (simulated)`,
    }),
  },
};

/** Per cent of each class, as measured in the simulator. */
interface WiringShares {
  readonly manual: number;
  readonly far: number;
  readonly near: number;
  readonly close: number;
  readonly paid: number;
}
