/** Plates in a text, with their middle hidden. */

/** 粤B12345, 粤BD12345, 粤B1234学, 使012345: province, letter or digit, four to six more. */
const PLATE =
  /([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z0-9])[A-Z0-9]{2,4}([A-Z0-9][A-Z0-9挂学警港澳])(?![A-Z0-9])/g;

export const maskedPlates = (text: string): string => text.replaceAll(PLATE, '$1***$2');
