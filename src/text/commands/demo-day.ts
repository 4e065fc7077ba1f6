/** What people said on the day before the demonstration. As they wrote it: such words are in no second language. */
export const demoDayText = {
  operator: '陈工',
  auditor: '王稽核',
  correction: '核对图片，车牌无误',
  reason: '月卡忘带',
  wrong: '实际已在岗亭收费',
} as const;
