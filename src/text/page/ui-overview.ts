/** Texts of the status page. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-overview.made.ts';

export { deviceKind, deviceState, undecidedText, uploaderState } from './ui-overview.made.ts';

/** Whole days; below one whole hours, at least one. */
export const fitsForMs = (held: number): number =>
  held >= 1 ? Math.floor(held) * 86_400_000 : Math.max(1, Math.floor(held * 24)) * 3_600_000;

export const overviewPageText = {
  ...table.overviewPageText,
  wearOf: (perDay: string, years: number): Text =>
    years < 1 ? table.overviewPageText.wearSoon(perDay) : table.overviewPageText.wearOf(perDay, years),
  drawing: (arm: Text, on: readonly Text[]): Text => ({
    zh: `${arm.zh}；${on.length === 0 ? '没有信号' : `有信号：${on.map(({ zh }) => zh).join('、')}`}`,
    en: `${arm.en}; ${on.length === 0 ? 'no signal is on' : `on: ${on.map(({ en }) => en).join(', ')}`}`,
  }),
  twoCameras: (camera: string, second: string, looks: 'front' | 'rear'): Text => ({
    zh: `摄像机 ${camera}，第二台 ${second} 拍车${looks === 'rear' ? '尾' : '头'}`,
    en: `Cameras ${camera} and ${second}, which sees the ${looks} of vehicles`,
  }),
} satisfies Texts;
