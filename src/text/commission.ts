/** Texts for an installer while the box searches for devices, learns the wiring and rehearses an upload. Both languages; Chinese first. */

import * as table from './commission.made.ts';
import { roleText } from './lanes/lane-facts.ts';
import type { Text } from './text.ts';

export { snapshotText } from './commission.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** A person's action that makes a role true or false. */
export type LearnAction = 'occupy' | 'leave' | 'open' | 'close' | 'press';
const ACTION: Readonly<Record<LearnAction, (role: Text) => Text>> = {
  ...table.ACTION,
  occupy: (role) => both(`现在请把车开上「${role.zh}」并停住`, `now drive onto ${role.en} and stop there`),
  leave: (role) => both(`现在请把车驶离「${role.zh}」`, `now drive off ${role.en}`),
  press: (role) =>
    both(`现在请让「${role.zh}」动作一次，保持约一秒`, `now make the ${role.en} act once, for about a second`),
};
const REVERSE: Readonly<Record<LearnAction, LearnAction | undefined>> = {
  occupy: 'leave',
  leave: 'occupy',
  open: 'close',
  close: 'open',
  press: undefined,
};

export const learnText = {
  ...table.learnText,
  ask: (action: LearnAction, role: string): Text => ACTION[action](roleText(role)),
  back: (
    action: LearnAction,
    role: string,
    points: readonly { readonly point: string; readonly taken: string | undefined }[],
  ): Text => {
    const named = points.map(({ point, taken }) =>
      taken === undefined
        ? both(point, point)
        : both(`${point}（配置里的「${roleText(taken).zh}」）`, `${point} (the ${roleText(taken).en} so far)`),
    );
    const [seen, seenEn] = [named.map(({ zh }) => zh).join('、'), named.map(({ en }) => en).join(', ')];
    const reverse = REVERSE[action];
    const then = reverse === undefined ? both('现在请松开', 'now release it') : ACTION[reverse](roleText(role));
    return both(`看到 ${seen} 变化。${then.zh}`, `${seenEn} changed. ${then.en}`);
  },
  settling: (points: readonly string[]): Text =>
    both(`看到 ${points.join(' ')} 变化，再看一会儿……`, `${points.join(' ')} changed, watching a little longer …`),
  again: (points: readonly string[], action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    return both(
      `${points.join('、')} 同时变化，分不清是哪一个。请慢一点再做一次：${ask.zh}`,
      `${points.join(', ')} changed together, which is ambiguous. Once more, slowly: ${ask.en}`,
    );
  },
  wrongOne: (point: string, taken: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    const has = roleText(taken);
    return both(
      `变化的是 ${point}，配置里它是「${has.zh}」。请再做一次；若还是它，就以它为准：${ask.zh}`,
      `${point} changed, which is the ${has.en} in the configuration. Once more; if it is the same again, it is used: ${ask.en}`,
    );
  },
  onlyArm: (point: string, taken: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    const has = roleText(taken);
    const name = roleText(role);
    return both(
      `动的只有 ${point}（配置里的「${has.zh}」），没有看到「${name.zh}」的输入变化。按的若是它，检查它的接线；${ask.zh}`,
      `only ${point} moved, the ${has.en} in the configuration; no input of the ${name.en} did. If that was what acted, check its wire; ${ask.en}`,
    );
  },
  unclear: (point: string, action: LearnAction, role: string): Text => {
    const ask = ACTION[action](roleText(role));
    return both(
      `${point} 的动作和恢复分不清。先松开，等五秒，再做一次：${ask.zh}`,
      `which level of ${point} is rest is not clear. Release it, wait five seconds, then once more: ${ask.en}`,
    );
  },
} as const;

export const scanText = {
  ...table.scanText,
  /** `code`: of the LinkError. */
  unreached: (port: string, code: string): Text => {
    const what =
      code === 'refused'
        ? both('那台设备在，但没有开这个端口', 'the device is there, and this port is not open')
        : code === 'notFound'
          ? both('没有这个地址', 'there is no such address')
          : code === 'closed' || code === 'gone'
            ? both('接上后马上被对方断开', 'it was closed at once by the other side')
            : both('没有应答', 'there is no answer');
    return both(
      `连不上 ${port}：${what.zh}。检查地址和端口有没有写错；串口服务器要设成 TCP Server（服务器）方式，只许一个连接的要先断开别的；看网线灯亮不亮`,
      `${port} was not reached: ${what.en}. Check address and port; a serial server must be a TCP server, and one that takes a single connection must have no other; look at the lamp of its network cable`,
    );
  },
  answers: (functions: readonly number[]): Text => {
    const names = functions.map((code) => `FC${code}`).join(' ');
    return functions.length === 0
      ? both('有应答，但不支持 FC1–FC4 的地址 0', 'answers, but does not support address 0 of FC1 to FC4')
      : both(`应答 ${names}`, `answers ${names}`);
  },
} as const;

export const rehearseText = {
  ...table.rehearseText,
  /** On the wire, so Chinese only. */
  reason: '联调测试记录，请忽略',
  methodDesc: '联调测试',
  next: {
    ...table.rehearseText.next /** `where`: the name of the destination; undefined: the platform of `cloud`. */,
    accepted: (where: string | undefined) =>
      both(
        `平台已收下。请平台人员确认看到了这条“联调测试”记录和照片；确认后${where === undefined ? '点下面的“改为正式模式”' : `在配置里把去向 ${where} 的 mode 改为 production`}`,
        `the platform accepted it. Have its staff confirm this test record and its picture; then ${where === undefined ? 'tap “Switch to production” below' : `set mode of the destination ${where} to production`}`,
      ),
  },
} as const;

export const portText = {
  heldBy: (program: string, pid: number): string => `${program} (pid ${pid})`,
} as const;
