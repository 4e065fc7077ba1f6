/** Plates in a text, with their middle hidden. */

/** 粤B12345, 粤BD12345, 粤B1234学, 使012345: province, letter or digit, four to six more. */
const PLATE =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z0-9][·•]?)[A-Z0-9]{2,4}([A-Z0-9][A-Z0-9挂学警港澳])(?![A-Z0-9])/g;
/** The same in lower case: with three digits, because a word may follow one of these characters. */
const LOWER =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领](?=[a-z·•]*(?:\d[a-z]*){3})[a-z0-9][·•]?)[a-z0-9]{2,4}([a-z0-9][a-z0-9挂学警港澳])(?![a-z0-9])/gi;
/** WJ12345, WJ粤12345, 民航A1234; 012345使, but not a number before a word that begins so. */
const OTHERS = /((?<![A-Z0-9])WJ\p{Script=Han}?\d|民航[A-Z0-9])\d{2}(\d[A-Z0-9])(?![A-Z0-9])/giu;
const EMBASSY = /(?<![A-Z0-9])(\d{2})\d{2}(\d{2}[使领])(?![用得其取先到导])/gi;

export const maskedPlates = (text: string): string =>
  [PLATE, LOWER, OTHERS, EMBASSY].reduce((masked, plate) => masked.replaceAll(plate, '$1***$2'), text);
