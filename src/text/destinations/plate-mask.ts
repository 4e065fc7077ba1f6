/** Plates with their middle hidden: one in a field of its own whatever its form, those in a text by the forms that there are. */

/** 粤B12345, 粤BD12345, 粤B-12345, 粤B1234学, 使012345, 军A12345: province, embassy or service, letter or digit, four to nine more. */
const PLATE =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领军空海北沈兰济南广成][A-Z0-9][·• -]?)[A-Z0-9]{2,7}([A-Z0-9][A-Z0-9挂学警港澳])(?![A-Z0-9])/g;
/** The same in lower case: with three digits, because a word may follow one of these characters. */
const LOWER =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领](?=[a-z·•-]*(?:\d[a-z]*){3})[a-z0-9][·•-]?)[a-z0-9]{2,4}([a-z0-9][a-z0-9挂学警港澳])(?![a-z0-9])/gi;
/** WJ12345, WJ粤12345, 民航A1234; 012345使, but not a number before a word that begins so. */
const OTHERS = /((?<![A-Z0-9])WJ\p{Script=Han}?\d|民航[A-Z0-9])\d{2}(\d[A-Z0-9])(?![A-Z0-9])/giu;
const EMBASSY = /(?<![A-Z0-9])(\d{2})\d{2}(\d{2}[使领])(?![用得其取先到导])/gi;
/** VA12345, WJ0112345, AB1234. */
const LETTERS = /(?<![A-Za-z0-9_-])([A-Z]{2}(?:\d{2}(?=\d{5}))?)\d{2,3}(\d{2})(?![A-Za-z0-9])/g;

export const maskedPlates = (text: string): string =>
  [PLATE, LOWER, OTHERS, EMBASSY, LETTERS].reduce((masked, plate) => masked.replaceAll(plate, '$1***$2'), text);

/** Known to be one: three of it are hidden at least, or all. */
export function maskedPlate(plate: string): string {
  const letters = [...plate];
  if (letters.length < 5) return plate === '' ? '' : '***';
  return `${letters.slice(0, letters.length < 7 ? 1 : 2).join('')}***${letters.slice(-2).join('')}`;
}
