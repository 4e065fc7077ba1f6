/** Texts about an unparsable duration or size. Both languages; Chinese first. */
import type { Text } from './text.ts';

export const unitText = {
  duration: (value: string): Text => ({
    zh: `“${value}”不是时长；请写成 250ms、5s、10min、2h 或 7d（只写数字表示毫秒）`,
    en: `"${value}" is not a duration; write 250ms, 5s, 10min, 2h or 7d (a bare number is milliseconds)`,
  }),
  size: (value: string): Text => ({
    zh: `“${value}”不是容量；请写成 500KB、20MB 或 4GB（只写数字表示字节）`,
    en: `"${value}" is not a size; write 500KB, 20MB or 4GB (a bare number is bytes)`,
  }),
  range: (value: string): Text => ({
    zh: `“${value}”超出范围：不能为负数，也不能过大`,
    en: `"${value}" is out of range: not negative, and not that large`,
  }),
};
