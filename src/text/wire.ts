/** Bytes on a wire in words, for the page. It words what a driver has decoded. */
import type { WireMeaning } from '../driver.ts';
import type { Text } from './text.ts';
import * as table from './wire.made.ts';

export { spokenText } from './wire.made.ts';

const FUNCTION: Readonly<Record<number, Text>> = table.FUNCTION;
const EXCEPTION: Readonly<Record<number, Text>> = table.EXCEPTION;
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

const hexWord = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

function listed(values: readonly number[], code: number): string {
  const more = values.length > SHOWN_MAX ? ' …' : '';
  return values.slice(0, SHOWN_MAX).join(code <= 2 ? '' : ' ') + more;
}
