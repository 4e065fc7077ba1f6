/** Bytes on a wire in words, for the page. It words what a driver has decoded. */
import type { WireMeaning } from '../driver.ts';
import type { Text } from './text.ts';

const FUNCTION: Readonly<Record<number, Text>> = {
  1: { zh: '读线圈', en: 'read coils' },
  2: { zh: '读离散输入', en: 'read inputs' },
  3: { zh: '读保持寄存器', en: 'read holding registers' },
  4: { zh: '读输入寄存器', en: 'read input registers' },
  5: { zh: '写线圈', en: 'write a coil' },
  6: { zh: '写寄存器', en: 'write a register' },
  15: { zh: '写多个线圈', en: 'write coils' },
  16: { zh: '写多个寄存器', en: 'write registers' },
};
const EXCEPTION: Readonly<Record<number, Text>> = {
  1: { zh: '不支持该功能码', en: 'no such function' },
  2: { zh: '没有该地址', en: 'no such address' },
  3: { zh: '数量不对', en: 'wrong quantity' },
  4: { zh: '设备故障', en: 'device failure' },
  6: { zh: '设备忙', en: 'busy' },
};
/** Further values are counted, not shown. */
const SHOWN_MAX = 16;

export function wireText(meaning: WireMeaning): Text {
  const { unit = 0, address, quantity, values } = meaning;
  const code = meaning.function ?? 0;
  const name = FUNCTION[code] ?? { zh: '功能', en: 'function' };
  const range = address === undefined ? '' : ` ${hexWord(address)}${quantity === undefined ? '' : `×${quantity}`}`;
  const head = {
    zh: `站号 ${unit} ${name.zh}（FC${code}）${range}`,
    en: `unit ${unit}: ${name.en} (FC${code})${range}`,
  };
  switch (meaning.kind) {
    case 'read':
      return { zh: `问：${head.zh}`, en: `asks ${head.en}` };
    case 'values': {
      const shown = values === undefined ? '' : ` = ${listed(values, code)}`;
      return { zh: `答：${head.zh}${shown}`, en: `answers ${head.en}${shown}` };
    }
    case 'exception': {
      const number = meaning.exception ?? 0;
      const why = EXCEPTION[number] ?? { zh: '异常', en: 'exception' };
      return {
        zh: `拒绝：${head.zh}，${why.zh}（${number}）`,
        en: `refuses ${head.en}: ${why.en} (${number})`,
      };
    }
    case 'command':
      return { zh: `别的主站的命令：${head.zh}`, en: `a command of another master: ${head.en}` };
    case 'broken':
      return { zh: '不成帧（校验不符或残缺）', en: 'no whole frame (checksum wrong, or cut)' };
  }
}

/** A line of text as a device sent it. */
export const spokenText = (line: string): Text => ({ zh: `文本「${line}」`, en: `text “${line}”` });

const hexWord = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

function listed(values: readonly number[], code: number): string {
  const more = values.length > SHOWN_MAX ? ' …' : '';
  return values.slice(0, SHOWN_MAX).join(code <= 2 ? '' : ' ') + more;
}
